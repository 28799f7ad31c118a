"""From an outgoing mail to the message that leaves: text and HTML, with headers that nobody can inject into."""

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from bot.addresses.reading import wire_address
from bot.outbox import Refused
from storage.records import Outgoing

_NO_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def letter(message: Outgoing, sender: str) -> EmailMessage:
    """The mail that this message is. Raises Refused when its address cannot be written to."""
    payload = message.payload
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = _address(sender)
    mail["To"] = _address(payload["to"])
    if (reply_to := payload.get("reply_to")) and (address := _ascii_address(reply_to)):
        mail["Reply-To"] = address
    mail["Subject"] = _NO_TEXT.sub(" ", payload["subject"]).strip()
    mail["Date"] = message.created_at
    mail["Message-ID"] = _NO_TEXT.sub("", payload["message_id"])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(payload["text"])
    mail.add_alternative(payload["html"], subtype="html")
    return mail


def envelope(address: str) -> str:
    """An address as servers know it: the domain in ASCII. Raises Refused when it cannot be one."""
    found = wire_address(address)
    if found is None:
        raise Refused("not an address that mail can be sent to")
    return found


def _address(address: str) -> Address:
    """One address for a header: never two, never another header."""
    name, _, domain = envelope(address).rpartition("@")
    return Address(username=name, domain=domain)


def _ascii_address(address: str) -> Address | None:
    """An address to answer to; None when it cannot be written in a header that every server takes."""
    try:
        found = _address(address)
    except Refused:
        return None
    return found if found.addr_spec.isascii() else None
