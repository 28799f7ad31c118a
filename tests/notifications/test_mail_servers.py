"""Mail servers as they are: what they refuse, put off, do not offer, and how that is told."""

import asyncio
import ssl
import string
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.notifications.mail import CONNECTIONS, SmtpMail
from bot.notifications.mending import Mending
from bot.notifications.server import NOBODY, full_name
from bot.notifications.verdicts import Stage, Wrong
from bot.outbox import Deferred, Later, NotDelivered, Refused, Unreached
from tests.notifications.helpers import Mailbox, MailServer, certificate, mail

SENDER = "bot@mail.example.org"
#: loopback, but not by a name that says so: to our rules another machine
ELSEWHERE = "0.0.0.0"


class Strict(Mailbox):
    """A server that answers each command as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.mail = self.mail_utf8 = "250 OK"
        self.hang_up: str | None = None
        self.slow: set[str] = set()  #: mailboxes for which no answer comes until ``quick``
        self.quick = asyncio.Event()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.names.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail_utf8 if "SMTPUTF8" in options else self.mail

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up == "RCPT":
            _hang_up(server)
        if address in self.slow:
            self.asked.append(address)
            await self.quick.wait()
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.hang_up == "DATA":
            _hang_up(server)
        return await super().handle_DATA(server, session, envelope)


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()


async def told(
    box: Mailbox, url: str = "smtp://localhost:{}", own: ssl.SSLContext | None = None, **options: Any
) -> tuple[Exception | None, str | None]:
    """What a mail to this server comes to, and what the operator must mend."""
    async with MailServer(box, tls=own) as server:
        sender = SmtpMail(url.format(server.port), SENDER, timeout=2, **options)
        try:
            await sender.send(mail())
        except NotDelivered as error:
            return error, sender.health()
        finally:
            await sender.close()
        return None, sender.health()


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"rcpt": "450 4.2.1 try later"}, Deferred),
        ({"rcpt": "451 4.7.1 greylisted"}, Deferred),
        ({"rcpt": "452 4.2.2 mailbox full"}, Deferred),
        ({"rcpt": "421 4.3.2 too busy"}, Deferred),
        ({"hang_up": "RCPT"}, Deferred),
        ({"data": "451 4.3.0 later"}, Deferred),
        ({"hang_up": "DATA"}, Deferred),
        ({"rcpt": "550 no such user"}, Unreached),
        ({"rcpt": "550 5.1.1 no such user"}, Unreached),
        ({"rcpt": "552 5.2.2 mailbox full"}, Unreached),
        ({"rcpt": "556 5.1.10 null MX"}, Unreached),
        ({"rcpt": "554 5.7.1 relay access denied"}, Refused),
        ({"rcpt": "550 relay not permitted"}, Refused),
        ({"rcpt": "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"}, Refused),
        ({"rcpt": "550 <anne@relay.example> unknown"}, Unreached),
        ({"rcpt": "504 5.5.2 need a fully-qualified host name"}, Refused),
        ({"data": "554 5.6.0 spam"}, Refused),
        ({"mail": "451 4.3.0 not now"}, Later),
        ({"mail": "421 4.3.2 too busy"}, Later),
    ],
)
async def test_what_is_about_one_mailbox_and_what_about_all(answers: dict[str, Any], outcome: type[Exception]) -> None:
    """One mailbox that cannot be reached holds back nobody, and is no fault of ours that an operator must see."""
    box = Strict()
    vars(box).update(answers)
    error, health = await told(box)
    assert type(error) is outcome
    assert health is None
    assert "anne" not in str(error)


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({"mail": "530 5.7.0 authentication required"}, "MAIL_URL"),
        ({"rcpt": "530 5.7.0 authentication required"}, "MAIL_URL"),
        ({"mail": "553 5.7.1 not your address"}, "MAIL_FROM"),
        ({"mail": "550 5.1.8 sender domain does not exist"}, "MAIL_FROM"),
    ],
)
async def test_what_an_operator_must_mend_waits_and_is_said(
    answers: dict[str, str], names: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Settings that the server does not like lose no mail: health says which one until the server takes a mail."""
    box = Strict()
    vars(box).update(answers)
    async with MailServer(box) as server:
        sender = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=2)
        for _ in range(2):
            with pytest.raises(Later):
                await sender.send(mail())
        assert names in str(sender.health())
        box.mail = "250 OK"
        box.rcpt = "450 another matter"
        with pytest.raises(Deferred):
            await sender.send(mail())
        assert sender.health() is None
        await sender.close()
    assert capsys.readouterr().out.count("mail_") == 1


@pytest.mark.parametrize(
    ("code", "refused"), [(535, True), (534, True), (530, True), (538, True), (454, False), (421, False)]
)
async def test_a_refused_login_is_said_as_long_as_it_lasts(tmp_path: Path, code: int, refused: bool) -> None:
    """A wrong password is seen in health; that a server cannot check it just now is not."""
    own, trusted = certificate(tmp_path)
    async with MailServer(Strict(), password="pw", tls=own) as server:
        server.login = f"{code} no"
        sender = SmtpMail(f"smtp://bot:pw@localhost:{server.port}", SENDER, timeout=2, tls_context=trusted)
        with pytest.raises(Later):
            await sender.send(mail())
        assert (sender.health() is not None) is refused
        server.login = None
        if refused:
            with pytest.raises(Later, match="login"):
                await sender.send(replace(mail(), id=2))  # one tries: many tries would lock the account
        await sender.send(mail())
        assert sender.health() is None
        await sender.close()


@pytest.mark.parametrize(
    ("url", "tls", "goes"),
    [
        (f"smtp://bot:geheim@{ELSEWHERE}:{{}}", "password", False),
        (f"smtp://bot:geheim@{ELSEWHERE}:{{}}", "required", False),
        (f"smtp://{ELSEWHERE}:{{}}", "required", False),
        (f"smtp://{ELSEWHERE}:{{}}", "password", True),
        (f"smtp://{ELSEWHERE}:{{}}", "offered", True),
        ("smtp://localhost:{}", "required", True),
        ("smtp://127.0.0.1:{}", "password", True),
    ],
)
async def test_no_password_in_the_clear(url: str, tls: Any, goes: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Where a server offers no TLS, or somebody on the way took the offer out, no password leaves this machine."""
    box = Strict()
    error, health = await told(box, url, tls=tls)
    assert (error is None) is goes
    assert (health is None) is goes
    assert len(box.received) == int(goes)
    if not goes:
        assert type(error) is Later
        assert "MAIL_TLS" in str(health)
        assert "mail_cannot_leave" in capsys.readouterr().out


async def test_a_server_on_this_machine_may_vouch_for_itself(tmp_path: Path) -> None:
    """Debian's Postfix on localhost, with the certificate it made for itself, takes mail as it is installed."""
    own, _ = certificate(tmp_path)
    box = Strict()
    assert await told(box, own=own) == (None, None)
    assert box.encrypted == [True]


async def test_a_certificate_nobody_vouches_for_is_said(tmp_path: Path) -> None:
    """On another machine such a certificate is a stranger's: mail waits, and health says why."""
    own, _ = certificate(tmp_path)
    box = Strict()
    error, health = await told(box, f"smtp://{ELSEWHERE}:{{}}", own=own)
    assert type(error) is Later
    assert "certificate" in str(health)
    assert box.received == []


async def test_a_certificate_that_is_vouched_for_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the operator made the machine trust it, what waits leaves, without a restart."""
    own, _ = certificate(tmp_path)
    async with MailServer(box := Strict(), tls=own) as server:
        sender = SmtpMail(f"smtp://{ELSEWHERE}:{server.port}", SENDER, timeout=2)
        with pytest.raises(Later, match="certificate"):
            await sender.send(mail())
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        await sender.send(mail())
        assert sender.health() is None
        await sender.close()
    assert box.encrypted == [True]


async def test_whom_to_trust_is_read_once_and_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a mail server refuses, people are answered as quickly as ever: reading certificates takes a while."""
    readers, read = [], ssl.create_default_context

    def noticed() -> ssl.SSLContext:
        readers.append(threading.current_thread())
        return read()

    monkeypatch.setattr(ssl, "create_default_context", noticed)
    async with MailServer(box := Strict()) as server:
        box.rcpt = "550 5.1.1 no such user"
        sender = SmtpMail(f"smtp://{ELSEWHERE}:{server.port}", SENDER, timeout=2)
        for _ in range(3):
            with pytest.raises(Unreached):
                await sender.send(mail())
        await sender.close()
    [reader] = readers
    assert reader is not threading.current_thread()


@pytest.mark.parametrize("secret", [string.printable.strip(), "é€ü 4711#x", "%41+&=?/@:"])
async def test_a_password_may_have_any_sign(tmp_path: Path, secret: str) -> None:
    """What stands percent-encoded in MAIL_URL arrives as it was meant."""
    own, trusted = certificate(tmp_path)
    async with MailServer(Strict(), password=secret, tls=own) as server:
        url = f"smtp://bot:{quote(secret, safe='')}@localhost:{server.port}"
        sender = SmtpMail(url, SENDER, timeout=2, tls_context=trusted)
        await sender.send(mail())
        await sender.close()


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (("web1.example.nl", "mail.example.org"), "web1.example.nl"),
        (("f0ab12", "localhost.localdomain", "my_host.local", "mail.example.org"), "mail.example.org"),
        (("f0ab12", "localhost", "127.0.0.1", "10.0.0.1"), NOBODY),
    ],
)
def test_servers_are_told_a_name_with_a_dot(names: tuple[str, ...], name: str) -> None:
    """A server that wants a full host name takes mail from a container, too."""
    assert full_name(names) == name


async def test_the_name_is_told() -> None:
    """The server hears a name with a dot, or an address."""
    box = Strict()
    assert await told(box) == (None, None)
    assert all("." in name for name in box.names)


async def test_mail_to_staff_waits_for_nobodys_mailbox() -> None:
    """However many people have a mailbox that the server takes its time for, a lead is mailed to staff at once."""
    box = Strict()
    people = [f"person{number}@example.com" for number in range(6)]
    box.slow.update(people)
    async with MailServer(box) as server:
        url = f"smtp://localhost:{server.port}"
        sender = SmtpMail(url, SENDER, timeout=30, staff="anne@example.org")
        receipts = [asyncio.create_task(sender.send(mail(to=person))) for person in people]
        async with asyncio.timeout(10):
            while len(box.asked) < CONNECTIONS:
                await asyncio.sleep(0.005)
            await sender.send(mail(to="anne@example.org"))
        assert not any(receipt.done() for receipt in receipts)
        box.quick.set()
        await asyncio.gather(*receipts)
        await sender.close()
    assert sorted(one.rcpt_tos[0] for one in box.received[1:]) == people


@pytest.mark.parametrize("answer", ["251 2.1.5 will forward", "252 2.1.5 not looked up", "259 as good as taken"])
async def test_every_yes_is_a_yes(answer: str) -> None:
    """A server that does not look whether the mailbox is there (252) is handed the mail."""
    box = Strict()
    box.rcpt = answer
    assert await told(box) == (None, None)
    assert len(box.received) == 1


async def test_a_login_that_is_asked_for_some_mailboxes_holds_up_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    """A relay that takes staff's mail and wants a login for a stranger's: said till it is mended; staff get theirs."""
    box = Strict()
    box.mailboxes["zoe@example.com"] = "530 SMTP authentication is required."
    async with MailServer(box) as server:
        sender = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=2)
        with pytest.raises(Later) as waits:
            await sender.send(replace(mail(to="zoe@example.com"), id=7))
        assert "MAIL_URL" in str(waits.value)
        assert "MAIL_URL" in (sender.health() or "")
        await sender.send(mail())
        assert "MAIL_URL" in (sender.health() or "")
        with pytest.raises(Later):
            await sender.send(replace(mail(to="zoe@example.com"), id=7))
        assert capsys.readouterr().out.count("mail_login_refused") == 1
        box.mailboxes.clear()
        await sender.send(replace(mail(to="zoe@example.com"), id=7))
        assert sender.health() is None
        await sender.close()
    assert [one.rcpt_tos for one in box.received] == [["anne@example.org"], ["zoe@example.com"]]


def test_a_login_that_was_asked_for_a_mail_that_is_gone() -> None:
    """The person withdrew, so her mail is never tried again: /readyz does not speak of it for ever."""
    now = [0.0]
    mending = Mending(lambda: now[0])
    mending.found((Wrong.LOGIN, 530), 7, "zoe@example.com", Stage.MAILBOX)
    assert "MAIL_URL" in (mending.health() or "")
    now[0] = 301.0
    assert mending.health() is None


@pytest.mark.parametrize("refusal", ["555 5.5.4 unsupported option SMTPUTF8", "550 5.6.7 no", "501 5.5.4 syntax"])
async def test_a_server_that_takes_no_letters_beside_ascii_after_all(refusal: str) -> None:
    """A visitor's jürgen@ that the server cannot take is told to staff; it is no fault of MAIL_FROM's."""
    box = Strict()
    box.mail_utf8 = refusal
    async with MailServer(box) as server:
        sender = SmtpMail(f"smtp://localhost:{server.port}", SENDER, timeout=2)
        with pytest.raises(Unreached):
            await sender.send(mail(to="jürgen@example.org"))
        assert sender.health() is None
        await sender.close()
