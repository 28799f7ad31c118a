"""Runs the program until it is told to stop, and stops it cleanly."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence

import structlog
import uvicorn

from bot.app import Program, build
from bot.channels.entry import Opener
from bot.loading import Load, load_spoken
from bot.running.listening import listen
from bot.running.reloading import Reloading
from bot.running.supervision import keep_running
from bot.settings import Settings, SettingsError
from bot.web.connection import server_config
from bot.web.doors import Doors, raise_file_limit, room_for_connections
from storage.errors import InUse, StorageError
from storage.lock import alone_on

log = structlog.get_logger()

OUTBOX_SECONDS = 2.5  #: what the outbox may take to finish when stopping
WEB_SECONDS = 1  #: what open requests may take


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGINT and SIGTERM alone."""
        yield


async def serve_until_signal(settings: Settings, announce: Callable[[Settings], None], listener: socket.socket) -> None:
    """As ``serve``, until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    await serve(settings, stopping, announce, listener=listener)


async def serve(
    settings: Settings,
    stopping: asyncio.Event,
    announce: Callable[[Settings], None],
    load: Load = load_spoken,
    more: Sequence[Opener] = (),
    listener: socket.socket | None = None,
) -> None:
    """
    Run until ``stopping`` is set; ``announce`` is called when people can chat, ``load`` reads the messages folder.
    ``more``: channels beside the web and Telegram; ``listener``: the socket people come to, where it is open already.

    Raises SettingsError or WordingError when it cannot start, RuntimeError when the web server ended by itself.
    """
    with contextlib.closing(listener or listen(settings)) as people, _alone(settings):
        program = await build(settings, load, more)
        try:
            for channel in program.channels:
                await channel.start()
            reloading = Reloading(settings, program)
            with _reloaded_on_hangup(reloading, stopping):
                await _run(reloading, people, stopping, announce)
        finally:
            await program.storage.close()


@contextlib.contextmanager
def _reloaded_on_hangup(reloading: Reloading, stopping: asyncio.Event) -> Iterator[None]:
    """Take the messages anew on SIGHUP; a terminal that is closed sends that too, and then the program stops."""
    loop, terminal = asyncio.get_running_loop(), os.isatty(0)

    def hung_up() -> None:
        try:
            if terminal:
                os.tcgetpgrp(0)
            reloading.asked.set()
        except OSError:
            stopping.set()

    with contextlib.suppress(ValueError, RuntimeError):  # no signals but in a main thread
        loop.add_signal_handler(signal.SIGHUP, hung_up)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, RuntimeError):
            loop.remove_signal_handler(signal.SIGHUP)


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Be the only one that runs on an SQLite file. Raises SettingsError."""
    with contextlib.ExitStack() as stack:
        if settings.database_path:
            try:
                stack.enter_context(alone_on(settings.database_path))
            except InUse as problem:
                advice = "stop that one, or give each its own"
                raise SettingsError("DATABASE_URL", f"cannot be used: {problem}; {advice}") from None
            except StorageError as problem:
                raise SettingsError("DATABASE_URL", f"cannot be used: {problem}") from None
        yield


def _doors(program: Program) -> Doors:
    """Who may hold a connection, beside the files that the rest of the program needs."""
    return Doors(
        program.metrics.registry,
        trusted=program.settings.trusted_proxies,
        in_all=room_for_connections(raise_file_limit()),
    )


async def _run(
    reloading: Reloading, listener: socket.socket, stopping: asyncio.Event, announce: Callable[[Settings], None]
) -> None:
    program = reloading.program
    server = _Server(server_config(program.web, _doors(program), timeout_graceful_shutdown=WEB_SECONDS))
    count = program.metrics.task_restarts.labels
    tasks = [
        asyncio.create_task(keep_running(name, body, lambda name: count(name).inc()), name=name)
        for name, body in (*program.tasks().items(), ("messages", reloading.run))
    ]
    web = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    announce(program.settings)
    storage, settings = program.storage, program.settings
    log.info("started", telegram=settings.telegram_on, database=settings.database_kind, seen_at_once=storage.at_once)
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({web, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    ended = web.done()
    if ended:
        log.error("web_server_ended", exc_info=None if web.cancelled() else web.exception())
    await _stop(program, server, web, tasks)
    if ended:
        raise RuntimeError("the web server ended by itself")


async def _stop(
    program: Program, server: _Server, web: "asyncio.Task[None]", tasks: "list[asyncio.Task[None]]"
) -> None:
    log.info("stopping")
    program.listeners.close()
    server.should_exit = True
    for channel in program.channels:
        await channel.stop()
    await asyncio.wait({web}, timeout=WEB_SECONDS + 0.5)
    await program.outbox.stop(OUTBOX_SECONDS)
    for task in (*tasks, web):
        task.cancel()
    await asyncio.gather(*tasks, web, return_exceptions=True)
    await program.close_senders()
    log.info("stopped")
