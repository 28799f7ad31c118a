"""What staff can do in their chat: look leads up, export them, and answer people by replying."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.answering.standing import shown_lead
from bot.dialogue.records import Edited, Event, Message, Typed, id_of
from bot.leads.references import TYPED, typed_reference
from bot.staff.answers import StaffReplies, to_chat
from bot.staff.exports import ASKS, failed
from bot.staff.unanswered import grouped
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.records import LISTS, QUESTIONS
from storage.repositories import Repositories

#: one word follows at most, or a reference with spaces: a longer text is no command but what staff say
COMMAND = re.compile(rf"/([a-z]+)(?:@\w+)?(?:\s+({TYPED}|\S+))?\s*$", re.IGNORECASE)
LEADS_SHOWN = 15  #: newest first
QUESTIONS_SHOWN = 20  #: most asked first
QUESTIONS_READ = 800  #: of which these are counted, newest first


@dataclass(frozen=True, kw_only=True)
class _Told:
    """An answer to staff, and whom it is about: it is edited when that person is forgotten."""

    message: Rendered
    chat: str | None = None
    lead: str | None = None
    question: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)  #: what its payload has besides


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One thing staff asked, and the transaction it is answered in."""

    tx: Repositories
    event: Event
    argument: str


class StaffChat:
    """Answers the events of the staff chat; every other chat's are none of its business."""

    def __init__(
        self,
        wording: Wording,
        chats: Callable[[], Sequence[str]],
        language: str,
    ) -> None:
        """``chats`` gives the staff chat's addresses, the one it moved to included."""
        self._wording = wording
        self._chats = chats
        self._language = language
        self._replies = StaffReplies(wording, language)
        self._commands: Mapping[str, Callable[[_Asked], Awaitable[_Told]]] = {
            "leads": self._leads,
            "lead": self._lead,
            "export": self._export,
            "stats": self._stats,
            "questions": self._questions,
            "help": self._help,
            "start": self._help,
            "chatid": self._chat_id,
        }

    def serves(self, event: Event) -> bool:
        """Whether this event comes from the staff chat."""
        return event.chat in self._chats()

    async def handle(self, tx: Repositories, event: Event) -> StaffTurn:
        """Do what staff ask in this transaction; give what follows, nothing for talk among themselves."""
        command = COMMAND.match(event.text.strip()) if isinstance(event, Typed) else None
        if command:
            asked = _Asked(tx=tx, event=event, argument=command[2] or "")
            told = await self._commands.get(command[1].lower(), self._unknown)(asked)
            answer = to_chat(event.chat, event, told.message)
            payload = {**answer.payload, **told.more}
            about = replace(answer, payload=payload, chat=told.chat, lead=told.lead, question=told.question)
            return StaffTurn(outgoing=[about])
        if isinstance(event, Message) and event.replied_to is not None:
            return await self._replies.handle(tx, event, event.replied_to)
        if isinstance(event, Edited) and COMMAND.match(event.text.strip()):
            return self._says(event, "staff/edited", command=True)
        return StaffTurn()

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
        return self._says(event, "staff/failed")

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[to_chat(event.chat, event, self._message(key, **values))])

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")

    async def _leads(self, asked: _Asked) -> _Told:
        newest = await asked.tx.leads.newest(LEADS_SHOWN)
        message = self._message("staff/leads", leads=[shown_lead(lead) for lead in newest])
        return _Told(message=message, chat=LISTS, question="leads")

    async def _lead(self, asked: _Asked) -> _Told:
        lead = await asked.tx.leads.find(typed_reference(asked.argument))
        if lead is None:
            meant = asked.argument if re.fullmatch(TYPED, asked.argument, re.IGNORECASE) else ""  # a name is not said
            return _Told(message=self._message("staff/not_found", reference=meant), chat=LISTS)
        message = self._message("staff/lead", lead=shown_lead(lead))
        return _Told(message=message, chat=lead.chat, lead=lead.reference)

    async def _export(self, asked: _Asked) -> _Told:
        return _Told(message=failed(self._wording, self._language), more={ASKS: "leads"})

    async def _stats(self, asked: _Asked) -> _Told:
        counts = await asked.tx.leads.counts()
        conversations = await asked.tx.conversations.all_counts()
        message = self._message(
            "staff/stats",
            leads=sum(counts.get("status", {}).values()),
            by_status=counts.get("status", {}),
            by_channel=counts.get("channel", {}),
            by_interest=counts.get("interest", {}),
            conversations=sum(conversations.get("channel", {}).values()),
            questions=await asked.tx.questions.count(),
        )
        return _Told(message=message)

    async def _questions(self, asked: _Asked) -> _Told:
        missed = await asked.tx.questions.recent(QUESTIONS_READ)
        message = self._message("staff/questions", groups=grouped(missed)[:QUESTIONS_SHOWN])
        return _Told(message=message, chat=LISTS, question=QUESTIONS)

    async def _help(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("staff/help"))

    async def _unknown(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("staff/unknown_command"))

    async def _chat_id(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("chat/chatid", chat_id=id_of(asked.event.chat)))
