"""Things to tell of, words to tell them in, and a mail server that can misbehave."""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.dialogue.records import Conversation, Lead
from bot.wording import Wording
from bot.wording.records import Mail, Rendered
from storage.contents import Letter
from storage.records import Outgoing
from tests.form import FORM

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ANSWERS = {
    "interest": "both",
    "organisation_type": "municipality",
    "organisation": "Gemeente Oude IJsselstreek",
    "name": "Zoë van 't Hoff",
    "email": "zoe@example.org",
}


def lead(**values: Any) -> Lead:
    """A lead from a web chat."""
    given: dict[str, Any] = {
        "reference": "K7M2-PX",
        "chat": "web:abc",
        "channel": "web",
        "language": "nl",
        "answers": ANSWERS,
        "created_at": AT,
        "updated_at": AT,
        "consent_at": AT,
        "consent_version": "1",
        "consent_language": "nl",
    }
    return Lead(**(given | values))


def conversation(**values: Any) -> Conversation:
    """The conversation that the lead came from."""
    given: dict[str, Any] = {"chat": "web:abc", "language": "nl"}
    return Conversation(**(given | values))


class Words(Wording):
    """Wording that says which message with which values; it keeps them for a look."""

    form = FORM

    def __init__(self) -> None:
        self.said: list[tuple[str, str, Mapping[str, Any]]] = []

    def message(self, key: str, language: str, values: Mapping[str, Any], channel: str) -> Rendered:
        self.said.append((key, language, values))
        return Rendered(html=f"<b>{key}</b>", text=key)

    def label(self, button_id: str, language: str, values: Mapping[str, object] | None = None) -> str:
        return button_id

    def mail(self, key: str, language: str, values: Mapping[str, Any]) -> Mail:
        self.said.append((key, language, values))
        return Mail(subject=f"{key} ({language})", text=key, html=f"<p>{key}</p>")


def mail(**values: Any) -> Outgoing:
    """A mail to the contact person about a lead."""
    content: dict[str, Any] = {
        "to": "anne@example.org",
        "reply_to": "zoe@example.org",
        "subject": "Nieuwe aanmelding: Zoë",
        "text": "Zoë van 't Hoff\nGemeente Oude IJsselstreek\n",
        "html": "<p>Zoë van &#39;t Hoff</p>",
        "message_id": "<lead-new.K7M2-PX@example.org>",
    } | values
    return Outgoing(
        id=1,
        lane="mail:anne@example.org",
        kind="mail",
        content=Letter(**content),
        created_at=AT,
        lead="K7M2-PX",
        chat="web:abc",
    )


class Mailbox:
    """What a mail server does: takes mail, or answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []  #: the mailboxes for which mail was offered
        self.received: list[Envelope] = []
        self.sessions: set[int] = set()
        self.encrypted: list[bool] = []
        self.rcpt = "250 OK"
        self.mailboxes: dict[str, str] = {}  #: what is answered to some of them
        self.data = "250 OK"
        self.hang = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        answer = self.mailboxes.get(address, self.rcpt)
        if answer.startswith("25"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.hang)
        if self.data.startswith("250"):
            self.received.append(envelope)
            self.sessions.add(id(session))
            self.encrypted.append(session.ssl is not None)
        return self.data


class MailServer:
    """A real SMTP server on loopback; ``async with`` starts and ends it."""

    def __init__(
        self, mailbox: Mailbox, *, password: str = "", tls: ssl.SSLContext | None = None, idle: float = 60.0
    ) -> None:
        self._mailbox = mailbox
        self._password = password
        self.login: str | None = None  #: what is answered to any login
        self._options: dict[str, Any] = {
            "hostname": "localhost",
            "tls_context": tls,
            "enable_SMTPUTF8": True,
            "timeout": idle,
        }
        self._made: list[SMTP] = []
        if password:
            self._options |= {"authenticator": self._check, "auth_required": True}
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "MailServer":
        await self.start(0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self, port: int) -> None:
        """Listen on a port; 0 takes a free one."""
        self._server = await asyncio.get_running_loop().create_server(self._make, "127.0.0.1", port)

    def _make(self) -> SMTP:
        self._made.append(SMTP(self._mailbox, **self._options))
        return self._made[-1]

    async def ended(self) -> None:
        """Wait until the server has ended every connection."""
        async with asyncio.timeout(30):
            while any(made.transport is not None and not made.transport.is_closing() for made in self._made):
                await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Take no more connections, and end those there are."""
        if self._server is not None:
            self._server.close()
        for made in self._made:
            if made.transport is not None:
                made.transport.close()
        await asyncio.sleep(0.01)

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if self.login is not None:
            return AuthResult(success=False, handled=False, message=self.login)
        right = isinstance(data, LoginPassword) and data.password == self._password.encode()
        return AuthResult(success=right, handled=False)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's TLS, by a certificate for this machine (``server.pem``) that only they trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.DNSName("localhost"), x509.IPAddress(IPv4Address("0.0.0.0"))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + pem)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=pem.decode())
