"""One transaction in which tables change: by one process at a time, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from storage.engine import reason
from storage.errors import MigrationFailed, StorageError

_LOCK = 7_203_519_846  # any number that no other program on this database uses


@contextmanager
def alone(engine: sa.Engine, head: str) -> Iterator[sa.Connection]:
    """
    Give a connection on which nobody else can change the tables; what is done with it is to bring them to ``head``.

    Raises MigrationFailed; the old state is then untouched.
    """
    try:
        with engine.execution_options(immediate=True).connect() as connection:
            if connection.dialect.name == "sqlite":
                # Rebuilding a table drops the old one, which would remove the rows that refer to it. Has no effect
                # inside a transaction; the connection is thrown away afterwards.
                _without_foreign_keys(connection)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection
    except StorageError:
        raise
    except Exception as error:
        raise MigrationFailed(f"the tables could not be brought to {head}: {reason(error)}") from error
    finally:
        engine.dispose()


def _without_foreign_keys(connection: sa.Connection) -> None:
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
