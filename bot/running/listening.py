"""The socket people come to: open before all that takes time is loaded, so that who comes meanwhile waits."""

import contextlib
import errno
import socket

from bot.settings import Settings, SettingsError

BACKLOG = 2048  #: connections that may wait to be taken


def listen(settings: Settings) -> socket.socket:
    """The socket people come to. Raises SettingsError when it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    with contextlib.ExitStack() as opened:
        try:
            # the protocol is named, because else asyncio leaves Nagle's algorithm on: 40 ms an answer
            listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            opened.callback(listener.close)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.http_host, settings.http_port))
            listener.listen(BACKLOG)
        except OSError as problem:
            raise SettingsError("HTTP_HOST, HTTP_PORT", _not_free(settings, problem)) from None
        opened.pop_all()
    return listener


def _not_free(settings: Settings, problem: OSError) -> str:
    advice = {
        errno.EADDRINUSE: "; another program listens there: stop it, or set another HTTP_PORT",
        errno.EACCES: "; only root may take a port under 1024: put a proxy in front, or set another HTTP_PORT",
        errno.EADDRNOTAVAIL: "; HTTP_HOST must be an address of this machine, or 0.0.0.0",
    }
    where = f"{settings.http_host} port {settings.http_port}"
    return f"must be free to listen on: {where}, {problem.strerror}{advice.get(problem.errno or 0, '')}"
