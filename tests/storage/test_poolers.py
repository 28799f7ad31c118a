"""PostgreSQL as operators reach it: through a pooler, several hosts, any encoding, for days on end."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import psycopg
import pytest
import sqlalchemy as sa

from storage.errors import Rejected, Unavailable, Unreachable
from storage.store import Storage
from tests.pooler import KINDS, pooled, pooled_by_hand
from tests.postgres import PostgresServer
from tests.storage.conftest import KEY, Open
from tests.storage.samples import NOW, conversation, lead, outgoing

MODES = ("transaction", "session")


async def turn(storage: Storage, chat: str) -> None:
    """What a turn does, set-wise, as often as a driver would think of preparing it."""
    for _ in range(7):
        async with storage.transaction() as tx:
            await tx.conversations.load([chat])
            await tx.handled.find([(chat, "1")])
            await tx.conversations.save([conversation(chat)])
            await tx.outbox.add([outgoing(chat), outgoing(chat)])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_pooler(postgres_url: str, opened: Open, kind: str, mode: str) -> None:
    """Six people at once through a pooler as installed: every turn is stored; the tables are made through it too."""
    async with pooled(postgres_url, kind, mode) as url:
        storage = await opened(url, owner="1")
        await asyncio.gather(*(turn(storage, f"telegram:{number}") for number in range(6)))
        async with storage.reading() as tx:
            assert await tx.outbox.waiting_counts() == {"telegram": 6 * 7 * 2}
        await storage.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_waits_for_ever_behind_a_pooler(postgresql_ready: str, opened: Open, kind: str) -> None:
    """A chat that another process holds is given up in time, and what one transaction sets holds in no other."""
    async with pooled(postgresql_ready, kind, "transaction") as url:
        storage = await opened(url, patience=0.2)
        await turn(storage, "telegram:1")
        with psycopg.connect(postgresql_ready) as other:
            other.execute("SELECT * FROM conversations FOR UPDATE")
            with pytest.raises(Unavailable, match="lock"):
                await turn(storage, "telegram:1")
        async with storage._database.reading() as connection:
            inside = (await connection.rows(sa.text("SHOW lock_timeout")))[0][0]
        assert inside == "200ms"
        async with await psycopg.AsyncConnection.connect(url, prepare_threshold=None) as outside:
            assert await (await outside.execute("SHOW lock_timeout")).fetchall() == [("0",)]
        await storage.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_options_behind_a_pooler(postgresql_ready: str, kind: str) -> None:
    """An operator's own options, which PgBouncer does not take: one line says what to write."""
    async with pooled(postgresql_ready, kind, "transaction") as url:
        with pytest.raises(Unreachable, match="ignore_startup_parameters") as raised:
            await Storage.open(f"{url}?options=-csearch_path%3Dpublic", data_key=KEY)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
async def test_statement_mode(postgresql_ready: str, kind: str) -> None:
    """Where every statement gets another session nothing can be stored whole: one line says what to write."""
    async with pooled(postgresql_ready, kind, "statement") as url:
        with pytest.raises(Unreachable, match="pool_mode"):
            await Storage.open(url, data_key=KEY)


async def shown(storage: Storage, *names: str) -> list[str]:
    """What the session has these settings at."""
    async with storage._database.reading() as connection:
        return [(await connection.rows(sa.text(f"SHOW {name}")))[0][0] for name in names]


async def test_the_operators_own_options(postgresql_ready: str, opened: Open) -> None:
    """What the address sets goes before ours; what it says nothing of is ours."""
    own = "options=-c%20statement_timeout%3D77s%20-c%20timezone%3DAmerica/New_York&application_name=cursus"
    more = "connect_timeout=3&sslmode=prefer&target_session_attrs=read-write&keepalives_idle=9"
    storage = await opened(f"{postgresql_ready}?{own}&{more}")
    assert await shown(storage, "statement_timeout", "application_name", "lock_timeout") == ["77s", "cursus", "2s"]
    ours = await opened(postgresql_ready)
    assert await shown(ours, "application_name", "statement_timeout") == ["course-bot", "4s"]


async def test_times_in_another_zone(postgresql_ready: str, opened: Open) -> None:
    """A server in another time zone gives the times that were stored."""
    storage = await opened(f"{postgresql_ready}?options=-c%20timezone%3DAmerica/New_York")
    async with storage.transaction() as tx:
        await tx.outbox.add([outgoing()])
        await tx.conversations.save([conversation()])
    async with storage.reading() as tx:
        loaded = await tx.conversations.load(["telegram:1"])
    assert loaded["telegram:1"] == conversation()
    assert (loaded["telegram:1"].updated_at or NOW).utcoffset() == timedelta()


async def test_several_hosts(postgresql_ready: str, opened: Open) -> None:
    """Of several servers the one is used that can be written, as PostgreSQL's own addresses have it."""
    parts = urlsplit(postgresql_ready)
    netloc = f"{parts.username}:{parts.password}@127.0.0.1:1,{parts.hostname}:{parts.port}"
    url = parts._replace(netloc=netloc, query="target_session_attrs=read-write&connect_timeout=2").geturl()
    await turn(await opened(url), "telegram:1")


async def test_a_socket(postgresql_ready: str, opened: Open) -> None:
    """A server on this machine is reached by its socket, as addresses without a host have it."""
    with psycopg.connect(postgresql_ready) as connection:
        ((folder,),) = connection.execute("SHOW unix_socket_directories").fetchall()
        here = Path(folder) / f".s.PGSQL.{connection.info.port}"
        host = folder if folder and here.exists() else connection.info.host  # a server that was named may be elsewhere
        query = urlencode({"host": host, "port": connection.info.port, "user": connection.info.user})
        password = quote(connection.info.password, safe="")
    url = f"postgresql:///{urlsplit(postgresql_ready).path[1:]}?{query}&password={password}"
    await turn(await opened(url), "telegram:1")


async def test_a_server_without_encryption(postgres_server: PostgresServer) -> None:
    """Where the address wants more than the server has, one line says what to write."""
    with psycopg.connect(postgres_server.url) as connection:
        encrypts = connection.execute("SHOW ssl").fetchall() == [("on",)]
    mode = "verify-full&sslrootcert=/nowhere" if encrypts else "require"
    with pytest.raises(Unreachable, match=r"sslmode|certificate") as raised:
        await Storage.open(f"{postgres_server.url}?sslmode={mode}", data_key=KEY)
    assert "\n" not in str(raised.value)


async def test_a_server_that_takes_few_connections(
    postgresql_ready: str, opened: Open, postgres_server: PostgresServer
) -> None:
    """Where the server takes no more connections, turns wait for one another instead of failing."""
    role = f"few_{secrets.token_hex(4)}"
    with psycopg.connect(postgresql_ready, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'few' CONNECTION LIMIT 2".encode())
        admin.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}".encode())
        admin.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}".encode())
        parts = urlsplit(postgresql_ready)
        storage = await opened(parts._replace(netloc=f"{role}:few@{parts.hostname}:{parts.port}").geturl())
        await asyncio.gather(*(turn(storage, f"telegram:{number}") for number in range(6)))
        await storage.close()
        admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


async def test_a_copy_that_cannot_be_written(
    postgresql_ready: str, opened: Open, postgres_server: PostgresServer
) -> None:
    """After a failover the old server is a read-only copy: nothing is lost, and its connections are not used again."""
    storage = await opened(postgresql_ready)
    await turn(storage, "telegram:1")
    name = urlsplit(postgresql_ready).path[1:]
    with psycopg.connect(postgres_server.url, autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
        await storage._database.close()  # the pool connects anew, to what is a copy now
        try:
            with pytest.raises(Unavailable, match="read-only"):
                await turn(storage, "telegram:2")
        finally:
            admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'.encode())
    await turn(storage, "telegram:2")


async def test_idle_connections_that_were_killed(postgresql_ready: str, opened: Open) -> None:
    """The server or a firewall ends connections that nobody uses: the first message after is answered all the same."""
    storage = await opened(postgresql_ready)
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(storage.reading())
    ours = "application_name = 'course-bot' AND datname = current_database()"
    with psycopg.connect(postgresql_ready, autocommit=True) as admin:
        for _ in range(2):
            admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}".encode())
            await turn(storage, "telegram:1")


@pytest.fixture(params=["SQL_ASCII", "LATIN1", "EUC_JP"])
async def in_another_encoding(request: pytest.FixtureRequest, postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The address of an empty database in an encoding that is not UTF-8."""
    name = postgres_server.create(options=f"ENCODING '{request.param}' LOCALE 'C'")
    yield postgres_server.url_of(name)
    postgres_server.drop(name)


async def test_another_encoding(in_another_encoding: str, opened: Open) -> None:
    """A database in any encoding keeps all that people write."""
    storage = await opened(in_another_encoding)
    told = lead(answers={"name": "Zoë Łukasz 😀"})
    async with storage.transaction() as tx:
        await tx.leads.save([told])
        await tx.outbox.add([outgoing(text="Zoë 😀")])
    async with storage.reading() as tx:
        assert (await tx.leads.list())[0].answers["name"] == "Zoë Łukasz 😀"


@pytest.mark.parametrize("mode", MODES)
async def test_a_server_that_stands_still(postgresql_ready: str, opened: Open, mode: str) -> None:
    """A server that takes what we say and never answers: "not saved" in time, also when asked whether it is there."""
    async with pooled_by_hand(postgresql_ready, mode) as (url, pooler):
        storage = await opened(url, patience=0.3)
        pooler.speaks.clear()
        loop = asyncio.get_running_loop()
        for asked, most in ((turn(storage, "telegram:1"), 2.5), (storage.ping(within=0.2), 1.5)):
            began = loop.time()
            with pytest.raises(Unavailable) as raised:
                await asked
            assert "\n" not in str(raised.value)
            assert loop.time() - began < most
        pooler.speaks.set()
        await turn(storage, "telegram:1")

        async def half() -> None:
            async with storage.transaction() as tx:
                await tx.conversations.load(["telegram:1"])
                pooler.speaks.clear()
                await tx.conversations.save([conversation()])

        with pytest.raises(Unavailable):
            await half()
        pooler.speaks.set()
        await turn(storage, "telegram:1")
        await storage.close()


STATES = ("42P05", "26000", "25006", "57P01", "57P03", "53300", "53100", "55P03", "40001", "40P01", "08P01", "42501",
          "XX001", "58030", "57014", "28P01", "25P02", "42P01", "55000", "0A000", "F0000", "ZZ999")  # fmt: skip
REFUSALS = ("22021", "22P05", "23505", "23514", "42601", "42703", "54000", "P0001")


@pytest.mark.parametrize("code", [*STATES, *REFUSALS])
async def test_what_the_server_says(postgresql_ready: str, opened: Open, code: str) -> None:
    """What a pooler, a failover or a full server says is "not saved"; what is wrong with the data itself is refused."""
    storage = await opened(postgresql_ready)
    statement = sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'it is so' USING ERRCODE = '{code}'; END $$")
    with pytest.raises(Rejected if code in REFUSALS else Unavailable) as raised:
        async with storage._database.transaction() as connection:
            await connection.run(statement)
    assert str(raised.value) == "it is so"
    await storage.ping()


async def test_a_text_that_the_server_cannot_take(postgresql_ready: str, opened: Open) -> None:
    """A sign that no text can hold is refused, so that it is not tried for ever."""
    storage = await opened(postgresql_ready)
    with pytest.raises(Rejected):
        async with storage.transaction() as tx:
            await tx.processes.heartbeat("a\0b", NOW)
