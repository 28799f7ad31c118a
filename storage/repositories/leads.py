"""Leads: people's interest as they sent it."""

import asyncio
import builtins
import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import product
from typing import Any
from unicodedata import normalize

from sqlalchemy import bindparam, func, or_, select

from bot.dialogue.records import Consent, Lead
from storage.among import among
from storage.errors import Unreadable
from storage.repositories.base import Repository, insert_missing, tally, upsert
from storage.tables import lead_addresses, leads
from storage.unreadable import reading

#: what of a lead has a column of its own; the rest is encrypted
_PLAIN = tuple(field.name for field in dataclasses.fields(Lead) if field.name in leads.c and field.name != "choices")
_AT_A_TIME = 50  #: leads that are decrypted before others get their turn
_PRIVATE = tuple(field.name for field in dataclasses.fields(Lead) if field.name not in _PLAIN)
_COUNTED = (leads.c.status, leads.c.language, leads.c.channel)
#: what the previous release keeps of the choices, and counts by
_BEFORE = (leads.c.interest, leads.c.organisation_type)

_OLDEST_FIRST = (leads.c.created_at, leads.c.reference)
_ALL = select(leads).order_by(*_OLDEST_FIRST)
_REFERENCES = select(leads.c.reference).order_by(*_OLDEST_FIRST)
_EACH = (*_COUNTED, leads.c.choices, *_BEFORE)
_COUNTS = select(*_EACH, func.count().label("number")).group_by(*_EACH)
_OF_CHATS = select(leads).where(among(leads.c.chat_hash)).order_by(*_OLDEST_FIRST)
_THESE = select(leads).where(among(leads.c.reference)).order_by(*_OLDEST_FIRST)
_BY_REFERENCE = select(leads).where(leads.c.reference == bindparam("reference"))
_HAD = select(lead_addresses.c.reference).where(lead_addresses.c.email_hash == bindparam("email_hash"))
_BY_EMAIL = (
    select(leads)
    .where(or_(leads.c.email_hash == bindparam("email_hash"), leads.c.reference.in_(_HAD)))
    .order_by(*_OLDEST_FIRST)
)


class Leads(Repository):
    """The leads, by reference."""

    async def save(self, items: Iterable[Lead]) -> None:
        """Store these leads. A lead that is there is replaced, except for its status, which is for staff to change."""
        made = [self._row(item) for item in items]
        rows = {row["reference"]: row for row in made}
        if rows:
            ordered = [rows[reference] for reference in sorted(rows)]
            statement = upsert(leads, self._connection.dialect, ("status", "status_at", "created_at"))
            await self._connection.write(statement, ordered)
            await self._keep_addresses(made)

    async def _keep_addresses(self, rows: Iterable[Mapping[str, Any]]) -> None:
        had = sorted({(row["reference"], row["email_hash"]) for row in rows if row["email_hash"]})
        if had:
            statement = insert_missing(lead_addresses, self._connection.dialect)
            await self._connection.write(statement, [{"reference": one, "email_hash": key} for one, key in had])

    async def find(self, reference: str) -> Lead | None:
        """Give the lead with this reference."""
        rows = await self._connection.rows(_BY_REFERENCE, {"reference": reference})
        return self._lead(rows[0]) if rows else None

    async def list(self) -> list[Lead]:
        """Give all leads, oldest first, where they are few: see ``every_lead``. Raises Unreadable."""
        return await self._each(await self._connection.rows(_ALL), None)

    async def references(self) -> builtins.list[str]:
        """Give the references of all leads, oldest first, readable or not."""
        return [row.reference for row in await self._connection.rows(_REFERENCES)]

    async def of(self, references: Iterable[str], unreadable: builtins.list[str]) -> dict[str, Lead]:
        """Give the leads with these references, by them; those that cannot be read are noted there, and left out."""
        wanted = tuple(references)
        rows = await self._connection.rows(_THESE, {"wanted": wanted}) if wanted else []
        return {lead.reference: lead for lead in await self._each(rows, unreadable)}

    async def _each(self, rows: Sequence[Any], unreadable: builtins.list[str] | None) -> builtins.list[Lead]:
        found = []
        for number, row in enumerate(rows, start=1):
            try:
                found.append(self._lead(row))
            except Unreadable:
                if unreadable is None:
                    raise
                unreadable.append(row.reference)
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)
        return found

    async def chats_by_email(self, address: str) -> tuple[str, ...]:
        """
        Give the hashes of the chats whose leads have or had this e-mail address, however it is capitalised, readable
        or not: one a lead, the oldest lead's first.
        """
        rows = await self._connection.rows(_BY_EMAIL, {"email_hash": self.email_hash(address)})
        return tuple(row.chat_hash for row in rows)

    async def references_of(self, hashes: Iterable[str]) -> tuple[str, ...]:
        """Give the references of the leads of these chats, by their hashes, readable or not, oldest first."""
        return tuple(row.reference for row in await self._connection.rows(_OF_CHATS, {"wanted": tuple(hashes)}))

    async def of_chats(
        self, hashes: Mapping[str, str], unreadable: dict[str, Unreadable] | None = None
    ) -> dict[str, tuple[Lead, ...]]:
        """
        Give the leads of these chats (hash -> chat) by chat, oldest first.

        Raises Unreadable for one that cannot be read; with ``unreadable`` it is noted there, by chat, and left out.
        """
        found = defaultdict(list)
        for row in await self._connection.rows(_OF_CHATS, {"wanted": tuple(hashes)}):
            try:
                found[hashes[row.chat_hash]].append(self._lead(row))
            except Unreadable as problem:
                if unreadable is None:
                    raise
                unreadable[hashes[row.chat_hash]] = problem
        return {chat: tuple(items) for chat, items in found.items()}

    async def counts(self) -> dict[str, dict[str, int]]:
        """Give how many leads there are by status, language and channel, and by each answer that is an option."""
        rows = await self._connection.rows(_COUNTS)
        chosen = [_chosen(row) for row in rows]
        counts = {name: Counter[str]() for choices in chosen for name in choices}
        for (name, counted), (choices, row) in product(counts.items(), zip(chosen, rows, strict=True)):
            counted[choices.get(name, "unknown")] += row.number
        return tally(rows, [column.name for column in _COUNTED]) | {
            name: {**counted} for name, counted in counts.items()
        }

    async def keep_address(self, reference: str, address: str) -> None:
        """Keep at which address a question that was passed on is to be answered, so that it can be found by it."""
        row = {"reference": reference, "email_hash": self.email_hash(address)}
        await self._connection.write(insert_missing(lead_addresses, self._connection.dialect), [row])

    def email_hash(self, address: str) -> str:
        """
        Give what stands for an e-mail address in the tables.

        Capitals are one with small letters, in the part before the @ too: a mail server may tell them apart
        (RFC 5321, 2.4), but none that people use does, and who asks to be removed need not remember which they typed.
        """
        return self._session.hash("email", normalize("NFC", address.strip()).lower())

    def _row(self, item: Lead) -> dict[str, Any]:
        email = item.email
        row = {name: getattr(item, name) for name in _PLAIN}
        choices = {name: item.answers[name] for name in item.choices if name in item.answers}
        return row | {
            "chat_hash": self._session.chat_hash(item.chat),
            "email_hash": self.email_hash(email) if email else None,
            "choices": json.dumps(choices, sort_keys=True),
            **{column.name: choices.get(column.name) for column in _BEFORE},
            "data": self._keys.seal({name: getattr(item, name) for name in _PRIVATE} | _agreed_as_kept(item)),
        }

    def _lead(self, row: Any) -> Lead:
        """Give the row as a lead; what a newer release added to it is left out."""
        with reading(f"lead {row.reference}", row):
            private = {name: value for name, value in self._keys.open(row.data).items() if name in _PRIVATE}
            private["agreed_before"] = _agreed(private.get("agreed_before", ()))
            private["choices"] = tuple(private.get("choices", ()))
            return Lead(**{name: getattr(row, name) for name in _PLAIN}, **private)


def _chosen(row: Any) -> dict[str, str]:
    """Give the answers of a row that are options; one of the previous release has those of two fields alone."""
    if row.choices is not None:
        return dict(json.loads(row.choices))
    return {column.name: value for column in _BEFORE if (value := getattr(row, column.name))}


def _agreed_as_kept(item: Lead) -> dict[str, Any]:
    """Give what earlier versions were sent with, as it is encrypted with the rest of the lead."""
    return {"agreed_before": [(one.at.isoformat(), one.version, one.language) for one in item.agreed_before]}


def _agreed(kept: Iterable[tuple[str, str, str]]) -> tuple[Consent, ...]:
    """Give what earlier versions were sent with, from what was kept; a lead of an earlier release has none."""
    return tuple(
        Consent(at=datetime.fromisoformat(at), version=version, language=language) for at, version, language in kept
    )
