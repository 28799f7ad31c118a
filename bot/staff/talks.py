"""Talks: what a person says to staff, and how a talk begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.dialogue.channels import STAFF, traits_of
from bot.dialogue.events import Actor, channel_of
from bot.dialogue.fields import Role
from bot.dialogue.records import Conversation, Reply, TalkLine
from bot.outbox import StaffAddress
from bot.staff.cases import CaseDesk
from bot.turns.protocols import StaffTurn
from bot.wording import Rendered, Wording
from storage.case_records import Case, CaseEvent, Did
from storage.contents import Content, React
from storage.records import Outgoing
from storage.repositories import Repositories

SEEN = "👍"  #: the sign under a message that was passed on
Ended = Literal["person", "staff", "time"]


@dataclass(frozen=True, kw_only=True)
class Over:
    """A talk that ends: by whom, and when."""

    by: Ended
    actor: Actor | None = None  #: of staff
    at: datetime


class Talks:
    """Brings what a person says to staff, and ends talks on both sides."""

    def __init__(self, wording: Wording, cases: CaseDesk, address: StaffAddress, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._cases = cases
        self._address = address
        self._language = language

    async def heard(self, tx: Repositories, line: TalkLine, person: Conversation, now: datetime) -> StaffTurn:
        """Bring a person's words to staff, as a reply to the card of what they talk about."""
        case, staff_chat = await self._cases.held(tx, line.reference), self._address.now
        if case is None or staff_chat is None:
            return StaffTurn()
        await tx.cases.save(replace(case, talk_at=now, updated_at=now))
        values = {"reference": case.reference, "text": line.text, "name": _name_of(person, case)}
        said = self._wording.reply(Reply(message="staff/person_says", values=values), self._language, STAFF, whole=True)
        content = replace(said.sent(), reply_to=await self._card(tx, case), topic=True)
        about = _about(case, staff_chat, content, now)
        return StaffTurn(outgoing=[about, *self._seen(line, person, now)])

    async def ends(
        self, tx: Repositories, chat: str, person: Conversation | None, over: Over
    ) -> tuple[StaffTurn, Conversation | None]:
        """
        End every talk with the person of a chat; nothing where there is none.

        Gives what both sides are told, who ended it alone excepted, and the conversation without a talk.
        """
        talking = [case for case in await tx.cases.of_chat(chat) if case.talk_at is not None]
        told: list[Outgoing] = []
        for case in talking:
            await tx.cases.save(replace(case, talk_at=None, talked_at=over.at))
            by = tx.cases.staff(over.actor.id, over.actor.name) if over.actor else None
            await tx.cases.log([CaseEvent(reference=case.reference, at=over.at, did=Did.ENDED, by=by)])
            told += await self._staff_told(tx, case, over)
        if not talking or over.by == "person":
            return StaffTurn(outgoing=told), person
        line, said_in = await self._cases.said(tx, talking[0], Reply(message="talk/over"), person, over.at)
        left = replace(person, talk=None) if person else None
        return StaffTurn(outgoing=[*told, *line], said_in=said_in), left

    async def _staff_told(self, tx: Repositories, case: Case, over: Over) -> Sequence[Outgoing]:
        chat = self._address.now
        if chat is None:
            return []
        values = {"reference": case.reference, "by": over.by, "name": over.actor.name if over.actor else ""}
        message = self._wording.message("staff/talk_over", self._language, values, STAFF)
        content = replace(message.sent(), reply_to=await self._card(tx, case), topic=True)
        return [_about(case, chat, content, over.at)]

    def _seen(self, line: TalkLine, person: Conversation, now: datetime) -> list[Outgoing]:
        """The sign under the person's message that it was passed on, where the channel has such."""
        if line.message_id is None or not traits_of(person.channel).reacts:
            return []
        reply = Reply(message="talk/passed_on", values={"name": line.name})
        words: Rendered = self._wording.reply(reply, person.language, person.channel)
        sign = React(message_id=line.message_id, emoji=SEEN, otherwise=words.html)
        chat = person.chat
        return [Outgoing(lane=chat, kind=channel_of(chat), chat=chat, content=sign, created_at=now)]

    async def _card(self, tx: Repositories, case: Case) -> int | None:
        """The number of the card of the case, where it is in the staff chat."""
        cards = await tx.notices.cards(case.chat or "", case.reference)
        return next((one.message_id for one in reversed(cards) if one.staff_chat == self._address.now), None)


def _about(case: Case, staff_chat: str, content: Content, now: datetime) -> Outgoing:
    return Outgoing(
        lane=staff_chat,
        kind=channel_of(staff_chat),
        content=content,
        created_at=now,
        chat=case.chat,
        lead=case.lead,
        question=case.question,
    )


def _name_of(person: Conversation, case: Case) -> str:
    """What the person is called, as far as they said so."""
    lead = next((one for one in person.leads if one.reference == case.reference), None)
    return (lead.given(Role.NAME) if lead else case.asked and case.asked.name) or ""
