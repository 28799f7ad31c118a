"""Addresses and numbers wherever they stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses.finding import find
from bot.addresses.reading import check_email, check_phone

INVISIBLE = ("\u200b", "\ufeff", "\u00ad", "\u200e", "\u202a", "\u202c", "\ufe0f")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("jan apestaartje gouda punt nl", "jan@gouda.nl"),
        ("mijn mail is jan at gouda dot nl", "jan@gouda.nl"),
        ("jan.devries apenstaartje st-elisabeth punt nl", "jan.devries@st-elisabeth.nl"),
        ("jan(at)gouda.nl", "jan@gouda.nl"),
        ("jan [at] gouda.nl", "jan@gouda.nl"),
        ("jan @ gouda.nl", "jan@gouda.nl"),
        ("jan＠gouda．nl", "jan@gouda.nl"),
        ("jan@gouda,nl", "jan@gouda.nl"),
        ("j.d’hondt@telenet.be", "j.d'hondt@telenet.be"),
        ("jan@gouda.nl<mailto:jan@gouda.nl>", "jan@gouda.nl"),
        ("Jan de Vries | jan@gouda.nl | 06-12345678", "jan@gouda.nl"),
        ("06-12345678 en jan@gouda.nl", "jan@gouda.nl"),
        ("Jan de Vries\nGemeente Gouda\njan@gouda.nl\n06-12345678", "jan@gouda.nl"),
    ],
)
def test_an_address_is_read_as_people_say_and_copy_it(typed: str, stored: str) -> None:
    """However a person gives the address, it is taken."""
    assert check_email(typed).address == stored


@pytest.mark.parametrize("typed", ["meet me at gouda.nl", "we zijn at home", "jan bij gouda", "punt nl"])
def test_words_alone_are_no_address(typed: str) -> None:
    """A sentence without an address has none."""
    assert not find(typed, "NL")


@pytest.mark.parametrize(
    "typed",
    [
        "06-12345678 (mobiel)",
        "06-12345678 graag",
        "06-12345678 na 17.00 uur",
        "bel me op 06 12 34 56 78",
        "0\u200b6-12345678",
    ],
)
def test_a_number_is_read_with_words_around_it(typed: str) -> None:
    """A person may say more than the number."""
    assert check_phone(typed, "NL") == "+31612345678"


def test_of_two_numbers_none_is_chosen() -> None:
    """Which of two numbers is meant is the person's to say."""
    assert check_phone("06-12345678 of 06-87654321", "NL") is None


def test_an_extension_is_told_apart() -> None:
    """What stands behind a number is not dropped unseen."""
    (found,) = find("bel 020-1234567 ext. 12 graag", "NL")
    assert (found.value, found.unsure) == ("+31201234567", True)


@given(
    st.text(st.sampled_from("abc ,;|\n<>()é.ß"), max_size=30),
    st.sampled_from(INVISIBLE),
    st.integers(0, 12),
    st.text(st.sampled_from(" ,;|\n<>()"), min_size=1, max_size=5),
)
def test_it_says_where_it_stands(before: str, hidden: str, at: int, after: str) -> None:
    """What is taken out of a text leaves the rest as it was typed."""
    address = "jan@gouda.nl"[:at] + hidden + "jan@gouda.nl"[at:]
    text = f"{before}\n{address}{after}"
    found = [one for one in find(text, "NL") if one.value == "jan@gouda.nl"]
    assert len(found) == 1
    assert text[: found[0].start].strip("\n" + "".join(INVISIBLE)) == before.strip("\n")
    assert not any(sign.isalpha() for sign in text[found[0].end :])


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Nothing that is typed fails; what is found stands where it is said to."""
    for one in find(text, "NL"):
        assert 0 <= one.start < one.end <= len(text)


def test_dots_are_said_before_the_at_too() -> None:
    """An address that is read out loud is kept whole: half of it may be somebody else's."""
    (found,) = find("mail me op ria punt van-der-wal apestaartje ziggo punt nl graag", "NL")
    assert (found.value, found.start) == ("ria.van-der-wal@ziggo.nl", len("mail me op "))
