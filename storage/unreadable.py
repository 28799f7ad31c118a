"""What is stored and cannot be read: one record's fault, and nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from storage.errors import Unreadable

#: what stands in a row for a time that is none
GARBLED = object()


@contextmanager
def reading(what: str, row: Any) -> Iterator[None]:
    """Raise Unreadable, which says what, for whatever goes wrong while this row is made a record."""
    if any(value is GARBLED for value in row):
        raise Unreadable(f"{what} cannot be read: it has a time that is none")
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:  # no key opens it, it is no JSON, or it is not what belongs there
        raise Unreadable(f"{what} cannot be read: {type(error).__name__}") from None
