"""Addresses among the settings: each is the one that was meant, or the start stops with what to write."""

import contextlib
import string
from urllib.parse import quote, unquote, urlsplit

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError, load_settings

BESIDE = {
    "DATA_KEY": Fernet.generate_key().decode(),
    "LEAD_WEBHOOK_SECRET": "secret",
    "TELEGRAM_WEBHOOK_SECRET": "secret",
}
#: each address setting, with a login in it, where it may have one
WITH_LOGIN = {
    "MAIL_URL": "smtp://{}@mail.example.nl:587",
    "DATABASE_URL": "postgresql://{}@db.example.nl:5432/bot",
    "LEAD_WEBHOOK_URL": "https://{}@crm.example.nl/hook",
    "TELEGRAM_API_URL": "http://{}@api.example.nl:8081",
}
WITHOUT = {"PUBLIC_URL": "https://{}@bot.example.nl", "TELEGRAM_WEBHOOK_URL": "https://{}@bot.example.nl"}
PASSWORDS = st.text(
    st.sampled_from([*string.ascii_letters[:4], *string.punctuation, *string.digits[:2], "é", " "]), min_size=1
)


def load(name: str, value: str) -> Settings:
    return load_settings(BESIDE | {name: value}, None)


def problem(name: str, value: str) -> str:
    """The one line that this setting stops the start with."""
    with pytest.raises(SettingsError) as caught:
        load(name, value)
    line = str(caught.value)
    assert line.startswith(f"{name} must ")
    assert "\n" not in line
    return line


def read(name: str, value: str) -> tuple[str | None, str | None]:
    """The host and the password that the program reads from this setting."""
    parts = urlsplit(str(getattr(load(name, value), name.lower())))
    return parts.hostname, None if parts.password is None else unquote(parts.password)


@pytest.mark.parametrize(("name", "form"), WITH_LOGIN.items())
@given(password=PASSWORDS)
def test_any_password_works_or_is_refused(name: str, form: str, password: str) -> None:
    """Percent-encoded, a password may have every sign; as it is, it is read as it stands there, or refused."""
    host = urlsplit(form).hostname
    assert read(name, form.format(f"bot:{quote(password, safe='')}")) == (host, password)
    with contextlib.suppress(SettingsError):
        assert read(name, form.format(f"bot:{password}")) == (host, unquote(password))


@pytest.mark.parametrize(("name", "form"), [*WITH_LOGIN.items(), *WITHOUT.items()])
@pytest.mark.parametrize("secret", ["4711{}xgeheim", "geheim{}x7", "{}geheim", "geheim{}", "ge/he?im{}x"])
@pytest.mark.parametrize(
    ("sign", "code"), [("#", "%23"), ("@", "%40"), ("/", "%2F"), ("?", "%3F"), ("%", "%25"), (" ", "%20"), ("[", "%5B")]
)
def test_a_sign_that_ends_something_is_named(name: str, form: str, secret: str, sign: str, code: str) -> None:
    """A password with such a sign is refused by how to write that sign, and is not in the line."""
    line = problem(name, form.format(f"bot:{secret.format(sign)}"))
    assert "geheim" not in line
    assert "4711" not in line
    assert code in line or "/" in secret
    assert "%" in line


def test_the_password_that_was_a_port() -> None:
    """What looked like a server named after the user, and a port, is what it is: a password with a # in it."""
    assert "# in its user name or password written as %23" in problem(
        "MAIL_URL", "smtp://bot:4711#x@mail.example.nl:587"
    )
    assert read("MAIL_URL", "smtp://bot:4711%23x@mail.example.nl:587") == ("mail.example.nl", "4711#x")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAIL_URL", "smtp://mail.example.nl/inbox", "nothing behind"),
        ("MAIL_URL", "smtp://mail.example.nl?starttls=1", "nothing behind"),
        ("MAIL_URL", "smtp://mail.example.nl#x", "nothing behind"),
        ("MAIL_URL", "smtp://bot@mail.example.nl", "a user name and a password"),
        ("MAIL_URL", "smtp://:geheim@mail.example.nl", "a user name and a password"),
        ("MAIL_URL", "smtp://mail.example.nl:465", "smtps://"),
        ("MAIL_URL", "smtps://mail.example.nl:587", "smtp://"),
        ("MAIL_URL", "smtp://mail.example.nl:0", "port"),
        ("MAIL_URL", "smtp://mail.example.nl:587,x", "smtp://user"),
        ("MAIL_URL", "smtp://mail..nl", "smtp://user"),
        ("MAIL_URL", "smtp://%zz@mail.example.nl", "%25"),
        ("MAIL_URL", "smtp://bot:%E9@mail.example.nl", "UTF-8"),
        ("MAIL_URL", "mail.example.nl:587", "smtp://user"),
        ("MAIL_URL", "smtp:mail.example.nl", "smtp://user"),
        ("DATABASE_URL", "postgresql://bot:pa/ss@db/bot", "%2F"),
        ("DATABASE_URL", "postgresql://bot:47?ss@db/bot", "%3F"),
        ("PUBLIC_URL", "https://bot.example.nl/chat", "without a path"),
        ("PUBLIC_URL", "https://bot.example.nl/chat/", "without a path"),
        ("PUBLIC_URL", "https://bot.example.nl?", "without ?"),
        ("PUBLIC_URL", "https://bot@bot.example.nl", "without a user name"),
        ("PUBLIC_URL", "https://bot..example.nl", "https://"),
        ("PUBLIC_URL", "https:///bot.example.nl", "https://"),
        ("PUBLIC_URL", "https:/bot.example.nl", "https://"),
        ("PUBLIC_URL", "htps://bot.example.nl", "https://"),
        ("PUBLIC_URL", "//bot.example.nl", "https://"),
        ("PUBLIC_URL", "https://1.2.3.400", "https://"),
        ("PUBLIC_URL", "https://bot.example.nl:0", "port"),
        ("PUBLIC_URL", "https://bot.example.nl:99999", "https://"),
        ("PUBLIC_URL", "https://[::1", "https://"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.nl/telegram/webhook", "appended"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.nl/telegram/webhook/", "appended"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.nl:8080", "8443"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/bot", "without /bot"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/bot123456:geheim", "without /bot"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/file", "without /bot"),
        ("LEAD_WEBHOOK_URL", "https://crm.example.nl/hook#x", "without #"),
        ("LEAD_WEBHOOK_URL", "http://127.0.0.1.evil.nl/hook", "https"),
        ("HTTP_HOST", "127.0.0.1:8080", "HTTP_PORT"),
        ("HTTP_HOST", "[::1]:8080", "HTTP_PORT"),
        ("HTTP_HOST", "a..b", "127.0.0.1"),
        ("HTTP_HOST", "x" * 70, "127.0.0.1"),
        ("HTTP_HOST", "http://127.0.0.1", "127.0.0.1"),
        ("HTTP_HOST", "*", "0.0.0.0"),
        ("METRICS_TOKEN", "geheimé", "plain"),
        ("MAIL_FROM", "Cursus <bot@example.nl>", "alone"),
        ("MAIL_FROM", "jürgen@example.nl", "plain letters"),
        ("MAIL_FROM", "bot@example.nl, info@example.nl", "one e-mail address"),
        ("CONTACT_EMAIL", "Anne <anne@example.nl>", "alone"),
        ("CONTACT_EMAIL", "mailto:anne@example.nl", "e-mail address"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, value: str, says: str) -> None:
    """One line, which says what to write, and has no secret in it."""
    line = problem(name, value)
    assert says in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("PUBLIC_URL", "HTTPS://Bot.Example.NL:443/", "https://bot.example.nl"),
        ("PUBLIC_URL", "https://bot.müller.nl.", "https://bot.xn--mller-kva.nl"),
        ("PUBLIC_URL", "http://[0:0::1]:8080", "http://[::1]:8080"),
        ("TELEGRAM_WEBHOOK_URL", "https://Bot.Example.NL:443/", "https://bot.example.nl"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.nl:8443/cursus/", "https://bot.example.nl:8443/cursus"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("LEAD_WEBHOOK_URL", "https://crm.example.nl/hook?from=a@b.nl", "https://crm.example.nl/hook?from=a@b.nl"),
        ("LEAD_WEBHOOK_URL", "http://[::1]:9/@x", "http://[::1]:9/%40x"),
        ("MAIL_URL", "smtp://info%40example.nl:a:b@mail.example.nl", "smtp://info%40example.nl:a:b@mail.example.nl"),
        ("MAIL_URL", "smtp://[::1]:25", "smtp://[::1]:25"),
        ("MAIL_URL", "smtp://localhost:25/", "smtp://localhost:25/"),
        ("MAIL_FROM", "bot@müller.nl", "bot@xn--mller-kva.nl"),
        ("HTTP_HOST", "[::]", "::"),
    ],
)
def test_what_is_meant_is_kept(name: str, value: str, kept: str) -> None:
    """However it is written, what can be meant by it is what it is."""
    assert getattr(load(name, value.replace("/@x", "/%40x")), name.lower()) == kept


def test_passwords_in_addresses_are_secrets() -> None:
    """The log redacts them, as they are written and as they are meant, wherever an address has one."""
    for name, form in WITH_LOGIN.items():
        assert {"ge#heim", "ge%23heim"} <= set(load(name, form.format("bot:ge%23heim")).secrets())
