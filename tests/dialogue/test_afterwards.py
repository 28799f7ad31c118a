"""Old buttons, double taps, and coming back: what happens around and after a sign-up."""

import json
from datetime import timedelta

import pytest

from bot.dialogue.events import Chosen
from tests.dialogue.person import Person, with_draft_token


@pytest.fixture
def noor() -> Person:
    person = Person()
    person.says("/start")
    return person


def test_an_earlier_button_changes_its_own_field_only(noor: Person) -> None:
    """Scrolling back and tapping another option changes that answer and asks the current question again."""
    noor.taps("signup:start")
    noor.says("beide")
    noor.says("gemeente")
    assert noor.taps("signup:interest:crash_course") == ["signup/ask/organisation"]
    assert noor.answers["interest"] == "crash_course"
    noor.says("menu")
    assert noor.taps("signup:interest:both") == ["signup/ask/organisation"]


def test_a_button_of_another_sign_up_changes_nothing(noor: Person) -> None:
    """A button of an earlier sign-up says where things stand."""
    noor.taps("signup:start")
    noor.says("beide")
    with_draft_token(noor, "other")
    assert noor.taps("signup:interest:crash_course") == ["chat/stale", "signup/ask/organisation_type"]
    assert noor.answers["interest"] == "both"
    assert noor.turn is not None
    assert not noor.turn.chosen


def test_a_double_tap_makes_no_second_lead(noor: Person) -> None:
    """Sending twice says once more that it was sent."""
    noor.signs_up(upto="review")
    send = noor.button("signup:submit")
    noor.does(Chosen, send)
    assert noor.does(Chosen, send) == ["signup/done"]
    assert len(noor.leads) == 1


def changes(person: Person) -> str:
    """Sign up, and open what was sent for changes; give its reference."""
    person.signs_up()
    reference = person.leads[0].lead.reference
    person.taps(f"lead:edit:{reference}")
    return reference


def test_what_was_agreed_to_before_a_change(noor: Person) -> None:
    """Each change is agreed to anew; what was agreed to before, and when, stays, also in the file of one's own data."""
    changes(noor)
    first = noor.now
    for name in ("Noor Bakker", "Noor de Boer"):
        noor.later(days=1)
        noor.says(f"naam: {name}")
        noor.taps("signup:submit")
        noor.taps(f"lead:edit:{noor.leads[0].lead.reference}")
    noor.taps("signup:cancel")
    lead = noor.leads[-1].lead
    assert [(one.at, one.version, one.language) for one in lead.agreed_before] == [
        (first, "1", "nl"),
        (first + timedelta(days=1), "1", "nl"),
    ]
    assert lead.consent_at == noor.now
    noor.says("/mijngegevens")
    file = noor.replies[0].file
    assert file is not None
    assert len(json.loads(file.content)["leads"][0]["agreed_before"]) == 2


def test_stopping_a_change_keeps_what_was_sent(noor: Person) -> None:
    """Who stops changing a sent sign-up is told, by its reference, that it stays as it was sent."""
    reference = changes(noor)
    noor.taps("signup:edit:name")
    noor.says("Noor Bakker")
    assert noor.taps("signup:cancel") == ["signup/cancel"]
    assert noor.replies[0].values == {"reference": reference}
    assert noor.says("nee") == ["signup/review"]
    noor.says("stop")
    assert noor.says("ja") == ["signup/cancelled"]
    assert noor.replies[0].values == {"reference": reference}
    assert f"lead:edit:{reference}" in noor.buttons()
    assert noor.conversation.draft is None
    assert [lead.answers["name"] for lead in noor.conversation.leads] == ["Noor de Vries"]


def test_stopping_before_anything_was_changed_asks_nothing(noor: Person) -> None:
    """Who opens a sent sign-up, changes nothing and stops, is told at once that it stays as it was."""
    reference = changes(noor)
    noor.taps("signup:edit:name")
    assert noor.taps("signup:cancel") == ["signup/unchanged"]
    assert noor.replies[0].values == {"reference": reference}
    assert (noor.conversation.draft, len(noor.conversation.leads)) == (None, 1)


def test_stopping_a_new_sign_up_beside_a_sent_one_erases_it(noor: Person) -> None:
    """A second sign-up that is stopped is asked about and erased; the first is not spoken of."""
    noor.signs_up()
    noor.says("/aanmelden")
    noor.taps("signup:another")
    assert noor.says("stop") == ["signup/cancel"]
    assert noor.replies[0].values == {"reference": None}
    assert noor.says("ja") == ["signup/cancelled"]
    assert noor.replies[0].values == {"reference": None}


def test_coming_back_to_a_change_names_what_is_changed(noor: Person) -> None:
    """Who comes back in the middle of a change reads which sign-up was being changed."""
    reference = changes(noor)
    assert noor.says("/start") == ["signup/resume"]
    assert noor.replies[0].values["reference"] == reference


def test_signing_up_again_offers_the_earlier_lead(noor: Person) -> None:
    """An earlier lead can be seen and changed, or another made."""
    noor.signs_up()
    reference = noor.leads[0].lead.reference
    assert noor.says("/aanmelden") == ["signup/another"]
    assert noor.taps(f"lead:show:{reference}") == ["signup/lead"]
    assert noor.taps(f"lead:edit:{reference}") == ["signup/review"]
    noor.taps("signup:edit:name")
    noor.says("Noor Bakker")
    assert noor.taps("signup:submit") == ["signup/changed"]
    saved = noor.leads[-1]
    assert saved.before is not None
    assert (saved.lead.reference, saved.lead.answers["name"]) == (reference, "Noor Bakker")
    noor.says("/aanmelden")
    noor.taps("signup:another")
    for text in ("1", "2", "De Alliantie", "Ali", "ali@alliantie.nl"):
        noor.says(text)
    noor.says("ja")
    assert len({saved.lead.reference for saved in noor.leads}) == 2


def test_a_lead_opened_and_sent_unchanged_tells_nobody(noor: Person) -> None:
    """Sending the same once more changes nothing."""
    noor.signs_up()
    noor.taps(f"lead:edit:{noor.leads[0].lead.reference}")
    assert noor.taps("signup:submit") == ["signup/unchanged"]
    assert len(noor.leads) == 1


def test_earlier_leads_by_typing(noor: Person) -> None:
    """A typed reference shows that lead; an unknown one is said to be unknown."""
    noor.signs_up()
    noor.says("/aanmelden")
    assert noor.says(noor.leads[0].lead.reference.lower()) == ["signup/lead"]
    assert noor.does(Chosen, "lead:show:NONE-1") == ["signup/unknown_lead"]
    assert noor.does(Chosen, "lead:edit:NONE-1") == ["signup/unknown_lead"]


def test_an_unfinished_sign_up_comes_before_another(noor: Person) -> None:
    """Opening or starting another while one is unfinished loses nothing."""
    noor.signs_up()
    lead = noor.leads[0].lead.reference
    noor.says("/aanmelden")
    noor.taps("signup:another")
    noor.says("beide")
    assert noor.taps(f"lead:edit:{lead}") == ["signup/resume"]
    assert noor.does(Chosen, "signup:another") == ["signup/resume"]
    assert noor.answers == {"interest": "both"}


def test_many_sign_ups_a_day_are_limited_kindly(noor: Person) -> None:
    """After five in a day the bot offers a person instead."""
    for number in range(5):
        noor.says("/aanmelden")
        if number:
            noor.taps("signup:another")
        for text in ("beide", "gemeente", "Utrecht", "Noor", "noor@utrecht.nl", "verstuur"):
            noor.says(text)
    noor.says("/aanmelden")
    assert noor.taps("signup:another") == ["signup/limit"]
    noor.later(days=1, seconds=1)
    noor.says("/aanmelden")
    assert noor.taps("signup:another") == ["signup/ask/interest"]


def test_another_language_in_the_middle(noor: Person) -> None:
    """Switching language keeps what was given and asks the same question in the new one."""
    noor.taps("signup:start")
    noor.says("beide")
    noor.says("/taal")
    assert noor.taps("language:en") == ["chat/language_set", "signup/ask/organisation_type"]
    assert (noor.conversation.language, dict(noor.answers)) == ("en", {"interest": "both"})


def test_the_source_stays_with_the_lead() -> None:
    """Staff see where a person came from, by a link's payload or the page's address."""
    for said, source in (("/start nieuwsbrief", None), ("/start", "nieuwsbrief")):
        person = Person()
        person.says(said, source=source)
        person.signs_up()
        assert person.leads[0].lead.source == "nieuwsbrief"


def test_the_start_payload_opens_what_it_names() -> None:
    """A link can open the sign-up or a topic; a code is kept for later and changes nothing."""
    assert Person().says("/start aanmelden") == ["signup/ask/interest"]
    assert Person().says("/start costs") == ["topic/costs"]
    coded = Person()
    assert coded.says("/start c_123") == ["chat/welcome"]
    assert coded.conversation.source is None
