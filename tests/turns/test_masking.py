"""What is kept of a question that was not understood says what was asked, and not whose it is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.turns.masking import LONGEST, MASK, without_details

#: the ways in which people write an address or a number, with parts that nobody else has
ADDRESSES = (
    "jan.kwikstaart@zwanebloem.nl", "Jan.Kwikstaart@Zwanebloem.NL", "jan.kwikstaart @ zwanebloem . nl",
    "jan.kwikstaart(at)zwanebloem.nl", "jan.kwikstaart [at] zwanebloem (dot) nl",
    "jan punt kwikstaart apenstaartje zwanebloem punt nl",
    "jan.kwikstaart＠zwanebloem.nl", "jan.kwik\u200bstaart@zwanebloem.nl", "<jan.kwikstaart@zwanebloem.nl>,",
    "mailto:jan.kwikstaart@zwanebloem.nl", "kwikstaart at zwanebloem dot nl", "https://zwanebloem.nl/kwikstaart",
    "@kwikstaart", "jan.kwikstaart AT zwanebloem.nl", "jan.kwikstaartⓐzwanebloem.nl", "zwanebloem.nl/kwikstaart",
    "skype: jan.kwikstaart", "instagram kwikstaart_zwanebloem",
)  # fmt: skip
NUMBERS = (
    "06-12345678", "0612345678", "06 12 34 56 78", "+31 (0)6 1234 5678", "020-1234567 ext. 12", "06.12.34.56.78",
    "0６-12345678", "06️-12345678", "NL91 ABNA 0417 1643 00", "123456782",
    "nul zes een twee drie vier vijf zes zeven acht", "zes-een-twee-drie-vier-vijf-zes-zeven-acht",
)  # fmt: skip
TRACES = (
    "kwikstaart",
    "zwanebloem",
    "12345678",
    "1234567",
    "345678",
    "34 56",
    "34.56",
    "5678",
    "1643",
    "zeven acht",
    "zeven-acht",
)


@pytest.mark.parametrize("detail", ADDRESSES + NUMBERS)
def test_addresses_and_numbers_are_masked(detail: str) -> None:
    """Whatever the way in which it is written, and wherever it stands, the question is kept and the detail is not."""
    for text in (
        f"Kan ik parkeren of mail me op {detail} graag?",
        f"Kan ik ergens parkeren? {detail}",
        f"{detail}. Kan ik ergens parkeren?",
    ):
        kept = without_details(text)
        assert kept is not None, text
        assert "parkeren" in kept
        assert not [trace for trace in TRACES if trace in kept.lower()], kept


@pytest.mark.parametrize("detail", ADDRESSES + NUMBERS)
def test_a_detail_alone_is_not_kept(detail: str) -> None:
    """Who types only who they are leaves nothing behind for others to read."""
    for text in (detail, f"Jan de Vries, {detail}", f"meld mij aan: jan de vries, gemeente utrecht, {detail}"):
        assert without_details(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Jan de Vries", "Mijn naam is Jan de Vries", "Groetjes, Piet Bakker", "J. de Vries", "Marjolein van 't Hooft",
        "Meld mij aan: Jan de Vries, Gemeente Utrecht, jan.de.vries@utrecht.nl, 06-12345678", "a" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_what_is_mostly_a_person_is_not_kept(text: str) -> None:
    """A name, a signature, a whole sign-up in one line, a letter: nothing of it is a question to learn from."""
    assert without_details(text) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mijn naam is jan de vries en ik wil een lunch", f"mijn naam is {MASK} en ik wil een lunch"),
        ("Ik ben Jan de Vries, is er lunch bij de cursus?", f"Ik ben {MASK} is er lunch bij de cursus?"),
        ("Is Jan Bakker bekend bij jullie?", f"Is {MASK} bekend bij jullie?"),
        ("What does J. Bakker think about it?", f"What does {MASK} think about it?"),
        ("Ik woon op Kerkstraat 12, 1234 AB, kan het met de trein?", f"Ik woon op {MASK} kan het met de trein?"),
        ("mevrouw jansen wil meedoen, kan dat?", f"mevrouw {MASK} wil meedoen, kan dat?"),
        ("Mijn collega Karin de Wit wil mee, kan dat?", f"Mijn collega {MASK} wil mee, kan dat?"),
        ("naam jan de vries mail jan@x.nl en: is er lunch?", f"naam {MASK} en: is er lunch?"),
        ("geboren op 12 maart 1980, kan ik nog mee?", f"{MASK} kan ik nog mee?"),
        ("Dorpsstraat nummer 5 is dichtbij, kan ik lopen?", f"{MASK} is dichtbij, kan ik lopen?"),
        ("kenteken 12-AB-34 en K7M2-PX9Q, kan ik parkeren?", f"kenteken {MASK} en {MASK} kan ik parkeren?"),
        ("bel 06-12345678 na zessen, kan piet van piet@x.nl ook?", f"bel {MASK} na zessen, kan {MASK} van {MASK} ook?"),
    ],
)  # fmt: skip
def test_names_beside_a_question(text: str, kept: str) -> None:
    """Where somebody says who they are the question stays, without the name."""
    assert without_details(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Is er parkeren?", "Kan dit op 12-03-2027 in Amsterdam?", "Cursus in 2026-2027 mogelijk?",
        "krijg ik een diploma",
        "ik heb 7 collega's, past dat?", "Mag ik 1.250,00 euro in twee keer betalen?", "WAT KOST HET MET DE TREIN",
        "Wat eet een Zeepaardje?", "Is it in English? I only speak a little.", "Van 9 tot 5, of tot half zes?",
    ],
)  # fmt: skip
def test_an_ordinary_question_is_kept_as_it_is(text: str) -> None:
    """What names nobody is kept word for word, so that an editor can use it."""
    assert without_details(text) == text


def test_what_a_person_is_known_to_be_called() -> None:
    """A name given in a sign-up is recognised in small letters too, and the kind of organisation stays."""
    known = ("Noor Zwaluwstaart", "Gemeente Xanthippe")
    assert without_details("mag noor mee namens de gemeente xanthippe als het kan?", known) == (
        f"mag {MASK} mee namens de gemeente {MASK} als het kan?"
    )


WORDS = st.lists(st.sampled_from(["kan", "ik", "parkeren", "Is", "er", "lunch?", "of", ",", "Hoi!", "en"]), max_size=6)


@given(
    before=WORDS, behind=WORDS, pair=st.sampled_from(list(product(ADDRESSES, NUMBERS))), glue=st.sampled_from(" ,\n;/")
)
def test_no_trace_in_any_sentence(before: list[str], behind: list[str], pair: tuple[str, str], glue: str) -> None:
    """Address and number together, in any sentence, glued by any sign: no part of either is kept."""
    kept = without_details(" ".join((*before, f" {glue} ".join(pair), *behind)))
    assert kept is None or not [trace for trace in TRACES if trace in kept.lower()]


@given(st.text(max_size=2_000))
def test_any_text_is_taken(text: str) -> None:
    """Whatever somebody types, nothing fails, and what is kept has words that nobody masked."""
    kept = without_details(text)
    assert kept is None or kept.replace(MASK, "").strip()
