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
from bot.staff.whom import meant, references
from bot.turns.protocols import People, StaffTurn
from bot.wording import Rendered, Wording
from storage.records import Notice, Outcome, Outgoing, Said
from storage.repositories import Repositories
from storage.repositories.old import DELIVERED

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

    async def handle(self, tx: Repositories, event: Message, message_id: int, people: People) -> StaffTurn:
        """Pass a reply on to the person whom the message was about; say so where that cannot be."""
        if not event.replied_text and await tx.notices.find(event.chat, message_id) is None:
            return StaffTurn()  # not ours: talk among staff
        if isinstance(event, Edited):
            return self._says(event, "staff/edited", command=False)
        if not isinstance(event, Typed):
            return self._says(event, "chat/attachment")
        if COMMANDED.match(_visible(event.text)):
            return self._says(event, "staff/unknown_command")
        notice = await meant(tx, event, message_id)
        if notice is None:
            return self._says(event, "staff/not_found", reference="".join(references(event.replied_text)))
        if notice.chat is None:
            return self._says(event, "staff/reply_how")
        answer = _Answer(event=event, chat=notice.chat, notice=notice, person=people.get(notice.chat))
        return await self._passed_on(tx, answer)

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
