"""How the Bot API says no."""

from typing import Any


class Refusal(Exception):
    """An answer with ``ok: false``, as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON that goes with the status."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> Refusal:
    """400, with Telegram's way of beginning the sentence."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """403: the bot may not do this here."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """409: two receivers of the same updates."""
    return Refusal(409, f"Conflict: {reason}")


def two_receivers() -> Refusal:
    """409: somebody else asks for the same bot's updates."""
    return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")


def too_many(seconds: int) -> Refusal:
    """429: try again after so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(chat_id: int) -> Refusal:
    """400: the group has another address now."""
    return Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)
