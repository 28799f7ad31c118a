"""At the edges of the web channel: a desk that answers from memory, and the page's real words."""

import asyncio
import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.web import Listeners
from bot.dialogue.events import Chosen, Event
from bot.turns.desk import NotSaved
from bot.wording import Rendered
from storage.records import Said
from tests.events import words_of
from tests.said import worded

Buttons = list[list[dict[str, str]]]
WORDING = worded(CONTACT_EMAIL="anne@course.example")
WORDS, ENGLISH = WORDING.page("nl"), WORDING.page("en")  #: as an editor has them now


def buttons(*rows: tuple[tuple[str, str], ...]) -> Buttons:
    """Rows of (id, label) as the API gives them."""
    return [[dict(one) for one in row] for row in Rendered(html="", text="", buttons=rows).body()["buttons"]]


def labels(said: Mapping[str, Any]) -> list[str]:
    """What a message's buttons say."""
    return [button["label"] for row in said["buttons"] for button in row]


def message(html: str, rows: Buttons | None = None, **more: Any) -> dict[str, Any]:
    """A message as the API gives it, without its id."""
    text = re.sub("<[^>]*>", "", html)
    return {"html": html, "text": text, "topic": None, "buttons": rows or [], **more}


WELCOME = message(
    "<b>Welkom!</b> Ik ben de digitale assistent van de crash course.\n\nWaar kan ik je mee helpen?",
    buttons(
        (("topic:overview", "Wat is de cursus?"), ("topic:audience", "Voor wie is het?")),
        (("topic:costs", "Wat kost het?"), ("topic:duration", "Hoe lang duurt het?")),
        (("signup:start", "Aanmelden"),),
    ),
)
COSTS = message(
    "De kosten bepalen we <b>in overleg</b>. We noemen hier daarom geen bedrag.\n\n"
    "• Anne Kunst denkt graag met je mee.\n• Niets is verplicht.",
    buttons((("contact:ask", "Vraag het Anne Kunst"), ("menu", "Alle onderwerpen")), (("signup:start", "Aanmelden"),)),
    topic="costs",
)
ASK_TYPE = message(
    "<b>Vraag 2 van 5</b>\nWaar werk je?",
    buttons(
        (("signup:organisation_type:municipality@abc123", "Gemeente"),),
        (("signup:organisation_type:housing_corporation@abc123", "Woningcorporatie"),),
        (("signup:back@abc123", "Terug"), ("signup:cancel@abc123", "Stoppen")),
    ),
)
MY_DATA = message("Dit bewaren we van je.", file={"name": "mijn-gegevens.json", "content": '{"naam": "Zoë"}'})


@dataclass
class FakeDesk:
    """Answers from memory, keeps what was said, and fails when told to."""

    listeners: Listeners = field(default_factory=Listeners)
    said: list[Said] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    fails: Exception | None = None  #: raised instead of answering
    endings_fail: Exception | None = None  #: raised instead of saying which sessions ended
    reading_fails: Exception | None = None  #: raised instead of reading
    hold: asyncio.Event | None = None  #: an answer waits for this
    waiting: int = 0  #: how many answers do
    over: set[str] = field(default_factory=set)  #: chats whose session has ended
    reads: int = 0
    polls: int = 0
    answered: dict[tuple[str, str], tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    extra: list[dict[str, Any]] = field(default_factory=list)  #: answered to whatever comes next

    async def submit(self, events: Sequence[Event]) -> list["FakeAnswer"]:
        """The answers; the same event again gets the same."""
        if self.hold is not None:
            self.waiting += 1
            await self.hold.wait()
            self.waiting -= 1
        if self.fails is not None:
            raise self.fails
        return [self._answer(event) for event in events]

    def _answer(self, event: Event) -> "FakeAnswer":
        """The answer to one event."""
        if (event.chat, event.id) in self.answered:
            return FakeAnswer(messages=self.answered[event.chat, event.id])
        self.events.append(event)
        shown = _label(event) if isinstance(event, Chosen) else words_of(event)
        self.keep(event.chat, "person", {"text": shown, "message_id": event.id})
        replies, self.extra = self.extra or [_reply(event)], []
        kept = [self.keep(event.chat, "bot", reply) for reply in replies]
        messages = tuple({"id": str(said.id), **said.content} for said in kept)
        self.answered[event.chat, event.id] = messages
        if removed := words_of(event) == "data:forget:confirm":
            self.over.add(event.chat)
        return FakeAnswer(messages=messages, removed=removed)

    def keep(self, chat: str, by: Any, content: Mapping[str, Any], *, quietly: bool = False) -> Said:
        """Something is said in this chat; quietly as by another process."""
        said = Said(id=len(self.said) + 1, chat=chat, by=by, at=datetime.now(UTC), content=content)
        self.said.append(said)
        if not quietly:
            self.listeners.notify(chat)
        return said

    async def of(self, chat: str, *, after: int = 0, most: int) -> Sequence[Said]:
        """What was said in this chat after this id."""
        return self._said(chat, after, 2**53)[:most]

    async def newest(self, chat: str, *, before: int, most: int) -> Sequence[Said]:
        """The latest before this id."""
        return self._said(chat, 0, before)[-most:]

    def _said(self, chat: str, after: int, before: int) -> list[Said]:
        """What was said in this chat between these ids."""
        self.reads += 1
        if self.reading_fails is not None:
            raise self.reading_fails
        return [
            dataclasses.replace(said) for said in self.said if said.chat == chat and after < (said.id or 0) < before
        ]

    async def data_of(self, chat: str) -> str:
        """The file of this chat's person."""
        return str(MY_DATA["file"]["content"])

    async def carry(self, left: str, fresh: str) -> None:
        """Nothing is counted here."""

    async def ended(self, chats: Collection[str]) -> Collection[str]:
        """Those of these chats whose session has ended."""
        if self.endings_fail is not None:
            raise self.endings_fail
        return self.over.intersection(chats)

    async def end(self, chat: str) -> None:
        """End the session of this chat."""
        if self.endings_fail is not None:
            raise self.endings_fail
        self.over.add(chat)

    async def was_handled(self, chat: str, event_id: str) -> bool:
        """Whether this was answered before."""
        return (chat, event_id) in self.answered

    def shown(self, chat: str, lines: Sequence[Said]) -> None:
        """These lines reached a page; nobody wants to know."""

    async def latest(self, chats: Collection[str]) -> Mapping[str, int]:
        """The latest id of each chat."""
        self.polls += 1
        if self.reading_fails is not None:
            raise self.reading_fails
        return {said.chat: said.id or 0 for said in self.said if said.chat in chats}


@dataclass(frozen=True, kw_only=True)
class FakeAnswer:
    """What the desk gives."""

    messages: tuple[Mapping[str, Any], ...]
    removed: bool = False


def not_saved() -> Exception:
    """What the desk raises when the database fails."""
    return NotSaved()


def _reply(event: Event) -> dict[str, Any]:
    """What is said to this event."""
    replies = {
        "/start": WELCOME, "menu": WELCOME, "topic:costs": COSTS, "signup:start": ASK_TYPE, "/mijngegevens": MY_DATA,
    }  # fmt: skip
    return replies.get(words_of(event)) or message(f"Je zei: {_escape(words_of(event))}")


def _escape(text: str) -> str:
    """Text as the bot's templates escape it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")


def _label(event: Event) -> str:
    """What the tapped button said."""
    rows = [row for known in (WELCOME, COSTS, ASK_TYPE) for row in known["buttons"]]
    labels = {button["id"]: button["label"] for row in rows for button in row}
    return str(labels.get(words_of(event), words_of(event)))
