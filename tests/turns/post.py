"""What tests of the desk share: an outbox that keeps what it gets, and the words of the delivered course."""

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.questions import Matcher
from bot.wording import Wording
from storage.contents import Send
from storage.records import Delivery, Outgoing

MESSAGES = Path(__file__).parents[2] / "messages"
FACTS: dict[str, object] = {
    "contact_email": None, "contact_phone": None, "retention_days": 365, "draft_retention_days": 30, "public_url": "",
    "message_days": 7, "telegram_on": True, "staff_chat_on": False, "mail_on": False, "staff_mail_on": False,
    "webhook_on": False,
}  # fmt: skip
STAFFED = FACTS | {
    "contact_email": "anne@course.example",
    "staff_chat_on": True,
    "mail_on": True,
    "staff_mail_on": True,
}


@dataclass
class Post:
    """An outbox that only keeps what was put in it."""

    messages: list[Outgoing] = field(default_factory=list)

    def put(self, messages: Iterable[Outgoing]) -> None:
        self.messages.extend(messages)

    def deliveries(self) -> contextlib.AbstractContextManager[list[Delivery]]:
        return contextlib.nullcontext([])

    def drop(self, ids: Collection[int]) -> None:
        self.messages = [one for one in self.messages if one.id not in ids]

    def told(self) -> dict[str, list[str]]:
        """What each chat was sent since this was asked last, by lane."""
        found: dict[str, list[str]] = {}
        for one in self.messages:
            found.setdefault(one.lane, []).append(one.content_as(Send).html)
        self.messages = []
        return found


@cache
def words(*, staffed: bool = False) -> Wording:
    """The words, loaded once; ``staffed``: as where somebody gets what people send."""
    return Wording.load(MESSAGES, STAFFED if staffed else FACTS)


@cache
def matcher() -> Matcher:
    """What finds topics, loaded once."""
    return Matcher.load(MESSAGES, words().languages)
