"""Who is at the other end of a request: the real peer, or whom a trusted proxy says it speaks for."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import HTTPConnection

from bot.bounds import IPV6_BITS

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FORWARDING = ("forwarded", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip", "via")
#: an address as proxies write it: IPv4 or IPv6, the latter in brackets where a port follows (RFC 7239, 6)
_NODE = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::(?:\d{1,5}|_[A-Za-z0-9._-]+))?|([0-9A-Fa-f:.]+)")


def peer_address(request: HTTPConnection, trusted: Sequence[Network]) -> Address | None:
    """
    The person's address: the nearest hop that is no trusted proxy.

    None, which is nobody in particular, where there is none (a Unix socket) or where a proxy we trust names one that
    cannot be read (``unknown``, ``_hidden``): then it is surely not the proxy itself.
    """
    address = _parse(request.client.host) if request.client else None
    if address is None or not _within(address, trusted):
        return address  # what a stranger says is not so much as read
    hops = _hops(request)
    while address is not None and _within(address, trusted) and hops:
        address = _parse(hops.pop())
    return address


def trusted_peer(host: str | None, trusted: Sequence[Network]) -> Address | None:
    """The address of a connection's other side; None where it speaks for others: a trusted proxy, a Unix socket."""
    address = _parse(host) if host else None
    return None if address is None or _within(address, trusted) else address


def _hops(request: HTTPConnection) -> list[str]:
    """
    Whom the proxies say they speak for, the nearest last: by X-Forwarded-For, else by Forwarded (RFC 7239). Both are
    split at every comma, also within quotes: no address has one, and what a stranger sent, which stands in front,
    cannot reach into what our own proxy put behind it.
    """
    if listed := request.headers.getlist("x-forwarded-for"):
        return ",".join(listed).split(",")
    if listed := request.headers.getlist("forwarded"):
        return [_for(part) for part in ",".join(listed).split(",")]
    return []


def _for(part: str) -> str:
    for pair in part.split(";"):
        name, _, value = pair.partition("=")
        if name.strip().lower() == "for":
            node = value.strip()
            node = node[1:-1] if len(node) > 1 and node[0] == node[-1] == '"' else node
            return "" if '"' in node else node
    return ""


def rate_key(address: Address | None) -> str:
    """What an address counts as for the rate limit: the IPv6 network of a subscriber is one."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address.packed, IPV6_BITS), strict=False))
    return str(address)


def is_local(request: HTTPConnection) -> bool:
    """Whether this machine itself asks, and not through a proxy: who comes through one is never this machine."""
    peer = _parse(request.client.host) if request.client else None
    return peer is not None and peer.is_loopback and not any(map(_forwards, request.headers))


def _forwards(header: str) -> bool:
    """Whether a request has this header only when it comes through a proxy."""
    return header in _FORWARDING or header.startswith("x-forwarded")


def _parse(text: str) -> Address | None:
    """The address in this text, as IPv4 where it can be, without its port; None when it is none."""
    found = _NODE.fullmatch(text.strip().strip('"').partition("%")[0])
    try:
        address = ip_address(found[found.lastindex or 0]) if found else None
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
