"""What colleagues say to each other in a topic goes to nobody; who meant it for the person can send it all the same."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.channels import STAFF
from bot.dialogue.events import Chosen, Edited, Event, Said, Typed
from bot.staff.answers import StaffReplies
from bot.staff.cases import NOBODY
from bot.staff.intents import Aside
from bot.staff.reaching import to_chat
from bot.staff.taps import Taps
from bot.turns.protocols import People, StaffTurn
from bot.wording import Wording
from storage.contents import Edit
from storage.records import TOPIC, Handled, Notice
from storage.repositories import Repositories

IN_TIME = timedelta(minutes=15)  #: for so long it can be sent all the same


class Asides:
    """Nothing of what was said is kept: where it is sent after all, it is read from the message that was answered."""

    def __init__(self, wording: Wording, replies: StaffReplies, taps: Taps, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._replies = replies
        self._taps = taps
        self._language = language

    async def heard(self, tx: Repositories, asked: Aside) -> StaffTurn:
        """Tell a colleague, once a day, that it went to nobody, with the button that sends it all the same."""
        event = asked.event
        if isinstance(event, Edited):
            sent = await tx.handled.find([_sent(event, event.message_id)])
            return self._replies.edited(event) if sent else StaffTurn()
        day = f"aside:{(event.actor or NOBODY).id}:{event.at.date()}"
        if await topic_of(tx, event) is None or not await _is_first(tx, (event.chat, day), event):
            return StaffTurn()
        said = self._wording.message("staff/aside", self._language, {"sent": False}, STAFF)
        button = ("staff:send", self._wording.label("staff:send", self._language))
        content = replace(said.sent(), buttons=((button,),), reply_to=event.message_id)
        return StaffTurn(outgoing=[replace(to_chat(event.chat, event, said), content=content)])

    async def passed_on(self, tx: Repositories, event: Chosen, people: People) -> StaffTurn:
        """Send it all the same, once, for who said it; who taps is told where that cannot be."""
        tapped, notice = event.tapped, await topic_of(tx, event)
        said = tapped.answers if tapped else None
        if notice is None or tapped is None or said is None:
            return self._taps.answered("gone" if event.thread and notice is None else "unknown", event.at)
        if not _is_theirs(event, said):
            return self._taps.answered("not_yours", event.at)
        if event.at - said.at > IN_TIME:
            return self._taps.answered("too_late", event.at)
        typed = _typed(event, said)
        if unfit := self._replies.unfit(typed):
            return unfit
        if not await _is_first(tx, _sent(event, said.message_id), event):
            return self._taps.answered("sent_already", event.at)
        turn = await self._replies.written(tx, typed, notice, people)
        shown = self._wording.message("staff/aside", self._language, {"sent": True}, STAFF)
        edit = Edit(message_id=tapped.message_id, html=shown.html)
        outgoing = [replace(to_chat(event.chat, event, shown), content=edit), *turn.outgoing]
        return replace(turn, outgoing=outgoing, toast=self._taps.answered("sent", event.at).toast)


async def topic_of(tx: Repositories, event: Event) -> Notice | None:
    """The topic of a case in which this was done; None where it was done elsewhere."""
    begun = await tx.notices.find(event.chat, event.thread) if event.thread is not None else None
    return begun if begun is not None and begun.version == TOPIC else None


def _is_theirs(event: Chosen, said: Said) -> bool:
    """Whether who taps said it, or may have."""
    return said.by is not None and (said.by.is_anonymous or said.by == event.actor)


def _typed(event: Chosen, said: Said) -> Typed:
    """What was said, as if it had been sent as an answer."""
    return Typed(
        id=event.id, chat=event.chat, at=event.at, actor=said.by, thread=event.thread, message_id=said.message_id,
        text=said.text,
    )  # fmt: skip


def _sent(event: Event, message_id: int | None) -> tuple[str, str]:
    """What names that this message was sent to the person."""
    return event.chat, f"sent:{message_id}"


async def _is_first(tx: Repositories, key: tuple[str, str], event: Event) -> bool:
    """Whether this is the first of its name; from now on it was."""
    if await tx.handled.find([key]):
        return False
    await tx.handled.add([Handled(chat=key[0], event_id=key[1], at=event.at)])
    return True
