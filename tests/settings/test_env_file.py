"""``.env`` with every kind of slip: it says what it means, or the start stops at the line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError, load_settings
from storage import keyfile

SECRET = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def env(tmp_path: Path) -> Path:
    """A place for ``.env``, with nothing in it."""
    return tmp_path / ".env"


def loaded(env: Path, content: str | bytes, tells: int = 0) -> Settings:
    """The settings that this ``.env`` gives; ``tells``: how many lines are said about it."""
    env.write_bytes(content if isinstance(content, bytes) else content.encode())
    told: list[str] = []
    settings = load_settings({}, env, told.append)
    assert len(told) == tells, told
    return settings


def refused(env: Path, content: str | bytes) -> str:
    """The one line that this ``.env`` stops the start with, its own path shortened."""
    env.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as caught:
        load_settings({}, env)
    line = str(caught.value)
    assert "\n" not in line
    assert SECRET not in line
    return line.replace(str(env), ".env")


@pytest.mark.parametrize(
    "content",
    [
        "CONTACT_EMAIL=info@example.nl",
        "CONTACT_EMAIL = info@example.nl",
        "\tCONTACT_EMAIL\t=\tinfo@example.nl\t",
        "export CONTACT_EMAIL=info@example.nl",
        "CONTACT_EMAIL='info@example.nl'",
        'CONTACT_EMAIL="info@example.nl"  # who gets the leads',
        "CONTACT_EMAIL=info@example.nl # who gets the leads",
        "\r\n# a comment\r\nCONTACT_EMAIL=info@example.nl\r\nLOG_LEVEL=info\r\n",
        "CONTACT_EMAIL=info@example.nl\rLOG_LEVEL=info",
        "\ufeffCONTACT_EMAIL=info@example.nl",
        "CONTACT_EMAIL=\nCONTACT_EMAIL=info@example.nl",
        "CONTACT_EMAIL=info@example.nl\nLOG_LEVEL=info\nCONTACT_EMAIL=info@example.nl",
        "CONTACT_EMAIL=\u00a0info@example.nl",
        "LOG_LEVEL\nCONTACT_EMAIL=info@example.nl",
        "COMPOSE_PROJECT_NAME=cursus\nCONTACT_EMAIL=info@example.nl",
    ],
)
def test_what_means_what_it_says(env: Path, content: str) -> None:
    """Spaces, quotes, comments, line ends of every system, a mark at the beginning, export: all are read."""
    assert loaded(env, content).contact_email == "info@example.nl"


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("CONTACT_EMAIL='info@example.nl\n", ".env line 1 (CONTACT_EMAIL)", "quote"),
        ("\n\n# x\nCONTACT_EMAIL='info@example.nl\nCONTACT_PHONE=1\n", ".env line 4 (CONTACT_EMAIL)", "quote"),
        ("A_B=1\nCONTACT_EMAIL='info@example.nl\nLOG_LEVEL='info'\n", ".env line 2 (CONTACT_EMAIL)", "quote"),
        ('CONTACT_EMAIL="a@b.nl\nLOG_LEVEL="\n', ".env line 1 (CONTACT_EMAIL)", "quote"),
        ('CONTACT_EMAIL="info@example.nl" of zo\n', ".env line 1 (CONTACT_EMAIL)", "quote"),
        ("LOG_LEVEL=info\nCONTACT_EMAIL: info@example.nl\n", ".env line 2 (CONTACT_EMAIL)", "NAME=value"),
        ("CONTACT_EMAIL:info@example.nl\n", ".env line 1 (CONTACT_EMAIL)", "NAME=value"),
        ("CONTACT_EMAIL: info@example.nl=\n", ".env line 1 (CONTACT_EMAIL)", "NAME=value"),
        (f"TELEGRAM_BOT_TOKEN:123456789:{SECRET}\n", ".env line 1 (TELEGRAM_BOT_TOKEN)", "NAME=value"),
        (f"TELEGRAM_BOT_TOKEN 123456789:{SECRET}\n", ".env line 1 (TELEGRAM_BOT_TOKEN)", "NAME=value"),
        (f"{SECRET}\n", ".env line 1", "NAME=value"),
        ("set CONTACT_EMAIL=info@example.nl\n", ".env line 1", "NAME=value"),
        ("= info@example.nl\n", ".env line 1", "NAME=value"),
        ("CONTACT_EMAIL\n=info@example.nl\n", ".env line 2", "NAME=value"),
        ("CONTACT_EMAIL=“info@example.nl”\n", ".env line 1 (CONTACT_EMAIL)", "typographic"),
        ("METRICS_TOKEN=‘geheim’\n", ".env line 1 (METRICS_TOKEN)", "typographic"),
        ("METRICS_TOKEN=gehe\u200bim\n", ".env line 1 (METRICS_TOKEN)", "U+200B"),
        ("METRICS_TOKEN=ge\u00a0heim\n", ".env line 1 (METRICS_TOKEN)", "U+00A0"),
        ('METRICS_TOKEN="ge\\nheim"\n', ".env line 1 (METRICS_TOKEN)", "several lines"),
        ("CONTACT_MAIL=info@example.nl\n", ".env line 1", "write CONTACT_EMAIL"),
        ("contact_email=info@example.nl\n", ".env line 1", "write CONTACT_EMAIL"),
        ("CONTACT-EMAIL=info@example.nl\n", ".env line 1", "write CONTACT_EMAIL"),
        ("\u200bCONTACT_EMAIL=info@example.nl\n", ".env line 1", "write CONTACT_EMAIL"),
        ("EMAIL_CONTACT=info@example.nl\n", ".env line 1", "write CONTACT_EMAIL"),
        ("TELEGRAM_TOKEN=x\n", ".env line 1", "write TELEGRAM_BOT_TOKEN"),
        ("BOT_TOKEN=x\n", ".env line 1", "write TELEGRAM_BOT_TOKEN"),
        ("DATABASE=x\n", ".env line 1", "write DATABASE_URL"),
        ("METRICS_TOKEN_FIL=x\n", ".env line 1", "write METRICS_TOKEN_FILE"),
        ("MAIL_SERVER=x\n", ".env line 1", "MAIL_URL"),
        ("LOG_LEVEL=info\n\nHTTP_PORT=1\n\nLOG_LEVEL=debug\n", ".env line 5", "after .env line 1"),
        ("HTTP_PORT=8081\nHTTP_PORT=\n", ".env line 2", "after .env line 1"),
        ("LOG_LEVEL=info\n\nHTTP_PORT=web\n", "HTTP_PORT must be", "(.env line 3)"),
        ("HTTP_PORT=8080;\n", "HTTP_PORT must be", "(.env line 1)"),
        (f"METRICS_TOKEN=a #{SECRET}\n", ".env line 1 (METRICS_TOKEN)", "comment"),
        (f"MAIL_URL=smtp://bot:47 #{SECRET}@mail.example.nl\n", ".env line 1 (MAIL_URL)", "comment"),
        (f"METRICS_TOKEN= #{SECRET}\n", ".env line 1 (METRICS_TOKEN)", "comment"),
        ("CONTACT_EMAIL=info@example.nl\n".encode("utf-16"), ".env", "text file"),
        ("CONTACT_EMAIL=info@example.nl\n".encode("utf-16-le"), ".env", "UTF-16"),
        ("CONTACT_PHONE='één'\n".encode("latin-1"), ".env", "UTF-8"),
        (b"A" * 70_000, ".env", "64 kB"),
    ],
)
def test_a_slip_is_told_by_its_line(env: Path, content: str | bytes, line: str, says: str) -> None:
    """Nothing is ignored in silence: file and line, what to write, and never what may be a secret."""
    told = refused(env, content)
    assert told.startswith(line), told
    assert says in told


def test_what_nobody_reads_is_told(env: Path) -> None:
    """A name that is like no setting stops nothing, as other programs read the same file; it is told all the same."""
    told: list[str] = []
    env.write_text(f"OTHER=1\nSMTP_PASSWORD={SECRET}\n{SECRET}='x'\n")
    assert load_settings({}, env, told.append) == load_settings({}, None)
    assert [line.replace(str(env), ".env").partition(",")[0] for line in told] == [
        ".env line 1 sets OTHER",
        ".env line 2 sets SMTP_PASSWORD",
        ".env line 3 sets something",
    ]
    assert SECRET not in str(told)


def test_a_name_of_the_environment_that_looks_like_ours_is_told(tmp_path: Path) -> None:
    """In the environment other programs have their own names: one that looks like ours is told, and stops nothing."""
    told: list[str] = []
    others = dict.fromkeys(("MAIL", "HTTP_PROXY", "https_proxy", "LOGNAME", "LANGUAGE", "TEST_DATABASE_URL", "TZ"), "x")
    ours = dict.fromkeys(("CONTACT_MAIL", "TELEGRAM_TOKEN", "DATABASE", "http_port", "CONTACT_EMAIL\ud800"), SECRET)
    load_settings(others | ours, None, told.append)
    assert [line.partition(" is ")[0] for line in told] == [
        "CONTACT_MAIL in the environment", "TELEGRAM_TOKEN in the environment", "DATABASE in the environment",
        "http_port in the environment", "contact_email in the environment",
    ]  # fmt: skip
    assert SECRET not in str(told)


def test_a_file_that_is_no_file(env: Path) -> None:
    """A folder where ``.env`` should be (docker makes one), or a link to nowhere, is told, not passed over."""
    env.mkdir()
    with pytest.raises(SettingsError, match="Is a directory"):
        load_settings({}, env)
    env.rmdir()
    env.symlink_to(env.with_name("settings"))
    with pytest.raises(SettingsError, match="No such file"):
        load_settings({}, env)
    env.unlink()
    told: list[str] = []
    env.with_name(".env.txt").write_text("HTTP_PORT=1\n")
    load_settings({}, env, told.append)
    assert "its name must be" in told[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xef\xbb\xbfgeheim\n", None),
        (b"geheim\r\n\r\n", None),
        (b"\n  geheim\t\n", None),
        ("geheim".encode("utf-16"), "UTF-16"),
        ("geheim".encode("utf-16-be"), "UTF-16"),
        (b"gehe\xefm", "UTF-8"),
        (b"geheim\ngeheim\n", "one line"),
        (b"'geheim'", "quotes"),
        ("“geheim”".encode(), "typographic"),
        (b"x" * 70_000, "64 kB"),
    ],
)
def test_a_secret_in_a_file(tmp_path: Path, content: bytes, says: str | None) -> None:
    """However an editor saved it, a secret's file is read, or refused by name."""
    file = tmp_path / "secret"
    file.write_bytes(content)
    if says is None:
        assert load_settings({"METRICS_TOKEN_FILE": str(file)}, None).secrets() == ("geheim",)
        return
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings({"METRICS_TOKEN_FILE": str(file)}, None)
    assert str(caught.value).startswith("METRICS_TOKEN_FILE must ")
    assert "geheim" not in str(caught.value)


def test_a_secret_that_is_no_file(tmp_path: Path) -> None:
    """A folder, a name that cannot be one, a home of nobody: one line; and an empty file is a setting not set."""
    for name in (str(tmp_path), "a\x00b", "~nobody-here/x", str(tmp_path / "none")):
        with pytest.raises(SettingsError) as caught:
            load_settings({"METRICS_TOKEN_FILE": name}, None)
        assert str(caught.value).startswith("METRICS_TOKEN_FILE must name a file that can be read (")
    (tmp_path / "empty").write_bytes(b"\xef\xbb\xbf\n")
    assert load_settings({"METRICS_TOKEN_FILE": str(tmp_path / "empty")}, None).metrics_token is None


def test_the_environment_goes_before_a_file_that_is_not_there(env: Path) -> None:
    """What the environment sets needs nothing of .env; both ways in one source are one too many."""
    env.write_text("HTTP_PORT_FILE=/nowhere\n")
    assert load_settings({"HTTP_PORT": "81"}, env).http_port == 81
    env.write_text("HTTP_PORT_FILE=/nowhere\nHTTP_PORT=80\n")
    with pytest.raises(SettingsError, match="not both"):
        load_settings({}, env)
    for value in ("'8080'", '"8080"'):
        with pytest.raises(SettingsError, match="HTTP_PORT must not stand between quotes"):
            load_settings({"HTTP_PORT": value}, None)


ODD = ("\n", "\r", "\t", "\u00a0", "\u200b", "\ufeff", "”", "é", "\x00", "\x0b", "\u2028")
SIGNS = st.sampled_from([*"AZaz09_=:#'\"\\ $.-", *ODD])
NAMED = st.sampled_from(["CONTACT_EMAIL", "export METRICS_TOKEN", "HTTP_PORT", "MAIL_URL_FILE", "LOG_LEVEL", "OTHER"])
LINES = st.tuples(NAMED, st.sampled_from(["=", " = ", ":", ""]), st.text(SIGNS, max_size=12)).map("".join)


@given(
    content=st.lists(st.one_of(LINES, st.text(SIGNS, max_size=20)), max_size=5).map("\n".join) | st.binary(max_size=60)
)
def test_whatever_stands_in_it(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    """Any content gives settings, or one line that names the file or a setting: never anything else."""
    env = tmp_path_factory.getbasetemp() / "any.env"
    env.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    told: list[str] = []
    try:
        load_settings({}, env, told.append)
    except SettingsError as problem:
        told.append(str(problem))
    assert not [line for line in told if "\n" in line or "\r" in line]


def test_a_key_file_that_an_editor_saved(tmp_path: Path) -> None:
    """The key beside the database is read with a mark before it and another system's line end behind it."""
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbfkey\r\n")
    assert keyfile.read_key(tmp_path / "key") == "key"
