"""What can be made to go wrong: the next calls of a method, one chat's limit, or the whole server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.botapi.refusals import Refusal, too_many, two_receivers

How = Literal["429", "500", "502", "409", "reset", "lost", "garbage", "wrong shape", "page", "refused"]


@dataclass(kw_only=True)
class Fault:
    """
    What the next ``times`` calls of ``method`` meet.

    ``"reset"`` breaks the connection before anything happened, ``"lost"`` does what was asked and never answers,
    ``"garbage"`` answers 200 without JSON, ``"wrong shape"`` JSON that is no answer, ``"page"`` a page of a proxy's,
    ``"refused"`` a refusal of Telegram's.
    """

    how: How
    method: str | None  #: None: any
    chat: int | None  #: None: any
    times: int  #: counts down
    after: int = 0  #: calls that pass before it begins; counts down
    retry_after: int = 1  #: seconds, for "429"
    status: int = 400  #: for "page" and "refused"
    description: str = "Bad Request: not enough rights to send text messages to the chat"  #: for "refused"

    def refusal(self) -> Refusal | None:
        """The answer it gives, when it is one the API itself words."""
        answers: dict[str, Callable[[], Refusal]] = {
            "429": lambda: too_many(self.retry_after),
            "500": lambda: Refusal(500, "Internal Server Error"),
            "502": lambda: Refusal(502, "Bad Gateway"),
            "409": two_receivers,
            "refused": lambda: Refusal(self.status, self.description),
        }
        return answers[self.how]() if self.how in answers else None


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.down = False

    def add(self, fault: Fault) -> None:
        """One more kind of trouble."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """No more trouble."""
        self._waiting.clear()

    def take(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        """The fault that this call meets, counted off."""
        for fault in list(self._waiting):
            meant = fault.method in (None, method) and fault.chat in (None, _number(parameters.get("chat_id")))
            if meant and self._begins(fault):
                return fault
        return None

    def _begins(self, fault: Fault) -> bool:
        """Whether this call meets the fault, which is counted off."""
        if fault.after > 0:
            fault.after -= 1
            return False
        fault.times -= 1
        if fault.times <= 0:
            self._waiting.remove(fault)
        return True


def _number(chat_id: object) -> int | None:
    return int(str(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
