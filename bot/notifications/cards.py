"""What a card says: our message about a lead or question in the staff chat, with who has it and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.dialogue.channels import MESSAGE_LIMIT
from bot.dialogue.leads import shown_lead
from bot.dialogue.records import Lead
from bot.wording import Wording
from bot.wording.markup import cut, units
from bot.wording.records import Rendered
from storage.case_records import Card, Case, CaseEvent, Kind, Status
from storage.contents import Buttons

_EVENTS_SHOWN = 30  #: of a history, the latest
_NOTE_SHOWN = 500  #: characters of a note on a card

#: the buttons under a card by the status of its case, in rows: what stands behind "staff:", and before the reference
_STATUSES = ("status:contacted", "status:planned", "status:closed")
_ROWS: Mapping[Status, tuple[tuple[str, ...], ...]] = {
    Status.NEW: (("claim",),),
    **dict.fromkeys((Status.CLAIMED, Status.CONTACTED, Status.PLANNED), (_STATUSES[:2], (_STATUSES[2], "release"))),
    Status.CLOSED: (("reopen",),),
}


class Cards:
    """Puts cases into words. Pure."""

    def __init__(self, wording: Wording, language: str) -> None:
        """``language`` is that of staff."""
        self._wording = wording
        self._language = language

    def shown(self, case: Case, lead: Lead | None, history: Sequence[CaseEvent] = ()) -> Rendered:
        """
        The card of a case as it is now. ``lead``: None where the case is of none, or where it cannot be read.

        ``history`` stands on a card that shows everything, as much of it as fits.
        """
        state = self._state(case)
        if case.card is Card.WHOLE:
            state += self._history(history)
        base = self._base(case, lead)
        room = MESSAGE_LIMIT - sum(units(part) + 2 for part in state)
        parts = [cut(base.html, room) if units(base.html) > room else base.html, *(part for part in state)]
        html = "\n\n".join(parts)
        return replace(base, html=html, text=base.text, buttons=self._buttons(case))

    def _base(self, case: Case, lead: Lead | None) -> Rendered:
        """What came in."""
        if lead is not None:
            values = {"lead": shown_lead(lead, self._wording.form)}
            if case.card is Card.CHANGED:
                return self._said("staff/lead_changed", values | {"changes": case.changes})
            return self._said("staff/lead" if case.card is Card.WHOLE else "staff/lead_new", values)
        if case.asked is not None:
            return self._said("staff/question", {"reference": case.reference, **asdict(case.asked)})
        return self._said("staff/bare", {"reference": case.reference, "question": case.kind is Kind.QUESTION})

    def _state(self, case: Case) -> list[str]:
        """Who has it, and where it stands; nothing while it is new."""
        if case.status is Status.NEW:
            return []
        name = case.owner.name if case.owner else ""
        values = {"status": str(case.status), "name": name, "at": case.status_at or case.created_at}
        return [self._said("staff/state", values).html]

    def _history(self, history: Sequence[CaseEvent]) -> list[str]:
        events = [
            {
                "did": str(event.did),
                "at": event.at,
                "name": event.by.name if event.by else "",
                "text": (event.text or "")[:_NOTE_SHOWN],
            }
            for event in history[-_EVENTS_SHOWN:]
        ]
        while events:
            shown = self._said("staff/history", {"events": events}).html
            if units(shown) < MESSAGE_LIMIT // 2:
                return [shown]
            events = events[1:]
        return []

    def _buttons(self, case: Case) -> Buttons:
        return tuple(tuple(self._button(name, case.reference) for name in row) for row in _ROWS[case.status])

    def _button(self, name: str, reference: str) -> tuple[str, str]:
        kind, _, status = name.partition(":")
        label = self._wording.label(f"staff:{status or kind}", self._language)
        return ":".join(part for part in ("staff", kind, reference, status) if part), label

    def _said(self, key: str, values: Mapping[str, Any]) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")
