"""
Everything that is stored: whose it is, in what form, and what removes it. One table; docs/stored.md is made from it.

A test holds it beside the tables' own columns, so that nothing new is stored before it is listed here.
"""

from dataclasses import dataclass
from typing import Literal

Form = Literal["sealed", "hash", "plain", "as it is"]
"""Encrypted with the data key; a keyed hash; readable, and nothing that a person wrote; readable, whatever it holds."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One kind of thing that is kept in one place."""

    where: str  #: a table, or another place
    columns: tuple[str, ...] = ()  #: of the table
    holds: str
    whose: str
    form: Form
    on_request: str  #: what removes it when its person asks, or an operator does for them
    otherwise: str  #: when it goes without that


PERSON, STAFF, NOBODY = "the person's", "staff's", "nobody's"
FORGET = "removed"
STAYS = "stays"
DRAFT, LEAD = "`DRAFT_RETENTION_DAYS` after the last message", "`RETENTION_DAYS` after it was last sent"
TWO_DAYS, WEEK = "48 hours", "7 days, and no longer than a lead"
WITH_LEAD = "with its lead"


def _table(where: str, whose: str, on_request: str, otherwise: str, **forms: tuple[str, str]) -> tuple[Stored, ...]:
    """The columns of a table by form: ``form=("columns", "what they hold")``."""
    names: dict[str, Form] = {"sealed": "sealed", "hashed": "hash", "plain": "plain"}
    return tuple(
        Stored(
            where=where,
            columns=tuple(columns.split()),
            holds=holds,
            whose=whose,
            form=names[form],
            on_request=on_request,
            otherwise=otherwise,
        )
        for form, (columns, holds) in forms.items()
    )


STORED: tuple[Stored, ...] = (
    *_table(
        "leads", PERSON, FORGET, LEAD,
        sealed=("data", "every answer, the chat, where they came from, what was agreed to before"),
        hashed=("chat_hash email_hash", "the chat; the address it has now"),
        plain=(
            """reference channel language status interest organisation_type choices created_at updated_at status_at
            consent_at consent_version consent_language""",
            "what is counted: choices, status, times",
        ),
    ),
    *_table(
        "lead_addresses", PERSON, FORGET, "with its lead or question",
        hashed=("email_hash", "every address that a lead ever had, and where a forwarded question is to be answered"),
        plain=("reference", "of the lead or question"),
    ),
    *_table(
        "conversations", PERSON, "removed; what is said after that begins a new one", DRAFT + "; emptied beside a lead",
        sealed=("data", "the sign-up under way, a question to pass on, an address for an answer, the source"),
        hashed=("chat_hash", "the chat"),
        plain=("channel language state misses marks draft_at updated_at", "where it is; button ids, times"),
    ),
    *_table(
        "transcript", PERSON, FORGET, WEEK,
        sealed=("data", "what was said on the page, by person, bot and staff"),
        hashed=("chat_hash", "the chat"),
        plain=("id author at", "who spoke, and when"),
    ),
    *_table(
        "handled", PERSON, "the answer is removed; that the event was handled stays", TWO_DAYS,
        sealed=("body", "the answer that a web request got"),
        hashed=("event_hash chat_hash", "the event and the chat"),
        plain=("at", "when"),
    ),
    *_table(
        "questions", PERSON, FORGET, "`DRAFT_RETENTION_DAYS`",
        sealed=("data", "a question that was not understood, without addresses, numbers and names"),
        hashed=("chat_hash", "the chat"),
        plain=("id language at", "in which language, and when"),
    ),
    *_table(
        "outgoing", PERSON, "removed, waiting or sent", WEEK + "; given up about a lead: with the lead",
        sealed=("data error receipt", "messages and mail to and about the person; why one failed"),
        hashed=("lane_hash chat_hash", "where it goes, and whom it is about"),
        plain=(
            "id kind owner assigned status created_at due_at done_at attempts lead question",
            "state, times, references",
        ),
    ),
    *_table(
        "notices", PERSON, "removed, and the message in the staff chat edited", f"{WITH_LEAD}; a question's: {DRAFT}",
        sealed=("data", "the staff chat and the chat"),
        hashed=("staff_hash chat_hash", "the same, to find it by"),
        plain=("message_id lead question version", "Telegram's number of the message, references, which card it is"),
    ),
    *_table(
        "cases", PERSON, FORGET, f"{WITH_LEAD}; a question's: {DRAFT}",
        sealed=("data", "the chat; a question passed on, with name and address; what was changed last; whose it is"),
        hashed=("chat_hash owner_hash", "the chat; who of staff has it"),
        plain=(
            "reference kind status version created_at updated_at status_at remind_at told_at talk_at talked_at topic",
            "where it stands: status, times, a count, Telegram's number of its topic",
        ),
    ),
    *_table(
        "case_events", f"{PERSON}, and {STAFF}", FORGET, "with its case",
        sealed=("data", "what staff did, by name; their notes"),
        hashed=("actor_hash", "who did it"),
        plain=("id reference at kind", "what, with which case, and when"),
    ),
    *_table(
        "counts", PERSON, f"{STAYS}: who removes themselves would begin anew", TWO_DAYS,
        hashed=("who_hash", "a chat, a mail address or a network address that a limit is counted for"),
        plain=("what at number", "how often, hour by hour"),
    ),
    *_table(
        "ended", PERSON, f"{STAYS}: or a token that was stolen would work again", "100 days",
        hashed=("chat_hash", "a web session that has ended"),
        plain=("at", "when"),
    ),
    *_table("processes", NOBODY, STAYS, "when the process ends", plain=("owner seen_at", "processes at work")),
    *_table(
        "meta", "the organisation's", STAYS, "never",
        sealed=("value", "the key of the keyed hashes; which group the staff chat became"),
        plain=("name", "what it is"),
    ),
)  # fmt: skip

#: what is kept besides the tables
ELSEWHERE: tuple[Stored, ...] = (
    Stored(
        where="the log beside an SQLite file (`-wal`)", holds="pages of the tables as they were before", whose=PERSON,
        form="sealed", on_request="emptied within a minute, or as soon as nobody reads an older state",
        otherwise="emptied daily",
    ),
    Stored(
        where="PostgreSQL's own files", holds="rows that were removed, and the server's log", whose=PERSON,
        form="sealed", on_request="the server's own work", otherwise="VACUUM, and the recycling of its log",
    ),
    Stored(
        where="mail files (`MAIL_URL=file:…`)", holds="the mail about leads and questions, whole", whose=PERSON,
        form="as it is", on_request=FORGET, otherwise="with the lead or question; about nobody: 7 days",
    ),
    Stored(
        where="the key file", holds="the data keys", whose="the organisation's", form="as it is", on_request=STAYS,
        otherwise="never",
    ),
    Stored(
        where="backups", holds="the database as it was", whose=PERSON, form="sealed",
        on_request=f"{STAYS}: the organisation removes them", otherwise="never",
    ),
    Stored(
        where="exports, and what `leads show` printed", holds="leads", whose=PERSON, form="as it is",
        on_request=f"{STAYS}: the organisation removes them", otherwise="never",
    ),
    Stored(
        where="logs", holds="events, counts, references; no words, names, addresses or numbers of people", whose=NOBODY,
        form="plain", on_request=STAYS, otherwise="the service's own term",
    ),
    Stored(
        where="the memory of the program", holds="network addresses and conversations that a limit is counted for",
        whose=PERSON, form="plain", on_request=STAYS, otherwise="when the limit's time is over, or the program ends",
    ),
    Stored(
        where="the person's browser",
        holds="a cookie with the session; what was typed and not yet sent, for the tab; the page as anybody gets it",
        whose=PERSON, form="as it is", on_request="the cookie opens an empty conversation",
        otherwise="when the cookie expires, the tab is closed",
    ),
    Stored(
        where="the staff chat", holds="messages about leads and questions, lists", whose=PERSON, form="as it is",
        on_request="edited to \"removed\"; a file that `/export` gave stays", otherwise="edited with their lead",
    ),
    Stored(
        where="mailboxes, the lead webhook's receiver", holds="what was sent there", whose=PERSON, form="as it is",
        on_request="told that the lead is removed", otherwise="theirs to decide",
    ),
)  # fmt: skip
