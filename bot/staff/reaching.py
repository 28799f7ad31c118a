"""How what staff write reaches its person, and how staff learn whether it did."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.dialogue.answering.prompts import answered_at
from bot.dialogue.channels import STAFF, traits_of
from bot.dialogue.events import Event, Typed, channel_of
from bot.dialogue.records import Conversation
from bot.staff.talks import SEEN
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.case_records import Case
from storage.contents import React
from storage.records import Notice, Outcome, Outgoing, Said
from storage.repositories import Repositories
from storage.repositories.old import DELIVERED


@dataclass(frozen=True, kw_only=True)
class Written:
    """Something that staff wrote to a person."""

    event: Typed
    notice: Notice  #: the message it answers
    person: Conversation
    said: Rendered  #: as the person reads it

    @property
    def chat(self) -> str:
        """The person's."""
        return self.person.chat

    @property
    def reference(self) -> str:
        """What staff know the person by; empty where they know none."""
        return self.notice.reference or ""


class Reaching:
    """Sends it, or lays it ready; nothing is said to have arrived before it did."""

    def __init__(self, wording: Wording, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._language = language

    async def written(self, tx: Repositories, written: Written, case: Case | None) -> StaffTurn:
        """Let the person read it, and staff how that went."""
        if traits_of(channel_of(written.chat)).keeps_transcript:
            return await self._laid_ready(tx, written)
        then: Mapping[Outcome, Outgoing] = {
            "sent": self._arrived(written),
            "delayed": self._outcome(written, "staff/answer_delayed"),
            "failed": self._outcome(written, "staff/answer_failed", **elsewhere(written)),
            "forgotten": self._gone(written),
        }
        sent = to_chat(written.chat, written.event, written.said)
        return StaffTurn(outgoing=[replace(sent, chat=written.chat, then=then)])

    async def _laid_ready(self, tx: Repositories, written: Written) -> StaffTurn:
        """Where the person has to come back to read it: it waits there, unless nobody can ever come back."""
        chat, at = written.chat, written.event.at
        if await tx.ended.of([chat]):
            return StaffTurn(outgoing=[self._outcome(written, "staff/answer_failed", **elsewhere(written))])
        await tx.transcript.add([Said(chat=chat, by="staff", at=at, content=written.said.body())])
        values = {"via": channel_of(chat), "days": DELIVERED.days, **elsewhere(written)}
        return StaffTurn(outgoing=[self._outcome(written, "staff/answer_waits", **values)], said_in=chat)

    def _arrived(self, written: Written) -> Outgoing:
        """The sign under the message of staff that its person has it; where there is none, a line."""
        line = self._outcome(written, "staff/answered")
        if written.event.message_id is None:
            return line
        words = self._message("staff/answered", reference=written.reference)
        sign = React(message_id=written.event.message_id, emoji=SEEN, otherwise=words.html)
        return replace(line, content=sign)

    def _outcome(self, written: Written, key: str, **values: object) -> Outgoing:
        """How it went, about this person: removed with the person, and a reply to it reaches the person again."""
        message = self._message(key, reference=written.reference, **values)
        notice = written.notice
        return replace(
            to_chat(written.event.chat, written.event, message),
            chat=notice.chat,
            lead=notice.lead,
            question=notice.question,
            then={"forgotten": self._gone(written)},
        )

    def _gone(self, written: Written) -> Outgoing:
        """That the person is forgotten: about nobody any more."""
        message = self._message("staff/answer_forgotten", reference=written.reference)
        return to_chat(written.event.chat, written.event, message)

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, STAFF)


def to_chat(chat: str, event: Event, message: Rendered) -> Outgoing:
    """A message to a chat, by its own channel. Whom it is about is for the caller to add."""
    return Outgoing(lane=chat, kind=channel_of(chat), content=message.sent(), created_at=event.at)


def elsewhere(written: Written) -> Mapping[str, str | None]:
    """How else the person can be reached, where that is known: by the lead it is about, else by what was given last."""
    person, notice = written.person, written.notice
    leads = person.leads
    lead = next((one for one in leads if one.reference == notice.lead), leads[-1] if leads else None)
    given = lead.answers if lead else {}
    last = answered_at(person)
    return {"email": (given.get("email") if notice.lead else None) or last, "phone": given.get("phone")}
