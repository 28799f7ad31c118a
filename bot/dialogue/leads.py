"""
What is known of a lead, and who gets which of it: made of the record's fields, so that a new one reaches everybody.

Who does not get one is named here, once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime

from bot.dialogue.fields import Form
from bot.dialogue.moments import written
from bot.dialogue.records import Consent, Lead

_ALL = tuple(field.name for field in fields(Lead))
#: not in exports and the lead webhook, of which others rely on the columns
_OF_ANSWERS = {"roles", "choices"}  #: what its answers are, which they show themselves
NOT_EXPORTED = frozenset({"chat", "updated_at", "status_at", "consent_language", "agreed_before", *_OF_ANSWERS})
#: not in messages
NOT_SHOWN = frozenset({"chat", "consent_language", "agreed_before", *_OF_ANSWERS})
#: not with each lead in a person's file of data, which has the chat once
NOT_IN_FILE = frozenset({"chat", *_OF_ANSWERS})

EXPORTED = tuple(name for name in _ALL if name not in NOT_EXPORTED)
SHOWN = tuple(name for name in _ALL if name not in NOT_SHOWN)
IN_FILE = tuple(name for name in _ALL if name not in NOT_IN_FILE)
MOMENTS = frozenset(field.name for field in fields(Lead) if field.type in (datetime, datetime | None))


def shown_lead(lead: Lead, form: Form) -> dict[str, object]:
    """A lead as messages show it, its answers as (field, value) in the order in which the fields are asked."""
    return {name: getattr(lead, name) for name in SHOWN} | {"answers": form.ordered(lead.answers)}


def lead_as_json(lead: Lead, names: Iterable[str]) -> dict[str, object]:
    """These fields of a lead, as JSON has them."""
    return {name: _as_json(getattr(lead, name)) for name in names}


def _as_json(value: object) -> object:
    """One value; what was agreed to has the names that a lead's own consent has."""
    match value:
        case datetime():
            return written(value)
        case Consent():
            return {f"consent_{field.name}": _as_json(getattr(value, field.name)) for field in fields(value)}
        case Mapping():
            return dict(value)
        case tuple():
            return [_as_json(one) for one in value]
        case _:
            return value
