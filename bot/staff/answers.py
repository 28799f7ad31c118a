"""What staff answer by replying to a message of ours: passed on to the person it is about, and told how that went."""

import re
from collections.abc import Mapping
from dataclasses import replace
from unicodedata import category

from bot.dialogue.buttons import button
from bot.dialogue.events import Edited, Event, Message, Typed
from bot.dialogue.records import Button, Conversation, Reply, State
from bot.dialogue.signs import normal
from bot.dialogue.talks import LONGEST, Talk
from bot.staff.cases import NOBODY, CaseDesk
from bot.staff.intents import End, SendTopic
from bot.staff.reaching import Reaching, Written, to_chat
from bot.staff.talks import Over, Talks
from bot.staff.transitions import Act
from bot.staff.whom import meant, references
from bot.turns.protocols import People, StaffTurn
from bot.wording import Rendered, Wording
from bot.wording.cleaning import first_word
from storage.case_records import Case, CaseEvent, Did
from storage.records import Notice
from storage.repositories import Repositories

#: a reply that begins so was meant for us and not for the person: a slip there must not reach anybody
COMMANDED = re.compile(r"/\s?[a-z]{2,}(?![\w.-]*/)", re.IGNORECASE)
_BEGINNING = 200  #: characters in which a command would begin


class StaffReplies:
    """Passes on what staff reply. Nothing is said to have arrived before it did."""

    def __init__(self, wording: Wording, cases: CaseDesk, talks: Talks, reaching: Reaching, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._cases = cases
        self._talks = talks
        self._reaching = reaching
        self._language = language

    async def handle(self, tx: Repositories, event: Message, message_id: int, people: People) -> StaffTurn:
        """Pass a reply on to the person whom the message was about; say so where that cannot be."""
        if not event.replied_text and await tx.notices.find(event.chat, message_id) is None:
            return StaffTurn()  # not ours: talk among staff
        if isinstance(event, Edited):
            return self.edited(event)
        if not isinstance(event, Typed):
            return self._says(event, "staff/only_text")
        if unfit := self.unfit(event):
            return unfit
        notice = await meant(tx, event, message_id)
        return self._nobody(event, notice) or await self.written(tx, event, _of(notice), people)

    def edited(self, event: Event) -> StaffTurn:
        """What staff read who change what was sent already."""
        return self._says(event, "staff/edited", command=False)

    def unfit(self, event: Typed) -> StaffTurn | None:
        """What staff read who typed what cannot be sent to anybody; None where it can."""
        if COMMANDED.match(_visible(event.text)):
            return self._says(event, "staff/unknown_command")
        if len(event.text) > LONGEST:
            return self._says(event, "staff/too_long", length=len(event.text), limit=LONGEST)
        return None

    async def topic(self, tx: Repositories, asked: SendTopic, people: People) -> StaffTurn:
        """Send a topic's checked answer, in the person's language; say so where that cannot be."""
        event = asked.event
        if asked.message_id is None:
            return self._says(event, "staff/reply_how")
        topics = self._wording.course.topics
        if asked.topic not in topics:
            return self._says(event, "staff/no_topic", topics=list(topics))
        notice = await meant(tx, event, asked.message_id)
        return self._nobody(event, notice) or await self.written(tx, event, _of(notice), people, topic=asked.topic)

    async def end(self, tx: Repositories, asked: End, people: People) -> StaffTurn:
        """End the talk with the person whom the message was about."""
        event = asked.event
        notice = await meant(tx, event, asked.message_id) if asked.message_id is not None else None
        if asked.message_id is None:
            return self._says(event, "staff/reply_how")
        if nobody := self._nobody(event, notice):
            return nobody
        known = _of(notice)
        person = people.get(known.chat or "")
        over = Over(by="staff", actor=event.actor or NOBODY, at=event.at)
        turn, left = await self._talks.ends(tx, known.chat or "", person, over)
        if not turn.outgoing:
            return self._says(event, "staff/no_talk", reference=known.reference or "")
        return replace(turn, conversations=(left,) if left else ())

    def _nobody(self, event: Event, notice: Notice | None) -> StaffTurn | None:
        """What staff read where nobody is meant; None where somebody is."""
        if notice is None:
            text = event.replied_text if isinstance(event, Message) else ""
            return self._says(event, "staff/not_found", reference="".join(references(text)))
        return self._says(event, "staff/reply_how") if notice.chat is None else None

    async def written(
        self, tx: Repositories, event: Typed, notice: Notice, people: People, *, topic: str | None = None
    ) -> StaffTurn:
        """Let the person of ``notice`` read what staff typed, or the answer of a topic."""
        chat = notice.chat or ""
        person = people.get(chat) or Conversation(chat=chat, language=self._language)
        case = await self._cases.held(tx, notice.reference) if notice.reference else None
        by = event.actor or NOBODY
        said = self._said(event.text, topic, person, first_word(by.name), talks=case is not None, at=event)
        text = event.text if topic is None else self._topic(topic, person).text
        name = first_word(by.name)
        written = Written(event=event, notice=notice, person=person, said=said, text=text, name=name)
        if case is None:
            return await self._reaching.written(tx, written, None)
        done = await self._cases.does(tx, case, Act.WRITE, by, event.at, person=person)
        case = await self._talking(tx, done.case or case, event, _talks(person, event))
        turn = await self._reaching.written(tx, written, case)
        talk = Talk(reference=case.reference, name=first_word(by.name), at=event.at)
        return replace(
            turn,
            outgoing=[*turn.outgoing, *done.outgoing],
            superseded=turn.superseded | done.superseded,
            conversations=(replace(person, talk=talk),),
        )

    async def _talking(self, tx: Repositories, case: Case, event: Typed, talks: bool) -> Case:
        """The case, about which staff and person talk now."""
        talking = replace(case, talk_at=event.at, updated_at=event.at)
        await tx.cases.save(talking)
        by = event.actor or NOBODY
        if not talks:
            staff = tx.cases.staff(by.id, by.name)
            await tx.cases.log([CaseEvent(reference=case.reference, at=event.at, did=Did.TALKED, by=staff)])
        return talking

    def _said(
        self, text: str, topic: str | None, person: Conversation, name: str, *, talks: bool, at: Typed
    ) -> Rendered:
        """What the person reads, all of it, with how to answer."""
        asking = person.state is not State.IDLE
        buttons: list[Button] = [button("talk:end")] if talks else [button("contact:ask")]
        if talks and asking:
            buttons.insert(0, button("talk:answer", name=name))
        values: Mapping[str, object] = {
            "text": text,
            "name": name,
            "first": not _talks(person, at),
            "asking": asking,
            "talks": talks,
            "topic": bool(topic),
        }
        reply = Reply(message="chat/staff_says", values=values, buttons=tuple((one,) for one in buttons))
        said = self._wording.reply(reply, person.language, person.channel, whole=True)
        return said if topic is None else self._with_answer(said, topic, person)

    def _with_answer(self, said: Rendered, topic: str, person: Conversation) -> Rendered:
        """The checked answer of a topic, introduced by what stands around it."""
        answer = self._topic(topic, person)
        return replace(said, html=f"{said.html}\n\n{answer.html}", text=f"{said.text}\n\n{answer.text}")

    def _topic(self, topic: str, person: Conversation) -> Rendered:
        return self._wording.reply(Reply(message=f"topic/{topic}"), person.language, person.channel, whole=True)

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        message = self._wording.message(key, self._language, values, "staff")
        return StaffTurn(outgoing=[to_chat(event.chat, event, message)])


def _of(notice: Notice | None) -> Notice:
    """The notice, which is about somebody."""
    if notice is None:
        raise ValueError("nobody is meant")
    return notice


def _talks(person: Conversation, event: Typed) -> bool:
    """Whether a talk with this person is open."""
    return person.talk is not None and person.talk.is_open(event.at)


def _visible(text: str) -> str:
    """The text in its plain form from its first visible sign on: a copied or typed slash may come in other forms."""
    plain = normal("NFKC", text[:_BEGINNING])
    return "".join(sign for sign in plain if category(sign) != "Cf").lstrip()
