"""How fast we write: Telegram's limits, kept before Telegram has to say so. A chat that waits, waits alone."""

from collections import OrderedDict

from aiolimiter import AsyncLimiter

CHAT_BURST = 5  #: messages that may follow each other at once in a private chat; after that one a second
GROUP_PER_MINUTE = 20
GROUP_BURST = 3  #: messages that may follow each other at once in a group
REMEMBERED = 2_000  #: chats whose latest messages are counted; of a chat that is quiet nothing need be known


class Limits:
    """``await wait(chat)`` before each message. A rate of 0 switches all of this off."""

    def __init__(self, rate: float, remembered: int = REMEMBERED) -> None:
        """``rate``: messages a second in all. ``remembered``: how many chats are."""
        self._remembered = remembered
        self._all = _steady(rate) if rate > 0 else None
        self._chats: OrderedDict[int, tuple[AsyncLimiter, ...]] = OrderedDict()

    async def wait(self, chat: int) -> None:
        """Return when a message may go to this chat. The chat's own turn comes first, so that it holds up no other."""
        if self._all is None:
            return
        for limiter in self._of(chat):
            await limiter.acquire()
        await self._all.acquire()

    async def wait_to_edit(self, chat: int) -> None:
        """Return when a message in this chat may be changed; only groups count that as a message."""
        if self._all is None:
            return
        if chat < 0:
            await self.wait(chat)
        else:
            await self._all.acquire()

    def _of(self, chat: int) -> tuple[AsyncLimiter, ...]:
        if chat in self._chats:
            self._chats.move_to_end(chat)
        else:
            self._chats[chat] = _group() if chat < 0 else (AsyncLimiter(CHAT_BURST, CHAT_BURST),)
            self._forget()
        return self._chats[chat]

    def _forget(self) -> None:
        """Let go of the chat that was quiet longest, if it is free to write again."""
        if len(self._chats) > self._remembered:
            oldest = next(iter(self._chats))
            if all(limiter.has_capacity(limiter.max_rate) for limiter in self._chats[oldest]):
                del self._chats[oldest]


def _steady(rate: float) -> AsyncLimiter:
    """At most ``rate`` in any second: a small burst, and then the rest of the second evenly."""
    burst = max(1.0, rate / 10)
    return AsyncLimiter(burst, burst / max(rate - burst, rate / 2))


def _group() -> tuple[AsyncLimiter, ...]:
    """At most 20 in any minute: a short burst, and then the rest of the minute evenly."""
    return (AsyncLimiter(GROUP_BURST, 60 * GROUP_BURST / (GROUP_PER_MINUTE - GROUP_BURST)),)
