"""What is stored and cannot be read: one record's fault, and nobody else's."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from storage.errors import Unreadable, WrongKey

Record = TypeVar("Record")

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
    except WrongKey:
        raise Unreadable(f"{what} cannot be read: it was encrypted with a key that DATA_KEY does not hold") from None
    except Exception as error:  # it is no JSON, or not what belongs there
        raise Unreadable(f"{what} cannot be read: {type(error).__name__}") from None


def readable(rows: Iterable[Any], read: Callable[[Any], Record]) -> Iterator[Record]:
    """Give the records of these rows; those that cannot be read are left out."""
    for row in rows:
        try:
            yield read(row)
        except Unreadable:
            continue
