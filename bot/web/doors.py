"""Who may hold a connection: so many an address and in all, for no longer than a request takes to arrive."""

import resource
from collections.abc import Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter

from bot.bounds import ADDRESS_CONNECTIONS, ADDRESS_PACE, ALL_CONNECTIONS
from bot.web.limits import Limiter, Rate
from bot.web.peers import Network, rate_key, trusted_peer

KEPT_FILES = 200  #: files that connections leave for the database, mail, Telegram and the hook


class Guest(Protocol):
    """A connection, as the doors know it."""

    @property
    def idle(self) -> bool:
        """Whether nothing is lost when it is closed: no request of it is being answered."""

    def leave(self) -> None:
        """Close it at once; what was being answered is lost."""


def raise_file_limit() -> int:
    """Allow this process as many open files as its hard limit does; give how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):  # macOS does not allow what it calls unlimited
        return soft
    return hard


def room_for_connections(files: int) -> int:
    """How many connections fit beside the files that are kept back; ``files``: how many may be open."""
    if files == resource.RLIM_INFINITY:
        return ALL_CONNECTIONS.most
    return max(20, min(ALL_CONNECTIONS.most, files - KEPT_FILES))


class Doors:
    """
    Counts the open connections, of an address and in all.

    Where there is no room for another one, an idle one makes place: the oldest of the same address, or, when all
    together are too many, of the address that has the most. So who holds many shuts out nobody, and not even itself.
    A trusted proxy, which speaks for everybody, is counted in all alone.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        *,
        trusted: Sequence[Network] = (),
        of_address: int = ADDRESS_CONNECTIONS.most,
        in_all: int = ALL_CONNECTIONS.most,
        pace: Rate | None = None,
    ) -> None:
        """``pace``: how fast requests of one address are read; None: as the bounds say."""
        self._trusted = trusted
        self._of_address = of_address
        self._in_all = in_all
        self._inside: dict[str, dict[Guest, None]] = {}
        self._number = 0
        self._pace = Limiter(pace or Rate.of(ADDRESS_PACE))
        self._refused = Counter(
            "course_bot_http_refused",
            "Connections and requests turned away (why: malformed, large, late, crowded, unread)",
            ["why"],
            registry=registry,
        )

    def __len__(self) -> int:
        """How many connections are open."""
        return self._number

    def key(self, host: str | None) -> str | None:
        """What a peer counts as; None for one that speaks for many: a trusted proxy, a Unix socket."""
        address = trusted_peer(host, self._trusted)
        return None if address is None else rate_key(address)

    def enter(self, key: str | None, guest: Guest) -> bool:
        """Let this connection in, or say that there is no room."""
        own = self._inside.get(key or "", {})
        if key is not None and len(own) >= self._of_address and not self._make_place(own):
            return self.refuse("crowded")
        if self._number >= self._in_all and not self._make_place(self._largest()):
            return self.refuse("crowded")
        self._inside.setdefault(key or "", {})[guest] = None
        self._number += 1
        return True

    def leave(self, key: str | None, guest: Guest) -> None:
        """Count this connection no more. Nothing happens when it was not inside."""
        own = self._inside.get(key or "", {})
        if guest not in own:
            return
        del own[guest]
        self._number -= 1
        if not own:
            del self._inside[key or ""]

    def pause(self, key: str | None) -> float:
        """Seconds until the next request of this address may be read: others' are read meanwhile."""
        return 0.0 if key is None else self._pace.reserve(key)

    def refuse(self, why: str) -> bool:
        """Count something that is turned away. Gives False."""
        self._refused.labels(why).inc()
        return False

    def _largest(self) -> dict[Guest, None]:
        """The connections of the address that has the most."""
        return max((own for key, own in self._inside.items() if key), key=len, default={})

    def _make_place(self, own: dict[Guest, None]) -> bool:
        idle = next((guest for guest in own if guest.idle), None)
        if idle is None:
            return False
        self.refuse("crowded")
        idle.leave()
        return True
