"""What a mail server's answers mean: for one mail, or for all of them. Without its words, which may hold an address."""

import re
from enum import IntEnum, StrEnum

import aiosmtplib

from bot.notifications.server import InTheClear, LoginRefused, untrusted
from bot.outbox import Deferred, Later, NotDelivered, Refused, Unreached

#: answers by which a server asks for another login, or for any (RFC 4954)
_LOGIN = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552
#: the class of an enhanced status code (RFC 3463): 5 is about the commands, 7 about who we are or what we may
_ENHANCED = re.compile(r"\s*5\.([0-9])\.[0-9]{1,3}\b")
_NOT_THE_MAILBOX = frozenset({"5", "7"})
#: what servers call it that they take no mail for others from us; not where it is part of a name
_RELAY = re.compile(r"(?<![\w@.+-])(?:relay(?:ing)?|rcpthosts)(?![\w+-]*[@.]\w)", re.IGNORECASE)
#: codes that say "this mailbox" where no enhanced one says more (RFC 5321 4.2.3, 7504)
_MAILBOX = frozenset({550, 551, 552, 553, 556})


class Stage(IntEnum):
    """How far one mail got."""

    SERVER = 0  #: connecting, TLS, login
    SENDER = 1  #: MAIL
    MAILBOX = 2  #: RCPT
    CONTENT = 3  #: DATA


class Wrong(StrEnum):
    """What an operator must mend; until then every mail waits, and none is given up."""

    LOGIN = "the mail server refuses the login in MAIL_URL"
    CLEAR = "the mail server offers no TLS, and MAIL_TLS lets nothing go there in the clear"
    CERTIFICATE = "the mail server's certificate is not trusted"
    SENDER = "the mail server refuses mail from MAIL_FROM"


Fault = tuple[Wrong, int | None]
"""What is wrong with our settings, with the server's code where it gave one."""


def fault(error: Exception) -> Fault | None:
    """What is wrong with our settings, with the server's code; None when it is about this mail, or passes."""
    if isinstance(error, LoginRefused):
        return Wrong.LOGIN, error.code
    if isinstance(error, InTheClear):
        return Wrong.CLEAR, None
    if untrusted(error):
        return Wrong.CERTIFICATE, None
    code = _code(error)
    if code in _LOGIN:
        return Wrong.LOGIN, code
    if isinstance(error, aiosmtplib.SMTPSenderRefused) and is_for_good(error):
        return Wrong.SENDER, error.code
    return None


def is_for_good(error: aiosmtplib.SMTPSenderRefused) -> bool:
    """Whether a server that refuses MAIL does so for good, and not for want of a login, nor for this mail's size."""
    return error.code >= 500 and error.code != _TOO_LARGE and error.code not in _LOGIN


def verdict(error: Exception, stage: Stage) -> NotDelivered:
    """What an error at this stage means for the mail."""
    if found := fault(error):
        what, code = found
        why = f"cannot be used: {what}" if code is None else f"refused us ({code}): {what}"
        return Later(None, f"the mail server {why}")
    if isinstance(error, aiosmtplib.SMTPNotSupported) or (isinstance(error, ValueError) and _code(error) is None):
        return Unreached("the mail server cannot take a mail to this address")
    if stage < Stage.MAILBOX:
        return _not_begun(error)
    return _put_off_or_refused(error, stage)


def _not_begun(error: Exception) -> NotDelivered:
    """The server took nothing yet: it is about all mail."""
    code = _code(error)
    if code == _TOO_LARGE:
        return Refused(f"the mail server refused the mail ({code})")
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Later(None, f"the mail server cannot check the login now ({code})")
    return Later(None, f"the mail server is out of reach ({code or type(error).__name__})")


def _put_off_or_refused(error: Exception, stage: Stage) -> NotDelivered:
    """The server speaks of this mailbox or this mail, or hung up at it, and takes others for all we know."""
    what = "mailbox" if stage is Stage.MAILBOX else "mail"
    code = _code(error)
    if code is None:
        return Deferred(f"the mail server let go of the {what} ({type(error).__name__})")
    if code < 500:
        return Deferred(f"the mail server put the {what} off ({code})")
    reason = f"the mail server refused the {what} ({code})"
    if stage is Stage.CONTENT:
        return Refused(reason)
    return Unreached(reason) if _of_the_mailbox(code, _text(error)) else Refused(reason, closed=True)


def _of_the_mailbox(code: int, text: str) -> bool:
    """Whether a refusal is about the mailbox itself, and not about who we are."""
    if found := _ENHANCED.match(text):
        return found[1] not in _NOT_THE_MAILBOX
    return code in _MAILBOX and not _RELAY.search(text)


def _code(error: Exception) -> int | None:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code
    return None


def _text(error: Exception) -> str:
    return error.message if isinstance(error, aiosmtplib.SMTPResponseException) else ""
