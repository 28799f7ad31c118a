"""The staff chat as an entrance: what is typed there is read, done by who can do it, and answered in words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue.events import Event, channel_of, chat_address, id_of
from bot.dialogue.records import Conversation, LeadSaved, TalkEnded, TalkLine
from bot.leads.references import TYPED, typed_reference
from bot.notifications.cards import Cards
from bot.notifications.notifier import Ways
from bot.notifications.talk_letters import TalkLetters
from bot.outbox import StaffAddress
from bot.staff.answers import StaffReplies
from bot.staff.asides import Asides, topic_of
from bot.staff.carding import Carding
from bot.staff.cases import CaseDesk
from bot.staff.commands import read
from bot.staff.intents import (
    Answer,
    Aside,
    ChatId,
    Do,
    End,
    Help,
    List,
    Look,
    LookUp,
    NoSuchButton,
    Note,
    PassOn,
    Reword,
    SendTopic,
    Unknown,
)
from bot.staff.lists import FILE_HOURS
from bot.staff.notes import Notes
from bot.staff.reaching import Reaching, to_chat
from bot.staff.talks import Over, Talks
from bot.staff.taps import Taps
from bot.staff.whom import meant
from bot.turns.protocols import CaseChange, People, StaffTurn
from bot.wording import Rendered, Wording
from storage.contents import Delete, Send
from storage.records import Listed, Outcome, Outgoing
from storage.repositories import Repositories

#: lists of what people said -> what they hold: such an answer is edited when somebody in it is forgotten
OF_PEOPLE: Mapping[List, Listed] = {List.LEADS: Listed.LEADS, List.QUESTIONS: Listed.QUESTIONS}


class StaffChat:
    """Answers the events of the staff chat; every other chat's are none of its business."""

    def __init__(self, wording: Wording, address: StaffAddress, language: str, ways: Ways | None = None) -> None:
        """``language`` is that of staff; ``ways``: those in which mail goes to people."""
        self._wording = wording
        self._address = address
        self._language = language
        self.carding = carding = Carding(Cards(wording, language), address)
        self._cases = CaseDesk(wording, carding, language)
        self.talks = Talks(wording, self._cases, address, language)
        self._taps = Taps(wording, self._cases, self.talks, language)
        self._notes = Notes(wording, self._cases, carding, language)
        letters = TalkLetters(wording, ways or Ways(language=language))
        reaching = Reaching(wording, letters, language)
        self._replies = StaffReplies(wording, self._cases, self.talks, reaching, language)
        self._asides = Asides(wording, self._replies, self._taps, language)
        self.refresh = carding.refresh  #: the edits of cards that arrived when their case was further already

    def serves(self, event: Event) -> bool:
        """Whether this event comes from the staff chat."""
        return self._address.is_at(event.chat)

    async def about(self, tx: Repositories, event: Event) -> str | None:
        """The chat of the person whom this is about, which is held before anything is decided; None where of nobody."""
        match read(event):
            case Do(reference=reference):
                return await self._cases.chat_of(tx, reference)
            case LookUp(reference=typed):
                return await self._cases.chat_of(tx, typed_reference(typed))
            case (
                Answer(event=said, message_id=ours)
                | Note(event=said, message_id=int(ours))
                | SendTopic(event=said, message_id=int(ours))
                | End(event=said, message_id=int(ours))
            ):
                notice = await meant(tx, said, ours)
                return notice.chat if notice else None
            case PassOn(event=tapped):
                begun = await topic_of(tx, tapped)
                return begun.chat if begun else None
            case _:
                return None

    async def handle(self, tx: Repositories, event: Event, people: People) -> StaffTurn:
        """Do what staff ask in this transaction; give what follows, nothing for talk among themselves."""
        match read(event):
            case Look(at=what, page=page):
                return StaffTurn(outgoing=[self._list(event, what, page)])
            case LookUp(reference=typed):
                return await self._look_up(tx, event, typed)
            case Answer(event=said, message_id=ours):
                return await self._replies.handle(tx, said, ours, people)
            case Do() as asked:
                return await self._taps.handle(tx, asked, people)
            case Note() as asked:
                return await self._notes.handle(tx, asked)
            case SendTopic() as asked:
                return await self._replies.topic(tx, asked, people)
            case End() as asked:
                return await self._replies.end(tx, asked, people)
            case Aside() as asked:
                return await self._asides.heard(tx, asked)
            case PassOn(event=tapped):
                return await self._asides.passed_on(tx, tapped, people)
            case asked:
                return self._said(event, asked)

    def _said(self, event: Event, asked: Help | ChatId | Unknown | Reword | NoSuchButton | None) -> StaffTurn:
        """What is answered with words alone."""
        match asked:
            case NoSuchButton():
                return self._taps.unknown(event)
            case Help():
                return self._says(event, "staff/help")
            case ChatId():
                return self._says(event, "chat/chatid", chat_id=id_of(event.chat))
            case Unknown():
                return self._says(event, "staff/unknown_command")
            case Reword():
                return self._says(event, "staff/edited", command=True)
            case None:
                return StaffTurn()

    async def talked(
        self, tx: Repositories, effect: TalkLine | TalkEnded, conversation: Conversation, now: datetime
    ) -> StaffTurn:
        """What staff learn of what a person says in their talk."""
        if isinstance(effect, TalkLine):
            return await self.talks.heard(tx, effect, conversation, now)
        turn, _ = await self.talks.ends(tx, conversation.chat, conversation, Over(by="person", at=now))
        return turn

    async def changed(self, tx: Repositories, effect: LeadSaved, now: datetime) -> CaseChange | None:
        """What the change of a lead makes of its case; None where it makes nothing of it."""
        return await self._cases.changed(tx, effect, now)

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
        return self._says(event, "staff/failed")

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[self._answer(event, key, **values)])

    def _answer(self, event: Event, key: str, **values: object) -> Outgoing:
        return to_chat(event.chat, event, self._message(key, **values))

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")

    def _list(self, event: Event, what: List, page: int) -> Outgoing:
        """What becomes this list when it leaves; staff read that it failed where nobody fills it in."""
        empty = self._answer(event, "staff/failed")
        asked = str(what) if page == 1 else f"{what}:{page}"
        then: dict[Outcome, Outgoing] = {"sent": _taken_away(empty, event)} if what is List.EXPORT else {}
        content = replace(empty.content_as(Send), listing=asked)
        return replace(empty, content=content, listed=OF_PEOPLE.get(what), then=then)

    async def _look_up(self, tx: Repositories, event: Event, typed: str) -> StaffTurn:
        """All of one case, which is its card from now on."""
        case = await self._cases.held(tx, typed_reference(typed))
        if case is None:
            meant_so = typed if re.fullmatch(TYPED, typed, re.IGNORECASE) else ""  # a name is not said
            answer = replace(self._answer(event, "staff/not_found", reference=meant_so), listed=Listed.REFERENCE)
            return StaffTurn(outgoing=[answer])
        return await self._notes.whole(tx, event, case)


def _taken_away(file: Outgoing, event: Event) -> Outgoing:
    """What takes a file's message away in time; in a lane of its own, which it alone waits in."""
    lane = chat_address(f"{channel_of(file.lane)}-{event.id}", id_of(file.lane))
    return replace(file, lane=lane, content=Delete(after=FILE_HOURS * 3600))
