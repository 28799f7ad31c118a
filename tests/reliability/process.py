"""``python -m bot`` as processes of their own, that can be killed without warning and started again."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """These settings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "160", "LOG_FORMAT": "json", **settings}


async def command(folder: Path, settings: Mapping[str, str], *words: str) -> tuple[int, str]:
    """Run ``python -m bot …`` to its end; its exit code, and all it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, cwd=folder, env=environment(settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(START_SECONDS):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


@dataclass(kw_only=True)
class BotProcess:
    """One ``python -m bot run``, started as often as it is killed."""

    settings: Mapping[str, str]
    folder: Path
    name: str = "bot"
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where its web chat is."""
        return f"http://127.0.0.1:{self.settings['HTTP_PORT']}"

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def log(self) -> str:
        """What all its runs printed."""
        file = self.folder / f"{self.name}.log"
        return file.read_text() if file.exists() else ""

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it; return once people can chat."""
        await self.launch()
        await self.answers()

    async def launch(self) -> None:
        """Start it, and wait for nothing."""
        assert not self.running
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment(self.settings),
                stdout=log, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip

    async def answers(self) -> None:
        """Wait until people can chat."""
        async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
            while True:
                assert self.running, self.log
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(f"{self.url}/healthz", timeout=aiohttp.ClientTimeout(2)) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def pause(self) -> None:
        """Let it stand still, as an overloaded machine does."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    async def stop(self) -> float:
        """Ask it to end; how many seconds that took. Its exit code must be 0."""
        if not self.running or self._process is None:
            return 0.0
        began = time.monotonic()
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                code = await self._process.wait()
        except TimeoutError:
            await self.kill()
            raise AssertionError(f"{self.name} did not end:\n{self.log}") from None
        assert code == 0, self.log
        return time.monotonic() - began


@contextlib.asynccontextmanager
async def started(*bots: BotProcess) -> AsyncIterator[None]:
    """Start these, and leave none running; what they printed stands in a failure."""
    try:
        await asyncio.gather(*(bot.start() for bot in bots))
        yield
    except Exception as failure:
        for bot in bots:
            failure.add_note(f"{bot.name} printed:\n{bot.log[-4000:]}")
        raise
    finally:
        for bot in bots:
            if bot.running:
                await bot.kill()
