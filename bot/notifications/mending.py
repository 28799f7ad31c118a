"""What an operator must mend before mail leaves, as the mail server's answers show it."""

import time
from collections.abc import Callable

import structlog

from bot.notifications.verdicts import Fault, Stage, Wrong

log = structlog.get_logger()

PROBE = 90.0  #: seconds after which another mail may try a login that was refused
#: seconds after which a mailbox counts no more as one for which a login is asked; what waits is tried more often
LASTS = 300.0


class Mending:
    """What is wrong with the settings: for all mail, or for mailboxes that the server takes mail for after a login."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: Fault | None = None
        self._prober: int | None = None  #: the mail that tries a refused login; all of them would lock the account
        self._probed_at = 0.0
        self._some: dict[str, tuple[Fault, float]] = {}  #: by mailbox, what was asked for it, and when

    def health(self) -> str | None:
        """What must be mended; None when nothing is known."""
        self._some = {to: found for to, found in self._some.items() if self._clock() - found[1] < LASTS}
        some = next((fault for fault, _ in self._some.values()), None)
        if self._wrong is None:
            return f"{_told(some)}, at some mailboxes" if some else None
        return _told(self._wrong)

    def leave_to_another(self, key: int | None) -> bool:
        """Whether this mail had better wait: the login is refused, and another mail tries it now and then."""
        refused = self._wrong is not None and self._wrong[0] is Wrong.LOGIN
        return refused and self._clock() - self._probed_at < PROBE and key != self._prober

    def fine(self, to: str, stage: Stage) -> None:
        """Take note that a mail to this mailbox got so far without an answer that is about settings."""
        if stage >= Stage.MAILBOX:
            self._wrong = None
            self._some.pop(to, None)

    def found(self, fault: Fault, key: int | None, to: str, stage: Stage) -> None:
        """Take note of what is wrong, and say it once."""
        if stage >= Stage.MAILBOX:
            if self.health() is None:
                _say(fault)
            self._wrong, self._some[to] = None, (fault, self._clock())
            return
        if self._wrong is None or self._wrong[0] is not fault[0]:
            _say(fault)
        self._wrong, self._prober, self._probed_at = fault, key, self._clock()


def _told(fault: Fault) -> str:
    what, code = fault
    return f"{what} ({code})" if code else str(what)


def _say(fault: Fault) -> None:
    what, code = fault
    if what is Wrong.LOGIN:
        log.error("mail_login_refused", code=code)
    else:
        log.error("mail_cannot_leave", reason=str(what), code=code)
