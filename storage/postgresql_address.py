"""
How a PostgreSQL server is reached: by the operator's address, read by PostgreSQL's own library, and our defaults.

So whatever that library knows works: several hosts, unix sockets, ``sslmode``, ``target_session_attrs``, a service.
What the address names goes before what we would set. Nothing of ours travels in the start-up message but what
poolers know (PgBouncer refuses a connection that begins with ``options``).
"""

import re
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from storage.errors import UnknownDatabase

#: what goes for a connection where the address says nothing; seconds, and milliseconds for tcp_user_timeout
_DEFAULTS = {
    "connect_timeout": "5",
    "tcp_user_timeout": "5000",  # a server that vanished is given up, and another connection taken
    "keepalives_idle": "30",  # often enough for firewalls that forget quiet connections
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "fallback_application_name": "course-bot",
}
#: what goes for every connection: poolers give each transaction another session, so nothing may be prepared in one
_ALWAYS: dict[str, Any] = {"autocommit": True, "prepare_threshold": None, "client_encoding": "utf8"}
_ESCAPES = "write a sign like @ : / ? % in a password as %40 %3A %2F %3F %25"


@dataclass(frozen=True, kw_only=True)
class Address:
    """An operator's address. ``parts`` holds the password: never to be shown."""

    parts: dict[str, Any] = field(repr=False)

    @classmethod
    def read(cls, url: str) -> "Address":
        """Read ``postgresql://…``. Raises UnknownDatabase, without showing a password."""
        try:
            parts = conninfo_to_dict(url)
        except psycopg.Error as error:
            raise UnknownDatabase(f"DATABASE_URL cannot be read: {_shown(str(error))}") from None
        if url.partition("?")[0].count("@") > 1 or not re.fullmatch(r"[\d,]*", str(parts.get("port", ""))):
            raise UnknownDatabase(f"DATABASE_URL cannot be read: {_ESCAPES}")
        return cls(parts=parts)

    @property
    def database(self) -> str:
        """The database's name on its server, as far as the address names it."""
        return str(self.parts.get("dbname", ""))

    @property
    def arguments(self) -> dict[str, Any]:
        """What psycopg connects with."""
        return {**_DEFAULTS, **self.parts, **_ALWAYS}

    def begin(self, patience: float) -> str:
        """
        Give the statement that begins a transaction in which nothing waits for ever; ``patience`` is in seconds.

        In one message, so that it costs no more than BEGIN alone; for this transaction alone, so that it holds where
        every transaction gets another session. What the operator sets with ``options`` stays theirs.
        """
        wait = int(patience * 1000)
        limits = {
            "lock_timeout": wait,
            "statement_timeout": 2 * wait,
            "idle_in_transaction_session_timeout": 6 * wait,
        }
        named = re.findall(r"\w+", str(self.parts.get("options", "")))
        return "; ".join(
            ["BEGIN", *(f"SET LOCAL {name} = {value}" for name, value in limits.items() if name not in named)]
        )


def advice(problem: str) -> str:
    """Give what to write instead, after what the server or a pooler said; empty where that says it all."""
    said = problem.lower()
    if "unsupported startup parameter" in said and "options" in said:
        return "PgBouncer takes no options=…: leave it out, or set ignore_startup_parameters=options in pgbouncer.ini"
    if "unsupported startup parameter" in said:
        return "name it in ignore_startup_parameters in pgbouncer.ini"
    if "transaction blocks not allowed" in said:
        return "set pool_mode=transaction or session in pgbouncer.ini: pool_mode=statement allows no transactions"
    if "no pg_hba.conf entry" in said and "no encryption" in said:
        return "the server wants encryption: add ?sslmode=require"
    if "server does not support ssl" in said:
        return "the server has no encryption: leave sslmode out, or write sslmode=prefer"
    return ""


def _shown(said: str) -> str:
    """Give the library's complaint without what it quotes, which may be a part of the password; names stay."""
    if named := re.fullmatch(r'invalid URI query parameter: "([a-z_]+)"', said.strip()):
        return f"there is no connection option {named[1]}"
    return f"{said.strip().partition(':')[0]}; {_ESCAPES}"
