"""Who is at the other end of a request: the real peer, or whom a trusted proxy says it speaks for."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORWARDING = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


def peer_address(request: HTTPConnection, trusted: Sequence[Network]) -> Address | None:
    """The person's address: the nearest hop that is no trusted proxy. None without one (a Unix socket)."""
    address = _parse(request.client.host) if request.client else None
    hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while address is not None and _within(address, trusted) and hops:
        hop = _parse(hops.pop())
        if hop is None:
            break
        address = hop
    return address


def rate_key(address: Address | None) -> str:
    """What an address counts as for the rate limit: an IPv6 network of 64 bits is one subscriber."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def is_local(request: HTTPConnection, trusted: Sequence[Network]) -> bool:
    """Whether this machine itself asks. A proxy that nobody declared does not make a stranger local."""
    peer = _parse(request.client.host) if request.client else None
    if peer is None:
        return False
    if not _within(peer, trusted) and any(name in request.headers for name in _FORWARDING):
        return False
    address = peer_address(request, trusted)
    return address is not None and address.is_loopback


def _parse(text: str) -> Address | None:
    """The address in this text, as IPv4 where it can be; None when it is none."""
    try:
        address = ip_address(text.strip().strip('"').removeprefix("[").partition("]")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether this address lies in one of the networks."""
    return any(address in network for network in networks)
