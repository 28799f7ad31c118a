"""What people say that is neither a question nor the exact answer: each does what it says, wherever it is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.records import QuestionForwarded, State
from tests.dialogue.person import ACTS, Person, web_person
from tests.form import BY_NAME, FIELDS, OPTIONAL, REQUIRED

GIVEN = {
    "interest": "beide",
    "organisation_type": "gemeente",
    "organisation": "Gemeente Utrecht",
    "name": "Noor de Vries",
    "email": "noor@utrecht.nl",
}
OPEN = ("organisation", "name", "role", "place", "period", "remark")
PHRASES = sorted({phrase for phrases in ACTS.values() for phrase in phrases})


def asked(field: str) -> Person:
    """A person with this question open, on the web page."""
    person = web_person()
    person.says("/aanmelden")
    for name in REQUIRED[: REQUIRED.index(field) if field in REQUIRED else None]:
        person.says(GIVEN[name])
    if field in OPTIONAL:
        person.taps("signup:more")
        for name in OPTIONAL[: OPTIONAL.index(field)]:
            person.taps(f"signup:skip:{name}")
    return person


@given(st.sampled_from(PHRASES), st.sampled_from(OPEN), st.sampled_from(["", ".", "!", " "]))
def test_nothing_done_by_saying_it_is_an_answer(phrase: str, field: str, after: str) -> None:
    """Whoever stops, waits, thanks or asks for a person has not given that as a name."""
    person = asked(field)
    person.says(phrase + after)
    assert field not in person.answers


@pytest.mark.parametrize("phrase", ["laat maar", "ik stop ermee", "never mind", "schrijf me uit"])
@pytest.mark.parametrize("field", ["interest", "organisation", "name", "email", "role"])
def test_a_sign_up_is_stopped_in_ones_own_words(phrase: str, field: str) -> None:
    """It is asked once whether to stop, whatever is being asked."""
    person = asked(field)
    assert person.says(phrase) == ["signup/cancel"]


@pytest.mark.parametrize("field", [field.name for field in FIELDS if field.name != "remark"])
def test_a_question_about_the_form_is_answered_there(field: str) -> None:
    """Why a detail is asked is said in a line or two about this very one, then it is asked again."""
    person = asked(field)
    assert person.says("moet dat?") == [f"signup/why/{field}", f"signup/ask/{field}"]


def test_the_optional_questions_can_be_left_at_once() -> None:
    """Who is done comes to the review; who is not yet is told so and asked on."""
    assert asked("role").says("dat was het") == ["signup/review"]
    assert asked("name").says("dat was het") == ["signup/not_yet", "signup/ask/name"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Ik ben Ali van gemeente Ede, ali@ede.nl",
            {"name": "Ali", "organisation": "gemeente Ede", "email": "ali@ede.nl"},
        ),
        ("ali@ede.nl", {"email": "ali@ede.nl"}),
        ("Ali Baba\nGemeente Ede\nali@ede.nl\n0612345678", {"name": "Ali Baba", "organisation": "Gemeente Ede"}),
    ],
)
def test_what_is_told_before_a_sign_up_is_kept_for_it(said: str, told: dict[str, str]) -> None:
    """It is said back, and the sign-up asks only for what is missing; the review shows all of it."""
    ali = web_person()
    assert ali.says(said) == ["signup/noted", "signup/noted_begin"]
    assert ali.says("ja") == ["signup/ask/interest"]
    assert told.items() <= dict(ali.answers).items()
    ali.says("beide")
    for _ in REQUIRED:
        step = ali.conversation.draft.step if ali.conversation.draft else None
        if step:
            ali.says(GIVEN[step])
    assert ali.state is State.REVIEW
    assert told.items() <= dict(ali.answers).items()


def test_what_is_told_beside_an_answer_is_kept_too() -> None:
    """A name with an address answers two questions at once, and both are said."""
    noor = asked("name")
    assert noor.says("Noor de Vries, noor@utrecht.nl")[0] == "signup/noted"
    assert noor.state is State.REVIEW
    assert (noor.answers["name"], noor.answers["email"]) == ("Noor de Vries", "noor@utrecht.nl")


def test_an_address_instead_of_a_name_is_kept_and_the_name_asked_again() -> None:
    """Nothing that stands there is lost, and nothing of it becomes a name."""
    noor = asked("name")
    assert noor.says("noor@utrecht.nl") == ["signup/noted", "signup/ask/name"]
    assert "name" not in noor.answers


@pytest.mark.parametrize("nothing", ["-", "/", "//", "/ /", " / ", "--", ".", "...", "…", "-/-", "_", "\\"])
def test_a_sign_where_there_is_nothing_to_say_passes(nothing: str) -> None:
    """A dash, a stroke or a dot as the whole answer skips an optional question, and is no answer to one that counts."""
    assert asked("name").says(nothing)[0].startswith("signup/problem/")
    noor = asked("role")
    assert noor.says(nothing) == ["signup/ask/phone"]
    assert noor.says(nothing) == ["signup/ask/group_composition"]


def test_a_remark_stays_whole() -> None:
    """What stands in a remark belongs there, an address of a colleague too."""
    noor = asked("remark")
    noor.says("Mail ook ali@ede.nl of bel 0612345678")
    assert noor.answers["remark"] == "Mail ook ali@ede.nl of bel 0612345678"
    assert noor.answers["email"] == "noor@utrecht.nl"
    assert "phone" not in noor.answers


@pytest.mark.parametrize("said", ["ja maar niet nu", "nee", "verstuur nog niet", "prima, wat kost het?", "dank je"])
def test_a_doubt_never_sends(said: str) -> None:
    """Consent is given in words that leave no doubt, or not at all."""
    noor = asked("email")
    noor.says("noor@utrecht.nl")
    noor.says(said)
    assert not noor.leads


def test_a_sent_sign_up_is_shown_changed_and_withdrawn_in_ones_own_words() -> None:
    """Its status, its answers, a change and its removal are about this very sign-up."""
    noor = web_person()
    noor.signs_up()
    assert noor.says("is het gelukt?") == ["signup/status"]
    assert noor.says("laat mijn aanmelding zien") == ["signup/lead"]
    assert noor.says("het moet nieuw@utrecht.nl zijn") == ["signup/review"]
    assert noor.answers["email"] == "nieuw@utrecht.nl"
    noor.taps("signup:submit")
    assert noor.conversation.leads[-1].answers["email"] == "nieuw@utrecht.nl"
    assert noor.says("schrijf me uit") == ["data/forget"]


def test_an_address_after_an_offer_is_where_the_answer_goes() -> None:
    """The question stays the question; an address with a yes, or alone, is where a person answers."""
    for said in ("ali@ede.nl", "ja, mijn mail is ali@ede.nl"):
        ali = web_person()
        assert ali.says("krijg ik een certificaat?") == ["chat/unpublished"]
        assert ali.says(said) == ["contact/confirm"]
        assert ali.says("ja") == ["contact/sent"]
        (sent,) = [effect for effect in ali.effects if isinstance(effect, QuestionForwarded)]
        assert (sent.question, sent.reply_to) == ("krijg ik een certificaat?", "ali@ede.nl")


@pytest.mark.parametrize(
    ("field", "wrong"), [("interest", "blorf"), ("email", "ali bij ede"), ("organisation_type", "wug")]
)
def test_the_same_failure_is_never_met_with_the_same_words(field: str, wrong: str) -> None:
    """The second time there are choices to number, the third a person."""
    person = asked(field)
    first, second, third = (person.says(wrong)[0] for _ in range(3))
    assert first == f"signup/problem/{'email' if field == 'email' else 'choice'}"
    assert (second, third) == ("chat/stuck", "chat/stuck_person")


def test_the_language_is_changed_anywhere() -> None:
    """Everything that was given stays."""
    noor = asked("name")
    noor.says("english please")
    assert noor.conversation.language == "en"
    assert noor.answers["organisation"] == "Gemeente Utrecht"


def test_half_a_text_is_never_the_answer() -> None:
    """An app cuts a long text in two; neither half is kept, and there is one answer."""
    noor = asked("remark")
    assert noor.says("x " * 2048) == ["signup/problem/too_long"]
    assert noor.says("de rest ervan") == []
    assert "remark" not in noor.answers
    noor.later(minutes=1)
    noor.says("korter")
    assert noor.answers["remark"] == "korter"


def test_every_field_has_its_place() -> None:
    """The fields these chats go through are those of the sign-up."""
    assert set(GIVEN) == set(REQUIRED)
    assert set(OPEN) <= set(BY_NAME)


def test_a_wish_beside_details_begins_the_sign_up_with_them() -> None:
    """Whoever wants to take part and says who they are is asked only for the rest, at once."""
    ali = web_person()
    said = "ik wil graag meedoen, ik ben Ali Baba van gemeente Ede, ali@ede.nl"
    assert ali.says(said) == ["signup/noted", "signup/ask/interest"]
    assert dict(ali.answers) == {
        "name": "Ali Baba",
        "organisation": "gemeente Ede",
        "organisation_type": "municipality",
        "email": "ali@ede.nl",
    }


@pytest.mark.parametrize("said", ["ja?", "verstuur?", "prima?", "Ja, verstuur?"])
def test_a_yes_that_asks_sends_nothing(said: str) -> None:
    """A question mark leaves a doubt, and a doubt sends nothing, passes nothing on and removes nothing."""
    noor = asked("email")
    noor.says("noor@utrecht.nl")
    noor.says(said)
    assert (noor.leads, noor.state) == ([], State.REVIEW)
    noor.says("/verwijderen")
    noor.says(said)
    assert not noor.forgotten()
    ali = web_person()
    ali.says("krijg ik een certificaat?")
    ali.says("ali@ede.nl")
    ali.says(said)
    assert not [effect for effect in ali.effects if isinstance(effect, QuestionForwarded)]


def test_a_number_of_either_country_is_asked_again() -> None:
    """Who has a Belgian address says with the country code which number it is; nothing is guessed."""
    person = asked("email")
    person.says("ali@gent.be")
    person.taps("signup:more")
    person.taps("signup:skip:role")
    assert person.says("0475123456") == ["signup/problem/country"]
    assert {person.replies[0].values[name] for name in ("phone", "other_phone")} == {"+31475123456", "+32475123456"}
    person.says("+31475123456")
    assert person.answers["phone"] == "+31475123456"
