"""What every request to the chat passes: is it our own page, whose session is it, does it ask too much."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from bot.channels.web.sessions import Session, Sessions
from bot.web.limits import Limiter, Limits
from bot.web.origins import is_same_origin
from bot.web.peers import Network, peer_address, rate_key
from bot.web.problems import Problem


class Gate:
    """Lets requests in, and knows their session."""

    def __init__(
        self, *, sessions: Sessions, public_url: str, trusted_proxies: Sequence[Network], limits: Limits
    ) -> None:
        self.sessions = sessions
        self._public_url = public_url
        self._trusted = trusted_proxies
        self._by_session = Limiter(limits.session)
        self._by_address = Limiter(limits.address)
        self._visits = Limiter(limits.visits)
        self._secure = urlsplit(public_url).scheme == "https"

    @property
    def cookie(self) -> str:
        """The cookie's name; with https one that no neighbouring host can set."""
        return "__Host-chat" if self._secure else "chat"

    def admit(self, request: Request) -> None:
        """Refuse other sites' pages and addresses that ask too much. Raises Problem."""
        if not is_same_origin(request, self._public_url):
            raise Problem("cross_site")
        self._take(self._by_address, rate_key(peer_address(request, self._trusted)))

    def session(self, request: HTTPConnection) -> Session | None:
        """The session of this request. A bearer token that is not ours raises Problem; such a cookie counts as none."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            session = self.sessions.read(token.strip())
            if session is None:
                raise Problem("session")
            return session
        return self.sessions.read(request.cookies.get(self.cookie, ""))

    def language(self, request: HTTPConnection) -> str | None:
        """The language that this request's session was made in, where it says so."""
        try:
            session = self.session(request)
        except Problem:
            return None
        return session.language if session else None

    def mint(self, request: Request, *, language: str | None = None, source: str | None = None) -> Session:
        """A new session. Raises Problem for an address that asked for very many today: a robot, or many at once."""
        address = peer_address(request, self._trusted)
        if address is not None and address.is_global:  # any other is a proxy that nobody declared, and speaks for all
            self._take(self._visits, rate_key(address))
        return self.sessions.mint(language=language, source=source)

    def take(self, session: Session) -> None:
        """Count one message of this session. Raises Problem when it sends too many."""
        self._take(self._by_session, session.chat)

    def cookie_header(self, session: Session, days: int) -> Mapping[str, str]:
        """The header that makes a browser keep this session."""
        secure = "; Secure" if self._secure else ""
        age = days * 86_400
        return {
            "Set-Cookie": f"{self.cookie}={session.token}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{secure}",
        }

    @staticmethod
    def _take(limiter: Limiter, key: str) -> None:
        """Take one request of this key. Raises Problem."""
        wait = limiter.wait(key)
        if wait:
            raise Problem("slow_down", wait=wait)
