"""
The key of the keyed hashes: made at the first start, kept in the database, wrapped by the data key.

It stays the same when the data key changes, so that what was hashed before is still found.
"""

from sqlalchemy import bindparam, select

from storage.crypto import DataKeys, new_hash_key
from storage.engine import Connection
from storage.errors import WrongKey
from storage.repositories.base import insert_missing
from storage.tables import meta

NAME = "hash-key"
_GET = select(meta.c.value).where(meta.c.name == bindparam("which"))


async def wrapped_hash_key(connection: Connection) -> str | None:
    """Give the wrapped key; None when there is none yet, and so no data either."""
    rows = await connection.rows(_GET, {"which": NAME})
    return rows[0].value if rows else None


async def use_hash_key(connection: Connection, keys: DataKeys) -> None:
    """Let the keys use this database's hash key, made first when there is none. Raises WrongKey."""
    if await wrapped_hash_key(connection) is None:
        row = {"name": NAME, "value": keys.seal(new_hash_key())}
        await connection.run(insert_missing(meta, connection.dialect), [row])  # another process may be first
    wrapped = await wrapped_hash_key(connection)
    try:
        keys.use_hash_key(keys.open(wrapped or ""))
    except WrongKey:
        raise WrongKey("DATA_KEY does not fit this database: its data was encrypted with another key") from None
