"""The staff chat as an entrance: what is typed there is read, done by who can do it, and answered in words."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.events import Event, id_of
from bot.dialogue.leads import shown_lead
from bot.leads.references import TYPED, typed_reference
from bot.outbox import StaffAddress
from bot.staff.answers import StaffReplies, to_chat
from bot.staff.commands import read
from bot.staff.intents import Answer, ChatId, Help, List, Look, LookUp, Reword, Unknown
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.contents import Send
from storage.records import Listed, Outgoing
from storage.repositories import Repositories

#: lists of what people said -> what they hold: such an answer is edited when somebody in it is forgotten
OF_PEOPLE: Mapping[List, Listed] = {List.LEADS: Listed.LEADS, List.QUESTIONS: Listed.QUESTIONS}


class StaffChat:
    """Answers the events of the staff chat; every other chat's are none of its business."""

    def __init__(self, wording: Wording, address: StaffAddress, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._address = address
        self._language = language
        self._replies = StaffReplies(wording, language)

    def serves(self, event: Event) -> bool:
        """Whether this event comes from the staff chat."""
        return self._address.is_at(event.chat)

    async def handle(self, tx: Repositories, event: Event) -> StaffTurn:
        """Do what staff ask in this transaction; give what follows, nothing for talk among themselves."""
        match read(event):
            case Look(at=what):
                return StaffTurn(outgoing=[self._list(event, what)])
            case LookUp(reference=typed):
                return StaffTurn(outgoing=[await self._lead(tx, event, typed)])
            case Answer(event=said, message_id=ours):
                return await self._replies.handle(tx, said, ours)
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

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
        return self._says(event, "staff/failed")

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[self._answer(event, key, **values)])

    def _answer(self, event: Event, key: str, **values: object) -> Outgoing:
        return to_chat(event.chat, event, self._message(key, **values))

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")

    def _list(self, event: Event, what: List) -> Outgoing:
        empty = self._answer(event, "staff/failed")
        content = replace(empty.content_as(Send), listing=str(what))
        return replace(empty, content=content, listed=OF_PEOPLE.get(what))

    async def _lead(self, tx: Repositories, event: Event, typed: str) -> Outgoing:
        """One lead. It is read here, since its answer is about its person, and goes when they are forgotten."""
        lead = await tx.leads.find(typed_reference(typed))
        if lead is None:
            meant = typed if re.fullmatch(TYPED, typed, re.IGNORECASE) else ""  # a name is not said
            return replace(self._answer(event, "staff/not_found", reference=meant), listed=Listed.REFERENCE)
        return replace(self._answer(event, "staff/lead", lead=shown_lead(lead)), chat=lead.chat, lead=lead.reference)
