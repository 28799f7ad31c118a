"""All settings with their types and defaults. Making one reads nothing: see loading."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from bot.dialogue.events import chat_address
from bot.settings import urls, values
from bot.settings.errors import SettingsError
from bot.settings.proxies import goes_round, proxy_address

MESSAGES_DIR = Path(__file__).resolve().parents[2] / "messages"


def _read(parse: Callable[[str], object]) -> BeforeValidator:
    def read(value: object) -> object:
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        return parse(value.strip()) if isinstance(value, str) else value

    return BeforeValidator(read)


def _check(parse: Callable[[str], object]) -> BeforeValidator:
    """Check a secret's text with this function and keep it as it was written."""

    def check(value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str):
            parse(text.strip())
            return SecretStr(text.strip())
        return value

    return BeforeValidator(check)


def _own_address(data: Mapping[str, Any]) -> str:
    """Where people reach the program when nothing else is said."""
    host = data.get("http_host", "")
    if values.is_wildcard(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{data.get('http_port')}"


class Settings(BaseModel):
    """Everything an operator can set. Frozen; its repr shows no secret. See ``.env.example`` for what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_bot_token: Annotated[SecretStr | None, _check(values.telegram_token)] = None
    telegram_api_url: Annotated[str, _read(urls.bot_api_address)] = "https://api.telegram.org"
    telegram_staff_chat_id: Annotated[int | None, _read(values.chat_id)] = None
    telegram_webhook_url: Annotated[str | None, _read(urls.webhook_address)] = None
    telegram_webhook_secret: Annotated[SecretStr | None, _check(values.telegram_secret)] = None
    telegram_rate: Annotated[float, _read(values.rate)] = 30.0

    database_url: Annotated[str, _read(values.database), Field(repr=False)] = "sqlite:///data/bot.db"
    data_key: Annotated[SecretStr | None, _check(values.fernet_keys)] = None

    http_host: Annotated[str, _read(values.host)] = "127.0.0.1"
    http_port: Annotated[int, _read(values.port)] = 8080
    public_url: Annotated[str, _read(urls.origin), Field(default_factory=_own_address)]
    trusted_proxies: Annotated[tuple[values.Network, ...], _read(values.networks)] = ()
    metrics_token: Annotated[SecretStr | None, _check(values.bearer)] = None

    security_contact: Annotated[tuple[str, ...], _read(urls.contacts)] = ()
    security_policy: Annotated[str | None, _read(urls.secure_address)] = None

    mail_url: Annotated[str, _read(values.mail), Field(repr=False)] = "file:data/mail"
    mail_tls: Annotated[
        Literal["password", "required", "offered"], _read(values.one_of("password", "required", "offered"))
    ] = "password"
    mail_from: Annotated[str, _read(values.sender)] = "bot@localhost"
    contact_email: Annotated[str | None, _read(values.mailboxes)] = None
    contact_phone: Annotated[str | None, _read(values.shown_phones)] = None
    staff_emails: Annotated[tuple[str, ...], _read(values.emails)] = ()
    lead_webhook_url: Annotated[str | None, _read(urls.hook_address), Field(repr=False)] = None
    lead_webhook_secret: Annotated[SecretStr | None, _check(values.secret)] = None

    https_proxy: Annotated[str | None, Field(repr=False)] = None
    http_proxy: Annotated[str | None, Field(repr=False)] = None
    no_proxy: str = ""

    default_language: Annotated[str, _read(values.language)] = ""  #: empty: the course's first
    messages_dir: Annotated[Path, _read(values.readable_folder)] = MESSAGES_DIR
    retention_days: Annotated[int, _read(values.days)] = 365
    draft_retention_days: Annotated[int, _read(values.days)] = 30
    log_format: Annotated[Literal["console", "json"], _read(values.one_of("console", "json"))] = "console"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], _read(values.one_of("debug", "info", "warning", "error"))
    ] = "info"

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        """Settings that need another one. Raises SettingsError."""
        if self.telegram_webhook_url is not None and self.telegram_webhook_secret is None:
            raise SettingsError("TELEGRAM_WEBHOOK_SECRET", "must be set when TELEGRAM_WEBHOOK_URL is")
        if self._telegram_cannot_reach():
            raise SettingsError(
                "TELEGRAM_WEBHOOK_URL", "must have no port, or 443, 80, 88 or 8443: Telegram knows no other"
            )
        if self.security_policy is not None and not self.security_contact:
            raise SettingsError("SECURITY_CONTACT", "must be set when SECURITY_POLICY is")
        if self.lead_webhook_url is not None and self.lead_webhook_secret is None:
            raise SettingsError("LEAD_WEBHOOK_SECRET", "must be set when LEAD_WEBHOOK_URL is")
        if self.database_kind == "postgresql" and self.data_key is None:
            raise SettingsError("DATA_KEY", "must be set when DATABASE_URL is postgresql://")
        for url in (self.telegram_api_url if self.telegram_on else None, self.lead_webhook_url):
            self.proxy_for(url or "")
        return self

    def _telegram_cannot_reach(self) -> bool:
        """Whether the webhook has a port that Telegram's own servers do not deliver to (Bot API, setWebhook)."""
        port = urlsplit(self.telegram_webhook_url or "").port
        own = self.telegram_api_url == type(self).model_fields["telegram_api_url"].default
        return own and port not in (None, 443, 80, 88, 8443)

    @property
    def telegram_on(self) -> bool:
        """Whether there is a bot to serve."""
        return self.telegram_bot_token is not None

    @property
    def staff_chat(self) -> str | None:
        """The staff chat's address, as events and lanes name it."""
        return None if self.telegram_staff_chat_id is None else chat_address("telegram", self.telegram_staff_chat_id)

    @property
    def database_kind(self) -> Literal["sqlite", "postgresql"]:
        """Which engine keeps the data."""
        return "sqlite" if self.database_url.startswith("sqlite:") else "postgresql"

    @property
    def database_path(self) -> Path | None:
        """The SQLite database's file; None with PostgreSQL."""
        if self.database_kind != "sqlite":
            return None
        return Path(unquote(self.database_url.removeprefix("sqlite:///")))

    @property
    def data_keys(self) -> tuple[str, ...]:
        """The keys that encrypt personal data, newest first; empty when the program makes its own."""
        return () if self.data_key is None else values.fernet_keys(self.data_key.get_secret_value())

    @property
    def mail_kind(self) -> Literal["file", "smtp", "smtps"]:
        """How mail leaves: to a folder, or to a server with TLS where offered (smtp) or from the start (smtps)."""
        kind = self.mail_url.partition(":")[0]
        return "smtps" if kind == "smtps" else "smtp" if kind == "smtp" else "file"

    @property
    def mail_folder(self) -> Path | None:
        """The folder that mail is written to; None when it goes to a server."""
        if self.mail_kind != "file":
            return None
        path = unquote(self.mail_url.removeprefix("file:"))
        return Path("/" + path.lstrip("/") if path.startswith("//") else path)

    def proxy_for(self, url: str) -> str | None:
        """The proxy that this address is reached through; None for none. Raises SettingsError for one we cannot use."""
        name = "https_proxy" if url.startswith("https:") else "http_proxy"
        text: str | None = getattr(self, name)
        if not url or not text or goes_round(url, self.no_proxy):
            return None
        try:
            return proxy_address(text)
        except ValueError as error:
            raise SettingsError(name.upper(), str(error)) from None

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the logs to redact."""
        secret = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in secret if isinstance(value, SecretStr)]
        addresses = (self.database_url, self.mail_url, self.lead_webhook_url, self.telegram_api_url)
        proxies = (self.https_proxy, self.http_proxy)
        found += [word for address in (*addresses, *proxies) for word in urls.passwords(address or "")]
        return (*found, *self.data_keys)


def unwritable(folder: Path) -> str | None:
    """Why files cannot be made in this folder, which need not be there yet; None when they can."""
    place = folder.expanduser().absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return f"{place} is not a folder"
    return None if os.access(place, os.W_OK | os.X_OK) else f"{place} cannot be written"
