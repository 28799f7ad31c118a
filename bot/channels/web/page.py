"""The chat page with its files, and the script that other sites include."""

import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.bounds import TEXT
from bot.channels.web.gate import Gate
from bot.channels.web.joined import joined_scripts, joined_styles
from bot.channels.web.words import Words
from bot.web.files import Content, Files
from bot.web.headers import PAGE_POLICY, WORKER_POLICY
from bot.wording.colours import STANDARD

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
#: a course's picture -> what it is called among the files of the page, without its ending
CALLED = {"icon": "icon", "logo": "logo", "icon_png": "icon", "preview": "card"}
FACTS = 4  #: how many facts the card has room for

#: What the script of the page says; the rest of the words stands in the page itself.
SCRIPT_WORDS = (
    "bot", "choices_label", "chosen", "contact", "contact_command", "download", "download_page", "edit", "error",
    "error_failed", "field_label", "forget", "forget_command", "given", "language_command", "language_label",
    "language_name", "my_data", "my_data_command", "new_count", "new_line", "not_kept", "offline", "online",
    "placeholder", "placeholder_answer", "privacy", "privacy_command", "progress", "sending", "session_ended",
    "signup_command", "signup_label", "staff", "today", "too_long", "typing", "waiting", "yesterday", "you",
)  # fmt: skip


STYLES = ("page", "chat", "buttons", "print")  #: in their order: what is printed comes last


class Pages:
    """The page in every language with its files, made and packed once."""

    def __init__(self, words: Words, gate: Gate, *, root: str, zone: str) -> None:
        """``root``: the public address, without a slash at its end. ``zone``: the one that times are shown in."""
        self._words = words
        self._gate = gate
        self._root = root
        self._zone = zone
        self._marks = {name: f"{CALLED[name]}{ending}" for name, (ending, _) in words.marks.items()}
        self._files = Files(_files(words, self._marks))
        environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._pages = {language: Content.of(self._render(environment, language)) for language in words.languages}
        self._widget = Content.of(self._render_widget())
        self._worker = Content.of((_HERE / "worker.js").read_bytes())

    def routes(self) -> list[BaseRoute]:
        """The endpoints of the page and what it loads."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/widget.js", self.widget, methods=["GET"]),
            Route("/worker.js", self.worker, methods=["GET"]),
            Route("/static/{version}/{name}", self.file, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """The chat, in the language of ?lang, else the browser's, else the default; 304 when the client has it."""
        language = self._words.choose(request, request.query_params.get("lang"))
        headers = {
            "Cache-Control": "private, no-cache",
            "Content-Language": language,
            "Content-Security-Policy": PAGE_POLICY,
            "Content-Type": "text/html; charset=utf-8",
            "Vary": "Accept-Language",
            "X-Frame-Options": "SAMEORIGIN",
            **self._renewed(request),
        }
        return self._pages[language].response(request, headers)

    async def file(self, request: Request) -> Response:
        """One of the files that the page loads. Raises HTTPException."""
        return await self._files.get(request)

    async def widget(self, request: Request) -> Response:
        """The script that puts a chat button on another site, or 304 when the client has it."""
        headers = {
            "Cache-Control": "public, max-age=3600",
            "Content-Type": "text/javascript; charset=utf-8",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return self._widget.response(request, headers)

    async def worker(self, request: Request) -> Response:
        """The script with which a browser shows the page while we are away, or 304 when the client has it."""
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": WORKER_POLICY,
            "Content-Type": "text/javascript; charset=utf-8",
        }
        return self._worker.response(request, headers)

    def _render(self, environment: Environment, language: str) -> bytes:
        words = self._words[language]
        html = environment.get_template("page.html").render(
            words=words,
            script_words=json.dumps({key: words[key] for key in SCRIPT_WORDS} | self._words.asks, ensure_ascii=False),
            language=language,
            languages=[(code, self._words[code]["language_name"]) for code in self._words.languages],
            facts=[fact for fact in map(_fact, (words[f"fact_{number}"] for number in range(1, FACTS + 1))) if fact],
            chips=[*self._topics(language), ("menu", words["more_choices"])],
            start_hint=words["start_hint"].replace("{of}", str(len(self._words.form.required))),
            colours=self._words.colours,
            marks={name: self._marks.get(name) for name in CALLED},
            contacts=[one for one in self._words.contacts if one["email"] or one["phone"]],
            root=self._root,
            zone=self._zone,
            static=f"/static/{self._files.version}",
            most=TEXT.most,
        )
        return html.encode()

    def _topics(self, language: str) -> list[tuple[str, str]]:
        """The topics that are offered first: their buttons' ids and labels."""
        return [
            (choice, self._words.label(choice, language)) for choice in self._words[language]["first_choices"].split()
        ]

    def _render_widget(self) -> bytes:
        """The script for other sites: what it says, and what it does, kept from what else the site calls so."""
        words = {code: {"open": self._words[code]["open"]} for code in self._words.languages}
        colours = {name: self._words.colours[name] for name in ("brand", "accent")}
        given = json.dumps(
            {"words": words, "language": self._words.languages[0], "colours": colours}, ensure_ascii=False
        )
        script = (_HERE / "widget.js").read_text("utf-8")
        return f"(() => {{\nconst GIVEN = {given};\n{script}}})();\n".encode()

    def _renewed(self, request: Request) -> Mapping[str, str]:
        session = self._gate.cookie_session(request)
        return self._gate.cookie_header(session) if session else {}


def _files(words: Words, marks: Mapping[str, str]) -> Mapping[str, bytes]:
    """What the page loads, by name; ``marks``: what the course's own pictures are called."""
    icon = (_STATIC / "icon.svg").read_text("utf-8").replace(STANDARD["brand"], words.colours["brand"])
    return {
        "icon.svg": icon.encode(),
        **{file: words.marks[name][1] for name, file in marks.items()},
        "page.css": (_painted(words.colours) + joined_styles(_STATIC, STYLES)).encode(),
        "noscript.css": joined_styles(_STATIC, ("noscript",)).encode(),
        "page.js": joined_scripts(_STATIC, "main").encode(),
    }


def _painted(colours: Mapping[str, str]) -> str:
    """The course's colours as the style sheets know them."""
    return ":root {" + "".join(f"--course-{name}: {colour};" for name, colour in colours.items()) + "}\n"


def _fact(text: str) -> tuple[str, str] | None:
    """What stands before the first colon, with a capital, and what follows; None where nothing is known."""
    fact, _, detail = text.strip().partition(": ")
    return (fact[:1].upper() + fact[1:], detail) if fact else None
