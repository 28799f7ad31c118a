"""What a channel is to the program: one entry. Nothing else needs to know its name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot.dialogue.channels import Traits
from bot.outbox import Sender
from bot.turns.desk import Desk
from bot.wording import Wording


async def _nothing() -> None:
    """There is nothing to do."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way in. What people are told of its privacy stands in topic/privacy.html, its name in labels.toml."""

    name: str  #: chats are called <name>:<id>, messages to them are of this kind
    traits: Traits  #: what it can do
    start: Callable[[], Awaitable[None]] = _nothing  #: once, before anybody can chat
    run: Callable[[], Awaitable[None]] | None = None  #: what goes on all the time, watched and begun again
    sender: Sender | None = None  #: how messages reach people; None where they are fetched
    health: Callable[[], str | None] = lambda: None  #: what is wrong with its other side; None: nothing
    watched: bool = True  #: whether /readyz asks for its health
    routes: Sequence[BaseRoute] = ()  #: what it answers to over HTTP
    renew: Callable[[], object] = lambda: None  #: called when the words were taken anew
    stop: Callable[[], Awaitable[None]] = _nothing  #: takes nothing in any more
    close: Callable[[], Awaitable[None]] = _nothing  #: lets go of its connections, once all has left


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an entry is made with."""

    desk: Desk  #: takes events, and gives answers
    wording: Wording


Opener = Callable[[Given], Channel]
