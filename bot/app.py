"""Wires it all together: the only place that knows every part."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette

from bot.channels.telegram import TelegramChannel, TelegramSettings, WebhookAddress
from bot.channels.web import Listeners, Sessions, web_app
from bot.channels.web.transcript import StoredCounts, StoredData, StoredEndings, StoredTranscript
from bot.dialogue.context import Context
from bot.loading import context_maker, load_acts, load_matcher, load_wording, open_storage
from bot.notifications.mail import SmtpMail
from bot.notifications.mail_files import FileMail
from bot.notifications.notifier import WEBHOOK_LANE, Notifier, Ways
from bot.notifications.webhook import LeadWebhook
from bot.observing.metrics import Metrics
from bot.outbox import Addresses, Destination, Outbox, Sender, StaffAddress
from bot.privacy.overwriting import Overwriting
from bot.privacy.retention import Retention
from bot.settings import Settings
from bot.staff.chat import StaffChat
from bot.staff.filling import Filling
from bot.staff.lists import Lists
from bot.turns.counting import Counting
from bot.turns.desk import Desk, Rules
from bot.turns.flood import Flood
from bot.web.health import Check, Warned
from bot.web.security_text import SecurityText
from bot.wording import Wording
from bot.wording.course import read_zone
from storage.errors import StorageError
from storage.records import Forgotten
from storage.store import Storage


@dataclass(frozen=True, kw_only=True)
class Program:
    """The program's parts, wired; ``serve`` runs them."""

    settings: Settings
    wording: Wording
    storage: Storage
    metrics: Metrics
    outbox: Outbox
    desk: Desk
    retention: Retention
    overwriting: Overwriting
    listeners: Listeners
    telegram: TelegramChannel | None
    web: Starlette
    mail: FileMail | SmtpMail
    webhook: LeadWebhook | None

    async def close_senders(self) -> None:
        """Let go of the connections by which messages leave."""
        await self.mail.close()
        if self.webhook:
            await self.webhook.close()
        if self.telegram:
            await self.telegram.close()

    def tasks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """The background tasks, by name."""
        running: dict[str, Callable[[], Awaitable[None]]] = {
            "desk": self.desk.run,
            "outbox": self.outbox.run,
            "retention": self.retention.run,
            "overwriting": self.overwriting.run,
        }
        return running | ({"telegram": self.telegram.run} if self.telegram else {})


async def build(settings: Settings) -> Program:
    """Open the database and wire the parts. Raises SettingsError or WordingError; nothing is left open then."""
    wording = load_wording(settings)
    matcher = load_matcher(settings, wording)
    context = context_maker(wording, matcher, load_acts(settings, wording, matcher))
    storage = await open_storage(settings, owner=secrets.token_hex(8), make=True)
    try:
        return _wire(settings, wording, context, storage)
    except BaseException:
        await storage.close()
        raise


def _wire(settings: Settings, wording: Wording, context: Callable[[], Context], storage: Storage) -> Program:
    metrics, listeners = Metrics(), Listeners()
    mail, webhook = _mail(settings), _webhook(settings)
    senders: dict[str, Sender] = {"mail": mail} | ({"webhook": webhook} if webhook else {})
    notifier = Notifier(wording, Ways.of(settings))
    addresses = Addresses()
    staff = StaffAddress(settings.staff_chat if settings.telegram_on else None, addresses)
    outbox = Outbox(
        storage,
        senders,
        metrics=metrics,
        redact=notifier.redact,
        destinations=_destinations(Ways.of(settings)),
        tell=notifier.unreached,
        addresses=addresses,
    )
    counting, overwriting = Counting(metrics), Overwriting(storage)
    rules = Rules(
        wording=wording,
        context=context,
        notify=notifier.outgoing,
        redact=notifier.redact,
        staff=StaffChat(wording, staff, settings.default_language),
    )
    desk = Desk(
        storage,
        rules,
        outbox,
        on_said=listeners.notify,
        on_turn=counting.turn,
        on_batch=counting.batch,
        on_forgotten=_on_forgotten(mail, overwriting),
        flood=Flood(outbox.backlog) if settings.telegram_rate else None,
    )
    telegram = _telegram(settings, wording, desk, staff)
    if telegram:
        zone = read_zone(settings.messages_dir)
        lists = Lists(storage, wording, settings.default_language, zone)
        outbox.add_sender("telegram", Filling(telegram.sender, lists))
    counting.watch(_reached(telegram))
    return Program(
        settings=settings,
        wording=wording,
        storage=storage,
        metrics=metrics,
        outbox=outbox,
        desk=desk,
        retention=Retention(
            storage, settings, partial(notifier.redact, why="expired"), put=outbox.put, removed=overwriting.ask
        ),
        overwriting=overwriting,
        listeners=listeners,
        telegram=telegram,
        web=_web(settings, wording, storage, desk, outbox, metrics, listeners, mail, telegram),
        mail=mail,
        webhook=webhook,
    )


def _on_forgotten(mail: FileMail | SmtpMail, overwriting: Overwriting) -> Callable[[Forgotten], None]:
    """What goes besides what is stored in tables, once somebody is forgotten."""

    def forget(forgotten: Forgotten) -> None:
        if isinstance(mail, FileMail):
            mail.forget_about(forgotten)
        overwriting.ask()

    return forget


def _mail(settings: Settings) -> FileMail | SmtpMail:
    folder = settings.mail_folder
    if folder:
        return FileMail(folder, settings.mail_from)
    names = (urlsplit(settings.public_url).hostname or "",)
    return SmtpMail(settings.mail_url, settings.mail_from, tls=settings.mail_tls, names=names)


def _destinations(ways: Ways) -> dict[str, Destination]:
    """The lanes that an operator set up, as logs and /readyz name them."""
    found = {
        ways.staff_chat: Destination(name="staff chat"),
        f"mail:{ways.mail_to}" if ways.mail_to else None: Destination(name="mailbox CONTACT_EMAIL"),
        WEBHOOK_LANE if ways.webhook else None: Destination(name="lead webhook", needed=False),
    }
    return {lane: to for lane, to in found.items() if lane}


def _webhook(settings: Settings) -> LeadWebhook | None:
    url, secret = settings.lead_webhook_url, settings.lead_webhook_secret
    return LeadWebhook(url, secret.get_secret_value(), proxy=settings.proxy_for(url)) if url and secret else None


def _reached(telegram: TelegramChannel | None) -> dict[str, Callable[[], bool]]:
    web: dict[str, Callable[[], bool]] = {"web": lambda: True}
    return web | ({"telegram": lambda: telegram.health() is None} if telegram else {})


def _telegram(settings: Settings, wording: Wording, desk: Desk, staff: StaffAddress) -> TelegramChannel | None:
    """The Telegram channel; None without a token. Raises SettingsError for a token of the wrong form."""
    if settings.telegram_bot_token is None:
        return None
    languages = _default_first(settings, wording)
    return TelegramChannel(
        _telegram_settings(settings),
        desk,
        {code: wording.telegram(code) for code in languages},
        staff=staff,
    )


def _telegram_settings(settings: Settings) -> TelegramSettings:
    token, secret = settings.telegram_bot_token, settings.telegram_webhook_secret
    webhook = None
    if settings.telegram_webhook_url and secret:
        webhook = WebhookAddress(root=settings.telegram_webhook_url, secret=secret.get_secret_value())
    return TelegramSettings(
        token=token.get_secret_value() if token else "",
        api_url=settings.telegram_api_url,
        rate=settings.telegram_rate,
        webhook=webhook,
        proxy=settings.proxy_for(settings.telegram_api_url),
    )


def _default_first(settings: Settings, wording: Wording) -> list[str]:
    return sorted(wording.languages, key=lambda code: code != settings.default_language)


def _web(
    settings: Settings,
    wording: Wording,
    storage: Storage,
    desk: Desk,
    outbox: Outbox,
    metrics: Metrics,
    listeners: Listeners,
    mail: FileMail | SmtpMail,
    telegram: TelegramChannel | None,
) -> Starlette:
    return web_app(
        desk=desk,
        transcript=StoredTranscript(storage),
        listeners=listeners,
        endings=StoredEndings(storage),
        data_of=StoredData(storage),
        carry=StoredCounts(storage),
        sessions=Sessions(storage.keyed_hash),
        wording=wording,
        languages=_default_first(settings, wording),
        zone=str(read_zone(settings.messages_dir)),
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
        checks=_checks(storage, outbox, mail, telegram),
        registry=metrics.registry,
        routes=[*(telegram.routes if telegram else ()), *_security_text(settings, wording).routes()],
    )


def _security_text(settings: Settings, wording: Wording) -> SecurityText:
    return SecurityText(
        contacts=settings.security_contact,
        policy=settings.security_policy,
        languages=_default_first(settings, wording),
        public_url=settings.public_url,
    )


def _checks(
    storage: Storage, outbox: Outbox, mail: FileMail | SmtpMail, telegram: TelegramChannel | None
) -> dict[str, Check]:
    """What /readyz asks: does the database answer, does everything leave, do updates come in."""

    async def database() -> str | None:
        try:
            await storage.ping()
        except StorageError as problem:
            return str(problem)
        return None

    async def leaving() -> str | None:
        found = "; ".join(f"{name}: {reason}" for name, reason in outbox.health().items())
        return (found if outbox.blocking() else Warned(found)) if found else None

    async def mailing() -> str | None:
        return mail.health()

    async def updates() -> str | None:
        return telegram.health() if telegram else None

    checks: dict[str, Check] = {"database": database, "outbox": leaving, "mail": mailing}
    return checks | ({"telegram": updates} if telegram else {})
