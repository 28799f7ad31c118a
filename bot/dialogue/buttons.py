"""The buttons that a person is offered: how they are made."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.dialogue.button_ids import with_token
from bot.dialogue.records import Button, Conversation, Rows

FORGET_WITHIN = timedelta(minutes=15)  #: how long after it was asked everything may be removed
BELOW_ANYWAY = ("signup:start", "menu")  #: what stands under every answer, also where a topic offers it by itself


def button(name: str, /, token: str | None = None, **values: object) -> Button:
    """The button with this id (``name``); with a token, it belongs to that draft."""
    return Button(id=with_token(name, token) if token else name, values=values)


def rows(buttons: Iterable[Button], width: int = 1) -> Rows:
    """The buttons in rows of ``width``."""
    given = tuple(buttons)
    return tuple(given[i : i + width] for i in range(0, len(given), width))


def question_token(passed_on: int) -> str:
    """The token of the button that passes the next question on, after so many; none for the first."""
    return str(passed_on % 10) if passed_on else ""


def expiry_token(now: datetime) -> str:
    """The token of a button that works until fifteen minutes after ``now``: hexadecimal Unix seconds."""
    return format(int((now + FORGET_WITHIN).timestamp()), "x")


def forget_is_open(conversation: Conversation, now: datetime) -> bool:
    """Whether it was asked in the last fifteen minutes whether to remove everything."""
    return conversation.asked_at is not None and now - conversation.asked_at < FORGET_WITHIN
