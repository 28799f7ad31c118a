"""What every request to the chat passes: is it our own page, whose session is it, does it ask too much."""

from collections.abc import Mapping, Sequence

from starlette.requests import HTTPConnection, Request

from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.stored import StoredChats
from bot.web.errors import ApiError
from bot.web.limits import Limiter, Limits
from bot.web.origins import is_https, is_same_origin
from bot.web.peers import Network, peer_address, rate_key

#: what the network of an address that is not public is called
NEARBY = "nearby"


class Gate:
    """Lets requests in, and knows their session."""

    def __init__(
        self,
        sessions: Sessions,
        chats: StoredChats,
        limits: Limits,
        *,
        public_url: str,
        trusted_proxies: Sequence[Network],
    ) -> None:
        self.sessions = sessions
        self._chats = chats
        self._public_url = public_url
        self._trusted = trusted_proxies
        self._by_session = Limiter(limits.session)
        self._by_address = Limiter(limits.address)
        self._visits = Limiter(limits.visits)
        self._messages = Limiter(limits.messages)
        self._reads = Limiter(limits.reads)
        self._files = Limiter(limits.files)
        self._typed = Limiter(limits.typed)
        self._bytes = Limiter(limits.bytes)
        self._patience = limits.bytes.burst / limits.bytes.per_second
        self._secure = is_https(public_url)

    @property
    def cookie(self) -> str:
        """The cookie's name; with https one that no neighbouring host can set."""
        return "__Host-chat" if self._secure else "chat"

    def admit(self, request: Request) -> None:
        """Refuse other sites' pages and addresses that ask too much. Raises ApiError."""
        if not is_same_origin(request, self._public_url):
            raise ApiError("cross_site")
        self._take(self._by_address, rate_key(peer_address(request, self._trusted)))

    def session(self, request: HTTPConnection) -> Session | None:
        """
        The session that this request carries, which may have ended. A bearer token that is not ours, or whose time is
        up, raises ApiError; such a cookie counts as none.
        """
        token = _bearer(request)
        if token is None:
            return self.cookie_session(request)
        session = self.sessions.read(token)
        if session is None:
            raise ApiError("session")
        return session

    def cookie_session(self, request: HTTPConnection) -> Session | None:
        """The session of this request's cookie, which may have ended; None where there is none that is ours."""
        return self.sessions.read(_cookies(request).get(self.cookie, ""))

    def carried(self, request: HTTPConnection) -> Session | None:
        """The session that this request carries, if it is ours."""
        try:
            return self.session(request)
        except ApiError:
            return None

    async def current(self, request: HTTPConnection) -> Session | None:
        """The session of this request, as ``session`` gives it; one that has ended is none any more, or an ApiError."""
        session = self.session(request)
        if session is None or not await self._chats.ended([session.chat]):
            return session
        self.refuse_bearer(request)
        return None

    def refuse_bearer(self, request: HTTPConnection) -> None:
        """Raise ApiError where the session that has ended came as a bearer token; a cookie counts as none then."""
        if _bearer(request) is not None:
            raise ApiError("session")

    def language(self, request: HTTPConnection) -> str | None:
        """The language that this request's session was made in, where it says so."""
        session = self.carried(request)
        return session.language if session else None

    def mint(self, request: Request, *, language: str | None = None, source: str | None = None) -> Session:
        """A new session. Raises ApiError for an address that asked for very many today: a robot, or many at once."""
        address = peer_address(request, self._trusted)
        if address is not None and address.is_global:  # any other is a proxy that nobody declared, and speaks for all
            self._take(self._visits, rate_key(address))
        return self.sessions.mint(language=language, source=source)

    def network(self, request: Request) -> str | None:
        """
        What the person's network counts as for what reaches others; None where it cannot be known. One that is not
        public may be a proxy that nobody declared, which speaks for all.
        """
        address = peer_address(request, self._trusted)
        if address is None:
            return None
        return f"{'network' if address.is_global else NEARBY}:{rate_key(address)}"

    def take(self, request: Request, session: Session, typed: int = 0) -> None:
        """Count a message, and its ``typed`` characters, of this session and its address. Raises ApiError."""
        self._take(self._by_session, session.chat)
        wait = self._bytes.reserve(self.address(request), 0)
        if wait > self._patience:  # reading stopped long ago: these are answers with a file of all that is kept
            raise ApiError("slow_down", wait=wait - self._patience)
        address = peer_address(request, self._trusted)
        if address is not None and address.is_global:
            self._take(self._messages, rate_key(address))
            self._take(self._typed, rate_key(address))
            self._typed.reserve(rate_key(address), typed)

    def read(self, request: HTTPConnection, session: Session) -> None:
        """Count that this session is read once. Raises ApiError when it, or much by its address, is read too often."""
        self._take(self._reads, session.chat)
        self._take(self._bytes, self.address(request))

    def gave(self, address: str, size: int) -> None:
        """Count so many bytes that an address, as ``address`` gives it, read; it waits later for what was too much."""
        self._bytes.reserve(address, size)

    def file(self, session: Session) -> None:
        """Count that a file is made for this session. Raises ApiError when there are too many."""
        self._take(self._files, session.chat)

    def address(self, request: HTTPConnection) -> str:
        """Whom this request counts for where something is counted by address."""
        return rate_key(peer_address(request, self._trusted))

    def cookie_header(self, session: Session) -> Mapping[str, str]:
        """The header that makes a browser keep this session."""
        secure, age = "; Secure" if self._secure else "", int(self.sessions.life.total_seconds())
        return {"Set-Cookie": f"{self.cookie}={session.token}; Max-Age={age}; Path=/; HttpOnly; SameSite=Lax{secure}"}

    @staticmethod
    def _take(limiter: Limiter, key: str) -> None:
        wait = limiter.wait(key)
        if wait:
            raise ApiError("slow_down", wait=wait)


def _cookies(request: HTTPConnection) -> dict[str, str]:
    """
    The cookies of a request, as they are: we quote none of ours, and the library that would take quotes off takes half
    a second for 15 kB of them before Python 3.11.10 and 3.12.6 (CVE-2024-7592).
    """
    pairs = (part.partition("=") for part in request.headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _bearer(request: HTTPConnection) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
