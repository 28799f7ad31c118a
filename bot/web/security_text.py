"""``/.well-known/security.txt``: how whoever finds a weakness reaches the people who can mend it (RFC 9116)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.origins import is_https

PATH = "/.well-known/security.txt"
VALID = timedelta(days=180)  #: from today on, so always well under the year that RFC 9116, 2.5.5, recommends


def _now() -> datetime:
    return datetime.now(UTC)


class SecurityText:
    """Serves the file; without a contact there is none."""

    def __init__(
        self,
        *,
        contacts: Sequence[str],
        policy: str | None,
        languages: Sequence[str],
        public_url: str,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._contacts = contacts
        self._policy = policy
        self._languages = languages
        self._public_url = public_url
        self._now = now

    def routes(self) -> list[Route]:
        """The endpoint, where there is a contact."""
        return [Route(PATH, self.show, methods=["GET"])] if self._contacts else []

    async def show(self, request: Request) -> Response:
        """The file, as of now."""
        return PlainTextResponse("".join(f"{line}\n" for line in self._lines()))

    def _lines(self) -> list[str]:
        """The fields. Web addresses must be https (RFC 9116, 2.5.2): an http one has no line for itself."""
        lines = [f"Contact: {contact}" for contact in self._contacts]
        expires = self._now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + VALID
        lines.append(f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}")
        lines.append(f"Preferred-Languages: {', '.join(self._languages)}")
        if is_https(self._public_url):
            lines.append(f"Canonical: {self._public_url}{PATH}")
        return [*lines, f"Policy: {self._policy}"] if self._policy else lines
