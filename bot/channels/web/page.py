"""The chat page with its files, and the script that other sites include."""

import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.bounds import TEXT
from bot.channels.web.gate import Gate
from bot.channels.web.words import Words
from bot.web.files import Files, digest
from bot.web.headers import PAGE_POLICY

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_SCRIPT = "text/javascript; charset=utf-8"

#: What the script of the page says; the rest of the words stands in the page itself.
SCRIPT_WORDS = (
    "bot", "choices_label", "chosen", "download", "edit", "error", "error_failed", "field_label", "first_choices",
    "given", "language_name", "more_choices", "new_count", "new_line", "not_kept", "offline", "online",
    "placeholder", "placeholder_answer", "progress", "sending", "session_ended", "staff", "today", "too_long",
    "typing", "waiting", "yesterday", "you",
)  # fmt: skip


class Pages:
    """The page in every language, made once."""

    def __init__(self, *, words: Words, gate: Gate, zone: str) -> None:
        self._words = words
        self._gate = gate
        self._zone = zone
        self._files = Files(_STATIC)
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._pages = {language: self._render(environment, language) for language in words.languages}
        self._widget = self._render_widget()
        self._widget_tag = f'"{digest(self._widget)}"'

    def routes(self) -> list[BaseRoute]:
        """The endpoints of the page and what it loads."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/widget.js", self.widget, methods=["GET"]),
            Mount("/static/{version}", self._files),
        ]

    async def page(self, request: Request) -> Response:
        """The chat, in the language of ?lang, else the browser's, else the default."""
        language = self._words.choose(request, request.query_params.get("lang"))
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY,
            "Vary": "Accept-Language",
            "X-Frame-Options": "SAMEORIGIN",
            **self._renewed(request),
        }
        return Response(self._pages[language], media_type="text/html", headers=headers)

    async def widget(self, request: Request) -> Response:
        """The script that puts a chat button on another site, or 304 when the client has it."""
        headers = {
            "ETag": self._widget_tag,
            "Cache-Control": "public, max-age=3600",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if self._widget_tag in known:
            return Response(status_code=304, headers=headers)
        return Response(self._widget, headers={**headers, "Content-Type": _SCRIPT})

    def _render(self, environment: Environment, language: str) -> bytes:
        words = self._words[language]
        html = environment.get_template("page.html").render(
            words=words,
            script_words=json.dumps({key: words[key] for key in SCRIPT_WORDS}, ensure_ascii=False),
            language=language,
            languages=[(code, self._words[code]["language_name"]) for code in self._words.languages],
            zone=self._zone,
            static=f"/static/{self._files.version}",
            scripts=[path.name for path in sorted(_STATIC.glob("*.js"))],
            most=TEXT.most,
        )
        return html.encode()

    def _render_widget(self) -> bytes:
        """The script for other sites: what it says, and what it does, kept from what else the site calls so."""
        words = {code: {"open": self._words[code]["open"]} for code in self._words.languages}
        given = json.dumps({"words": words, "language": self._words.languages[0]}, ensure_ascii=False)
        script = (_HERE / "widget.js").read_text("utf-8")
        return f"(() => {{\nconst GIVEN = {given};\n{script}}})();\n".encode()

    def _renewed(self, request: Request) -> Mapping[str, str]:
        session = self._gate.cookie_session(request)
        return self._gate.cookie_header(session) if session else {}
