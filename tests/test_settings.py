"""Settings: what is right is read, what is wrong stops the start with one line that says what would be right."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, load_settings
from bot.settings.loading import NAMES
from bot.web.origins import is_https
from storage.store import Storage

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
KEY = Fernet.generate_key().decode()
SECRETS = ("not-a-token", "123456:short", "no spaces please", "too-short")
EXAMPLE = Path(__file__).parent.parent / ".env.example"


def load(**environ: str) -> Settings:
    return load_settings(environ, None)


def problem(**environ: str) -> str:
    """The one line that these settings stop the start with."""
    with pytest.raises(SettingsError) as caught:
        load(**environ)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(caught.value.name)
    return line


def test_nothing_needs_to_be_set() -> None:
    """On a fresh machine the web chat serves, leads go to SQLite and mail to files."""
    settings = load()
    assert (settings.telegram_on, settings.staff_chat) == (False, None)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert (settings.database_kind, settings.database_path) == ("sqlite", Path("data/bot.db"))
    assert (settings.mail_kind, settings.mail_folder) == ("file", Path("data/mail"))
    assert settings.telegram_rate == 30
    assert (settings.retention_days, settings.draft_retention_days) == (365, 30)
    assert (settings.default_language, settings.log_format, settings.log_level) == ("", "console", "info")
    assert settings.messages_dir.name == "messages"
    assert settings.secrets() == ()


def test_everything_can_be_set(tmp_path: Path) -> None:
    """Every setting of the design is read into its own type."""
    settings = load(
        TELEGRAM_BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
        TELEGRAM_STAFF_CHAT_ID="-1001234567890",
        TELEGRAM_WEBHOOK_URL="https://bot.example.org/",
        TELEGRAM_WEBHOOK_SECRET="a-secret_1",
        TELEGRAM_RATE="0",
        DATABASE_URL="postgres://bot:p%40ss-word@db/bot",
        DATA_KEY=f"{KEY}, {KEY}",
        HTTP_HOST="[::]",
        HTTP_PORT="9000",
        TRUSTED_PROXIES="10.0.0.1, 192.168.0.0/16,::1",
        METRICS_TOKEN="metrics-token",
        SECURITY_CONTACT="security@example.org, https://example.org/report, tel:+31-30-1234567",
        SECURITY_POLICY="https://example.org/policy",
        MAIL_URL="smtp://bot:mail-pass@mail.example.org:587",
        MAIL_TLS="Required",
        MAIL_FROM="bot@example.org",
        CONTACT_EMAIL="anne@example.org",
        CONTACT_PHONE="+31 20 123 45 67",
        STAFF_EMAILS="a@example.org, b@example.org",
        LEAD_WEBHOOK_URL="http://127.0.0.1:9/hook?x=1",
        LEAD_WEBHOOK_SECRET="hook-secret",
        DEFAULT_LANGUAGE="en",
        MESSAGES_DIR=str(tmp_path),
        RETENTION_DAYS="30",
        DRAFT_RETENTION_DAYS="7",
        LOG_FORMAT="JSON",
        LOG_LEVEL="Debug",
    )
    assert settings.telegram_on
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.telegram_webhook_url == "https://bot.example.org"
    assert settings.staff_chat == "telegram:-1001234567890"
    assert (settings.database_kind, settings.database_path) == ("postgresql", None)
    assert settings.database_url == "postgresql://bot:p%40ss-word@db/bot"
    assert settings.data_keys == (KEY, KEY)
    assert settings.public_url == "http://[::1]:9000"
    assert settings.trusted_proxies == tuple(map(ip_network, ("10.0.0.1/32", "192.168.0.0/16", "::1/128")))
    assert (settings.mail_kind, settings.mail_folder) == ("smtp", None)
    assert settings.security_contact == (
        "mailto:security@example.org", "https://example.org/report", "tel:+31-30-1234567",
    )  # fmt: skip
    assert settings.staff_emails == ("a@example.org", "b@example.org")
    assert (settings.log_format, settings.log_level) == ("json", "debug")
    secrets = {TOKEN, "a-secret_1", KEY, "metrics-token", "hook-secret", "p@ss-word", "mail-pass"}
    assert secrets <= set(settings.secrets())
    shown = repr(settings) + str(settings)
    assert not [secret for secret in (*secrets, "p%40ss-word") if secret in shown]


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"TELEGRAM_BOT_TOKEN": SECRETS[0]}, "@BotFather"),
        ({"TELEGRAM_BOT_TOKEN": SECRETS[1]}, "@BotFather"),
        ({"TELEGRAM_API_URL": "api.telegram.org"}, "address"),
        ({"TELEGRAM_API_URL": "https://api.telegram.org/?x=1"}, "without"),
        ({"TELEGRAM_STAFF_CHAT_ID": "@staff"}, "/chatid"),
        ({"TELEGRAM_STAFF_CHAT_ID": "0"}, "/chatid"),
        ({"TELEGRAM_WEBHOOK_URL": "http://bot.example.org", "TELEGRAM_WEBHOOK_SECRET": "x"}, "https"),
        ({"TELEGRAM_WEBHOOK_SECRET": SECRETS[2]}, "A-Z"),
        ({"TELEGRAM_RATE": "fast"}, "messages a second"),
        ({"TELEGRAM_RATE": "-1"}, "messages a second"),
        ({"DATABASE_URL": "mysql://user:pw-secret@host/name"}, "postgresql://"),
        ({"DATABASE_URL": "sqlite://"}, "sqlite:///"),
        ({"DATABASE_URL": "sqlite:/data/bot.db"}, "sqlite:///"),
        ({"DATABASE_URL": "sqlite:data/bot.db"}, "sqlite:///"),
        ({"DATABASE_URL": "sqlite:///?x=1"}, "sqlite:///"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "sqlite:///"),
        ({"DATABASE_URL": "sqlite:///data/bot.db?mode=ro"}, "%3F"),
        ({"DATABASE_URL": "sqlite:///data/bot.db?"}, "%3F"),
        ({"DATABASE_URL": "sqlite:///~/bot.db"}, "whole path"),
        ({"DATABASE_URL": "sqlite:///data/a%00.db"}, "%00"),
        ({"MAIL_URL": "file:~/mail"}, "whole path"),
        ({"MAIL_URL": "file:~bot/mail"}, "whole path"),
        ({"MAIL_URL": "file:/tmp/a%00b"}, "%00"),
        ({"MESSAGES_DIR": "~nobody-at-all/messages"}, "can be read"),
        ({"CONTACT_EMAIL": "${NAME}@example.nl"}, "info@example.org"),
        ({"MAIL_FROM": "bot@$DOMAIN"}, "info@example.org"),
        ({"DATABASE_URL": "postgresql://user:pw-secret@host:99999/name"}, "postgresql://"),
        ({"DATA_KEY": SECRETS[3]}, "Fernet"),
        ({"DATA_KEY": "é" * 44}, "Fernet"),
        ({"DATA_KEY": ","}, "Fernet"),
        ({"HTTP_HOST": "not a host"}, "127.0.0.1"),
        ({"HTTP_PORT": "65536"}, "0 to 65535"),
        ({"HTTP_PORT": "web"}, "0 to 65535"),
        ({"HTTP_PORT": "80_80"}, "0 to 65535"),
        ({"HTTP_PORT": "٨٠"}, "0 to 65535"),
        ({"HTTP_PORT": "9" * 5000}, "0 to 65535"),
        ({"PUBLIC_URL": "bot.example.org"}, "https://"),
        ({"TRUSTED_PROXIES": "10.0.0.1, everyone"}, "networks"),
        ({"TRUSTED_PROXIES": "10.0.0.1, 0.0.0.0/0"}, "/0 trusts everybody"),
        ({"TRUSTED_PROXIES": "::/0"}, "/0 trusts everybody"),
        ({"CONTACT_EMAIL": "=info@example.org"}, "e-mail address"),
        ({"METRICS_TOKEN": "two\x00lines"}, "one line"),
        ({"MAIL_URL": "imap://host"}, "smtps://"),
        ({"MAIL_URL": "smtp://"}, "smtps://"),
        ({"SECURITY_CONTACT": "security"}, "e-mail addresses, https"),
        ({"SECURITY_CONTACT": "http://example.org"}, "e-mail addresses, https"),
        ({"SECURITY_CONTACT": "tel:030-1234567"}, "tel:+31"),
        ({"SECURITY_POLICY": "http://example.org/policy"}, "https"),
        ({"MAIL_TLS": "yes"}, "password, required or offered"),
        ({"MAIL_FROM": "bot"}, "e-mail address"),
        ({"CONTACT_EMAIL": "anne@"}, "e-mail address"),
        ({"CONTACT_EMAIL": "anne@example.org, bo@"}, "e-mail address"),
        ({"CONTACT_PHONE": "+31 20 123 45 67, bel me"}, "phone number"),
        ({"CONTACT_PHONE": "bel me"}, "phone number"),
        ({"STAFF_EMAILS": "a@example.org, b"}, "comma-separated"),
        ({"LEAD_WEBHOOK_URL": "http://crm.example.org/hook", "LEAD_WEBHOOK_SECRET": "x"}, "https"),
        ({"DEFAULT_LANGUAGE": "Dutch"}, "nl or en"),
        ({"MESSAGES_DIR": "/no/such/folder"}, "folder"),
        ({"RETENTION_DAYS": "0"}, "days"),
        ({"DRAFT_RETENTION_DAYS": "a month"}, "days"),
        ({"LOG_FORMAT": "xml"}, "console or json"),
        ({"LOG_LEVEL": "loud"}, "debug, info, warning or error"),
    ],
)
def test_a_wrong_setting_names_itself(environ: dict[str, str], says: str) -> None:
    """One line: which setting, and what would be right; never the value, which may be a secret."""
    line = problem(**environ)
    name = next(iter(environ))
    assert line.startswith(f"{name} must ")
    assert says in line
    assert not [given for given in (*SECRETS, "pw-secret") if given in line]


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TELEGRAM_WEBHOOK_URL": "https://bot.example.org"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"LEAD_WEBHOOK_URL": "https://crm.example.org"}, "LEAD_WEBHOOK_SECRET"),
        ({"SECURITY_POLICY": "https://example.org/policy"}, "SECURITY_CONTACT"),
        ({"DATABASE_URL": "postgresql://host/name"}, "DATA_KEY"),
    ],
)
def test_a_setting_that_another_needs_is_asked_for(environ: dict[str, str], name: str) -> None:
    """Half a pair is worse than none: the missing half is named."""
    assert problem(**environ) == f"{name} must be set when {next(iter(environ))} is" + (
        " postgresql://" if name == "DATA_KEY" else ""
    )


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    """NAME_FILE reads a setting from a file, as containers hand over secrets."""
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    token = load(TELEGRAM_BOT_TOKEN_FILE=str(file)).telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == TOKEN
    port = tmp_path / "port"
    port.write_text("9001")
    assert load(HTTP_PORT_FILE=str(port)).http_port == 9001
    port.write_text("")
    assert load(HTTP_PORT_FILE=str(port)).http_port == 8080


def test_a_secret_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """A forgotten mount is found at the start, not at the first lead."""
    assert "DATA_KEY_FILE must name a file that can be read" in problem(DATA_KEY_FILE=str(tmp_path / "none"))
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    assert "UTF-8" in problem(DATA_KEY_FILE=str(binary))
    assert "not both" in problem(HTTP_PORT="1", HTTP_PORT_FILE=str(binary))


def test_an_empty_setting_is_not_set() -> None:
    """A copied .env.example with empty lines changes nothing."""
    assert load(TELEGRAM_BOT_TOKEN="", HTTP_PORT=" ", CONTACT_EMAIL="") == load()


def test_env_file_and_environment(tmp_path: Path) -> None:
    """.env is read, the environment goes before it, and a dollar sign is a dollar sign."""
    env = tmp_path / ".env"
    env.write_text("HTTP_PORT=9002\nMETRICS_TOKEN='a${HOME}b'\nOTHER=1\nLOG_LEVEL\n")
    settings = load_settings({"HTTP_PORT": "9003"}, env)
    assert settings.http_port == 9003
    assert settings.metrics_token is not None
    assert settings.metrics_token.get_secret_value() == "a${HOME}b"
    assert load_settings({}, tmp_path / "none").http_port == 8080
    env.write_bytes(b"\xff\xfe=1")
    with pytest.raises(SettingsError, match="text file"):
        load_settings({}, env)


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without anything given, it is the process's own environment."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PORT", "9004")
    assert load_settings(env_file=None).http_port == 9004


@pytest.mark.parametrize(
    ("name", "url"), [("DATABASE_URL", "sqlite:///{}/in/the/way.db"), ("MAIL_URL", "file:{}/mail")]
)
def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path, name: str, url: str) -> None:
    """A lead must never be the first to find out."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "can be written" in problem(**{name: url.format(blocked)})
    if name == "DATABASE_URL":
        assert "is a folder" in problem(DATABASE_URL=f"sqlite:///{tmp_path}")


def test_file_urls_of_every_form(tmp_path: Path) -> None:
    """file:folder, file:/folder and file:///folder mean what they say."""
    assert load(MAIL_URL="file:some%20mail").mail_folder == Path("some mail")
    assert load(MAIL_URL=f"file:{tmp_path}").mail_folder == tmp_path
    assert load(MAIL_URL=f"file://{tmp_path}").mail_folder == tmp_path
    assert load(DATABASE_URL=f"sqlite:///{tmp_path}/bot.db").database_path == tmp_path / "bot.db"


def test_the_address_people_use() -> None:
    """Unless one is set, it is that of this machine, as far as it is known."""
    assert load(PUBLIC_URL="https://bot.example.org").public_url == "https://bot.example.org"
    assert load(HTTP_HOST="0.0.0.0", HTTP_PORT="80").public_url == "http://127.0.0.1:80"
    assert load(HTTP_HOST="bot.local", HTTP_PORT="80").public_url == "http://bot.local:80"


@pytest.mark.parametrize(
    ("environ", "telegram"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128/"}, "http://proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "HTTP://me:p%40ss@10.0.0.1:8080"}, "http://me:p%40ss@10.0.0.1:8080"),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .telegram.org"}, None),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "telegram.org"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*.telegram.org:443"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "telegram.org:8443,gram.org,10.0.0.0/8"}, "http://p:1"),
    ],
)
def test_proxies(environ: dict[str, str], telegram: str | None) -> None:
    """A municipality's proxy is used for what it is meant for, by the names and forms that curl knows."""
    settings = load(TELEGRAM_BOT_TOKEN=TOKEN, **environ)
    assert settings.proxy_for(settings.telegram_api_url) == telegram


def test_what_goes_round_the_proxy() -> None:
    """Addresses and networks are told apart as operators write them."""
    settings = load(HTTP_PROXY="http://p:1", NO_PROXY="127.0.0.0/8 10.1.2.3, fd00::/8,crm.example:8000")
    near = ("http://127.0.0.9:8081", "http://10.1.2.3/x", "http://[fd00::5]:80/", "http://crm.example:8000/hook")
    assert [settings.proxy_for(url) for url in near] == [None] * 4
    assert settings.proxy_for("http://10.1.2.4/x") == settings.proxy_for("http://crm.example/hook") == "http://p:1"


@pytest.mark.parametrize(
    "proxy", ["socks5://p:1", "https://p:443", "http://", "http://p:99999", "http://p:1/x", "http://a b"]
)
def test_a_proxy_that_cannot_be_used(proxy: str) -> None:
    """It stops the start where it would be used, with what would be right; else it is nobody's business."""
    assert "http://host:port" in problem(HTTPS_PROXY=proxy, TELEGRAM_BOT_TOKEN=TOKEN)
    assert problem(http_proxy=proxy, LEAD_WEBHOOK_URL="http://127.0.0.1:1/", LEAD_WEBHOOK_SECRET="x" * 9)
    assert load(HTTPS_PROXY=proxy).https_proxy == proxy


def test_a_proxys_password_is_a_secret() -> None:
    """The logs redact it, and the settings do not show it."""
    settings = load(HTTPS_PROXY="http://me:p%40ss@p:1")
    assert {"p@ss", "p%40ss"} <= set(settings.secrets())
    assert "p%40ss" not in repr(settings)


def test_settings_are_frozen_and_known() -> None:
    """Nothing changes them afterwards, and a misspelt name in code is an error."""
    with pytest.raises(ValidationError):
        load().http_port = 1
    with pytest.raises(ValidationError):
        Settings.model_validate({"htp_port": 1})


def test_every_setting_is_in_the_example() -> None:
    """An operator finds every setting in .env.example, with its default, and the example itself is right."""
    lines = EXAMPLE.read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert sorted(named) == sorted(NAMES)
    assert load(**named) == load()


def test_schemes_in_capitals() -> None:
    """How a scheme is capitalised makes no difference to where data and mail go."""
    settings = load(
        DATABASE_URL="SQLite:///data/bot.db",
        MAIL_URL="SMTP://mail.example.org",
        PUBLIC_URL="HTTPS://bot.example.org",
        TELEGRAM_API_URL="HTTP://127.0.0.1:8081",
    )
    assert (settings.database_kind, settings.database_path) == ("sqlite", Path("data/bot.db"))
    assert settings.mail_kind == "smtp"
    assert is_https(settings.public_url)
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert load(MAIL_URL="File:mail").mail_folder == Path("mail")
    assert load(MAIL_URL="SMTPS://mail.example.org").mail_kind == "smtps"
    assert load(DATABASE_URL="PostgreSQL://host/name", DATA_KEY=KEY).database_url == "postgresql://host/name"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:geheim@db1:5432,db2:5433/bot?target_session_attrs=read-write",
        "postgresql:///bot?host=/var/run/postgresql&user=bot&password=geheim",
        "postgresql://bot:geheim@%2Fvar%2Frun%2Fpostgresql/bot?options=-csearch_path%3Dcursus&sslmode=verify-full",
        "postgresql://bot:gehei%6D@[::1]:5432/bot",
    ],
)
def test_every_way_to_reach_postgresql(url: str) -> None:
    """Several hosts, sockets, options: an address is taken as PostgreSQL has it, its password kept out of logs."""
    settings = load(DATABASE_URL=url, DATA_KEY=KEY)
    assert settings.database_url == url
    assert "geheim" in settings.secrets()


@pytest.mark.parametrize("name", ["bot.db", "my%20bot.db", "a#b.db", "a%3Fb.db", "a~b.db"])
async def test_the_database_file_is_the_one_that_is_named(tmp_path: Path, name: str) -> None:
    """The lock and the rights are seen to on the very file that is opened, however its address is written."""
    settings = load(DATABASE_URL=f"sqlite:///{tmp_path}/data/{name}")
    await (await Storage.open(settings.database_url, data_key=KEY)).close()
    assert settings.database_path is not None
    assert settings.database_path.exists()
