"""From the text of a setting to its value. Each raises ValueError that says what would be right, without the value."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from bot.addresses.hosts import canonical_host
from bot.addresses.reading import wire_address
from bot.settings.urls import refuse_path, refuse_signs, smtp_address, split_url, with_scheme
from storage.crypto import split_keys
from storage.errors import InvalidKey

Network = IPv4Network | IPv6Network

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_SHOWN_PHONE = re.compile(r"[+(]?\d[\d ()./-]{1,30}")


def telegram_token(text: str) -> str:
    """A bot token as @BotFather gives it."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("must be a bot token as @BotFather gives it, like 123456789:AAExampleOf35LettersAndDigits")
    return text


def telegram_secret(text: str) -> str:
    """A webhook secret that Telegram takes."""
    if not _TELEGRAM_SECRET.fullmatch(text):
        raise ValueError("must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return text


def secret(text: str) -> str:
    """A secret that fits on one line."""
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    return text


def bearer(text: str) -> str:
    """A secret that a header can carry."""
    if not (secret(text).isascii() and text.isprintable()):
        raise ValueError("must be one line of plain letters, digits and signs: a header carries it")
    return text


def chat_id(text: str) -> int:
    """A Telegram chat id, which /chatid shows."""
    wrong = "must be a chat id, a whole number like -1001234567890; send /chatid in the chat to see it"
    number = whole(text, -(2**53), 2**53, wrong)
    if number == 0:
        raise ValueError(wrong)
    return number


def whole(text: str, lowest: int, highest: int, wrong: str) -> int:
    """A whole number from lowest to highest."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(wrong)
    number = int(text)
    if not lowest <= number <= highest:
        raise ValueError(wrong)
    return number


def port(text: str) -> int:
    """A TCP port; 0 takes a free one."""
    return whole(text, 0, 65535, "must be a port number, 0 to 65535 (0 takes a free one)")


def days(text: str) -> int:
    """A whole number of days, at least 1. Raises ValueError that says what would be right."""
    return whole(text, 1, 36500, "must be a whole number of days, 1 to 36500")


def rate(text: str) -> float:
    """Messages a second, with a fraction; 0 for no limit. Raises ValueError that says what would be right."""
    wrong = "must be a number of messages a second, 0 to 1000 (0: no limit)"
    try:
        number = float(text)
    except ValueError:
        raise ValueError(wrong) from None
    if not 0 <= number <= 1000:
        raise ValueError(wrong)
    return number


def host(text: str) -> str:
    """A host name or address to listen on."""
    wrong = "must be an address to listen on, like 127.0.0.1 or 0.0.0.0"
    if not _HOST.fullmatch(text):
        raise ValueError(wrong)
    if re.fullmatch(r"[^:]+:\d+|\[.*\]:\d+", text):
        raise ValueError(f"{wrong}; the port is HTTP_PORT")
    try:
        canonical_host(text.strip("[]"))
    except ValueError:
        raise ValueError(wrong) from None
    return text.strip("[]")


def database(text: str) -> str:
    """The address of an SQLite file, or of a PostgreSQL database, which PostgreSQL's own library reads later."""
    refuse_signs(text)
    scheme, _, rest = text.partition("://")
    ports = re.findall(r":(\d+)(?=[,/?]|$)", rest.rpartition("@")[2])
    fits = text.isprintable() and " " not in text and all(int(port) < 65536 for port in ports)
    if scheme.lower() in ("postgresql", "postgres") and rest and fits:
        return f"postgresql://{rest}"
    parts = split_url(text)
    is_file = parts is not None and parts.scheme == "sqlite" and text[6:].startswith(":///") and len(parts.path) > 1
    if parts and is_file and ":memory:" not in text:
        if "?" in text:
            raise ValueError("must end with the file's name: SQLite takes no options here, and a ? in it is %3F")
        refuse_path(parts.path.removeprefix("/"))
        return with_scheme(parts, text)
    raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")


def mail(text: str) -> str:
    """Where mail goes: an SMTP server or a folder."""
    scheme = text.partition(":")[0].lower()
    if scheme in ("smtp", "smtps"):
        return smtp_address(text)
    parts = split_url(text.replace(" ", "%20")) if scheme == "file" else None
    if parts is not None and not parts.netloc and parts.path:
        refuse_path(parts.path)
        return with_scheme(parts, text)
    raise ValueError("must be file:folder, smtp://user:password@host:587 or smtps://user:password@host:465")


def email(text: str) -> str:
    """An e-mail address; one of this machine or network (bot@localhost) is right too."""
    if "<" in text:
        raise ValueError("must be the e-mail address alone, without a name and < >, like info@example.org")
    # NAME==value, or ${NAME} that nobody filled in: addresses that nobody has
    if wire_address(text) is None or text.startswith("=") or "$" in text:
        raise ValueError("must be one e-mail address, like info@example.org")
    return text


def sender(text: str) -> str:
    """The address that mail comes from, its domain in ASCII, as every mail server takes it."""
    found = wire_address(email(text))
    if found is None or not found.isascii():
        raise ValueError("must be an e-mail address with plain letters before the @, like bot@example.org")
    return found


def emails(text: str) -> tuple[str, ...]:
    """E-mail addresses, comma-separated."""
    try:
        return tuple(email(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be e-mail addresses, comma-separated, like a@example.org, b@example.org") from None


def mailboxes(text: str) -> str:
    """One e-mail address or several, each once, as ``a@example.org, b@example.org``."""
    found = [email(part.strip()) for part in text.split(",") if part.strip()]
    return ", ".join(dict.fromkeys(found)) or email(text)


def shown_phones(text: str) -> str:
    """A phone number as it is shown to people, or several, comma-separated."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or not all(map(_SHOWN_PHONE.fullmatch, found)):
        raise ValueError("must be a phone number, like +31 20 123 45 67, or several, comma-separated")
    return ", ".join(found)


def networks(text: str) -> tuple[Network, ...]:
    """Addresses or networks, comma-separated; never everybody's, who could then say that they are anybody."""
    try:
        found = tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be addresses or networks, comma-separated, like 10.0.0.5, 192.168.0.0/16") from None
    if any(network.prefixlen == 0 for network in found):
        raise ValueError("must name the proxies alone, like 10.0.0.5, 192.168.0.0/16: /0 trusts everybody")
    return found


def fernet_keys(text: str) -> tuple[str, ...]:
    """Fernet keys, comma-separated, newest first."""
    try:
        return split_keys(text)
    except InvalidKey:
        raise ValueError(
            "must be one or more Fernet keys of 44 characters, comma-separated, newest first; make one with: "
            'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        ) from None


def language(text: str) -> str:
    """A language's two-letter code."""
    code = text.lower()
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError("must be a language that messages/ has, like nl or en")
    return code


def one_of(*names: str) -> Callable[[str], str]:
    """What reads one of these names, whatever its case, and gives it in lower case."""

    def read(text: str) -> str:
        if text.lower() not in names:
            raise ValueError(f"must be {', '.join(names[:-1])} or {names[-1]}")
        return text.lower()

    return read


def readable_folder(text: str) -> Path:
    """A folder that is there."""
    try:
        folder = Path(text).expanduser()
        next(folder.iterdir(), None)
    except OSError as error:
        raise ValueError(f"must be a folder that can be read ({error.strerror})") from None
    except (ValueError, RuntimeError) as error:  # RuntimeError: ~ of nobody
        raise ValueError(f"must be a folder that can be read ({error})") from None
    return folder


def is_wildcard(address: str) -> bool:
    """Whether a listening address stands for all addresses of the machine."""
    try:
        return ip_address(address).is_unspecified
    except ValueError:
        return False
