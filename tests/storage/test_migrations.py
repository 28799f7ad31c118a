"""Tables are brought up to date whole or not at all, by one process at a time, keeping what is stored."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.case_records import Kind
from storage.contents import Send
from storage.errors import MigrationFailed, NoDatabase
from storage.indexes import metadata
from storage.migrations import FOLDER, HEAD, migrate
from storage.migrations.revision import current
from storage.migrations.run import upgrade
from storage.sqlite_engine import make_engine
from storage.store import Storage
from tests.storage.conftest import Open
from tests.storage.samples import ANSWERS, lead

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    {body}
"""
ADD_COLUMN = 'op.add_column("leads", sa.Column("team", sa.String()))'
BREAK = (
    f"{ADD_COLUMN}\n    op.execute(\"UPDATE leads SET status = 'lost'\")\n    op.execute('SELECT nothing FROM nowhere')"
)
Engine = Callable[[], sa.Engine]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the migrations, to add to."""
    copy: Path = shutil.copytree(FOLDER, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def add(folder: Path, body: str, *, revision: str = "9999", down: str | None = HEAD) -> None:
    """Add a migration."""
    text = NEXT.format(revision=revision, down=down, body=body).replace('"None"', "None")
    (folder / "versions" / f"{revision}_added.py").write_text(text)


def engine_of(url: str) -> sa.Engine:
    """An engine to change the tables with, as storage makes one."""
    if url.startswith("sqlite"):
        return make_engine(Path(url.removeprefix("sqlite:///")), patience=5)
    return sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)


def columns(url: str) -> set[str]:
    """The columns of the leads."""
    engine = engine_of(url)
    with engine.connect() as connection:
        names = {str(column["name"]) for column in sa.inspect(connection).get_columns("leads")}
    engine.dispose()
    return names


@pytest.fixture(params=["sqlite", "postgresql"])
async def filled(request: pytest.FixtureRequest, tmp_path: Path, opened: Open) -> str:
    """The address of a database of this release with a lead in it, all its own."""
    own = f"sqlite:///{tmp_path}/bot.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    storage = await opened(own)
    async with storage.transaction() as tx:
        await tx.leads.save([lead()])
    await storage.close()
    return str(own)


def test_head_is_the_newest() -> None:
    """A start notices every migration there is."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


#: a column that was added later stands at the end, so SQLite's text of a table is compared by what it means
SQLITE = """
    SELECT 'table', name, type, wr, strict, '', '' FROM pragma_table_list WHERE schema = 'main'
    UNION ALL SELECT 'counted', name, sql LIKE '%AUTOINCREMENT%', '', '', '', '' FROM sqlite_master
    UNION ALL SELECT tables.name, column.name, column.type, column."notnull", column.dflt_value, column.pk, hidden
    FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS column WHERE tables.type = 'table'
    UNION ALL SELECT tbl_name, name, sql, '', '', '', '' FROM sqlite_master WHERE type != 'table'
"""


def shape(engine: sa.Engine) -> set[str]:
    """All that a database says of its tables and indexes."""
    columns = "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, "
    statement = {
        "sqlite": SQLITE,
        "postgresql": f"{columns} is_identity FROM information_schema.columns WHERE table_schema = 'public'"
        " UNION ALL SELECT indexname, indexdef, '', '', '', 0, '' FROM pg_indexes WHERE schemaname = 'public'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        rows = {" ".join(str(value) for value in row) for row in connection.execute(sa.text(statement))}
    engine.dispose()
    return rows


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    return f"sqlite:///{tmp_path}/empty.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


async def test_migrations_make_the_tables(empty: str) -> None:
    """What the migrations make is what the code works with, column by column."""
    upgrade(engine_of(empty), HEAD, FOLDER)
    engine = engine_of(empty)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


async def test_a_first_start_makes_what_the_migrations_make(filled: str) -> None:
    """Who begins with this release has the very tables of who came from an earlier one."""
    made = shape(engine_of(filled))
    engine = engine_of(filled)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE alembic_version"))
    engine.dispose()
    assert not any("leads" in row for row in shape(engine_of(filled)))
    upgrade(engine_of(filled), HEAD, FOLDER)
    assert any("leads" in row for row in made)
    assert shape(engine_of(filled)) == made


async def test_tables_of_something_else_are_left_alone(empty: str) -> None:
    """A database in which another program has a table by one of our names is refused in one line, and not touched."""
    engine = engine_of(empty)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE leads (their INTEGER)"))
    before = shape(engine)
    with pytest.raises((MigrationFailed, NoDatabase), match=r"could not be brought to|another program") as raised:
        await migrate(engine_of(empty))
    assert "\n" not in str(raised.value)
    assert shape(engine_of(empty)) == before


async def test_two_first_starts_at_once(postgres_url: str) -> None:
    """Of two processes that find no tables one makes them, and the other waits; SQLite serves only one."""
    await asyncio.gather(*(migrate(engine_of(postgres_url)) for _ in range(3)))
    assert "status" in columns(postgres_url)


def test_a_start_loads_no_alembic(tmp_path: Path) -> None:
    """Alembic, which is slow to load, is loaded only when there are older tables to change."""
    code = (
        "import asyncio, sys; from storage.store import Storage\n"
        f"asyncio.run(Storage.open('sqlite:///{tmp_path}/bot.db', data_key=None))\n"
        "print('alembic' in sys.modules, 'psycopg' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    ]
    assert runs == ["False False\n", "False False\n"]


async def test_data_is_kept(filled: str, folder: Path, opened: Open) -> None:
    """An upgrade keeps what is stored, is not repeated, and the previous release goes on working."""
    add(folder, ADD_COLUMN)
    previous = await opened(filled)
    assert await migrate(engine_of(filled), head="9999", folder=folder)
    assert not await migrate(engine_of(filled), head="9999", folder=folder)
    assert "team" in columns(filled)
    for storage in (previous, await opened(filled)):
        async with storage.transaction() as tx:
            assert await tx.leads.list() == [lead()]
            await tx.leads.save([lead()])


async def test_a_failing_migration_changes_nothing(filled: str, folder: Path, opened: Open) -> None:
    """An upgrade that fails half way leaves tables and data as they were, and says so in one line."""
    add(folder, BREAK)
    with pytest.raises(MigrationFailed, match="could not be brought to 9999") as raised:
        await migrate(engine_of(filled), head="9999", folder=folder)
    assert "\n" not in str(raised.value)
    assert "team" not in columns(filled)
    engine = engine_of(filled)
    assert current(engine) == HEAD
    engine.dispose()
    storage = await opened(filled)
    async with storage.reading() as tx:
        assert await tx.leads.list() == [lead()]


async def test_two_at_once(filled: str, folder: Path) -> None:
    """Of two processes that start on a new release one migrates, and the other waits for it."""
    add(folder, ADD_COLUMN)
    await asyncio.gather(*(migrate(engine_of(filled), head="9999", folder=folder) for _ in range(3)))
    assert "team" in columns(filled)


PARENTS = """
    op.create_table("parents", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String()))
    op.create_table(
        "children",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent", sa.Integer(), sa.ForeignKey("parents.id", ondelete="CASCADE"), nullable=False),
    )
    op.execute("INSERT INTO parents VALUES (1, 'een')")
    op.execute("INSERT INTO children VALUES (1, 1)")
"""
REBUILD = """
    with op.batch_alter_table("parents") as parents:
        parents.alter_column("name", existing_type=sa.String(), nullable=False)
"""
ORPHAN = """op.execute("INSERT INTO children VALUES (2, 7)")"""


async def test_a_rebuilt_table_keeps_its_children(filled: str, folder: Path) -> None:
    """Changing a column, for which SQLite makes the table anew, does not remove the rows that refer to it."""
    add(folder, PARENTS, revision="9000")
    add(folder, REBUILD, revision="9001", down="9000")
    await migrate(engine_of(filled), head="9000", folder=folder)
    await migrate(engine_of(filled), head="9001", folder=folder)
    engine = engine_of(filled)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, parent FROM children")).all() == [(1, 1)]
    engine.dispose()


async def test_broken_references_are_noticed(filled: str, folder: Path) -> None:
    """A migration that leaves a row without the one it refers to is undone."""
    add(folder, PARENTS, revision="9000")
    add(folder, ORPHAN, revision="9001", down="9000")
    await migrate(engine_of(filled), head="9000", folder=folder)
    with pytest.raises(MigrationFailed):
        await migrate(engine_of(filled), head="9001", folder=folder)
    engine = engine_of(filled)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM children")).all() == [(1,)]
    assert current(engine) == "9000"
    engine.dispose()


async def test_storage_keeps_references_on(sqlite_ready: str, opened: Open) -> None:
    """After a migration references are watched again."""
    storage = await opened(sqlite_ready)
    async with storage._database.reading() as connection:
        assert (await connection.rows(sa.text("PRAGMA foreign_keys")))[0][0] == 1
        assert (await connection.rows(sa.text("PRAGMA synchronous")))[0][0] == 2
        assert (await connection.rows(sa.text("PRAGMA journal_mode")))[0][0] == "wal"


@pytest.mark.parametrize("release", sorted(path.name for path in (Path(__file__).parent / "releases").iterdir()))
async def test_every_release_upgrades(release: str, tmp_path: Path, postgres_url: str, opened: Open) -> None:
    """A database of any earlier release opens, with everything in it."""
    folder = Path(__file__).parent / "releases" / release
    key = (folder / "key").read_text().strip()
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.executescript((folder / "sqlite.sql").read_text())
    connection.close()
    engine = engine_of(postgres_url)
    with engine.begin() as postgres:
        postgres.exec_driver_sql((folder / "postgresql.sql").read_text().replace("%", "%%"))
    engine.dispose()
    for url in (f"sqlite:///{tmp_path}/bot.db", postgres_url):
        await check_release(await opened(url, data_key=key, owner="next"))


async def test_cases_are_made_of_what_is_there(empty: str, opened: Open) -> None:
    """Leads and questions of an earlier release are cases that staff can pick up, each once; lists are none."""
    upgrade(engine_of(empty), "0002", FOLDER)
    engine = engine_of(empty)
    notices = (("3", "'Q1'"), ("4", "'Q1'"), ("5", "'leads'"), ("6", "NULL"))
    with engine.begin() as connection:
        for number, question in notices:
            values = f"'staff', {number}, 'someone', NULL, {question}, ''"
            connection.exec_driver_sql(
                f"INSERT INTO notices (staff_hash, message_id, chat_hash, lead, question, data) VALUES ({values})"
            )
    engine.dispose()
    async with (await opened(empty)).reading() as tx:
        [made], _ = await tx.cases.page(1)
    assert (made.reference, made.kind, made.status, made.chat) == ("Q1", Kind.QUESTION, "new", None)


async def check_release(storage: Storage) -> None:
    """Find what ``releases.py`` stored."""
    async with storage.transaction() as tx:
        (known,) = (await tx.conversations.load(["web:1"])).values()
        assert known.draft is not None
        assert known.draft.answers == ANSWERS
        assert [item.answers for item in known.leads] == [ANSWERS]
        assert len(await tx.leads.chats_by_email(ANSWERS["email"])) == 1
        counts = await tx.leads.counts()
        assert (counts["interest"], counts["organisation_type"]) == ({"both": 1}, {"municipality": 1})
        changed = replace(known.leads[0], answers=ANSWERS | {"email": "nieuw@x.nl"})
        await tx.leads.save([changed])
        assert len(await tx.leads.chats_by_email(ANSWERS["email"])) == 1
        assert await tx.leads.list() == [changed]
        assert list(await tx.handled.find([("web:1", "7")])) == [("web:1", "7")]
        assert [said.content for said in await tx.transcript.of("web:1")] == [{"text": "hoi"}]
        assert [item.question for item in await tx.questions.recent()] == ["Is er parkeren?"]
        made = await tx.cases.find("KX7M")
        assert made
        assert (made.kind, made.status, made.chat) == (Kind.LEAD, "new", None)
        notice = await tx.notices.find("telegram:-1", 5)
        assert notice is not None
        assert notice.chat == "web:1"
        waiting = await tx.outbox.take(known.draft.started_at.replace(year=2100))
        assert [item.content for item in waiting] == [Send(html="Dag Marjolein")]
        assert [item.id for item in await tx.outbox.add(waiting)] == [(waiting[0].id or 0) + 1]
