"""The form of a message, seen by the word lists of its languages."""

import pytest

from bot.questions.forms import Forms
from tests.frozen import MESSAGES
from tests.questions.conftest import LANGUAGES


@pytest.fixture(scope="module")
def forms() -> Forms:
    """The word lists as they are delivered."""
    return Forms.load(MESSAGES, LANGUAGES)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Hallo, wat kost het?", "wat kost het"),
        ("hoi wat kost het", "wat kost het"),
        ("wat kost het? Groetjes, Jan Jansen", "wat kost het"),
        ("wat kost het alvast bedankt", "wat kost het"),
        ("Top. Bedankt. Wat kost het?", "top bedankt wat kost het"),
        ("hoi", "hoi"),
        ("bedankt", "bedankt"),
        ("dag bot", "dag bot"),
        ("", ""),
    ],
)
def test_greeting_and_closing_are_taken_off(forms: Forms, text: str, whole: str) -> None:
    """What surrounds a question is left out, and a greeting alone stays a greeting."""
    assert " ".join(forms.take_apart(text).whole) == whole


def test_a_message_falls_into_its_questions(forms: Forms) -> None:
    """Question marks and joining words part questions; a message with one has no parts."""
    parts = forms.take_apart("Hoi! Wat kost het en waar is het? Mvg Ans").parts
    assert [" ".join(part) for part in parts] == ["wat kost het", "waar is het"]
    assert forms.take_apart("wat kost het").parts == ()
    assert len(forms.take_apart("a? b? c? d? e? f?").parts) == 4


def test_the_course_has_one_name(forms: Forms) -> None:
    """Whatever a person calls the course, it is the same one."""
    assert forms.levelled(("hoe", "duur", "is", "de", "crash", "course")) == ("hoe", "duur", "is", "de", "training")
    assert forms.levelled(("crash",)) == ("crash",)


def test_a_language_without_lists_has_none() -> None:
    """A course whose editors wrote no word lists works without them."""
    bare = Forms({})
    assert bare.take_apart("hoi wat kost het").whole == ("hoi", "wat", "kost", "het")
    assert not bare.asks("wat kost het", certain=True)
    assert bare.levelled(("crash", "course")) == ("crash", "course")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Niet de kosten maar hoe lang het duurt", "hoe lang het duurt"),
        ("Niet wanneer, maar waar het is wil ik weten", "waar het is"),
        ("De kosten zijn me duidelijk. Hoeveel tijd kost het?", "hoeveel tijd kost het"),
        ("Ik hoef niet te weten wie het geven, wel wat je er leert", "wat je er leert"),
        ("Ik wil graag weten wie het organiseert", "wie het organiseert"),
        ("Wij vragen ons af hoe groot de groep is. Ik hoor het graag!", "hoe groot de groep is"),
        ("Not the price but the dates please", "the dates"),
        ("I already know where it is, so when is it?", "when is it"),
        ("Could you tell me how long it takes?", "how long it takes"),
        ("niet duidelijk", "niet duidelijk"),
        ("ik weet niet", "ik weet niet"),
    ],
)
def test_what_is_set_aside_and_what_leads_in_is_left_out(forms: Forms, text: str, whole: str) -> None:
    """A person who says what it is not about, or begins with a lead, asks what is left."""
    assert " ".join(forms.take_apart(text).whole) == whole


def test_what_is_told_beside_a_question_asks_nothing(forms: Forms) -> None:
    """Where a part of a message asks, only what asks is looked at; two bare nouns both do."""
    told = forms.take_apart("We hebben een klein team en niet iedereen kan mee, is er iets op papier?").parts
    assert [" ".join(part) for part in forms.asking(told)] == ["is er iets op papier"]
    bare = forms.take_apart("prijs en duur?").parts
    assert forms.asking(bare) == bare
