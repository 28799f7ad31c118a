"""The chat page with its files, and the script that other sites include."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bounds import TEXT
from bot.channels.web.gate import Gate
from bot.channels.web.words import Words
from bot.web.headers import PAGE_POLICY
from bot.web.problems import Problem

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"
_CHECK_FIRST = "no-cache"

#: What the script of the page says; the rest of the words stands in the page itself.
SCRIPT_WORDS = (
    "bot", "choices_label", "chosen", "download", "error", "error_failed", "first_choices", "language_name",
    "more_choices", "not_kept", "offline", "online", "sending", "session_ended", "staff", "today", "too_long",
    "typing", "waiting", "yesterday", "you",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StaticFile:
    """A file of the page."""

    content: bytes
    media_type: str
    tag: str  #: its ETag


class Pages:
    """The page in every language, made once."""

    def __init__(self, *, words: Words, gate: Gate, embedders: Sequence[str], session_days: int) -> None:
        self._words = words
        self._gate = gate
        self._embedders = tuple(embedders)
        self._session_days = session_days
        self._files = {path.name: _static_file(path) for path in sorted((_HERE / "static").iterdir())}
        self.version = _digest("".join(file.tag for file in self._files.values()).encode())
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._pages = {
            (language, embedded): self._render(environment, language, embedded)
            for language in words.languages
            for embedded in (False, True)
        }
        self._widget = self._render_widget(environment)

    def routes(self) -> list[Route]:
        """The endpoints."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/widget.js", self.widget, methods=["GET"]),
            Route("/static/{version}/{name}", self.static, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """The chat, in the language of ?lang, else the browser's, else the default."""
        language = self._words.choose(request, request.query_params.get("lang"))
        embedded = request.query_params.get("embed") == "1"
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY.format(ancestors=self._ancestors(embedded)),
            "Vary": "Accept-Language",
            **({} if embedded and self._embedders else {"X-Frame-Options": "SAMEORIGIN"}),
            **self._renewed(request),
        }
        return Response(self._pages[language, embedded], media_type="text/html", headers=headers)

    async def static(self, request: Request) -> Response:
        """A file of the page. Under the current version's name it never changes."""
        file = self._files.get(request.path_params["name"])
        if file is None:
            raise Problem("not_found")
        current = request.path_params["version"] == self.version
        return _cached(request, file, _FOREVER if current else _CHECK_FIRST)

    async def widget(self, request: Request) -> Response:
        """The script that puts a chat button on another site."""
        return _cached(request, self._widget, "public, max-age=3600", {"Cross-Origin-Resource-Policy": "cross-origin"})

    def _render(self, environment: Environment, language: str, embedded: bool) -> bytes:
        """The page in this language."""
        words = self._words[language]
        html = environment.get_template("page.html").render(
            words=words,
            script_words=json.dumps({key: words[key] for key in SCRIPT_WORDS}, ensure_ascii=False),
            language=language,
            languages=[(code, self._words[code]["language_name"]) for code in self._words.languages],
            embedded=embedded,
            static=f"/static/{self.version}",
            most=TEXT.most,
        )
        return html.encode()

    def _render_widget(self, environment: Environment) -> StaticFile:
        """The script for other sites."""
        words = {
            code: {key: self._words[code][key] for key in ("title", "open", "close")} for code in self._words.languages
        }
        script = environment.get_template("widget.js").render(
            words=words, embedders=self._embedders, default=self._words.languages[0]
        )
        content = script.encode()
        return StaticFile(content=content, media_type=_TYPES[".js"], tag=f'"{_digest(content)}"')

    def _ancestors(self, embedded: bool) -> str:
        """Who may show the page in a frame: we ourselves, and for the embedded form the sites an operator named."""
        return " ".join(("'self'", *self._embedders)) if embedded else "'self'"

    def _renewed(self, request: Request) -> Mapping[str, str]:
        """A visitor who comes back keeps the conversation for as long again."""
        session = self._gate.sessions.read(request.cookies.get(self._gate.cookie, ""))
        return self._gate.cookie_header(session, self._session_days) if session else {}


def _static_file(path: Path) -> StaticFile:
    """The file at this path."""
    content = path.read_bytes()
    return StaticFile(content=content, media_type=_TYPES[path.suffix], tag=f'"{_digest(content)}"')


def _digest(content: bytes) -> str:
    """A short name for this content."""
    return hashlib.sha256(content).hexdigest()[:16]


def _cached(request: Request, file: StaticFile, caching: str, extra: Mapping[str, str] | None = None) -> Response:
    """The file, or 304 when the client has it."""
    headers = {"ETag": file.tag, "Cache-Control": caching, **(extra or {})}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if file.tag in known:
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers={**headers, "Content-Type": file.media_type})
