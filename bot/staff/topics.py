"""What is about a case goes into the case's own topic, where the staff chat has topics and we may make them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.dialogue.channels import STAFF
from bot.outbox import Gone, Later, NotDelivered, NoTopic, Sender, StaffAddress
from bot.staff.carding import Carding, lead_of
from bot.wording import Wording
from bot.wording.cleaning import one_line
from storage.case_records import Case, Status
from storage.contents import Send, Topic, TopicChange
from storage.errors import Unavailable, Unreadable
from storage.records import TOPIC, Notice, Outgoing
from storage.store import Storage

NAME = 128  #: characters of a topic's name (Bot API, createForumTopic)
QUESTION_NAMED = 60  #: characters of a question by which its topic is known, where nobody is named

Receipt = Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A case, and its topic in the staff chat as it is now; None: it has none there."""

    case: Case
    thread: int | None


class Topics:
    """
    A sender that makes the topic of a case when it is first needed, right before what is to stand in it leaves.

    So nothing overtakes it. A case has one from its first card on, or none: a group that turns topics on later starts
    with the next case.
    """

    def __init__(
        self, sender: Sender, storage: Storage, wording: Wording, carding: Carding, address: StaffAddress, language: str
    ) -> None:
        """``language`` is that of staff."""
        self._sender = sender
        self._storage = storage
        self._wording = wording
        self._carding = carding
        self._address = address
        self._language = language
        self._unkept: dict[str, list[Notice]] = {}  #: topics that were made and are not stored yet, with their cards
        self._told: set[str] = set()
        self._had: bool | None = None  #: whether there ever were topics; None: that was not looked up yet

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver; raises what the sender raises, and Later while the database is away."""
        reference = message.lead or message.question
        if reference is None or not self._address.is_at(message.lane):
            return await self._sender.send(message)
        try:
            match message.content:
                case Send() as send if send.topic or send.thread:
                    return await self._said(message, send, await self._place(message.lane, reference))
                case Topic(change=TopicChange.FOLLOWS):
                    return await self._follows(message, await self._place(message.lane, reference))
        except Unavailable as problem:
            raise Later(None, f"storage: {type(problem).__name__}") from None
        return await self._sender.send(message)

    async def _place(self, lane: str, reference: str) -> _Place | None:
        async with self._storage.reading() as tx:
            try:
                case = await tx.cases.find(reference)
                begun = await tx.notices.find(lane, case.topic) if case and case.topic else None
            except Unreadable:
                return None
        here = begun is not None and begun.reference == reference
        return _Place(case=case, thread=case.topic if here else None) if case else None

    async def _said(self, message: Outgoing, send: Send, place: _Place | None) -> Receipt:
        """Say it in the topic of its case, which is made first, or mended, where that must be."""
        if place is None or (place.thread is None and message.card != 1):
            return await self._sender.send(_in(send.thread, message, there_alone=False))
        if not send.topic and send.thread != place.thread:
            return await self._sender.send(message)  # it answers what was said elsewhere
        try:
            return await self._sender.send(_in(place.thread or await self._made(message, place), message))
        except NoTopic as problem:
            return await self._otherwise(problem, message, place)

    async def _otherwise(self, problem: NoTopic, message: Outgoing, place: _Place) -> Receipt:
        """Say it all the same: in the topic that is opened again, in a new one, or in the chat itself."""
        try:
            if problem.why == "closed":
                return await self._reopened(message, place)
            if problem.why == "gone":
                return await self._sender.send(_in(await self._made(message, place), message))
        except NoTopic as further:
            problem = further
        await self._tell(problem, message.lane)
        return await self._sender.send(_in(None, message, there_alone=False))

    async def _reopened(self, message: Outgoing, place: _Place) -> Receipt:
        """Say it in a topic that is closed; that of a case that is closed is closed again."""
        await self._change(message.lane, TopicChange.REOPENED, place.thread)
        receipt = await self._sender.send(_in(place.thread, message))
        if place.case.status is Status.CLOSED:
            with suppress(NotDelivered):  # what was to be said has been
                await self._change(message.lane, TopicChange.CLOSED, place.thread)
        return receipt

    async def _follows(self, message: Outgoing, place: _Place | None) -> Receipt:
        """Close the topic of a case that is closed, and open it again with the case."""
        if place is None or place.thread is None:
            return None
        change = TopicChange.CLOSED if place.case.status is Status.CLOSED else TopicChange.REOPENED
        try:
            return await self._change(message.lane, change, place.thread)
        except NoTopic as problem:
            await self._tell(problem, message.lane)
            return None

    async def _made(self, message: Outgoing, place: _Place) -> int:
        """Make the topic of a case; where it had one, with its card. Raises NoTopic."""
        case, made = place.case, self._unkept.setdefault(place.case.reference, [])
        if not made:
            receipt = await self._change(message.lane, TopicChange.MADE, None, await self._name(case))
            made.append(_notice(case, message.lane, (receipt or {})["thread"], TOPIC))
        if place.thread is not None and message.card is None and len(made) == 1:
            made.append(await self._card(case, message.lane, made[0].message_id))
        if not await self._kept(case, made):
            await self._change(message.lane, TopicChange.REMOVED, made[0].message_id, self._named("", ""))
            raise Gone("its person was removed meanwhile")
        return made[0].message_id

    async def _card(self, case: Case, lane: str, thread: int) -> Notice:
        """Send the card of a case into its new topic."""
        async with self._storage.reading() as tx:
            card = await self._carding.posted(tx, case, datetime.now(UTC))
        receipt = await self._sender.send(_in(thread, replace(card, lane=lane)))
        return _notice(case, lane, (receipt or {})["message_id"], case.version)

    async def _kept(self, case: Case, made: list[Notice]) -> bool:
        """Store a topic that was made, and its card; whether the case is still there."""
        async with self._storage.transaction() as tx:
            if len(made) > 1:
                await tx.notices.retire(await tx.notices.cards(case.chat or "", case.reference))
            known = await tx.cases.in_topic(case, made[0])
            await tx.notices.add(made[1:] if known else ())
        del self._unkept[case.reference]
        self._had = True
        return known

    async def _change(self, lane: str, change: TopicChange, thread: int | None, name: str = "") -> Receipt:
        content = Topic(change=change, thread=thread, name=name)
        return await self._sender.send(
            Outgoing(lane=lane, kind="telegram", content=content, created_at=datetime.now(UTC))
        )

    async def _name(self, case: Case) -> str:
        async with self._storage.reading() as tx:
            lead = await lead_of(tx, case)
        asked = case.asked and (case.asked.name or one_line(case.asked.question, QUESTION_NAMED))
        return self._named(case.reference, (lead and lead.answers.get("organisation")) or asked or "")

    def _named(self, reference: str, who: str) -> str:
        values = {"reference": reference, "who": who}
        return one_line(self._wording.message("staff/topic", self._language, values, STAFF).text, NAME)

    async def _tell(self, problem: NoTopic, lane: str) -> None:
        """Tell staff, once a start, what to switch on; not where there never were topics."""
        if problem.why in self._told or problem.why not in ("right", "none"):
            return
        if problem.why == "none" and not await self._had_topics(lane):
            return
        said = self._wording.message("staff/topics_off", self._language, {"why": problem.why}, STAFF)
        await self._sender.send(Outgoing(lane=lane, kind="telegram", content=said.sent(), created_at=datetime.now(UTC)))
        self._told.add(problem.why)

    async def _had_topics(self, lane: str) -> bool:
        if self._had is None:
            async with self._storage.reading() as tx:
                self._had = await tx.notices.has_topics(lane)
        return self._had


def _in(thread: int | None, message: Outgoing, *, there_alone: bool = True) -> Outgoing:
    """The message as it stands in this topic; ``there_alone``: where it cannot, NoTopic is raised."""
    return replace(message, content=replace(message.content_as(Send), thread=thread, topic=there_alone))


def _notice(case: Case, lane: str, number: int, version: int) -> Notice:
    return Notice(
        staff_chat=lane, message_id=number, chat=case.chat, lead=case.lead, question=case.question, version=version
    )
