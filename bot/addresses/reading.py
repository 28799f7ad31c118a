"""What a typed e-mail address or phone number is: read forgivingly, stored strictly. Nothing is looked up."""

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.addresses.typos import meant_domain
from bot.dialogue.context import EmailCheck, Found
from bot.dialogue.fields import Kind
from bot.dialogue.signs import normal

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

#: characters that stand around an address in running text
AROUND = "<>()[]{}\"'`“”„‘’«»,;:.!?*"
#: signs that a keyboard or another program writes for those that an address has
ALIKE = str.maketrans({"＠": "@", "．": ".", "，": ",", "’": "'", "‘": "'"})
#: what an encoded word begins with (RFC 2047): mail programs would read something else than what stands there
_ENCODED = "=?"
_LONGEST = 254  #: characters of an address (RFC 5321, 4.5.3.1.3, without the brackets)
_SENTENCE = 1000  #: characters of a text in which an address is looked for that is spoken, or stands in a signature
_LOOKED_AT = 10  #: words with an @ in one text; where there are so many, no single one is meant
_PREFIXES = ("mailto:", "e-mail:", "email:", "mail:")
_GMAIL = ("gmail.com", "googlemail.com")
_OWN_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")

# fmt: off
#: words that stand before an address in a sentence; after any other one a space may be a slip within the address
LEAD_INS = frozenset((
    "is", "mail", "e-mail", "email", "mailadres", "e-mailadres", "emailadres", "adres", "address", "e-mailaddress",
    "naar", "op", "via", "to", "at", "on", "mijn", "my", "me", "it's", "its", "dus", "doe", "maar", "use", "gebruik",
    "graag", "please", "ja", "yes", "of", "or", "en", "and", "contact",
))
# fmt: on


def check_email(text: str) -> EmailCheck:
    """The address in this text as it is stored, and the one that was meant where it looks mistyped."""
    from bot.addresses.finding import emails_in  # the other way round: it reads an address as this module does

    address = _find(normal("NFC", text).translate(ALIKE)) or (
        _stands_apart(text, emails_in(text)) if len(text) <= _SENTENCE else None
    )
    return EmailCheck(address=address, suggestion=suggested(address) if address else None)


def check_phone(text: str, region: str) -> str | None:
    """The number in E.164; None when it cannot be one. Without a country code it is one of ``region`` ("NL")."""
    import phonenumbers  # the first number typed pays for the tables of all countries, not every start

    try:
        number = phonenumbers.parse(normal("NFKC", text), region)
    except phonenumbers.NumberParseException:
        return _one_number(text, region)
    if not phonenumbers.is_valid_number(number):
        return _one_number(text, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _one_number(text: str, region: str) -> str | None:
    """The one number with other words around it; None where there is none, or more than one."""
    from bot.addresses.finding import find

    numbers = {one.value for one in find(normal("NFKC", text), region) if one.kind is Kind.PHONE}
    return numbers.pop() if len(numbers) == 1 else None


def _stands_apart(text: str, found: tuple[Found, ...]) -> str | None:
    """The one address among these, unless the word before it may be a part of it, after a slip of the space bar."""
    if len({one.value for one in found}) != 1:
        return None
    before = text[: found[0].start].split()
    word = before[-1] if before else ""
    apart = not word[-1:].isalnum() or word[:1].isupper() or word.lower() in LEAD_INS or word[-1:].isdigit()
    return found[0].value if apart else None


def wire_address(address: str) -> str | None:
    """
    An address as mail servers know it, the domain in ASCII; None when it is none. Those of one's own machine or
    network (bot@localhost, info@mail.local), which no person has, are right here.
    """
    if _ENCODED in address:
        return None
    name, _, domain = address.rpartition("@")
    own = domain.lower() == "localhost" or domain.lower().endswith((".localhost", ".local"))
    found = _validated(f"{name}@example.org" if own else address)
    if found is None:
        return None
    if not own:
        return f"{found.ascii_local_part or found.local_part}@{found.ascii_domain}"
    return f"{found.local_part}@{domain.lower()}" if _OWN_DOMAIN.fullmatch(domain) else None


def searched_address(text: str) -> tuple[str, ...]:
    """
    The one address in what an operator looks for, as it is stored, and as mail servers write it; empty where there is
    none, or more than one. With a name beside it, ``mailto:`` in front, copied with signs that nobody sees: the same.
    """
    seen = "".join(sign for sign in normal("NFKC", text) if unicodedata.category(sign) != "Cf")
    address = check_email(text).address or check_email(seen).address
    return (address, wire_address(address) or address) if address else ()


def mailbox_of(address: str) -> str:
    """
    What stands for the mailbox behind an address, so that one is counted as one however it is written: in capitals,
    with its domain in either spelling, with a tag (``jan+cursus@``), with the dots that Gmail does not read, or by way
    of a server that passes it on, as Postfix does (``jan%example.org@relay.nl``, ``example.org!jan@relay.nl``).
    """
    name, _, domain = (wire_address(address) or address).casefold().rpartition("@")
    if "!" in name:
        domain, _, name = name.rpartition("!")
    elif "%" in name:
        name, _, domain = name.rpartition("%")
    name = name.partition("+")[0] or name
    if domain in _GMAIL:
        name, domain = name.replace(".", ""), _GMAIL[0]
    return f"{name}@{domain}"


def _find(text: str) -> str | None:
    """The one address in the text; None when there is none, or more than one."""
    if whole := normalized(text.strip()):
        return whole
    words = text.split()
    likely = [at for at, word in enumerate(words) if "@" in word]
    if len(likely) > _LOOKED_AT:
        return None
    found = {at: address for at in likely if (address := normalized(bare(words[at])))}
    if len(set(found.values())) != 1:
        return None
    at, address = next(iter(found.items()))
    before = words[at - 1].lower() if at and not words[at].startswith(("<", "(", *_PREFIXES)) else ":"
    return address if before.endswith((":", ",", "-")) or before.strip(AROUND) in LEAD_INS else None


def bare(word: str) -> str:
    """A word without what stands around an address in running text."""
    bare = word.strip(AROUND)
    for prefix in _PREFIXES:
        if bare.lower().startswith(prefix):
            return bare[len(prefix) :].partition("?")[0].strip(AROUND)
    return bare


def normalized(candidate: str) -> str | None:
    """The address with its domain in lower case, in NFC; None when it cannot be one."""
    if candidate.count("@") != 1 or len(candidate) > _LONGEST or _ENCODED in candidate:
        return None
    checked = _validated(candidate)
    return checked.normalized if checked and "." in checked.domain else None


def _validated(address: str) -> "ValidatedEmail | None":
    from email_validator import EmailNotValidError, validate_email  # as for numbers: who types the first one pays

    try:
        return validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None


def suggested(address: str) -> str | None:
    """The address that was probably meant; None when this one looks right."""
    local, _, domain = address.rpartition("@")
    meant = meant_domain(domain)
    return f"{local}@{meant}" if meant else None
