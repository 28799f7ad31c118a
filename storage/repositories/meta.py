"""Small values by name, encrypted: what a lane, such as a staff chat, is called now."""

from typing import Any

from sqlalchemy import bindparam, select

from storage.repositories.base import Repository, upsert
from storage.tables import meta
from storage.unreadable import reading

_PREFIX = "value:"  # apart from what storage itself keeps here
_GET = select(meta.c.value).where(meta.c.name == bindparam("which"))


class Meta(Repository):
    """JSON values by name. Names stand in the table as they are: nothing personal in them."""

    async def get(self, name: str) -> Any:
        """Give the value; None when there is none. Raises Unreadable."""
        rows = await self._connection.rows(_GET, {"which": _PREFIX + name})
        if not rows:
            return None
        with reading(f"the value {name}", rows[0]):
            return self._keys.open(rows[0].value)

    async def set(self, name: str, value: Any) -> None:
        """Store this value, encrypted, in place of the one before; it is anything that JSON has."""
        row = {"name": _PREFIX + name, "value": self._keys.seal(value)}
        await self._connection.write(upsert(meta, self._connection.dialect), [row])
