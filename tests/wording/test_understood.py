"""What people type as an answer, with the real words and the real question model, in Dutch and in English."""

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache

import pytest

from bot.dialogue.context import Context
from bot.dialogue.records import Conversation
from bot.loading import context_maker
from bot.questions import Acts, Matcher
from bot.wording import Wording
from tests.dialogue.person import Person
from tests.form import OPTIONAL, REQUIRED
from tests.frozen import MESSAGES

ANSWERS = {
    "interest": "3",
    "organisation_type": "1",
    "organisation": "Utrecht",
    "name": "Noor",
    "email": "n@utrecht.nl",
}
MORE = {
    "role": "planner",
    "phone": "0612345678",
    "participants": "12",
    "place": "Almere",
    "period": "mei",
    "remark": "x",
}
LANGUAGES = ("nl", "en")


@cache
def real() -> tuple[Wording, Matcher]:
    wording = Wording.load(MESSAGES, {})
    return wording, Matcher.load(MESSAGES, wording.languages)


@cache
def acts() -> Acts:
    wording, matcher = real()
    return Acts.load(MESSAGES, wording.languages, matcher.encoder)


@dataclass(kw_only=True)
class Somebody(Person):
    """A person who talks with the real course."""

    def context(self) -> Context:
        """The real words and the real models, at this person's time."""
        return replace(context_maker(*real(), acts())(), now=self.now)

    @property
    def step(self) -> str | None:
        """The question that is open."""
        return self.conversation.draft.step if self.conversation.draft else None


def asked(field: str, language: str) -> Somebody:
    """Somebody who is being asked for ``field``."""
    return deepcopy(_asked(field, language))


@cache
def _asked(field: str, language: str) -> Somebody:
    noor = Somebody(conversation=Conversation(chat="web:7", language=language))
    noor.says("/aanmelden")
    for name in REQUIRED:
        if name == field:
            return noor
        noor.says(ANSWERS[name])
    noor.taps("signup:more")
    while noor.step != field:
        noor.taps(f"signup:skip:{noor.step}")
    return noor


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(
            ("10 à 12 personen", "12"),
            ("10-12", "12"),
            ("10 – 12", "12"),
            ("10 tot 12", "12"),
            ("tien tot twaalf", "12"),
        ),
        *(("tussen de 10 en 15", "15"), ("tien", "10"), ("twaalf mensen", "12"), ("ongeveer 15", "15"), ("één", "1")),
        *(
            ("about ten", "10"),
            ("10 to 12", "12"),
            ("between ten and fifteen", "15"),
            ("a dozen", "12"),
            ("just one", "1"),
        ),
        *(
            ("een groep van twaalf", "12"),
            ("we zijn met z'n zessen", "6"),
            ("8 of 9", "9"),
            ("minimaal 10, maximaal 12", "12"),
            ("Twee dozijn", "24"),
        ),
    ],
)
def test_an_estimate_is_a_number(typed: str, kept: str, language: str) -> None:
    """Whoever types an estimate, in words or as a range, has it noted; of a range the larger number."""
    noor = asked("participants", language)
    noor.says(typed)
    assert (noor.answers.get("participants"), noor.step) == (kept, "place")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    [
        *("10-12-2026", "06 12345678", "0612345678", "06-12345678", "+31 6", "2,5", "12.5", "-3", "0", "1000", "12-10"),
        *("10 12", "vijf en twintig", "tien@example.org", "tien komma vijf", "twintig honderd", "veel", "1000-2000"),
    ],
)
def test_other_numbers_are_no_participants(typed: str, language: str) -> None:
    """A date, a telephone number, a part or a negative number is never taken for a number of people."""
    noor = asked("participants", language)
    noor.says(typed)
    assert "participants" not in noor.answers


def test_a_question_with_a_number_in_words_is_answered() -> None:
    """Somebody who asks something at the question for the number gets an answer, not a number."""
    noor = asked("participants", "nl")
    noor.says("Wat kost het voor twee personen?")
    assert ("participants" in noor.answers, noor.step) == (False, "participants")


NO_ANSWER = (
    *("nee", "liever niet", "geen", "heb ik niet", "geen telefoon", "sla maar over", "overslaan graag", "-", "–"),
    *("weet ik nog niet", "geen idee", "nog onbekend", "no", "rather not", "skip it", "none", "don't know yet"),
    *("Geen.", "Nee, liever niet", "n.v.t.", "I don’t know yet", "no idea"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", OPTIONAL)
def test_saying_that_there_is_none_skips(field: str, language: str) -> None:
    """Whoever says no, none or not yet at an optional question goes on, and nothing of it is stored."""
    for typed in NO_ANSWER:
        noor = asked(field, language)
        noor.says(typed)
        unknown = field == "group_composition" and noor.answers.get(field) == "unknown"
        assert unknown or field not in noor.answers, typed
        assert noor.step != field, typed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed", ["weet ik niet", "weet ik nog niet", "Dat weet ik nog niet.", "geen idee", "no idea yet"]
)
def test_not_known_yet_is_an_answer_for_the_group(typed: str, language: str) -> None:
    """Where not knowing yet is one of the buttons, saying so chooses it."""
    noor = asked("group_composition", language)
    noor.says(typed)
    assert noor.answers.get("group_composition") == "unknown"


@pytest.mark.parametrize("typed", ["weet ik niet", "Dat weet ik nog niet.", "help", "clear"])
def test_an_act_gives_way_to_what_is_offered_by_name(typed: str) -> None:
    """An option, a topic, or taking an answer out, said in words that do something else elsewhere, is what is meant."""
    noor = asked("place" if typed in ("help", "clear") else "group_composition", "nl")
    said = noor.says(typed)
    assert (said[0] == "topic/help") is (typed == "help")
    assert noor.answers.get("group_composition") == (None if typed in ("help", "clear") else "unknown")
    assert (noor.step == "place") is (typed == "help")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["geen", "wissen", "leeg", "-", "verwijderen", "remove", "clear", "skip"])
def test_an_answer_can_be_taken_out(typed: str, language: str) -> None:
    """Whoever changes an optional answer may take it out; the review no longer shows it, the rest stays."""
    for field, given in MORE.items():
        noor = asked(field, language)
        noor.says(given)
        noor.says("/aanmelden")
        noor.taps("signup:resume")
        while noor.step is not None:
            noor.taps(f"signup:skip:{noor.step}")
        noor.taps(f"signup:edit:{field}")
        assert noor.replies[0].values["removable"]
        assert noor.says(typed) == ["signup/review"], field
        assert dict(noor.answers) == {name: noor.answers[name] for name in REQUIRED}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["organisation", "name", "email"])
def test_no_is_no_name(field: str, language: str) -> None:
    """Whoever will not or cannot say who they are reads why it is needed, and is asked again."""
    for typed in (
        "weet ik niet",
        "Weet ik nog niet.",
        "nee",
        "geen idee",
        "volgende",
        "no",
        "I don't know",
        "next",
        "geen",
    ):
        noor = asked(field, language)
        assert noor.says(typed) == ["signup/problem/needed"], typed
        assert (field in noor.answers, noor.step) == (False, field)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", ["organisation", "name", "role", "place", "period"])
@pytest.mark.parametrize("typed", ["help", "Privacy"])
def test_a_word_that_asks_is_answered(typed: str, field: str, language: str) -> None:
    """Help or privacy, typed alone, is explained, and the question is asked again."""
    noor = asked(field, language)
    assert noor.says(typed) == [f"topic/{typed.lower()}", f"signup/ask/{field}"]
    assert field not in noor.answers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "typed",
    ["Stichting Wat Nu?", "Nee Bedankt BV", "De Volgende Stap", "Geen Idee B.V.", "Helpende Handen", "Leeg & Zn."],
)
def test_names_with_such_words_are_organisations(typed: str, language: str) -> None:
    """An organisation that has such a word in its name is taken as it is."""
    noor = asked("organisation", language)
    noor.says(typed)
    assert noor.answers["organisation"] == typed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "mijn naam is Jan de Vries", "Jan de Vries"),
        ("name", "Ik ben Jan de Vries.", "Jan de Vries"),
        ("name", "ik heet Jan", "Jan"),
        ("name", "Naam: Jan Jansen jr.", "Jan Jansen jr."),
        ("name", "my name is Jan", "Jan"),
        ("name", "I am Jan", "Jan"),
        ("name", "I’m Jan", "Jan"),
        ("name", "Ik ben 12", "Ik ben 12"),
        ("name", "Ikram Benali", "Ikram Benali"),
        ("organisation", "ik werk bij gemeente Utrecht", "gemeente Utrecht"),
        ("organisation", "Wij zijn woningcorporatie Portaal.", "woningcorporatie Portaal"),
        ("organisation", "ik ben van Stichting De Brug", "Stichting De Brug"),
        ("organisation", "I work at Portaal B.V.", "Portaal B.V."),
        ("organisation", "I work for the city of Almere", "the city of Almere"),
        ("organisation", "Wij zijn", "Wij zijn"),
    ],
)
def test_what_leads_in_is_no_part_of_it(field: str, typed: str, kept: str, language: str) -> None:
    """Whoever answers in a sentence has the name alone noted."""
    noor = asked(field, language)
    noor.says(typed)
    assert noor.answers.get(field) == kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("organisation_type", "Ik werk niet bij een gemeente"),
        ("organisation_type", "geen gemeete"),
        ("organisation_type", "I don't work for a municipality"),
        ("organisation_type", "not a housing association"),
        ("interest", "niet voor langere ondersteuning"),
        ("interest", "geen cursus"),
        ("interest", "never longer support"),
        ("group_composition", "niet met partners"),
        ("group_composition", "not with our partners"),
    ],
)
def test_what_is_denied_is_not_chosen(field: str, typed: str, language: str) -> None:
    """Whoever says what they are not is asked which of the others they are."""
    noor = asked(field, language)
    assert noor.says(typed) == ["signup/problem/ambiguous"]
    assert (field in noor.answers, noor.step) == (False, field)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("organisation_type", "geen van deze", "other"),
        ("organisation_type", "niet bij een gemeente maar bij een woningcorporatie", "housing_corporation"),
        ("organisation_type", "Nee, een gemeente", "municipality"),
        ("organisation_type", "No, a municipality", "municipality"),
        ("interest", "de crash course, niet de ondersteuning", "crash_course"),
        ("interest", "crash course en begeleiding", "both"),
        ("interest", "the course and longer support", "both"),
        ("group_composition", "2 gemeenten", "several_municipalities"),
        ("group_composition", "twee gemeenten", "several_municipalities"),
        ("group_composition", "samen met de corporatie", "municipality_with_partners"),
        ("group_composition", "alleen onze eigen mensen", "one_municipality"),
        ("group_composition", "met onze partners", "municipality_with_partners"),
        ("group_composition", "two municipalities", "several_municipalities"),
        ("group_composition", "with our partners", "municipality_with_partners"),
        ("group_composition", "only our own people", "one_municipality"),
        ("group_composition", "together with the housing association", "municipality_with_partners"),
    ],
)
def test_a_choice_in_own_words_is_understood(field: str, typed: str, kept: str, language: str) -> None:
    """Whoever types a choice in their own words has it chosen."""
    noor = asked(field, language)
    noor.says(typed)
    assert noor.answers.get(field) == kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["geen", "weet ik nog niet", "no idea"])
def test_who_cannot_choose_yet_reads_what_there_is(typed: str, language: str) -> None:
    """Where one of several is asked, not knowing brings a line about what they are."""
    assert asked("interest", language).says(typed) == ["signup/why/interest", "signup/ask/interest"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sending_what_was_only_told_begins_the_sign_up(language: str) -> None:
    """Who told their details and says that it may be sent is asked for the rest."""
    noor = Somebody(conversation=Conversation(chat="web:7", language=language))
    noor.says("Ik ben Noor de Vries, noor@utrecht.nl" if language == "nl" else "I'm Noor de Vries, noor@utrecht.nl")
    noor.says("verstuur mijn aanmelding maar" if language == "nl" else "just send my registration")
    assert (noor.step, noor.answers.get("email")) == ("interest", "noor@utrecht.nl")
