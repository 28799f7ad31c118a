"""Logs that say what happened and never who or with which secret; and what is counted."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from prometheus_client import generate_latest

from bot.observing.logs import configure_logs
from bot.observing.metrics import Metrics
from bot.settings import SettingsError

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the logging of the other tests alone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def logged(form: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure_logs("json" if form == "json" else "console", level, ["hunter22", "no"], stream)
    return stream


def test_a_json_line_an_event() -> None:
    """An operator's tools read the log line by line."""
    stream = logged()
    structlog.get_logger().info("lead_saved", reference="K7M2-PX", seconds=0.5, ok=True, none=None)
    line = json.loads(stream.getvalue())
    assert line["event"] == "lead_saved"
    assert (line["reference"], line["seconds"], line["ok"], line["none"]) == ("K7M2-PX", 0.5, True, None)
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC


def test_the_console_is_for_people() -> None:
    """Without colours where nobody sees them."""
    stream = logged("console")
    structlog.get_logger().warning("deliveries_wait", kind="mail")
    assert "deliveries_wait" in stream.getvalue()
    assert "kind=mail" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", TOKEN),
        ("the password is hunter22.", "hunter22"),
        ("postgresql://bot:sup3r@db/bot", "sup3r"),
        ("from Zoë <zoe.v+x@mail.example.org>", "zoe.v"),
        ("call +31 6 1234 5678 now", "1234"),
    ],
)
def test_secrets_and_addresses_are_redacted(form: str, text: str, hidden: str) -> None:
    """Whatever ends up in a log line by mistake: tokens, passwords, addresses and numbers are not readable."""
    stream = logged(form)
    structlog.get_logger().info("oops", value=text, deep={"a": [text]}, other=ValueError(text))
    logging.getLogger("some.library").warning("failed: %s", text)
    assert stream.getvalue().count("\n") == 2
    assert hidden not in stream.getvalue()


def test_what_is_no_secret_stays_readable() -> None:
    """Times, counts and short words are not mistaken for secrets."""
    stream = logged()
    structlog.get_logger().info("no_secret", at="2026-11-02T09:30:00.123456+00:00", url="http://127.0.0.1:8080", n=1)
    line = json.loads(stream.getvalue())
    assert (line["at"], line["url"], line["event"]) == (
        "2026-11-02T09:30:00.123456+00:00",
        "http://127.0.0.1:8080",
        "no_secret",
    )


def test_an_error_shows_where_not_what_was_typed() -> None:
    """A traceback helps to find the fault; the exception's text may quote a person and is left out."""
    stream = logged()
    try:
        try:
            int("Zoë van 't Hoff")
        except ValueError as error:
            raise KeyError("her words") from error
    except KeyError:
        structlog.get_logger().exception("turn_failed")
        logging.getLogger("asyncio").exception("task failed")
    for line in map(json.loads, stream.getvalue().splitlines()):
        assert "test_logs.py" in line["exception"]
        assert line["exception"].index("ValueError") < line["exception"].index("KeyError")
        assert "Zoë" not in line["exception"].replace('int("Zoë van', "")
        assert "'her words'" not in line["exception"]


def test_errors_of_our_own_and_of_the_system_are_told() -> None:
    """Their texts are known to be free of what people typed."""
    stream = logged()
    structlog.get_logger().error("a", exc_info=SettingsError("HTTP_PORT", "must be free"))
    structlog.get_logger().error("b", exc_info=OSError(28, "No space left on device"))
    structlog.get_logger().error("c", exc_info=None)
    first, second, third = map(json.loads, stream.getvalue().splitlines())
    assert first["exception"] == "SettingsError: HTTP_PORT must be free"
    assert "No space left" in second["exception"]
    assert "exception" not in third


def test_libraries_are_heard_when_they_warn() -> None:
    """Their chatter, which names every address called, is not; not even at debug."""
    stream = logged(level="debug")
    for name in ("httpx", "aiohttp.access", "uvicorn.access", "telegram.Bot"):
        logging.getLogger(name).info("GET /bot%s/getMe", TOKEN)
    structlog.get_logger().debug("ours")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old function", stacklevel=1)
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert ours["event"] == "ours"
    assert "old function" in theirs["event"]


def test_the_level_is_kept() -> None:
    """At warning, news is not logged."""
    stream = logged(level="warning")
    structlog.get_logger().info("news")
    assert stream.getvalue() == ""


def test_metrics_are_shown_without_people() -> None:
    """/metrics shows counts by channel and kind, and the process's own figures."""
    metrics = Metrics()
    metrics.turns.labels("web", "answered").inc()
    metrics.leads.labels("web", "created").inc()
    metrics.turn_seconds.labels("web").observe(0.004)
    metrics.channel_up.labels("telegram").set(0)
    metrics.task_restarts.labels("outbox").inc()
    metrics.watch(metrics.waiting, lambda: 3, kind="mail")
    metrics.watch(metrics.given_up, lambda: 0)
    page = generate_latest(metrics.registry).decode()
    for line in (
        'course_bot_turns_total{channel="web",outcome="answered"} 1.0',
        'course_bot_turn_seconds_bucket{channel="web",le="0.005"} 1.0',
        'course_bot_outbox_waiting{kind="mail"} 3.0',
        "course_bot_outbox_given_up 0.0",
        "process_resident_memory_bytes",
    ):
        assert line in page
    Metrics()  # two stand side by side
