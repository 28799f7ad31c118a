"""Addresses as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.addresses.reading import check_email, check_phone, mailbox_of, wire_address
from bot.addresses.typos import KNOWN_DOMAINS, REAL_DOMAINS


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("jan@example.org", "jan@example.org"),
        ("  Jan.de.Vries@Example.ORG ", "Jan.de.Vries@example.org"),
        ("mijn mail is jan@example.org.", "jan@example.org"),
        ("jan@example.org graag!", "jan@example.org"),
        ("<jan@example.org>", "jan@example.org"),
        ("Jan de Vries <jan@example.org>", "jan@example.org"),
        ("mailto:jan@example.org?subject=hoi", "jan@example.org"),
        ("e-mail: jan@example.org", "jan@example.org"),
        ("je kunt me bereiken op 'jan@example.org'", "jan@example.org"),
        ("o'brien+cursus@example.org", "o'brien+cursus@example.org"),
        ("info@mu\u0308ller.example.org", "info@müller.example.org"),
    ],
)
def test_an_address_is_found_in_what_was_typed(typed: str, stored: str) -> None:
    """A person may answer with a sentence; what is stored is the address."""
    assert check_email(typed).address == stored


@pytest.mark.parametrize(
    "typed",
    [
        "", "jan", "jan@", "@example.org", "jan@example", "jan@localhost", "jan@@example.org", "jan@example..org",
        "jan de vries@example.org", "a@example.org b@example.org", "a@b.nl, c@d.nl", "jan@exa mple.org",
        "a@b.nl\nc@d.nl",
    ],
)  # fmt: skip
def test_what_cannot_be_one_address_is_none(typed: str) -> None:
    """No guess is made where an address is not certain."""
    assert check_email(typed).address is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmal.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gmail.nl", "gmail.com"),
        ("gmail.com.nl", "gmail.com"), ("hotmial.com", "hotmail.com"), ("hotmail.ln", "hotmail.nl"),
        ("outlok.com", "outlook.com"), ("ziggo.n", "ziggo.nl"), ("zigo.nl", "ziggo.nl"),
        ("amsterdam.n", "amsterdam.nl"), ("live.n", "live.nl"), ("wonen.con", "wonen.com"),
        ("yaho.com", "yahoo.com"),
        ("nijmegen.com", "nijmegen.nl"),
    ],
)  # fmt: skip
def test_a_likely_slip_is_asked_about(typed: str, meant: str) -> None:
    """A slip in a well-known domain is noticed before the answer goes astray."""
    assert check_email(f"Jan@{typed}").suggestion == f"Jan@{meant}"


@pytest.mark.parametrize(
    "domain",
    ["example.org", "woonstad.nl", "almelo.nl", "mail.nl", "olive.nl", "gemeente-urk.nl", "kpn.com"],
)
def test_a_real_domain_is_left_alone(domain: str) -> None:
    """Nobody is bothered about an address that looks right."""
    assert check_email(f"jan@{domain}").suggestion is None


@pytest.mark.parametrize("domain", [*KNOWN_DOMAINS, *sorted(REAL_DOMAINS)])
def test_known_domains_are_no_slips_of_each_other(domain: str) -> None:
    """The table does not contradict itself."""
    assert check_email(f"jan@{domain}").suggestion is None


@settings(deadline=None)  # the first number loads the tables of all countries
@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    """Whatever is typed, no error; and what is accepted is accepted again as it is stored."""
    found = check_email(text)
    if found.address is not None:
        assert check_email(found.address) == found
    check_phone(text, "NL")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06-12 34 56 78", "+31612345678"),
        ("0612345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("020 123 4567", "+31201234567"),
        ("mijn nummer is 06 12345678", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+49 30 901820", "+4930901820"),
        ("０６ １２３４５６７８", "+31612345678"),
    ],
)
def test_a_phone_number_is_stored_one_way(typed: str, stored: str) -> None:
    """However it is written, staff get a number they can tap."""
    assert check_phone(typed, "NL") == stored


@pytest.mark.parametrize(
    "typed", ["", "bel me", "12", "0612", "06123456789012", "0612345678 of 0687654321", "+999 123"]
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    """A number that nobody can call is asked for again."""
    assert check_phone(typed, "NL") is None


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("bot@localhost", "bot@localhost"),
        ("info@Mail.Local", "info@mail.local"),
        ("a@müller.de", "a@xn--mller-kva.de"),
        ("jö@example.org", "jö@example.org"),
        ("a@b", None),
        ("a@bad domain.local", None),
        ("a b@localhost", None),
        ("", None),
    ],
)
def test_an_address_for_mail_servers(address: str, wire: str | None) -> None:
    """Mail goes to people's addresses and to those of one's own machine, and to nothing else."""
    assert wire_address(address) == wire


def test_mailboxes_are_told_apart() -> None:
    """Two people whose addresses look alike are two."""
    people = ["jan@example.org", "jan.bos@example.org", "janbos@example.org", "+@example.org", "jan-x@example.org"]
    assert len({mailbox_of(one) for one in people}) == len(people)
