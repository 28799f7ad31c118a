"""
A server, or a pooler before it, that takes what we say and says nothing: stopped, paused, without a disk.

Its own time-outs do not run then, and asking it to cancel waits for it as well: the connection is cut.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection


@contextmanager
def ends_within(seconds: float, connection: AsyncConnection) -> Iterator[None]:
    """Let the connection be lost when what is asked in the block has no answer after so many seconds."""
    timer = asyncio.get_running_loop().call_later(seconds, _cut, connection)
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: AsyncConnection) -> None:
    """End it as the network does: who waits for an answer reads that there will be none."""
    with suppress(psycopg.Error, OSError, SQLAlchemyError, AttributeError):  # the last two: it is closed already
        session: Any = connection.sync_connection and connection.sync_connection.connection.driver_connection
        with socket.socket(fileno=os.dup(session.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
