"""What people do by saying it: how well that is read, and what is never taken for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.acts import ACTS, CONSENT, LANGUAGE
from bot.questions import Acts
from bot.questions.phrases import ACTS as FOLDER
from bot.questions.phrases import languages_in, no_acts, read_phrases
from bot.questions.text import words
from tests.frozen import REAL as MESSAGES
from tests.questions.conftest import LANGUAGES
from tests.questions.exam import read_turns

NAMES = Path(__file__).parent / "names"
EVERY_ACT = {*ACTS, *(f"{LANGUAGE}_{code}" for code in LANGUAGES)}
# Of turns that nobody trained on: the share that is read rightly, read as something else, and of what is no act, eaten.
FLOORS = {"nl": (0.9, 0.06, 0.03), "en": (0.88, 0.06, 0.03)}


def lines(name: str) -> list[str]:
    """The lines of a list beside this test."""
    return (NAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def best(acts: Acts, text: str) -> str | None:
    """The surest act of a text."""
    found = acts.of(text)
    return found[0].name if found else None


def people() -> Iterator[str]:
    """A thousand full names, first and family names joined."""
    first, family = lines("first_names"), lines("family_names")
    for number in range(1000):
        yield f"{first[number % len(first)]} {family[(number * 7 + number // len(first)) % len(family)]}"


def names() -> list[str]:
    """Real names of people, places and organisations, more than two thousand."""
    municipalities = lines("municipalities")
    listed = [*municipalities, *lines("housing_corporations"), *lines("organisations"), *lines("first_names")]
    return list(dict.fromkeys([*listed, *(f"gemeente {name}" for name in municipalities), *people()]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_do_is_read(acts: Acts, language: str) -> None:
    """Wishes, stops, changes and the rest are read in other words than listed; answers and questions are left alone."""
    found, other, eaten = FLOORS[language]
    done = [(right, best(acts, text)) for right, text in read_turns(language) if right]
    said = [best(acts, text) for right, text in read_turns(language) if not right]
    assert sum(act in right for right, act in done) / len(done) >= found
    assert sum(act is not None and act not in right for right, act in done) / len(done) <= other
    assert sum(act is not None for act in said) / len(said) <= eaten


def test_no_real_name_is_taken_for_an_act(acts: Acts) -> None:
    """Two thousand people, places and organisations can be typed as an answer, in any language."""
    typed = names()
    assert len(typed) >= 2000
    assert [name for name in typed if acts.of(name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_blind_turns_are_blind(language: str) -> None:
    """No phrase is one of them, and they are many and of every act."""
    known = {phrase.words for phrase in read_phrases(MESSAGES, LANGUAGES, FOLDER) if phrase.words}
    blind = read_turns(language)
    assert [text for _, text in blind if tuple(words(text)) in known] == []
    assert set().union(*(right for right, _ in blind)) == EVERY_ACT
    assert len(blind) >= 250


def test_a_phrase_is_its_act_exactly(acts: Acts) -> None:
    """What an editor wrote down counts word for word, however it is punctuated; no phrase stands for two acts."""
    for phrase in read_phrases(MESSAGES, LANGUAGES, FOLDER):
        asked = "?" in phrase.text and phrase.topic in CONSENT
        for typed in (phrase.text, phrase.text.upper() if phrase.words else phrase.text):
            (found,) = acts.of(typed)
            assert (found.name, found.exact) == (phrase.topic, not asked), typed


def test_what_is_listed_as_no_act_is_none(acts: Acts) -> None:
    """An editor who lists a name as no act is heard."""
    assert [phrase.text for phrase in no_acts(MESSAGES, LANGUAGES) if acts.of(phrase.text)] == []


def test_every_act_has_phrases() -> None:
    """Each act can be said in each language, in many ways."""
    for language in languages_in(MESSAGES, FOLDER):
        found = {phrase.topic for phrase in read_phrases(MESSAGES, [language], FOLDER)}
        assert found == EVERY_ACT, language


@pytest.mark.parametrize(
    "text",
    [
        *(
            "ja maar mijn naam is fout",
            "ja, maar wacht nog even",
            "nee ja",
            "ja stop",
            "ja?",
            "klopt dat?",
            "verstuur?",
        ),
        *("niet versturen", "verstuur nog niet", "klopt niet", "yes but my name is wrong", "don't send it", "yes?"),
        *("ja 👎", "ok wait", "ja, nee toch niet", "als ik verstuur, wat dan", "send it back", "Ja Graag Wonen"),
    ],
)
def test_what_is_no_plain_yes_never_agrees(acts: Acts, text: str) -> None:
    """A yes with a but, a not, a question or a change sends nothing."""
    assert not [act for act in acts.of(text) if act.exact and act.name in CONSENT]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("ja hoor, prima zo", "yes"),
        ("ja, klopt! verstuur maar", "submit"),
        ("👍👍🏽", "yes"),
        ("Ja 👍", "yes"),
        ("yes, that's right, go ahead", "yes"),
        ("ok, send it please", "submit"),
    ],
)
def test_several_words_of_agreement_agree(acts: Acts, text: str, act: str) -> None:
    """Several yes-words in one line are a yes."""
    found = acts.of(text)
    assert act in {one.name for one in found}
    assert all(one.exact and one.name in CONSENT for one in found)


@pytest.mark.parametrize(
    ("text", "not_this"),
    [
        ("ik wil niet stoppen", "stop"),
        ("niet annuleren", "stop"),
        ("ik wil me nog niet aanmelden, alleen info", "wish"),
        ("ik wil mijn aanmelding niet intrekken", "withdraw"),
        ("I don't want to stop", "stop"),
        ("please don't cancel it", "stop"),
        ("I don't want to sign up, just info", "wish"),
        ("don't delete my data", "withdraw"),
    ],
)
def test_what_is_denied_is_not_done(acts: Acts, text: str, not_this: str) -> None:
    """A "not" turns it round."""
    assert not_this not in {act.name for act in acts.of(text)}


def test_two_acts_in_one_line_are_both_read(acts: Acts) -> None:
    """Thanks and a withdrawal, each for what it is."""
    assert {act.name for act in acts.of("bedankt, ik wil me graag uitschrijven")} >= {"withdraw"}
    assert {act.name for act in acts.of("Dank je wel! Tot ziens.")} == {"thanks", "goodbye"}


def test_a_phrase_of_another_course_works_untrained(tmp_path: Path) -> None:
    """A course has all acts without a phrase of its own, and may add some."""
    folder = tmp_path / "nl" / "acts"
    folder.mkdir(parents=True)
    (folder / "wish.txt").write_text("kwispel mij maar op de wadlijst\n", encoding="utf-8")
    own = Acts.load(tmp_path, ["nl"])
    assert best(own, "Kwispel mij maar op de wadlijst!") == "wish"
    assert best(own, "laat maar") == "stop"
    assert best(own, "ik wil graag van de lijst gehaald worden") == "withdraw"
