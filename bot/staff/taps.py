"""Taps on the buttons under a card: done where nothing stands against it, and answered for a moment."""

from dataclasses import replace
from datetime import datetime

from bot.dialogue.events import Chosen, Event
from bot.staff.cases import NOBODY, CaseDesk, Done
from bot.staff.intents import Do
from bot.staff.talks import Over, Talks
from bot.turns.protocols import People, StaffTurn
from bot.wording import Wording
from storage.case_records import Case, Status
from storage.contents import Topic
from storage.records import Notice
from storage.repositories import Repositories

ANSWER_LIMIT = 200  #: characters of what Telegram shows who tapped (Bot API, answerCallbackQuery)


class Taps:
    """Does what the buttons of cards say."""

    def __init__(self, wording: Wording, cases: CaseDesk, talks: Talks, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._cases = cases
        self._talks = talks
        self._language = language

    async def handle(self, tx: Repositories, asked: Do, people: People) -> StaffTurn:
        """Do it. The answer to the tap is worth little; what counts is the card, which is edited."""
        event = asked.event
        case = await self._cases.held(tx, asked.reference)
        if case is None:
            return self.answered("gone", event.at)
        done = await self._cases.does(
            tx, case, asked.act, event.actor or NOBODY, event.at,
            person=people.get(case.chat or ""), tapped=await _unknown(tx, event, case),
        )  # fmt: skip
        turn = self._told(done, case, event.at)
        ended = await self._ended(tx, done, asked, people)
        return StaffTurn(
            outgoing=sorted([*done.outgoing, *ended.outgoing], key=lambda one: isinstance(one.content, Topic)),
            superseded=done.superseded,
            said_in=done.said_in or ended.said_in,
            toast=turn.toast,
            conversations=ended.conversations,
        )

    async def _ended(self, tx: Repositories, done: Done, asked: Do, people: People) -> StaffTurn:
        """With a case that is closed its talk ends."""
        case, event = done.case, asked.event
        if case is None or case.talk_at is None or case.status is not Status.CLOSED or case.chat is None:
            return StaffTurn()
        over = Over(by="staff", actor=event.actor or NOBODY, at=event.at)
        turn, left = await self._talks.ends(tx, case.chat, people.get(case.chat), over)
        return replace(turn, conversations=(left,) if left else ())

    def unknown(self, event: Event) -> StaffTurn:
        """The answer to a tap on what is no button of ours."""
        return self.answered("unknown", event.at)

    def _told(self, done: Done, before: Case, now: datetime) -> StaffTurn:
        if done.refusal is None:
            return self.answered("done", now, status=done.case.status if done.case else before.status)
        owner = before.owner.name if before.owner else ""
        return self.answered(str(done.refusal), now, name=owner, at=before.status_at or before.updated_at)

    def answered(self, what: str, now: datetime, **values: object) -> StaffTurn:
        """What who tapped is shown for a moment; ``what``: the name of it in the message."""
        shown = {"what": what, "name": "", "at": now, "now": now, "status": "", **values}
        return StaffTurn(toast=self._wording.message("staff/tap", self._language, shown, "staff").text[:ANSWER_LIMIT])


async def _unknown(tx: Repositories, event: Chosen, case: Case) -> Notice | None:
    """The message that was tapped, where we do not know it: a kill between sending and storing sent a card twice."""
    if event.tapped is None or await tx.notices.find(event.chat, event.tapped.message_id) is not None:
        return None
    return Notice(
        staff_chat=event.chat, message_id=event.tapped.message_id, chat=case.chat, lead=case.lead,
        question=case.question, version=case.version,
    )  # fmt: skip
