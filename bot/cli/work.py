"""What every command does: read the settings, open the database, end with one line where it cannot go on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NoReturn

import typer

from bot.running.ending import FAILED
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.cli.operator import Operator

WRONG = 2


def wrong(text: str) -> NoReturn:
    """End with this line and exit code 2: wrong use or wrong settings."""
    typer.echo(text, err=True)
    raise SystemExit(WRONG)


def failed(text: str) -> NoReturn:
    """End with this line and exit code 1: it could not be done."""
    typer.echo(text, err=True)
    raise typer.Exit(FAILED)


def read_settings() -> Settings:
    """The settings, with logs as they say."""
    from bot.observing.logs import configure_logs

    settings = load_settings(tell=lambda line: typer.echo(line, err=True))
    configure_logs(settings.log_format, settings.log_level, settings.secrets())
    return settings


def go(work: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine; a database that fails meanwhile ends it with one line and exit code 1."""
    from storage.errors import StorageError

    try:
        asyncio.run(_awaited(work))
    except StorageError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(FAILED) from None


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()


def with_operator(work: "Callable[[Operator], Awaitable[None]]") -> Callable[[], Awaitable[None]]:
    """A piece of work with the database open, as a coroutine function."""

    async def open_and_work() -> None:
        from bot.cli.operator import Operator, Wrong
        from bot.loading import open_storage

        settings = read_settings()
        storage = await open_storage(settings)
        try:
            await work(Operator(settings, storage))
        except Wrong as problem:
            typer.echo(str(problem), err=True)
            raise typer.Exit(FAILED) from None
        finally:
            await storage.close()

    return open_and_work
