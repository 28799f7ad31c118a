"""What staff can do in their chat: look leads up, export them, and answer people by replying."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialogue.answering.standing import shown_lead
from bot.dialogue.records import Event, File, Kind, Reply
from bot.leads.exports import to_csv
from bot.leads.references import LETTERS, TYPED, typed_reference
from bot.staff.unanswered import grouped
from bot.turns.protocols import StaffTurn
from bot.turns.turns import KEEPS_TRANSCRIPT
from bot.wording import Rendered, Wording
from storage.records import LISTS, Outgoing, Said
from storage.repositories import Repositories

#: one word follows at most, or a reference with spaces: a longer text is no command but what staff say
COMMAND = re.compile(rf"/([a-z]+)(?:@\w+)?(?:\s+({TYPED}|\S+))?\s*$", re.IGNORECASE)
REFERENCE = re.compile(rf"(?<![\w-])[{LETTERS}]{{4}}-[{LETTERS}]{{4}}(?![\w-])")
LEADS_SHOWN = 15  #: newest first
QUESTIONS_SHOWN = 20  #: most asked first
QUESTIONS_READ = 2000  #: of which these are counted, newest first


@dataclass(frozen=True, kw_only=True)
class _Told:
    """An answer to staff, and whom it is about: it is edited when that person is forgotten."""

    message: Rendered
    chat: str | None = None
    lead: str | None = None
    question: str | None = None


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
        command = COMMAND.match(event.text.strip()) if event.kind is Kind.TEXT else None
        if command:
            asked = _Asked(tx=tx, event=event, argument=command[2] or "")
            told = await self._commands.get(command[1].lower(), self._unknown)(asked)
            answer = _to(event.chat, event, told.message)
            return StaffTurn(outgoing=[replace(answer, chat=told.chat, lead=told.lead, question=told.question)])
        if event.replied_to is not None:
            return await self._replied(tx, event, event.replied_to)
        return StaffTurn()

    def sorry(self, event: Event) -> StaffTurn:
        """Tell staff that what they asked failed, and that nothing was changed."""
        return self._says(event, "staff/failed")

    async def _replied(self, tx: Repositories, event: Event, message_id: int) -> StaffTurn:
        """Pass a reply on to the person whom the message was about; say so where that cannot be."""
        notice = await tx.notices.find(event.chat, message_id)
        if notice is None and not event.replied_text:
            return StaffTurn()
        if event.kind is not Kind.TEXT:
            return self._says(event, "chat/attachment") if event.kind is Kind.ATTACHMENT else StaffTurn()
        about = await self._about(tx, event.replied_text) if notice is None else notice.chat
        if about is None:
            return self._says(event, "staff/not_found", reference=_reference(event.replied_text))
        if about == LISTS:
            return self._says(event, "staff/reply_how")
        return await self._to_person(tx, event, about)

    async def _about(self, tx: Repositories, text: str) -> str | None:
        """The chat of the lead or question whose reference stands in our own message; None when it is gone."""
        reference = _reference(text)
        if not reference:
            return LISTS
        found = await tx.leads.find(reference) or await tx.notices.of_question(reference)
        return found.chat if found else None

    async def _to_person(self, tx: Repositories, event: Event, chat: str) -> StaffTurn:
        known = (await tx.conversations.load([chat])).get(chat)
        language = known.language if known else self._language
        reply = Reply(message="chat/staff_says", values={"text": event.text})
        channel = chat.partition(":")[0]
        said = self._wording.reply(reply, language, channel)
        answered = _to(event.chat, event, self._message("staff/answered"))
        if channel in KEEPS_TRANSCRIPT:
            await tx.transcript.add([Said(chat=chat, by="staff", at=event.at, content=said.body())])
            return StaffTurn(outgoing=[answered], told=chat)
        return StaffTurn(outgoing=[replace(_to(chat, event, said), chat=chat), answered])

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[_to(event.chat, event, self._message(key, **values))])

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")

    async def _leads(self, asked: _Asked) -> _Told:
        newest = sorted(await asked.tx.leads.list(), key=lambda lead: lead.created_at)[-LEADS_SHOWN:][::-1]
        message = self._message("staff/leads", leads=[shown_lead(lead) for lead in newest])
        return _Told(message=message, chat=LISTS, question="leads")

    async def _lead(self, asked: _Asked) -> _Told:
        lead = await asked.tx.leads.find(typed_reference(asked.argument))
        if lead is None:
            return _Told(message=self._message("staff/not_found", reference=asked.argument))
        message = self._message("staff/lead", lead=shown_lead(lead))
        return _Told(message=message, chat=lead.chat, lead=lead.reference)

    async def _export(self, asked: _Asked) -> _Told:
        leads = await asked.tx.leads.list()
        file = File(name="leads.csv", content=to_csv(leads))
        return _Told(message=replace(self._message("staff/export", count=len(leads)), file=file))

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
            questions=len(await asked.tx.questions.recent(QUESTIONS_READ)),
        )
        return _Told(message=message)

    async def _questions(self, asked: _Asked) -> _Told:
        missed = await asked.tx.questions.recent(QUESTIONS_READ)
        message = self._message("staff/questions", groups=grouped(missed)[:QUESTIONS_SHOWN])
        return _Told(message=message, chat=LISTS, question="questions")

    async def _help(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("staff/help"))

    async def _unknown(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("staff/unknown_command"))

    async def _chat_id(self, asked: _Asked) -> _Told:
        return _Told(message=self._message("chat/chatid", chat_id=asked.event.chat.partition(":")[2]))


def _reference(text: str) -> str:
    """The reference that stands in a message of ours; empty when none does."""
    found = REFERENCE.search(text)
    return found[0] if found else ""


def _to(chat: str, event: Event, message: Rendered) -> Outgoing:
    """A message to a chat, by its own channel. Whom it is about is for the caller to add."""
    return Outgoing(lane=chat, kind=chat.partition(":")[0], payload=message.payload(), created_at=event.at)
