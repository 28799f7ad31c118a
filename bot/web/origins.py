"""Whether a request comes from our own page, by what browsers say of it."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from bot.addresses.hosts import canonical_host

_USUAL = {"http": 80, "https": 443}


def is_https(url: str) -> bool:
    """Whether this address is reached over https."""
    return urlsplit(url).scheme == "https"


def is_same_origin(request: HTTPConnection, public_url: str) -> bool:
    """Whether our own page, or no web page at all, sends this request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = (origin_of(public_url), origin_of(f"http://{request.headers.get('host')}"))
    return origin_of(origin) in ours and origin_of(origin) != ""


def origin_of(address: str) -> str:
    """
    The origin of an http or https address as browsers write it: small letters, IDN as A-label, no port that is the
    usual one (WHATWG URL, origin); empty where it is none.
    """
    try:
        parts = urlsplit(address)
        host, port, usual = canonical_host(parts.hostname or ""), parts.port, _USUAL[parts.scheme]
    except (ValueError, KeyError):
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{'' if port in (None, usual) else f':{port}'}"
