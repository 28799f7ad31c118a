"""The web channel, put together from what the composition root gives: page, chat, health and what else is served."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute

from bot.channels.desk import Desk
from bot.channels.web.chat import Carry, ChatApi, DataOf
from bot.channels.web.events import Listeners, Transcript
from bot.channels.web.gate import Gate
from bot.channels.web.page import Pages
from bot.channels.web.sessions import Endings, OwnEndings, Sessions
from bot.channels.web.words import Wording, Words
from bot.web.app import application
from bot.web.health import CHECK_SECONDS, Check, Health
from bot.web.limits import Limits
from bot.web.origins import is_https
from bot.web.peers import Network


def _now() -> datetime:
    return datetime.now(UTC)


async def _no_data(chat: str) -> str:
    return "{}"


async def _no_counts(left: str, fresh: str) -> None:
    """Carry nothing over: for where nothing is counted."""


def web_app(
    *,
    desk: Desk,
    transcript: Transcript,
    listeners: Listeners,
    sessions: Sessions,
    wording: Wording,
    languages: Sequence[str],
    zone: str,
    public_url: str,
    trusted_proxies: Sequence[Network] = (),
    metrics_token: str | None = None,
    checks: Mapping[str, Check] | None = None,
    registry: CollectorRegistry | None = None,
    routes: Sequence[BaseRoute] = (),
    limits: Limits | None = None,
    endings: Endings | None = None,
    data_of: DataOf | None = None,
    carry: Carry | None = None,
    session_days: int = 90,
    poll_seconds: float = 1.0,
    check_seconds: float = CHECK_SECONDS,
    now: Callable[[], datetime] = _now,
) -> Starlette:
    """
    The whole web channel.

    ``languages``: codes, the default first. ``zone``: the time zone that the page shows times in.
    ``checks``: name -> what /readyz asks. ``registry``: the metrics that
    /metrics shows; the web channel adds its own. ``routes``: more endpoints, the Telegram webhook for one.
    ``endings``: which sessions ended; without it this process alone knows. ``data_of``: a person's file of data.
    ``carry``: lets what was counted for a chat count for the one its person goes on in.
    ``session_days``: how long a browser keeps a conversation. ``poll_seconds``: how soon a message that another
    process stored reaches an open page. ``check_seconds``: how long /readyz waits for one of them.
    """
    # The library logs every event it sends, message and all, at level debug.
    logging.getLogger("sse_starlette.sse").setLevel(logging.INFO)
    limits = limits or Limits()
    registry = registry or CollectorRegistry()
    words = Words(wording, languages)
    gate = Gate(
        sessions=sessions, endings=endings or OwnEndings(), public_url=public_url, trusted_proxies=trusted_proxies,
        limits=limits,
    )  # fmt: skip
    chat = ChatApi(
        desk=desk, transcript=transcript, data_of=data_of or _no_data, carry=carry or _no_counts, listeners=listeners,
        gate=gate, words=words, limits=limits,
        poll_seconds=poll_seconds, session_days=session_days, now=now,
    )  # fmt: skip
    health = Health(
        checks=checks or {}, registry=registry, metrics_token=metrics_token, public_url=public_url,
        check_seconds=check_seconds,
    )  # fmt: skip
    pages = Pages(words=words, gate=gate, zone=zone, session_days=session_days)
    own = [*pages.routes(), *chat.routes(), *health.routes()]

    def spoken(request: Request) -> Mapping[str, str]:
        return words[words.choose(request, gate.language(request))]

    return application([*own, *routes], spoken, registry, https=is_https(public_url))
