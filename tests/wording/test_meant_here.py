"""What people say means something where they are: what is offered, what was sent, and what is asked."""

import pytest

from bot.dialogue.records import Conversation
from tests.form import REQUIRED
from tests.wording.test_understood import ANSWERS, LANGUAGES, Somebody, asked


def at_the_start(language: str) -> Somebody:
    """Somebody who has just come in."""
    noor = Somebody(conversation=Conversation(chat="web:7", language=language))
    noor.says("/start")
    return noor


def who_sent(language: str) -> Somebody:
    """Somebody whose sign-up was sent."""
    noor = at_the_start(language)
    noor.says("/aanmelden")
    for name in REQUIRED:
        noor.says(ANSWERS[name])
    noor.taps("signup:submit")
    return noor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["de laatste optie", "the last option", "de onderste graag", "derde optie"])
def test_the_last_of_them_is_a_choice(typed: str, language: str) -> None:
    """Whoever names an option by its place in the row, the last one too, has it chosen."""
    noor = asked("interest", language)
    noor.says(typed)
    assert noor.answers["interest"] == "both"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "H. Mulder, programmamanager", {"name": "H. Mulder", "role": "programmamanager"}),
        ("email", "h.mulder@emmen.nl, we komen waarschijnlijk met 9", {"participants": "9"}),
        (
            "role",
            "project lead for heat, and there are nine of us",
            {"role": "project lead for heat", "participants": "9"},
        ),
        ("participants", "just one", {"participants": "1"}),
    ],
)
def test_what_stands_beside_an_answer_is_kept(field: str, typed: str, told: dict[str, str], language: str) -> None:
    """Whoever tells more than was asked finds both in what is sent."""
    noor = asked(field, language)
    noor.says(typed)
    assert told.items() <= noor.answers.items()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "het is geen gemeente, we zijn een wijkteam",
        "we're not a municipality but a neighbourhood team",
    ],
)
def test_what_somebody_is_not_is_not_noted(typed: str, language: str) -> None:
    """Whoever says at the review what they are instead has that noted, and not what they deny."""
    noor = asked("email", language)
    noor.says(ANSWERS["email"])
    noor.says(typed)
    assert noor.answers["organisation_type"] == "neighbourhood_organisation"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "Ik heb geen interesse in de cursus zelf, wel in begeleiding",
        "I'm not interested in the course itself, but I am in longer-term support",
    ],
)
def test_one_of_two_is_wanted(typed: str, language: str) -> None:
    """Whoever wants the support and not the course has the support noted."""
    noor = at_the_start(language)
    noor.says(typed)
    assert (noor.conversation.noted or {}).get("interest") == "longer_support"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "field", "kept"),
    [
        ("zet er nog even bij dat we alleen op dinsdag kunnen", "remark", "we alleen op dinsdag kunnen"),
        ("please add that we can only do Tuesdays", "remark", "we can only do Tuesdays"),
        ("wij willen toch allebei, cursus en begeleiding", "interest", "both"),
        ("we want both after all, course and support", "interest", "both"),
    ],
)
def test_a_sign_up_that_was_sent_is_changed(typed: str, field: str, kept: str, language: str) -> None:
    """Whoever adds something to a sign-up that was sent, or wants another option, sees it in the review."""
    noor = who_sent(language)
    noor.says(typed)
    assert noor.answers[field] == kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["wij als Woonstad doen hier graag aan mee", "schrijf Wonen Limburg maar in"])
def test_who_wants_it_may_be_named(typed: str, language: str) -> None:
    """A wish that names an organisation in its midst begins the sign-up."""
    noor = at_the_start(language)
    noor.says(typed)
    assert noor.step == "interest"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["nog even over de kosten", "one thing about the costs"])
def test_a_topic_is_no_organisation(typed: str, language: str) -> None:
    """Whoever names a topic where an organisation is asked gets its answer, and is asked again."""
    noor = asked("organisation", language)
    assert "topic/costs" in noor.says(typed)
    assert ("organisation" in noor.answers, noor.step) == (False, "organisation")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["not even roughly?", "en dat is per persoon of voor ons allemaal?"])
def test_a_short_question_is_about_the_answer(typed: str, language: str) -> None:
    """A question that refers to what was just said is about that, and takes no offer away."""
    noor = at_the_start(language)
    noor.taps("topic:costs")
    assert "topic/costs" in noor.says(typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_with_more_passes_both_on(language: str) -> None:
    """Whoever says yes to passing a question on, and asks one thing more, sees both in what is passed on."""
    noor = at_the_start(language)
    noor.says("Is er lunch bij de cursus?" if language == "nl" else "Is lunch included?")
    noor.says("ja en ook of er een parkeerplek is" if language == "nl" else "yes and also whether there is parking")
    assert "lunch" in (noor.conversation.question or "")
    assert "park" in (noor.conversation.question or "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["ja alles weg", "yes, all of it"])
def test_a_yes_never_keeps_what_was_to_go(typed: str, language: str) -> None:
    """Whoever says yes with more when asked whether all may go is asked once more, and not told that it stays."""
    noor = at_the_start(language)
    noor.says("/verwijderen")
    assert noor.says(typed) == ["data/forget"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_organisation_again_is_no_name(language: str) -> None:
    """Whoever types their organisation once more where their name is asked is asked again."""
    noor = asked("organisation", language)
    noor.says("Gemeente Oss")
    noor.says("gemeente Oss")
    assert ("name" in noor.answers, noor.step) == (False, "name")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_in_full(language: str) -> None:
    """Whoever gave a first name and then types it in full at the review has it in full."""
    noor = asked("email", language)
    noor.says(ANSWERS["email"])
    noor.says("Noor Hendriks hoor")
    assert noor.answers["name"] == "Noor Hendriks"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_gives_a_number_can_be_called(language: str) -> None:
    """Whoever leaves a phone number with a question reads that they can be called, and not that nobody can answer."""
    noor = at_the_start(language)
    noor.taps("contact:ask")
    noor.says("bel me op 0612345678 over de zaal" if language == "nl" else "call me on 0612345678 about the venue")
    assert noor.says("ja" if language == "nl" else "yes") == ["contact/sent"]
    assert noor.replies[0].values["phone"] == "+31612345678"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        "Geen zorgen over geld, ik wil alleen weten wanneer het is",
        "Don't worry about money, I only want to know when it is",
    ],
)
def test_what_leads_in_to_a_question_says_which_it_is(typed: str, language: str) -> None:
    """Of a text with several clauses the one that says what somebody wants to know is answered."""
    assert "topic/dates" in at_the_start(language).says(typed)
