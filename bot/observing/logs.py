"""Structured logs, to standard error: one line an event, no secret, no address, no message text."""

import contextlib
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: what a secret or an address looks like when nobody told us it is one
_PATTERNS = (
    (re.compile(r"(?<!\d)\d{3,20}:[A-Za-z0-9_-]{20,}"), "[token]"),
    (re.compile(r"(?<=://)[^/\s@]+@"), "[login]@"),
    (re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]++@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"(?<![\w.:-])\+\d[\d ()-]{7,}\d"), "[phone]"),
)
#: libraries that log every request, with tokens in its path; their warnings are kept
_SILENT = ("uvicorn.access", "aiohttp.access", "httpx", "httpcore")


def describe_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """
    A processor that turns ``exc_info`` into where it went wrong. What went wrong may quote what a person typed,
    so the exception's own text is kept only where it is known to be free of that.
    """
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exception()
    if error is not None:
        event["exception"] = "\n".join(_lines(error))
    return event


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _lines(cause)
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    shown = isinstance(error, OSError) or type(error).__module__.partition(".")[0] in ("bot", "storage")
    yield visible(f"{type(error).__qualname__}: {error}") if shown else type(error).__qualname__


def visible(text: str, keep: str = "") -> str:
    """
    The text on one line, with an escape for each sign that nobody would see: it begins no line of its own, moves no
    cursor, turns nothing around, and can be written. The signs of ``keep`` stay.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in keep else _escape(sign) for sign in text)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


class Redaction:
    """A processor that redacts known secrets, and what looks like a token, an address or a phone number."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= 4}, key=len, reverse=True)
        self._known = re.compile("|".join(re.escape(secret) for secret in known)) if known else None

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        """The event without what nobody should read."""
        return {key: self._clean(value, "\n" if key == "exception" else "") for key, value in event.items()}

    def _clean(self, value: Any, keep: str = "") -> Any:
        """The value; text, and what is none of number, truth value or nothing, as cleaned text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, list | tuple):
            return [self._clean(item) for item in value]
        if isinstance(value, dict):
            return {key: self._clean(item) for key, item in value.items()}
        return visible(self.clean_text(value if isinstance(value, str) else str(value)), keep)

    def clean_text(self, text: str) -> str:
        """The text with secrets and addresses redacted."""
        if self._known is not None:
            text = self._known.sub("[secret]", text)
        for pattern, label in _PATTERNS:
            text = pattern.sub(label, text)
        return text


class Patient:
    """A stream that cannot fail: a log whose disk is full, or whose reader went away, is no reason to leave anybody."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return self._stream.isatty()


def configure_logs(
    form: Literal["console", "json"] = "console",
    level: str = "info",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send our logs, from this level up, and the libraries' warnings to a stream, standard error by default."""
    stream = cast(TextIO, Patient(stream or sys.stderr))
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
        Redaction(secrets),
    ]
    renderer = _renderer(form, stream)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _route_libraries(shared, renderer, stream)


def _renderer(form: str, stream: TextIO) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


def _route_libraries(shared: list[Processor], renderer: Processor, stream: TextIO) -> None:
    """Let the warnings of libraries, which use the standard logging, go the same way; their chatter is dropped."""
    handler = logging.StreamHandler(stream)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(()), structlog.stdlib.add_logger_name, *shared[:3]],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *shared[3:],
            renderer,
        ],
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.WARNING)
