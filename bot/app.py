"""Wires it all together: the only place that knows every part."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from starlette.applications import Starlette

from bot.channels.entry import Channel, Given, Opener
from bot.channels.telegram import TelegramChannel, TelegramSettings, WebhookAddress
from bot.channels.web import Listeners, Sessions, StoredChats, WebSettings, web_app
from bot.dialogue.channels import add_channel, traits_of
from bot.loading import Load, Spoken, context_maker, load_spoken, open_storage, spoken_or_kept
from bot.notifications.mail import SmtpMail
from bot.notifications.mail_files import FileMail
from bot.notifications.notifier import WEBHOOK_LANE, Notifier, Ways
from bot.notifications.webhook import LeadWebhook
from bot.observing.metrics import Metrics
from bot.outbox import Addresses, Destination, Outbox, Sender, StaffAddress
from bot.privacy.overwriting import Overwriting
from bot.privacy.retention import Retention
from bot.settings import Settings, SettingsError
from bot.staff.carding import Carding
from bot.staff.chat import StaffChat
from bot.staff.delivered import Delivered
from bot.staff.filling import Filling
from bot.staff.lists import Lists
from bot.staff.quiet import QuietTalks
from bot.staff.topics import Topics
from bot.turns.counting import Counting
from bot.turns.desk import Desk, Rules
from bot.turns.flood import Flood
from bot.web.health import Check, Warned
from bot.web.security_text import SecurityText
from bot.wording import TelegramTexts
from bot.wording.course import read_zone
from storage.errors import StorageError
from storage.follow import Following
from storage.records import Forgotten
from storage.store import Storage


async def build(settings: Settings, load: Load = load_spoken, more: Sequence[Opener] = ()) -> "Program":
    """Wire the parts, with ``more`` channels. Raises SettingsError or WordingError; nothing is left open then."""
    storage = await open_storage(settings, owner=secrets.token_hex(8), make=True)
    try:
        spoken, faults = spoken_or_kept(settings, load)
        return Program(spoken, storage, faults, more)
    except BaseException:
        await storage.close()
        raise


class Program:
    """The program's parts, each wired to those before it; ``serve`` runs them."""

    def __init__(
        self, spoken: Spoken, storage: Storage, faults: tuple[str, ...] = (), more: Sequence[Opener] = ()
    ) -> None:
        """
        Raises SettingsError for a token of the wrong form.

        ``faults``: of the messages folder, where this is the one that was kept in its stead. ``more``: channels beside
        the web and Telegram.
        """
        settings, wording = spoken.settings, spoken.wording
        self.settings, self.wording, self.storage, self.faults = settings, wording, storage, faults
        self._spoken = spoken
        context = context_maker(wording, spoken.matcher, spoken.acts)
        self.metrics, self.listeners, self.overwriting = Metrics(), Listeners(), Overwriting(storage)
        self.mail, self.webhook = _mail(settings), _webhook(settings)
        self._languages = sorted(wording.languages, key=lambda code: code != settings.default_language)
        addresses, notifier = Addresses(), Notifier(wording, Ways.of(settings))
        self.notifier = notifier
        staff = StaffAddress(settings.staff_chat if settings.telegram_on else None, addresses)
        entrance = StaffChat(wording, staff, settings.default_language, Ways.of(settings))
        following = Following(redact=notifier.redact, refresh=entrance.refresh)
        self.outbox = self._outbox(following, addresses)
        rules = Rules(wording=wording, context=context, notify=notifier.outgoing, following=following, staff=entrance)
        counting = Counting(self.metrics)
        self.desk = self._desk(rules, counting)
        self.channels = self._channels(staff, entrance.carding, more)
        counting.watch({one.name: partial(_reaches, one) for one in self.channels})
        self.retention = Retention(
            storage,
            settings,
            partial(notifier.redact, why="expired"),
            put=self.outbox.put,
            removed=self.overwriting.ask,
        )
        self.delivered = Delivered(
            storage, wording, staff, settings.default_language, put=self.outbox.put, drop=self.outbox.drop
        )
        self.quiet = QuietTalks(storage, entrance.talks, put=self.outbox.put, said=self.listeners.notify)
        self.web = self._web()

    def take(self, spoken: Spoken) -> None:
        """Say and understand from now on what this says. Raises SettingsError when that takes a new start."""
        before = self._spoken.wording
        if spoken.wording.languages != before.languages:
            raise SettingsError("MESSAGES_DIR", "has other languages now: start the program anew")
        self._spoken.become(spoken)
        self.web.state.renew()
        for channel in self.channels:
            channel.renew()

    async def close_senders(self) -> None:
        """Let go of the connections by which messages leave."""
        await self.delivered.close()
        await self.mail.close()
        if self.webhook:
            await self.webhook.close()
        for channel in self.channels:
            await channel.close()

    def tasks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """The background tasks, by name."""
        running: dict[str, Callable[[], Awaitable[None]]] = {
            "desk": self.desk.run,
            "outbox": self.outbox.run,
            "retention": self.retention.run,
            "overwriting": self.overwriting.run,
            "talks": self.quiet.run,
        }
        return running | {one.name: one.run for one in self.channels if one.run}

    def _outbox(self, following: Following, addresses: Addresses) -> Outbox:
        senders: dict[str, Sender] = {"mail": self.mail} | ({"webhook": self.webhook} if self.webhook else {})
        return Outbox(
            self.storage,
            senders,
            metrics=self.metrics,
            following=following,
            destinations=_destinations(Ways.of(self.settings)),
            tell=self.notifier.unreached,
            addresses=addresses,
        )

    def _desk(self, rules: Rules, counting: Counting) -> Desk:
        return Desk(
            self.storage,
            rules,
            self.outbox,
            on_said=self.listeners.notify,
            on_turn=counting.turn,
            on_batch=counting.batch,
            on_forgotten=self._forgotten,
            flood=Flood(self.outbox.backlog) if self.settings.telegram_rate else None,
        )

    def _forgotten(self, forgotten: Forgotten) -> None:
        """What goes besides what is stored in tables, once somebody is forgotten."""
        if isinstance(self.mail, FileMail):
            self.mail.forget_about(forgotten)
        self.overwriting.ask()

    def _channels(self, staff: StaffAddress, carding: Carding, more: Sequence[Opener]) -> tuple[Channel, ...]:
        """The entries of all ways in, each known to the dialogue and to the outbox."""
        web = Channel(name="web", traits=traits_of("web"), watched=False)
        telegram = self._telegram(staff, carding)
        given = Given(desk=self.desk, wording=self.wording)
        channels = (web, *((telegram,) if telegram else ()), *(opener(given) for opener in more))
        for channel in channels:
            add_channel(channel.name, channel.traits)
            if channel.sender:
                self.outbox.add_sender(channel.name, channel.sender)
        return channels

    def _telegram(self, staff: StaffAddress, carding: Carding) -> Channel | None:
        settings = _telegram_settings(self.settings)
        if settings is None:
            return None
        telegram = TelegramChannel(settings, self.desk, self._telegram_texts(), staff=staff)
        zone = read_zone(self.settings.messages_dir)
        language = self.settings.default_language
        lists = Lists(self.storage, self.wording, language, zone)
        topics = Topics(telegram.sender, self.storage, self.wording, carding, staff, language)
        return Channel(
            name="telegram",
            traits=traits_of("telegram"),
            start=telegram.start,
            run=telegram.run,
            sender=Filling(topics, lists),
            health=telegram.health,
            routes=telegram.routes,
            renew=lambda: telegram.introduce(self._telegram_texts()),
            stop=telegram.stop,
            close=telegram.close,
        )

    def _telegram_texts(self) -> dict[str, TelegramTexts]:
        return {code: self.wording.telegram(code) for code in self._languages}

    def _web(self) -> Starlette:
        settings = self.settings
        security = SecurityText(
            contacts=settings.security_contact,
            policy=settings.security_policy,
            languages=self._languages,
            public_url=settings.public_url,
        )
        return web_app(
            WebSettings(
                public_url=settings.public_url,
                languages=self._languages,
                zone=str(read_zone(settings.messages_dir)),
                trusted_proxies=settings.trusted_proxies,
                metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
            ),
            desk=self.desk,
            chats=StoredChats(self.storage, self.delivered.shown),
            listeners=self.listeners,
            sessions=Sessions(self.storage.keyed_hash),
            wording=self.wording,
            checks=self._checks(),
            registry=self.metrics.registry,
            routes=[*(route for one in self.channels for route in one.routes), *security.routes()],
        )

    def _checks(self) -> dict[str, Check]:
        """What /readyz asks: does the database answer, does everything leave, do updates come in."""

        async def database() -> str | None:
            try:
                await self.storage.ping()
            except StorageError as problem:
                return str(problem)
            return None

        async def leaving() -> str | None:
            found = "; ".join(f"{name}: {reason}" for name, reason in self.outbox.health().items())
            return (found if self.outbox.blocking() else Warned(found)) if found else None

        async def mailing() -> str | None:
            return self.mail.health()

        async def speaking() -> str | None:
            more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
            return Warned(f"goes on with the last folder that passed: {self.faults[0]}{more}") if self.faults else None

        checks: dict[str, Check] = {"database": database, "outbox": leaving, "mail": mailing, "messages": speaking}
        return checks | {one.name: partial(_healthy, one) for one in self.channels if one.watched}


def _reaches(channel: Channel) -> bool:
    """Whether it reaches the other side now."""
    return channel.health() is None


async def _healthy(channel: Channel) -> str | None:
    """What is wrong with it, for /readyz."""
    return channel.health()


def _mail(settings: Settings) -> FileMail | SmtpMail:
    folder = settings.mail_folder
    if folder:
        return FileMail(folder, settings.mail_from)
    names = (urlsplit(settings.public_url).hostname or "",)
    return SmtpMail(
        settings.mail_url, settings.mail_from, tls=settings.mail_tls, names=names, staff=settings.contact_email
    )


def _webhook(settings: Settings) -> LeadWebhook | None:
    url, secret = settings.lead_webhook_url, settings.lead_webhook_secret
    return LeadWebhook(url, secret.get_secret_value(), proxy=settings.proxy_for(url)) if url and secret else None


def _destinations(ways: Ways) -> dict[str, Destination]:
    """The lanes that an operator set up, as logs and /readyz name them."""
    several = len(ways.mailboxes) > 1
    mailboxes: dict[str | None, Destination] = {
        f"mail:{to}": Destination(name=f"mailbox CONTACT_EMAIL {number}" if several else "mailbox CONTACT_EMAIL")
        for number, to in enumerate(ways.mailboxes, 1)
    }
    found: dict[str | None, Destination] = {
        ways.staff_chat: Destination(name="staff chat"),
        **mailboxes,
        WEBHOOK_LANE if ways.webhook else None: Destination(name="lead webhook", needed=False),
    }
    return {lane: to for lane, to in found.items() if lane}


def _telegram_settings(settings: Settings) -> TelegramSettings | None:
    token, secret, root = settings.telegram_bot_token, settings.telegram_webhook_secret, settings.telegram_webhook_url
    if token is None:
        return None
    return TelegramSettings(
        token=token.get_secret_value(),
        api_url=settings.telegram_api_url,
        rate=settings.telegram_rate,
        webhook=WebhookAddress(root=root, secret=secret.get_secret_value()) if root and secret else None,
        proxy=settings.proxy_for(settings.telegram_api_url),
    )
