"""Which proxy an address is reached through: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY mean, as for curl and others."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def proxy_address(text: str) -> str:
    """The address of a proxy as our HTTP client takes it. Raises ValueError for one that it cannot use."""
    address = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(address)
        fits = (
            parts.scheme == "http" and parts.hostname and parts.path in ("", "/") and not parts.query + parts.fragment
        )
        _ = parts.port
    except ValueError:
        fits = False
    if not fits or not address.isprintable() or " " in address:
        raise ValueError(
            "must be http://host:port or http://user:password@host:port, @ : / # in them as %40 %3A %2F %23"
            " (also for https addresses; a proxy that speaks TLS or SOCKS itself cannot be used)"
        )
    return f"http://{parts.netloc}"


def goes_round(url: str, no_proxy: str) -> bool:
    """
    Whether this address is reached without a proxy.

    ``no_proxy``: hosts with all below them, addresses, networks, or ``*``; each may have a port.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    names = [name.strip().lower() for name in no_proxy.replace(" ", ",").split(",") if name.strip()]
    if "*" in names or any(_in_network(host, name) for name in names):
        return True
    plain = (name.removesuffix(f":{port}").removeprefix("*").strip("[]").lstrip(".") for name in names)
    return any(name and f".{host}".endswith(f".{name}") for name in plain)


def _in_network(host: str, name: str) -> bool:
    try:
        return ip_address(host) in ip_network(name, strict=False)
    except ValueError:
        return False
