"""Addresses among the settings: told apart, and told off where a sign in them means something else than it seems to."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit

from bot.addresses.hosts import canonical_host, is_loopback
from bot.addresses.reading import wire_address

#: what ends a user name, a password or the two together, and so must not stand within them as it is (RFC 3986, 2.2)
_ENDS = "@/?#[]"
_HINT = "in a user name or password write @ : / ? # % as %40 %3A %2F %3F %23 %25"
_HALF_CODE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_USUAL = {"http": 80, "https": 443}


def refuse_signs(text: str) -> None:
    """Raise ValueError for a sign that makes an address another one than it seems to be; it says how to write it."""
    for sign in text:
        if not sign.isprintable() or sign.isspace():
            raise ValueError(f"must be without spaces: write one as {quote(sign)}")
    login = _login(text.partition("://")[2])
    for sign in login:
        if sign in _ENDS:
            raise ValueError(f"must have the {sign} in its user name or password written as {quote(sign, safe='')}")
    if _HALF_CODE.search(login):
        raise ValueError("must have the % in its user name or password written as %25")
    try:
        unquote(login, errors="strict")
    except UnicodeDecodeError:
        raise ValueError("must have its user name and password in UTF-8, percent-encoded") from None


def refuse_path(path: str) -> None:
    """Raise ValueError for the path of a file in an address that would be another one than it seems to be, or none."""
    if path.startswith("~"):
        raise ValueError("must have the whole path, like /home/bot/data: a ~ is nobody's home there")
    if "\0" in unquote(path):
        raise ValueError("must be without %00, which no file's name has")


def _login(rest: str) -> str:
    """
    What is meant as user name and password in an address, its scheme taken away; empty where there is none. Where
    the last @ comes too late, behind a sign that ends the host, the host looks like none: no name with a dot.
    """
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    login, at, _ = authority.rpartition("@")
    late = "@" in rest[len(authority) :]
    if late and authority and (at or ":" in authority or "." not in authority):
        return rest.rpartition("@")[0]
    return login


def split_url(text: str) -> SplitResult | None:
    """The parts of an address; None when it is none, or its port is out of range."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts if text.isprintable() and " " not in text else None


def parts_of(text: str, wrong: str, *schemes: str) -> SplitResult:
    """
    The parts of an address with one of these schemes and a host. Raises ValueError: ``wrong``, or what is wrong with
    a sign in it, or with its host or port.
    """
    refuse_signs(text)
    parts = split_url(text)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"{wrong}; {_HINT}" if "@" in text else wrong)
    if parts.port == 0:
        raise ValueError("must have a port from 1 to 65535, or none")
    try:
        canonical_host(parts.hostname)
    except ValueError:
        raise ValueError(wrong) from None
    return parts


def with_scheme(parts: SplitResult, text: str) -> str:
    """The same address with its scheme in lower case, by which it is told apart."""
    return parts.scheme + text[len(parts.scheme) :]


def web_address(text: str) -> str:
    """An http or https address, without the slash at its end."""
    parts = parts_of(text, "must be an address like https://bot.example.org", "http", "https")
    if parts.query or parts.fragment or text[-1:] in ("?", "#"):
        raise ValueError("must be an address without ? and #, like https://bot.example.org")
    return with_scheme(parts, text).rstrip("/")


def origin(text: str) -> str:
    """The address people use, as browsers write it: no path, no usual port, small letters, IDN as A-label."""
    web_address(text)
    parts = urlsplit(text)
    _refuse_login(parts)
    if parts.path.strip("/"):
        raise ValueError("must be without a path, like https://bot.example.org: the page asks at the root of its host")
    return f"{parts.scheme}://{_host_and_port(parts)}"


def _refuse_login(parts: SplitResult) -> None:
    if parts.username is not None:
        raise ValueError("must be without a user name and password, like https://bot.example.org")


def _host_and_port(parts: SplitResult) -> str:
    host = canonical_host(parts.hostname or "")
    port = "" if parts.port in (None, _USUAL[parts.scheme]) else f":{parts.port}"
    return f"{f'[{host}]' if ':' in host else host}{port}"


def bot_api_address(text: str) -> str:
    """The root of a Bot API, without what is appended to it."""
    address = web_address(text)
    if re.search(r"/(bot|file)[^/]*$", address.partition("://")[2]):
        raise ValueError("must be the root address, without /bot and the token behind it: https://api.telegram.org")
    return address


def webhook_address(text: str) -> str:
    """The https address that Telegram reaches this program at, without the slash at its end."""
    parts = parts_of(text, "must be a public https address, like https://bot.example.org", "https")
    _refuse_login(parts)
    address = web_address(text)
    if address.endswith("/telegram/webhook"):
        raise ValueError("must be without /telegram/webhook, which is appended")
    path = parts.path.rstrip("/")
    return f"https://{_host_and_port(parts)}{path}"


def hook_address(text: str) -> str:
    """An https address; plain http only on this machine."""
    wrong = "must be an https address, like https://crm.example.org/hook"
    parts = parts_of(text, wrong, "http", "https")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(wrong)
    if parts.fragment:
        raise ValueError("must be an address without #, like https://crm.example.org/hook")
    return with_scheme(parts, text)


def smtp_address(text: str) -> str:
    """The address of a mail server."""
    parts = parts_of(text, "must be smtp://user:password@host:587 or smtps://user:password@host:465", "smtp", "smtps")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"must have nothing behind the host and its port; {_HINT}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("must have a user name and a password, or neither: smtp://user:password@host:587")
    if parts.scheme == "smtp" and parts.port == 465:
        raise ValueError("must begin with smtps:// where the port is 465, which speaks TLS from the start")
    if parts.scheme == "smtps" and parts.port in (25, 587):
        raise ValueError(f"must begin with smtp:// where the port is {parts.port}, which begins in clear (STARTTLS)")
    return with_scheme(parts, text)


def secure_address(text: str) -> str:
    """An https address of a page."""
    parts = parts_of(text, "must be an https address, like https://example.org/security", "https")
    _refuse_login(parts)
    return with_scheme(parts, text)


def contacts(text: str) -> tuple[str, ...]:
    """Ways to reach somebody, comma-separated, as URIs: mailto:, tel: or https: (RFC 9116, 2.5.3)."""
    return tuple(_contact(part.strip()) for part in text.split(",") if part.strip())


def _contact(text: str) -> str:
    scheme = text.partition(":")[0].lower()
    if scheme == "https":
        return secure_address(text)
    if scheme == "tel" and re.fullmatch(r"tel:\+[\d.-]{6,20}", text, re.IGNORECASE):
        return f"tel:{text[4:]}"
    address = wire_address(text[7:] if scheme == "mailto" else text)
    if address is None or not address.isascii():
        raise ValueError("must be e-mail addresses, https addresses or tel:+31… numbers, comma-separated")
    return f"mailto:{quote(address, safe='@+')}"


def passwords(address: str) -> tuple[str, ...]:
    """The passwords in an address, before its @ and among its options, as they are written and as they are meant."""
    authority, _, options = address.partition("://")[2].partition("?")
    written = [authority.rpartition("@")[0].partition(":")[2]]
    named = (option.partition("=") for option in options.split("&"))
    written += [value for name, _, value in named if "password" in name.lower()]
    return tuple(dict.fromkeys(form for one in written if one for form in (unquote(one), one)))
