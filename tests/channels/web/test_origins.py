"""Our own page is known by its origin, however an operator wrote PUBLIC_URL."""

import pytest
from starlette.requests import HTTPConnection

from bot.settings import load_settings
from bot.web.origins import is_same_origin


def asked(origin: str | None, host: str = "10.0.0.5:8080", **headers: str) -> HTTPConnection:
    """A request that a browser without Sec-Fetch-Site sends from a page of this origin."""
    pairs = [
        (b"host", host.encode()),
        *((name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()),
    ]
    return HTTPConnection({"type": "http", "headers": [*pairs, *([(b"origin", origin.encode())] if origin else [])]})


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://bot.example.nl", "https://bot.example.nl"),
        ("HTTPS://Bot.Example.NL/", "https://bot.example.nl"),
        ("https://bot.example.nl:443", "https://bot.example.nl"),
        ("https://bot.example.nl.", "https://bot.example.nl"),
        ("https://bot.example.nl.:443/", "https://bot.example.nl"),
        ("https://bot.example.nl:8443", "https://bot.example.nl:8443"),
        ("http://bot.example.nl:80", "http://bot.example.nl"),
        ("https://bot.müller.nl", "https://bot.xn--mller-kva.nl"),
        ("https://BOT.XN--MLLER-KVA.NL", "https://bot.xn--mller-kva.nl"),
        ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_compared_as_browsers_write_it(written: str, origin: str) -> None:
    """Capitals, the usual port, a dot or slash at the end, an IDN: a visitor with an older browser can still chat."""
    settings = load_settings({"PUBLIC_URL": written}, None)
    for address in (written, settings.public_url):
        assert is_same_origin(asked(origin), address)
        assert not is_same_origin(asked(origin + "1"), address)
        assert not is_same_origin(asked(f"{origin}.evil.example"), address)
    assert is_same_origin(asked("http://10.0.0.5:8080"), written)


@pytest.mark.parametrize(
    "origin", ["null", "", "https://", "file://", "https://bot.example.nl@evil.nl", "http://a:b", "x" * 9000]
)
def test_what_is_no_origin_is_another_site(origin: str) -> None:
    """A page without an origin, or with one made up, is not ours; nor where the host it asks for cannot be read."""
    assert is_same_origin(asked(origin or "null", host=":"), "https://bot.example.nl") is False
    assert is_same_origin(asked(None), "https://bot.example.nl")
    assert not is_same_origin(asked(None, sec_fetch_site="cross-site"), "https://bot.example.nl")
