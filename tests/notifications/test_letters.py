"""What a person typed is text in a mail: its headers say it, and nothing else."""

import email
import unicodedata
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.notifications.headers import whole
from bot.notifications.letters import letter
from bot.settings import SettingsError
from bot.settings.loading import load_settings
from tests.notifications.helpers import mail

SENDER = "bot@example.org"
HEADERS = [
    "subject", "from", "to", "reply-to", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
    "content-type", "mime-version",
]  # fmt: skip
INJECTION = "=?utf-8?q?X=0D=0AReply-To:_baas=40evil.example=0D=0AX-Injected:_yes?="
# fmt: off
PIECES = st.sampled_from([
    "=?utf-8?q?a?=", "=?utf-8?b?4oCL?=", "=?", "?=", "=?utf-8?q?=0D=0ABcc:_v=40evil.nl?=", INJECTION, "\r\n", "\n",
    "\r", "\u2028", "\x85", "\x0b", "\u202e", "\u200f", "\ud800", "é", "–", "Zoë", "👩‍👩‍👧", "x" * 90, "ü" * 80,
    " ", "  ", "\t", ":", "Bcc: v@evil.nl", "(", ")", "\\", '"', "<", ">", "=", "?", "_", "%0d%0a", "\x00", "\udfff",
])
# fmt: on
HOSTILE = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=8).map("".join)


def read(content: bytes) -> EmailMessage:
    """A mail as a mail program reads it."""
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def on_one_line(text: str) -> str:
    """What was typed, as one line shows it: blanks and controls are one space, half characters cannot be sent."""
    whole = "".join(one for one in text if unicodedata.category(one) != "Cs")
    return " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in whole).split())


@settings(deadline=None, max_examples=150)
@given(HOSTILE)
@example("Nieuwe aanmelding K7M2-PX: Stichting België Zoë – Wonen)")
@example(f"Nieuwe aanmelding K7M2-PX: {INJECTION}")
@example("Nieuwe aanmelding K7M2-PX: =?utf-8?q?a?=")
def test_a_subject_reads_back_as_it_was_typed(typed: str) -> None:
    """Staff read in the subject what the person typed: no space lost, nothing decoded, no header added."""
    got = read(letter(mail(subject=typed), SENDER))
    assert str(got["Subject"]) == on_one_line(typed)
    assert sorted(name.lower() for name in got) == sorted(HEADERS)
    assert (got["Reply-To"], got["To"]) == ("zoe@example.org", "anne@example.org")


@settings(deadline=None, max_examples=50)
@given(HOSTILE, HOSTILE)
def test_a_body_reads_back_as_it_was_typed(text: str, html: str) -> None:
    """Whatever stands in a letter, it can be made, and says nothing else than what was written."""
    typed = "\n".join(on_one_line(part) for part in (text, html))
    got = read(letter(mail(text=f"{typed}\n", html=f"<p>{typed}</p>\n"), SENDER))
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == f"{typed}\n"
    assert not got.defects


def test_a_letter_that_cannot_be_written_goes_with_a_plain_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that writes a subject wrongly costs the subject's signs, not the lead."""

    def broken(name: str, value: str) -> str:
        return f"{value}\r\nBcc: v@evil.nl" if not value.isascii() else value

    monkeypatch.setattr("bot.notifications.headers._written", broken)
    got = read(letter(mail(subject="Nieuwe aanmelding K7M2-PX: Zoë"), SENDER))
    assert got["Bcc"] is None
    assert got["Subject"].startswith("Nieuwe aanmelding K7M2-PX: Zo")


def test_a_line_is_one_line() -> None:
    """An address, a time or an id cannot bring a header."""
    with pytest.raises(ValueError, match="one line"):
        whole("a@b.nl\r\nBcc: v@evil.nl")


@pytest.mark.parametrize("to", ["jürgen@example.nl", "info@müller.nl"])
def test_no_address_is_an_encoded_word(to: str) -> None:
    """A mail program that opens the file shows the address, and can write to it."""
    content = letter(mail(to=to, reply_to=to, subject="Vraag"), SENDER)
    assert b"=?" not in content
    assert f"To: {to.replace('müller', 'xn--mller-kva')}\r\n".encode() in content
    assert (b"Reply-To" in content) == (to == "info@müller.nl")


def test_a_mail_that_waits_goes_after_the_sender_was_mended() -> None:
    """Letters from the time that MAIL_FROM had letters no server takes leave by the address that is right now."""
    got = read(letter(mail(message_id="<lead-new.K7M2-PX@müller.nl>"), SENDER))
    assert got["Message-ID"] == "<lead-new.K7M2-PX@xn--mller-kva.nl>"


def test_a_sender_with_an_international_domain_works() -> None:
    """MAIL_FROM=bot@müller.nl is written as servers know it; one that no server takes is refused at the start."""
    assert load_settings({"MAIL_FROM": "bot@müller.nl"}, None).mail_from == "bot@xn--mller-kva.nl"
    with pytest.raises(SettingsError, match="MAIL_FROM"):
        load_settings({"MAIL_FROM": "jürgen@example.nl"}, None)


def test_out_of_office_replies_are_not_asked_for() -> None:
    """Neither staff nor the person gets an automatic answer to a notification."""
    got = read(letter(mail(), SENDER))
    assert (got["Auto-Submitted"], got["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
