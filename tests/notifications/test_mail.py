"""Mail to a real SMTP server that takes it, refuses it, hangs or is away."""

import email
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.notifications.letters import letter
from bot.notifications.mail import SmtpMail
from bot.outbox import Later, Refused
from tests.notifications.helpers import Mailbox, MailServer, certificate, mail

SENDER = "bot@example.org"


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def server(mailbox: Mailbox) -> AsyncIterator[MailServer]:
    async with MailServer(mailbox) as running:
        yield running


@pytest.fixture
async def sender(server: MailServer) -> AsyncIterator[SmtpMail]:
    made = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=2)
    yield made
    await made.close()


def parsed(content: bytes | str | None) -> EmailMessage:
    """A mail as a mail program reads it."""
    assert isinstance(content, bytes)
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


async def test_a_mail_arrives_as_text_and_html(mailbox: Mailbox, sender: SmtpMail) -> None:
    """The contact person reads the lead in any mail program, and answers the person with Reply."""
    await sender.send(mail())
    [envelope] = mailbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["anne@example.org"])
    got = parsed(envelope.content)
    assert got["Subject"] == "Nieuwe aanmelding: Zoë"
    assert got["Reply-To"] == "zoe@example.org"
    assert got["Message-ID"] == "<lead-new.K7M2-PX@example.org>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Date"].datetime == mail().created_at
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Zoë van 't Hoff", "Gemeente Oude IJsselstreek"]
    assert "Zoë van &#39;t Hoff" in html.get_content()


async def test_several_mails_share_a_connection(mailbox: Mailbox, sender: SmtpMail) -> None:
    """Two hundred leads in a minute are mailed at once, without two hundred log-ins."""
    for _ in range(3):
        await sender.send(mail())
    assert len(mailbox.received) == 3
    assert len(mailbox.sessions) == 1


async def test_a_connection_that_the_server_ended_is_made_again(mailbox: Mailbox, server: MailServer) -> None:
    """A mail server that ends idle connections costs no mail and no pause."""
    async with MailServer(mailbox, idle=0.05) as impatient:
        sender = SmtpMail(f"smtp://localhost:{impatient.port}", SENDER, timeout=2)
        await sender.send(mail())
        await impatient.ended()
        await sender.send(mail())
        await sender.close()
    assert len(mailbox.received) == 2


async def test_starttls_is_used_where_it_is_offered(tmp_path: Path, mailbox: Mailbox) -> None:
    """Leads and the password do not travel in the clear when the server can encrypt."""
    server_tls, client_tls = certificate(tmp_path)
    async with MailServer(mailbox, password="geheim!", tls=server_tls) as server:
        url = f"smtp://bot%40example.org:geheim%21@localhost:{server.port}"
        sender = SmtpMail(url, SENDER, timeout=2, tls_context=client_tls)
        await sender.send(mail())
        await sender.close()
    assert mailbox.encrypted == [True]


async def test_a_server_nobody_vouches_for_gets_no_mail(tmp_path: Path, mailbox: Mailbox) -> None:
    """A certificate that is not trusted: the mail waits, it is not handed to a stranger."""
    server_tls, _ = certificate(tmp_path)
    async with MailServer(mailbox, tls=server_tls) as server:
        sender = SmtpMail(
            f"smtp://localhost:{server.port}", SENDER, timeout=2, tls_context=ssl.create_default_context()
        )
        with pytest.raises(Later):
            await sender.send(mail())
        await sender.close()
    assert mailbox.received == []


async def test_a_wrong_password_is_loud_and_tried_again(
    tmp_path: Path, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator reads that the log-in is refused, once; the mail is kept until it is put right."""
    server_tls, client_tls = certificate(tmp_path)
    async with MailServer(mailbox, password="right", tls=server_tls) as server:
        url = f"smtp://bot:wr0ng-secret@localhost:{server.port}"
        sender = SmtpMail(url, SENDER, timeout=2, tls_context=client_tls)
        for _ in range(2):
            with pytest.raises(Later, match="login"):
                await sender.send(mail())
        await sender.close()
    said = capsys.readouterr().out
    assert said.count("mail_login_refused") == 1
    assert "wr0ng-secret" not in said


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome"),
    [
        ("451 4.3.0 try again", "250 OK", Later),
        ("550 5.1.1 no such mailbox anne@example.org", "250 OK", Refused),
        ("250 OK", "452 4.3.1 full", Later),
        ("250 OK", "554 5.6.0 spam", Refused),
    ],
)
async def test_what_the_server_answers_decides(
    mailbox: Mailbox, sender: SmtpMail, rcpt: str, data: str, outcome: type[Exception]
) -> None:
    """Trouble that passes is waited for; a mailbox that is not there is said so, without naming it."""
    mailbox.rcpt, mailbox.data = rcpt, data
    with pytest.raises(outcome) as caught:
        await sender.send(mail())
    assert "anne" not in str(caught.value)
    mailbox.rcpt = mailbox.data = "250 OK"
    await sender.send(mail())
    assert len(mailbox.received) == 1


async def test_a_server_that_hangs_is_left(mailbox: Mailbox, server: MailServer) -> None:
    """A mail server that never answers costs a time-out, nothing else."""
    mailbox.hang = 1.0
    sender = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=0.1)
    with pytest.raises(Later):
        await sender.send(mail())
    await sender.close()


async def test_a_server_that_is_away_is_waited_for() -> None:
    """No mail server at the address: the mail waits."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sender = SmtpMail(f"smtps://127.0.0.1:{taken.getsockname()[1]}", SENDER, timeout=1)
        with pytest.raises(Later, match="out of reach"):
            await sender.send(mail())
        await sender.close()


async def test_an_address_with_letters_that_are_not_ascii(mailbox: Mailbox, sender: SmtpMail) -> None:
    """A person at müller.example gets the receipt; the domain travels as servers know it."""
    await sender.send(mail(to="info@müller.example.org", reply_to="jö@example.org"))
    [envelope] = mailbox.received
    assert envelope.rcpt_tos == ["info@xn--mller-kva.example.org"]
    assert parsed(envelope.content)["Reply-To"] is None


async def test_a_mailbox_name_that_is_not_ascii(mailbox: Mailbox, sender: SmtpMail) -> None:
    """jö@… is written to where the server can."""
    await sender.send(mail(to="jö@example.org"))
    assert mailbox.received[0].rcpt_tos == ["jö@example.org"]


@pytest.mark.parametrize("address", ["", "a@b.nl, evil@x.nl", "a@b.nl\r\nBcc: evil@x.nl", "no address", "a@b.nl>"])
def test_an_address_cannot_bring_another(address: str) -> None:
    """Whatever was typed as address: no second reader, no header of its own."""
    with pytest.raises(Refused):
        letter(mail(to=address), SENDER)
    if "," not in address:  # several are the contact persons' own, see test_notifier
        assert b"Reply-To" not in letter(mail(reply_to=address or "x"), SENDER)


@pytest.mark.parametrize("field", ["subject", "message_id"])
def test_a_header_cannot_bring_another(field: str) -> None:
    """Line breaks in a name that stands in the subject make no header."""
    made = letter(mail(**{field: "hello\r\nBcc: evil@x.nl\x00\u2028more"}), SENDER)
    again = email.message_from_bytes(made, policy=policy.default)
    assert again["Bcc"] is None


async def test_nothing_personal_is_in_the_outcome(sender: SmtpMail, mailbox: Mailbox) -> None:
    """The reason that is stored and logged holds no address and no words of the server."""
    mailbox.rcpt = "550 5.1.1 <anne@example.org> unknown"
    with pytest.raises(Refused) as caught:
        await sender.send(replace(mail(), lead=None))
    assert caught.value.reason == "the mail server refused the mailbox (550)"


async def test_a_kept_connection_ends_when_nothing_more_comes(mailbox: Mailbox, server: MailServer) -> None:
    """No connection is held open to a mail server that has nothing more to take."""
    sender = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=2, keep=0.02)
    await sender.send(mail())
    await server.ended()
    await sender.close()


async def test_a_server_without_the_login_it_should_have_is_waited_for(server: MailServer) -> None:
    """A name and password for a server that knows no log-in: the mail waits until that is put right."""
    sender = SmtpMail(f"smtp://bot:geheim@localhost:{server.port}", SENDER, timeout=2)
    with pytest.raises(Later, match="cannot be used"):
        await sender.send(mail())
    await sender.close()
