"""Host names and addresses of machines: as browsers write them, and whether they stand for this machine."""

import re
import socket
from ipaddress import IPv6Address, ip_address

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_HOST_HEADER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@\s]+)(?::\d{1,5})?")


def is_loopback(host: str | None) -> bool:
    """Whether a name or address (IPv6 without brackets) stands for this very machine (RFC 6761, 6.3; RFC 6890)."""
    name = (host or "").lower().rstrip(".")
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def host_of_header(header: str) -> str:
    """The host that a Host header names, without brackets and port; empty where it cannot be read."""
    found = _HOST_HEADER.fullmatch(header.strip())
    return found[1].strip("[]") if found else ""


def canonical_host(host: str) -> str:
    """
    A host (IPv6 without brackets) as browsers write it: small letters, IDN as its A-label, no dot at its end, an
    address in its usual form (WHATWG URL, host parsing). Raises ValueError where no browser goes there.
    """
    if ":" in host:
        return _ipv6(host)
    name = _ascii(host.removesuffix(".")).lower()
    last = name.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        return _ipv4(name)
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise ValueError("no host name")
    return name


def _ascii(host: str) -> str:
    """A name as it goes over the wire. Raises ValueError."""
    if host.isascii():
        return host
    import idna  # comes with email-validator; most names do without

    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError:
        raise ValueError("no host name") from None


def _ipv6(host: str) -> str:
    """An IPv6 address in its usual form. Raises ValueError."""
    try:
        return str(ip_address(host))
    except ValueError:
        raise ValueError("no host address") from None


def _ipv4(name: str) -> str:
    """An IPv4 address in any form that browsers take. Raises ValueError."""
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        raise ValueError("no host address") from None
