"""What staff keep with a case, and all that is known of one."""

from dataclasses import replace

from bot.dialogue.events import Event
from bot.dialogue.talks import LONGEST
from bot.staff.carding import Carding
from bot.staff.cases import NOBODY, CaseDesk
from bot.staff.intents import Note
from bot.staff.reaching import to_chat
from bot.staff.whom import meant, references
from bot.turns.protocols import StaffTurn
from bot.wording import Wording
from storage.case_records import Card, Case, CaseEvent, Did
from storage.contents import Send
from storage.records import Outgoing
from storage.repositories import Repositories


class Notes:
    """Keeps notes, and shows a case with its history."""

    def __init__(self, wording: Wording, cases: CaseDesk, carding: Carding, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._cases = cases
        self._carding = carding
        self._language = language

    async def handle(self, tx: Repositories, asked: Note) -> StaffTurn:
        """Keep a note with the case that a message of ours is about; say so where that cannot be."""
        if asked.message_id is None:
            return self._says(asked.event, "staff/note_how")
        if not asked.text or len(asked.text) > LONGEST:
            return self._says(asked.event, "staff/too_long", length=len(asked.text), limit=LONGEST)
        notice = await meant(tx, asked.event, asked.message_id)
        if notice is not None and notice.reference is None:
            return self._says(asked.event, "staff/note_how")
        case = await self._cases.held(tx, notice.reference or "") if notice else None
        if case is None:
            return self._says(asked.event, "staff/not_found", reference="".join(references(asked.event.replied_text)))
        return await self._kept(tx, asked, case)

    async def whole(self, tx: Repositories, event: Event, case: Case) -> StaffTurn:
        """All of a case, as its card from now on; the cards before it lose their buttons."""
        retired = await self._carding.retired(tx, case, event.at)
        version = case.version + 1
        shown = replace(case, version=version, card=Card.WHOLE, card_version=version)
        await tx.cases.save(shown)
        card = await self._carding.posted(tx, shown, event.at)
        here = replace(card, lane=event.chat, content=replace(card.content_as(Send), topic=False))
        return StaffTurn(outgoing=[*retired.outgoing, here], superseded=retired.superseded)

    async def _kept(self, tx: Repositories, asked: Note, case: Case) -> StaffTurn:
        event = asked.event
        by = event.actor or NOBODY
        noted = replace(case, version=case.version + 1, updated_at=event.at)
        entry = CaseEvent(
            reference=case.reference, at=event.at, did=Did.NOTED, by=tx.cases.staff(by.id, by.name), text=asked.text
        )
        await tx.cases.save(noted)
        await tx.cases.log([entry])
        edits = await self._carding.edits(tx, noted, event.at)
        said = self._answer(event, "staff/noted", reference=case.reference)
        about = replace(said, chat=case.chat, lead=case.lead, question=case.question)
        return StaffTurn(outgoing=[about, *edits.outgoing], superseded=edits.superseded)

    def _says(self, event: Event, key: str, **values: object) -> StaffTurn:
        return StaffTurn(outgoing=[self._answer(event, key, **values)])

    def _answer(self, event: Event, key: str, **values: object) -> Outgoing:
        return to_chat(event.chat, event, self._wording.message(key, self._language, values, "staff"))
