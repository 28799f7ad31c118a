"""An outage: logged once for each reason, paused for longer and longer, and over when it is over."""

from urllib.parse import urlsplit

import structlog
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError, TimedOut

from bot.channels.telegram.request import TooManyRequests
from bot.outbox.pauses import grown

log = structlog.get_logger()

FIRST_PAUSE = 0.5  #: seconds


class WebhookInTheWay(Exception):
    """A webhook was set while we poll; it was taken away."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host  #: where the updates went


def is_webhook_in_the_way(problem: Exception) -> bool:
    """Whether a poll was refused because of a webhook, and not because another program polls."""
    return isinstance(problem, Conflict) and "webhook" in problem.message.lower()


def host_of(url: str) -> str:
    """The host of an address, to name it: what stands behind it may be a secret."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return "".join(sign for sign in host if sign.isprintable())[:100]


class Outage:
    """What stands in the way of one thing that is tried again and again."""

    def __init__(self, what: str, longest: float = 60.0) -> None:
        """``what`` names the thing in the log; ``longest`` is the longest pause in seconds."""
        self._what = what
        self._longest = longest
        self._logged: set[str] = set()
        self._times = 0
        self.reason: str | None = None  #: what is wrong now, in one line

    def pause(self, reason: str, at_least: float = 0.0) -> float:
        """Seconds to wait before the next try, since this one failed for that reason."""
        if reason not in self._logged:
            self._logged.add(reason)
            log.warning("telegram_trouble", what=self._what, reason=reason)
        self._times += 1
        self.reason = reason
        return max(at_least, grown(FIRST_PAUSE, self._longest, self._times))

    @property
    def lasts(self) -> bool:
        """Whether it is more than one hitch."""
        return self._times > 1

    def pause_after(self, problem: Exception) -> float:
        """Seconds to wait after this exception; at least as long as Telegram says."""
        return self.pause(reason_of(problem), problem.seconds if isinstance(problem, TooManyRequests) else 0.0)

    def over(self) -> None:
        """It worked: logged where it had not, and the pauses are short again."""
        if self._times:
            log.info("telegram_trouble_over", what=self._what, tries=self._times)
        self._logged.clear()
        self._times = 0
        self.reason = None


def reason_of(problem: Exception) -> str:
    """The problem in one line without a secret."""
    if isinstance(problem, WebhookInTheWay):
        where = f"to {problem.host}" if problem.host else "elsewhere"
        return f"a webhook took this bot's updates {where}, and was taken away: stop the program that sets it"
    if isinstance(problem, Conflict):
        return "another program receives this bot's updates: stop it, or give one of them another token"
    if isinstance(problem, InvalidToken):
        return "Telegram refuses TELEGRAM_BOT_TOKEN"
    if isinstance(problem, TooManyRequests):
        return "Telegram says to wait"
    if isinstance(problem, TimedOut):
        return "Telegram does not answer in time"
    if isinstance(problem, BadRequest | Forbidden):
        return f"Telegram refuses it ({problem.message[:100]})"
    if isinstance(problem, TelegramError):
        return f"Telegram cannot be reached ({problem.message[:100]})"
    return f"Telegram answers nonsense ({type(problem).__name__})"
