"""The web channel, put together from what the composition root gives: page, chat, health and what else is served."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute

from bot.channels.web.chat import ChatApi
from bot.channels.web.events import Listeners
from bot.channels.web.gate import Gate
from bot.channels.web.page import Pages
from bot.channels.web.sessions import Sessions
from bot.channels.web.stored import StoredChats
from bot.channels.web.words import Words
from bot.turns.desk import Desk
from bot.web.app import application
from bot.web.health import CHECK_SECONDS, Check, Health
from bot.web.limits import Limits
from bot.web.origins import is_https
from bot.web.peers import Network
from bot.wording import Wording


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """How the web channel is reached, and by whom."""

    public_url: str
    languages: Sequence[str]  #: codes, the default first
    zone: str  #: the time zone that the page shows times in
    trusted_proxies: Sequence[Network] = ()
    metrics_token: str | None = None
    limits: Limits = field(default_factory=Limits)
    poll_seconds: float = 1.0  #: how soon a message that another process stored reaches an open page
    check_seconds: float = CHECK_SECONDS  #: how long /readyz waits for one check


def web_app(
    settings: WebSettings,
    *,
    desk: Desk,
    chats: StoredChats,
    listeners: Listeners,
    sessions: Sessions,
    wording: Wording,
    checks: Mapping[str, Check],
    registry: CollectorRegistry,
    routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """
    The whole web channel. ``checks``: name -> what /readyz asks. ``registry``: the metrics that /metrics shows; the
    web channel adds its own. ``routes``: more endpoints, the Telegram webhook for one. ``state.renew`` of what is given
    makes the pages anew from ``wording``.
    """
    # The library logs every event it sends, message and all, at level debug.
    logging.getLogger("sse_starlette.sse").setLevel(logging.INFO)
    words = Words(wording, settings.languages)
    gate = Gate(
        sessions, chats, settings.limits, public_url=settings.public_url, trusted_proxies=settings.trusted_proxies
    )
    chat = ChatApi(desk, chats, listeners, gate, words, settings.limits, poll_seconds=settings.poll_seconds)
    health = Health(
        checks, registry, token=settings.metrics_token, public_url=settings.public_url, seconds=settings.check_seconds
    )
    root = settings.public_url.rstrip("/")
    pages = Pages(words, gate, root=root, zone=settings.zone)

    def spoken(request: Request) -> Mapping[str, str]:
        return words[words.choose(request, gate.language(request))]

    def renew() -> None:
        vars(words).update(vars(Words(wording, settings.languages)))
        vars(pages).update(vars(Pages(words, gate, root=root, zone=settings.zone)))

    served = [*pages.routes(), *chat.routes(), *health.routes(), *routes]
    made = application(served, spoken, registry, https=is_https(settings.public_url))
    made.state.renew = renew
    return made
