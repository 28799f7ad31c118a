"""
A database as it is after years: so many conversations and leads, stored by the repositories that the program uses.

Times are spread as they are in a program that cleans up daily: conversations over the last 31 days, leads over the last
366, what was delivered over the last 8. So each has a day's worth of what is to be removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.dialogue.records import Conversation, Lead
from bot.leads.references import new_reference
from storage.case_records import Case, Kind, Status
from storage.contents import Send
from storage.records import Delivery, Handled, MissedQuestion, Notice, Outgoing, Said
from storage.repositories import Repositories
from storage.store import Storage

BATCH = 1000  #: conversations that are stored in one transaction


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is."""

    conversations: int
    leads: int

    def has_lead(self, number: int) -> bool:
        """Whether the conversation of this number has one."""
        return number * self.leads // self.conversations < (number + 1) * self.leads // self.conversations


async def fill(storage: Storage, size: Size, staff: str) -> None:
    """Store all of it; ``staff`` is the chat in which they are told."""
    now = datetime.now(UTC)
    for first in range(0, size.conversations, BATCH):
        numbers = range(first, min(first + BATCH, size.conversations))
        async with storage.transaction() as tx:
            await _store(tx, [Somebody.of(number, size, now) for number in numbers], staff)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """One person's part of it."""

    number: int
    now: datetime
    at: datetime  #: when they were last here
    lead: Lead | None

    @classmethod
    def of(cls, number: int, size: Size, now: datetime) -> "Somebody":
        """The person of this number: times and channels are spread evenly, whatever the number."""
        part = number * 0.6180339887 % 1  # evenly spread, in no order that an index would like
        has_lead = size.has_lead(number)
        at = now - (366 if has_lead else 31) * part * timedelta(days=1)
        one = cls(number=number, now=now, at=at, lead=None)
        return cls(number=number, now=now, at=at, lead=one.sent()) if has_lead else one

    @property
    def chat(self) -> str:
        """Their chat: one in five came by the web."""
        return f"web:somebody-{self.number}" if self.number % 7 == 3 else f"telegram:{10**9 + self.number}"

    @property
    def recent(self) -> bool:
        """Whether what was delivered to them is still known, or was until yesterday."""
        return self.now - self.at < timedelta(days=8)

    @property
    def conversation(self) -> Conversation:
        """What is kept of it: of a person with a lead nothing but the lead after a month."""
        if self.now - self.at > timedelta(days=31):
            return Conversation(chat=self.chat, language="nl", updated_at=self.at)
        return Conversation(
            chat=self.chat, language="nl", updated_at=self.at, topic="costs", answered=2,
            offered="topic:costs topic:dates signup:start contact:ask", offer="signup:start",
        )  # fmt: skip

    def sent(self) -> Lead:
        """The lead they sent."""
        answers = {
            "interest": "both", "organisation_type": "municipality", "organisation": f"Gemeente {self.number}",
            "name": f"Persoon van {self.number}", "email": f"persoon{self.number}@gemeente{self.number}.nl",
            "role": "beleidsmedewerker", "phone": "+31612345678", "participants": "8", "place": "Den Haag",
        }  # fmt: skip
        return Lead(
            reference=new_reference(), chat=self.chat, created_at=self.at, updated_at=self.at, answers=answers,
            channel=self.chat.partition(":")[0], language="nl",
            consent_at=self.at, consent_version="1", consent_language="nl",
        )  # fmt: skip

    def case(self, lead: Lead) -> Case:
        """What staff have of it; of two, one is closed."""
        status = Status.NEW if self.number % 2 else Status.CLOSED
        return Case(
            reference=lead.reference, kind=Kind.LEAD, chat=self.chat, status=status,
            created_at=self.at, updated_at=self.at,
        )  # fmt: skip

    def told(self, staff: str) -> Iterator[Outgoing]:
        """What they were told, and staff of them."""
        content = Send(html="<b>Wat het kost</b>\n\nDe prijs staat nog niet vast. " * 4)
        if not self.recent:
            return
        if not self.chat.startswith("web:"):
            yield Outgoing(lane=self.chat, kind="telegram", content=content, created_at=self.at, chat=self.chat)
        if self.lead:
            yield Outgoing(
                lane=staff, kind="telegram", content=content, created_at=self.at, chat=self.chat,
                lead=self.lead.reference,
            )  # fmt: skip

    def said(self) -> Iterator[Said]:
        """The lines of a web conversation."""
        if self.recent and self.chat.startswith("web:"):
            yield Said(chat=self.chat, by="person", at=self.at, content={"text": "Wat kost het?"})
            yield Said(
                chat=self.chat, by="bot", at=self.at, content={"html": "De prijs " * 20, "text": "De prijs " * 20}
            )


async def _store(tx: Repositories, people: list[Somebody], staff: str) -> None:
    leads = [one for one in people if one.lead]
    await tx.conversations.save([one.conversation for one in people])
    await tx.leads.save([one.lead for one in leads if one.lead])
    await tx.cases.open([one.case(one.lead) for one in leads if one.lead])
    await tx.notices.add([_notice(one, staff) for one in leads])
    recent = [one for one in people if one.now - one.at < timedelta(days=3)]
    await tx.handled.add([Handled(chat=one.chat, event_id="1", at=one.at) for one in recent])
    missed = [one for one in people if one.number % 100 == 0]
    await tx.questions.add(
        [
            MissedQuestion(
                question=f"kan vraag {one.number} ook?", language="nl", suggestions=(), at=one.at, chat=one.chat
            )
            for one in missed
        ]
    )
    await tx.transcript.add([line for one in people for line in one.said()])
    sent = await tx.outbox.add([message for one in people for message in one.told(staff)])
    receipt = {"message_id": 1}
    await tx.outbox.record(
        [
            Delivery(id=one.id, at=one.created_at, status="sent", attempts=1, receipt=receipt)
            for one in sent
            if one.id is not None
        ]
    )


def _notice(one: Somebody, staff: str) -> Notice:
    reference = one.lead.reference if one.lead else None
    return Notice(staff_chat=staff, message_id=one.number + 1, chat=one.chat, lead=reference, version=1)
