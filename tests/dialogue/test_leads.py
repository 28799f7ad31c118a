"""Who gets what of a lead."""

import json
from dataclasses import fields, replace

from bot.dialogue.leads import IN_FILE, NOT_EXPORTED, NOT_IN_FILE, NOT_SHOWN, lead_as_json, shown_lead
from bot.dialogue.records import Consent, Lead
from tests.form import FORM
from tests.notifications.helpers import AT, lead

ALL = {field.name for field in fields(Lead)}


def test_a_field_reaches_everybody_but_whom_it_is_kept_from() -> None:
    """What is known of a lead stands in messages and in the person's file by itself; what is kept from one exists."""
    known = lead()
    assert set(shown_lead(known, FORM)) == ALL - NOT_SHOWN
    assert set(lead_as_json(known, IN_FILE)) == ALL - NOT_IN_FILE
    assert ALL >= NOT_EXPORTED | NOT_SHOWN | NOT_IN_FILE


def test_the_file_names_every_consent_alike() -> None:
    """What a person agreed to before has the names, and the form, that what they agreed to last has."""
    made = lead_as_json(replace(lead(), agreed_before=(Consent(at=AT, version="0", language="en"),)), IN_FILE)
    [before] = json.loads(json.dumps(made))["agreed_before"]
    assert before == {"consent_at": made["consent_at"], "consent_version": "0", "consent_language": "en"}
