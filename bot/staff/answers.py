"""What staff answer by replying to a message of ours: passed on to the person it is about, and told how that went."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from unicodedata import category

from bot.dialogue.answering.prompts import answered_at
from bot.dialogue.buttons import button
from bot.dialogue.channels import traits_of
from bot.dialogue.events import Edited, Event, Message, Typed, channel_of
from bot.dialogue.records import Conversation, Reply
from bot.dialogue.signs import normal
from bot.leads.references import LETTERS
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.records import Notice, Outcome, Outgoing, Said
from storage.repositories import Repositories
from storage.repositories.retention import DELIVERED

REFERENCE = re.compile(rf"(?<![\w-])[{LETTERS}]{{4}}-[{LETTERS}]{{4}}(?![\w-])")

#: a reply that begins so was meant for us and not for the person: a slip there must not reach anybody
COMMANDED = re.compile(r"/\s?[a-z]{2,}(?![\w.-]*/)", re.IGNORECASE)
_BEGINNING = 200  #: characters in which a command would begin


@dataclass(frozen=True, kw_only=True)
class _Answer:
    event: Typed
    chat: str  #: the person's
    notice: Notice
    person: Conversation | None  #: None when nothing is kept of the conversation any more

    @property
    def reference(self) -> str:
        """What staff know the person by; empty where they know none."""
        return self.notice.lead or self.notice.question or ""


class StaffReplies:
    """Passes on what staff reply. Nothing is said to have arrived before it did."""

    def __init__(self, wording: Wording, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._language = language

    async def handle(self, tx: Repositories, event: Message, message_id: int) -> StaffTurn:
        """Pass a reply on to the person whom the message was about; say so where that cannot be."""
        known = await tx.notices.find(event.chat, message_id)
        if known is None and not event.replied_text:
            return StaffTurn()  # not ours: talk among staff
        if isinstance(event, Edited):
            return self._says(event, "staff/edited", command=False)
        if not isinstance(event, Typed):
            return self._says(event, "chat/attachment")
        if COMMANDED.match(_visible(event.text)):
            return self._says(event, "staff/unknown_command")
        notice = known or await self._by_reference(tx, event)
        if notice is None:
            return self._says(event, "staff/not_found", reference="".join(references(event.replied_text)))
        if notice.chat is None:
            return self._says(event, "staff/reply_how")
        person = (await tx.conversations.load([notice.chat])).get(notice.chat)
        if await (tx.notices.find(event.chat, message_id) if known else self._by_reference(tx, event)) is None:
            # the person was removed while we waited for their chat: nothing is kept of them again
            return self._says(event, "staff/not_found", reference=notice.lead or notice.question or "")
        return await self._passed_on(tx, _Answer(event=event, chat=notice.chat, notice=notice, person=person))

    async def _by_reference(self, tx: Repositories, event: Typed) -> Notice | None:
        """
        Whom a message of ours is about that we do not know any more, by the reference in it; None when that is gone.

        Ours about one person have it in their first line, where nothing typed stands. Where it stands elsewhere, or
        several do, it may be a list, or something a person typed: then nobody is meant, and never the first.
        """
        found = references(event.replied_text)
        if len(found) != 1 or not references(event.replied_text.partition("\n")[0]):
            return Notice(staff_chat=event.chat, message_id=0, chat=None)
        [reference] = found
        lead = await tx.leads.find(reference)
        if lead:
            return Notice(staff_chat=event.chat, message_id=0, chat=lead.chat, lead=reference)
        return await tx.notices.of_question(reference)

    async def _passed_on(self, tx: Repositories, answer: _Answer) -> StaffTurn:
        event, chat = answer.event, answer.chat
        channel = channel_of(chat)
        said = self._said(answer, channel)
        if traits_of(channel).keeps_transcript:
            return await self._laid_ready(tx, answer, said)
        then: Mapping[Outcome, Outgoing] = {
            "sent": self._outcome(answer, "staff/answered"),
            "delayed": self._outcome(answer, "staff/answer_delayed"),
            "failed": self._outcome(answer, "staff/answer_failed", **_elsewhere(answer)),
            "forgotten": self._gone(answer),
        }
        return StaffTurn(outgoing=[replace(to_chat(chat, event, said), chat=chat, then=then)])

    async def _laid_ready(self, tx: Repositories, answer: _Answer, said: Rendered) -> StaffTurn:
        """Where the person has to come back to read it: it waits there, unless nobody can ever come back."""
        chat, at = answer.chat, answer.event.at
        if await tx.ended.of([chat]):
            return StaffTurn(outgoing=[self._outcome(answer, "staff/answer_failed", **_elsewhere(answer))])
        await tx.transcript.add([Said(chat=chat, by="staff", at=at, content=said.body())])
        values = {"via": channel_of(chat), "days": DELIVERED.days, **_elsewhere(answer)}
        return StaffTurn(outgoing=[self._outcome(answer, "staff/answer_waits", **values)], said_in=chat)

    def _said(self, answer: _Answer, channel: str) -> Rendered:
        language = answer.person.language if answer.person else self._language
        ask = ((button("contact:ask"),),)
        reply = Reply(message="chat/staff_says", values={"text": answer.event.text}, buttons=ask)
        return self._wording.reply(reply, language, channel, whole=True)

    def _outcome(self, answer: _Answer, key: str, **values: object) -> Outgoing:
        """How it went, about this person: removed with the person, and a reply to it reaches the person again."""
        message = self._message(key, reference=answer.reference, **values)
        notice = answer.notice
        return replace(
            to_chat(answer.event.chat, answer.event, message),
            chat=notice.chat,
            lead=notice.lead,
            question=notice.question,
            then={"forgotten": self._gone(answer)},
        )

    def _gone(self, answer: _Answer) -> Outgoing:
        """That the person is forgotten: about nobody any more."""
        message = self._message("staff/answer_forgotten", reference=answer.reference)
        return to_chat(answer.event.chat, answer.event, message)

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[to_chat(event.chat, event, self._message(key, **values))])

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")


def _visible(text: str) -> str:
    """The text in its plain form from its first visible sign on: a copied or typed slash may come in other forms."""
    plain = normal("NFKC", text[:_BEGINNING])
    return "".join(sign for sign in plain if category(sign) != "Cf").lstrip()


def references(text: str) -> set[str]:
    """The references that stand in a message of ours."""
    return set(REFERENCE.findall(text))


def to_chat(chat: str, event: Event, message: Rendered) -> Outgoing:
    """A message to a chat, by its own channel. Whom it is about is for the caller to add."""
    return Outgoing(lane=chat, kind=channel_of(chat), content=message.sent(), created_at=event.at)


def _elsewhere(answer: _Answer) -> Mapping[str, str | None]:
    """How else the person can be reached, where that is known: by the lead it is about, else by what was given last."""
    person = answer.person
    leads = person.leads if person else ()
    lead = next((one for one in leads if one.reference == answer.notice.lead), leads[-1] if leads else None)
    given = lead.answers if lead else {}
    last = answered_at(person) if person else None
    return {"email": (given.get("email") if answer.notice.lead else None) or last, "phone": given.get("phone")}
