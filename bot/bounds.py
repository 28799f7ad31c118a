"""
What one person, one address or everybody together may take: every bound of the program, in one table.

A bound stands here with its number and what is said to who reaches it; the code that holds it takes the number from
here. docs/operations.md shows the same table, made from this one by ``python -m scripts.bounds_table``.
"""

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
#: bits of an IPv6 network that count as one address: providers give a customer 48, 56 or 64, and who has 48 would
#: have 65,536 shares if 64 were counted; those who share a 48 notice as little as those behind one IPv4 address
IPV6_BITS = 48


@dataclass(frozen=True, kw_only=True)
class Bound:
    """At most so many of something, for one of those whom it is counted for."""

    what: str  #: what is counted, in the plural
    per: str  #: whom it is counted for
    most: int
    seconds: float | None = None  #: within how long; None: at the same time, or in one thing
    said: str  #: what who reaches it gets: a message key, an HTTP status, or what happens

    def row(self) -> tuple[str, str, str, str, str]:
        """The bound as operators read it: what, for whom, how much, in how long, what is said."""
        return self.what, self.per, f"{self.most:,}", _span(self.seconds), self.said


def _span(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1.0, "second")):
        if seconds >= unit and seconds % unit == 0:
            number = int(seconds // unit)
            return f"{number} {name}s" if number > 1 else f"a {name}"
    return f"{seconds:g} seconds"


# What is typed and sent
BODY = Bound(what="bytes of a request to the chat", per="request", most=16_384, said="413")

BODY_PIECES = Bound(what="pieces in which a body arrives", per="request", most=500, said="400, closed")

HEADERS = Bound(what="bytes of the headers of a request", per="request", most=16_384, said="431, closed")
HEADER_LINES = Bound(what="headers", per="request", most=100, said="431, closed")

TEXT = Bound(
    what="characters that are typed", per="message", most=2_000, said="`chat/too_long`; 422 on the page, which keeps it"
)
TRANSCRIPT_LINES = Bound(what="lines that are kept, and some", per="web conversation", most=300, said="the oldest go")
PAGE_OF_LINES = Bound(what="lines", per="answer with what was said", most=100, said="the rest with `?before=`")
MARKS = Bound(what="accents and other marks", per="letter", most=30, said="the rest is left out")

# How often
SESSION_MESSAGES = Bound(what="messages", per="web conversation", most=120, seconds=120.0, said="429")
SESSION_READS = Bound(what="times that it is read", per="web conversation", most=300, seconds=MINUTE, said="429")
SESSION_FILES = Bound(what="files of one's own data", per="web conversation", most=30, seconds=HOUR, said="429")
ADDRESS_MESSAGES = Bound(
    what="messages on the page", per="public network address", most=10_000, seconds=DAY, said="429"
)
ADDRESS_TYPED = Bound(
    what="characters that are typed on the page", per="public network address", most=1_000_000, seconds=DAY, said="429"
)
ADDRESS_REQUESTS = Bound(what="requests to the chat", per="network address", most=3_000, seconds=30.0, said="429")
ADDRESS_BYTES = Bound(
    what="bytes of conversations that are read", per="network address", most=10_000_000, seconds=20.0, said="429"
)
ADDRESS_PACE = Bound(
    what="requests of any kind", per="network address, proxies that are trusted apart", most=600, seconds=6.0,
    said="the next ones are read later",
)  # fmt: skip
VISITS = Bound(what="new web conversations", per="public network address", most=1_000, seconds=DAY, said="429")

# How many at a time
ADDRESS_CONNECTIONS = Bound(
    what="open connections", per="network address, proxies that are trusted apart", most=400,
    said="the oldest idle one is closed, else 503",
)  # fmt: skip
ALL_CONNECTIONS = Bound(
    what="open connections", per="everybody together", most=4_000,
    said="as above; fewer where the limit of open files is lower: 200 are kept back",
)  # fmt: skip
ADDRESS_STREAMS = Bound(what="open event streams", per="network address", most=60, said="429; the page asks by itself")
STREAMS = Bound(what="open event streams", per="web conversation", most=12, said="429; the page asks by itself")
ALL_STREAMS = Bound(
    what="open event streams", per="everybody together", most=2_000, said="429; the page asks by itself"
)
WAITING_ANSWERS = Bound(
    what="answers that wait to be sent", per="Telegram chat", most=10, said="`chat/slow_down`; the newest is kept"
)

# What reaches others
LEADS = Bound(what="new sign-ups", per="chat", most=5, seconds=DAY, said="`signup/limit`")
CHANGES = Bound(what="changes of a sign-up", per="chat", most=10, seconds=DAY, said="`signup/change_limit`")
QUESTIONS = Bound(what="questions to staff", per="chat", most=5, seconds=DAY, said="`contact/limit`")
TALK = Bound(what="messages in a talk with staff", per="chat", most=100, seconds=DAY, said="`talk/limit`")
NETWORK_LEADS = Bound(
    what="new sign-ups", per="public network address", most=60, seconds=DAY, said="`chat/network_limit`"
)
NETWORK_CHANGES = Bound(
    what="changes of a sign-up", per="public network address", most=120, seconds=DAY, said="`chat/network_limit`"
)
NETWORK_QUESTIONS = Bound(
    what="questions to staff", per="public network address", most=60, seconds=DAY, said="`chat/network_limit`"
)
MISSED = Bound(
    what="questions without an answer that are kept", per="chat", most=30, seconds=DAY,
    said="what anybody gets; `/questions` does not show it",
)  # fmt: skip
NETWORK_MISSED = Bound(
    what="questions without an answer that are kept", per="public network address", most=600, seconds=DAY,
    said="what anybody gets; `/questions` does not show it",
)  # fmt: skip
RECEIPTS = Bound(
    what="receipts by mail", per="e-mail address", most=2, seconds=DAY,
    said="`signup/done` promises none; the sign-up is sent all the same",
)  # fmt: skip
NETWORK_RECEIPTS = Bound(
    what="receipts by mail", per="network address", most=40, seconds=DAY,  # thirty, ten of whom correct it
    said="`signup/done` promises none; the sign-up is sent all the same",
)  # fmt: skip

BOUNDS = (
    BODY,
    BODY_PIECES,
    HEADERS,
    HEADER_LINES,
    MARKS,
    ADDRESS_CONNECTIONS,
    ALL_CONNECTIONS,
    TEXT,
    TRANSCRIPT_LINES,
    PAGE_OF_LINES,
    SESSION_READS,
    SESSION_FILES,
    ADDRESS_BYTES,
    ADDRESS_MESSAGES,
    ADDRESS_TYPED,
    ADDRESS_STREAMS,
    SESSION_MESSAGES,
    ADDRESS_REQUESTS,
    ADDRESS_PACE,
    VISITS,
    STREAMS,
    ALL_STREAMS,
    WAITING_ANSWERS,
    LEADS,
    CHANGES,
    QUESTIONS,
    TALK,
    NETWORK_LEADS,
    NETWORK_CHANGES,
    NETWORK_QUESTIONS,
    MISSED,
    NETWORK_MISSED,
    RECEIPTS,
    NETWORK_RECEIPTS,
)
