"""How what staff write reaches its person, and how staff learn whether it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialogue.answering.prompts import answered_at
from bot.dialogue.channels import STAFF, traits_of
from bot.dialogue.events import Event, Typed, channel_of
from bot.dialogue.fields import Form, Role
from bot.dialogue.records import Conversation
from bot.notifications.talk_letters import AWAY, ByMail, TalkLetters, lane_of
from bot.staff.talks import SEEN
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.case_records import Case, Unread
from storage.contents import React
from storage.records import Notice, Outcome, Outgoing, Said
from storage.repositories import Repositories
from storage.repositories.old import DELIVERED

UNREAD = 50  #: of what staff wrote and no page showed, so much is remembered


@dataclass(frozen=True, kw_only=True)
class Written:
    """Something that staff wrote to a person."""

    event: Typed
    notice: Notice  #: the message it answers
    person: Conversation
    said: Rendered  #: as the person reads it
    text: str  #: what staff wrote, or sent, without what stands around it
    name: str  #: the first word of the name of who wrote

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

    def __init__(self, wording: Wording, letters: TalkLetters, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._letters = letters
        self._language = language

    async def written(self, tx: Repositories, written: Written, case: Case | None) -> StaffTurn:
        """Let the person read it, and staff how that went."""
        if traits_of(channel_of(written.chat)).keeps_transcript:
            return await self._laid_ready(tx, written, case)
        then: Mapping[Outcome, Outgoing] = {
            "sent": self._arrived(written),
            "delayed": self._outcome(written, "staff/answer_delayed"),
            "failed": self._not_by_chat(written, case),
            "forgotten": self._gone(written),
        }
        sent = to_chat(written.chat, written.event, written.said)
        return StaffTurn(outgoing=[replace(sent, chat=written.chat, then=then)])

    async def _laid_ready(self, tx: Repositories, written: Written, case: Case | None) -> StaffTurn:
        """Where the person has to come back to read it: it waits there, unless nobody can ever come back."""
        chat, at = written.chat, written.event.at
        if await tx.ended.of([chat]):
            return StaffTurn(outgoing=[self._not_by_chat(written, case)])
        [line] = await tx.transcript.add(
            [Said(chat=chat, by="staff", at=at, content={**written.said.body(), "name": written.name})]
        )
        known = elsewhere(written, self._wording.form)
        values = {"via": channel_of(chat), "days": DELIVERED.days, "minutes": AWAY.seconds // 60, **known}
        waits = self._outcome(written, "staff/answer_waits", **values)
        mail = await self._to_be_mailed(tx, written, case, line.id or 0) if case else StaffTurn()
        return replace(mail, outgoing=[waits, *mail.outgoing], said_in=chat)

    def _not_by_chat(self, written: Written, case: Case | None) -> Outgoing:
        """The chat reaches nobody: it is mailed where there is an address, and staff read which; else how else."""
        known = elsewhere(written, self._wording.form)
        email = known["email"]
        if case is None or email is None:
            return self._outcome(written, "staff/answer_failed", **known)
        mail = self._mail(written, case, [written.text], case.mails + 1, email)
        return self._mailed(written, self._letters.made(case, mail, written.event.at), email, gone=True)

    def _mailed(self, written: Written, letter: Outgoing, email: str, *, gone: bool) -> Outgoing:
        """The mail, with what staff read once it left."""
        told = self._outcome(written, "staff/answer_mailed", email=email, gone=gone)
        return replace(letter, then={"sent": told, "forgotten": self._gone(written)})

    def _mail(self, written: Written, case: Case, texts: Sequence[str], number: int, email: str) -> ByMail:
        return ByMail(to=email, texts=texts, name=written.name, language=written.person.language, number=number)

    async def _to_be_mailed(self, tx: Repositories, written: Written, case: Case, line: int) -> StaffTurn:
        """The mail that leaves unless a page shows the line in time; one that waits takes this along."""
        chat, at, email = written.chat, written.event.at, elsewhere(written, self._wording.form)["email"]
        waiting = [one for one in await tx.outbox.waiting_about(chat) if _is_mail_of(one, case)]
        due_at = case.mail_at if case.unread and case.mail_at and at < case.mail_at else at + AWAY
        number = case.mails if due_at == case.mail_at else case.mails + 1
        entry = Unread(line=line, message_id=written.event.message_id, text=written.text, mail=number)
        unread = (*case.unread, entry)[-UNREAD:]
        await tx.cases.save(replace(case, unread=unread, mails=number, mail_at=due_at))
        if email is None:
            return StaffTurn()
        texts = [one.text for one in unread if one.mail == number]
        letter = self._letters.made(case, self._mail(written, case, texts, number, email), at, due_at)
        superseded = frozenset(one.id for one in waiting if one.id is not None)
        return StaffTurn(outgoing=[self._mailed(written, letter, email, gone=False)], superseded=superseded)

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


def _is_mail_of(message: Outgoing, case: Case) -> bool:
    return message.lane == lane_of(case.chat or "") and (message.lead or message.question) == case.reference


def to_chat(chat: str, event: Event, message: Rendered) -> Outgoing:
    """A message to a chat, by its own channel. Whom it is about is for the caller to add."""
    return Outgoing(lane=chat, kind=channel_of(chat), content=message.sent(), created_at=event.at)


def elsewhere(written: Written, form: Form) -> Mapping[str, str | None]:
    """How else the person can be reached, where that is known: by the lead it is about, else by what was given last."""
    person, notice = written.person, written.notice
    leads = person.leads
    lead = next((one for one in leads if one.reference == notice.lead), leads[-1] if leads else None)
    last = answered_at(person, form)
    email = lead.email if lead and notice.lead else None
    return {"email": email or last, "phone": lead.given(Role.PHONE) if lead else None}
