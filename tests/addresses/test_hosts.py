"""Hosts as browsers write them, and which of them stand for this machine."""

import pytest

from bot.addresses.hosts import canonical_host, host_of_header, is_loopback


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("Bot.Example.NL", "bot.example.nl"),
        ("bot.example.nl.", "bot.example.nl"),
        ("bot.müller.nl", "bot.xn--mller-kva.nl"),
        ("BOT.MÜLLER.nl", "bot.xn--mller-kva.nl"),
        ("straße.example", "xn--strae-oqa.example"),
        ("bot_1.example.nl", "bot_1.example.nl"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8::1", "2001:db8::1"),
    ],
)
def test_as_browsers_write_it(host: str, written: str) -> None:
    """However an operator writes a host, it is compared with what a browser makes of it."""
    assert canonical_host(host) == written


@pytest.mark.parametrize(
    "host", ["", ".", "a..b", "-a.nl", "a-.nl", "a b", "1.2.3.999", "x" * 64, "::g", "\ud800.nl", "a/b"]
)
def test_no_host(host: str) -> None:
    """Where no browser can go is told at once."""
    with pytest.raises(ValueError, match="no host"):
        canonical_host(host)


def test_this_machine() -> None:
    """What stands for this machine, however it is written, and what only looks like it."""
    here = ("localhost", "LOCALHOST.", "bot.localhost", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1")
    assert [host for host in here if not is_loopback(host)] == []
    there = ("127.0.0.1.nip.io", "localhost.example.nl", "0.0.0.0", "10.0.0.1", "", None, "127.evil.nl")
    assert [host for host in there if is_loopback(host)] == []
    read = map(host_of_header, ("[::1]:80", "localhost:80", "a.nl", "a@b", "[::1", "a:b", "", "localhost:80/x"))
    assert [*read] == ["::1", "localhost", "a.nl", "", "", "", "", ""]
