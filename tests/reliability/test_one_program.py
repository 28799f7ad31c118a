"""One program on one SQLite file."""

from pathlib import Path

import pytest

from storage.errors import InUse, NotWritable
from storage.lock import alone_on
from tests.journey.program import free_port
from tests.reliability.process import BotProcess, command, started

pytestmark = pytest.mark.timeout(300)


async def test_a_second_run_is_refused(tmp_path: Path) -> None:
    """A second `run` on the same file ends with one clear line; commands work; after a kill the next one starts."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/bot.db", "HTTP_PORT": str(free_port())}
    bot = BotProcess(settings=settings, folder=tmp_path)
    async with started(bot):
        code, output = await command(tmp_path, settings | {"HTTP_PORT": str(free_port())}, "run")
        assert (code, output.count("\n")) == (2, 1), output
        assert output.startswith("DATABASE_URL")
        assert "another program runs" in output
        code, output = await command(tmp_path, settings, "outbox", "list")
        assert code == 0, output
        await bot.kill()
        await bot.start()
        await bot.stop()


def test_the_lock(tmp_path: Path) -> None:
    """The lock is one program's while that runs, and free afterwards."""
    file = tmp_path / "bot.db"
    with alone_on(file), pytest.raises(InUse, match="another program"), alone_on(file):
        pass
    with alone_on(file):
        pass
    (tmp_path / "folder.lock").mkdir()
    with pytest.raises(NotWritable), alone_on(tmp_path / "folder"):
        pass
