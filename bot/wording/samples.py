"""samples.toml: which placeholders a message has, and values to try them with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.fields import Field, Form, Kind
from bot.wording.facts import PURPOSES, SETTINGS, facts_of, settings_facts
from bot.wording.tables import Table

_OF_KIND = {
    Kind.EMAIL: "samira.dewit@example.org",
    Kind.PHONE: "+31612345678",
    Kind.NUMBER: "12",
    Kind.DATE: "2027-03-12",
}
_ANSWERS = ("answers", "draft", "noted", "changes")  #: samples that are lists of a field and what was said
NO_PRIVACY = {
    "organisation": None,
    "address": None,
    "contact": None,
    "basis": dict.fromkeys(PURPOSES),
    "by_consent": False,
    "processors": (),
    "authority": None,
    "authority_address": None,
}


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A value that a message shows."""

    name: str
    optional: bool  #: the message must read well without it


class Samples:
    """The placeholders of every message and button, with samples."""

    def __init__(self, table: Table, form: Form) -> None:
        self.table = table
        self._form = form
        self._values = self._asked(table.section("samples"))
        self._bare = self._asked(table.section("bare"))
        asked = {f"signup/ask/{field.name}": {"answer": _sample(field)} for field in form.fields}
        self._for = asked | {key: self._asked(own) for key, own in table.section("for").items()}

    def _asked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The samples with answers to what this course asks, and no others."""
        return {name: self._of_form(name, value) for name, value in values.items()}

    def _of_form(self, name: str, value: Any) -> Any:
        known = self._form.by_name
        if name in _ANSWERS:
            kept = [one for one in value if one[0] in known and all(_fits(known[one[0]], text) for text in one[1:])]
            first = self._form.fields[0]
            return kept if kept or not value else [[first.name, *[_sample(first)] * (len(value[0]) - 1)]]
        if name == "lead":
            return self._asked(value)
        if name == "leads" and isinstance(value, list):
            return [self._asked(one) for one in value]
        return self._form.fields[0].name if name == "field" and value not in known else value

    def of_message(self, key: str) -> dict[str, Placeholder]:
        """The placeholders of a message: its own, and those of the folders it lies in."""
        return self._declared("messages", tuple(accumulate(key.split("/"), "{}/{}".format)))

    def of_button(self, button_id: str) -> dict[str, Placeholder]:
        """The placeholders of a button's label."""
        return self._declared("buttons", ButtonId.read(button_id).beginnings())

    def _declared(self, section: str, keys: Sequence[str]) -> dict[str, Placeholder]:
        names = [name for key in keys for name in self.table.names(section, key)]
        given = [Placeholder(name=name.rstrip("?"), optional=name.endswith("?")) for name in names]
        return {placeholder.name: placeholder for placeholder in given}

    def full(self, key: str, placeholders: Mapping[str, Placeholder]) -> dict[str, Any]:
        """Every placeholder with its sample; those without one are left out."""
        own = self._for.get(key, {})
        found = {name: own.get(name, self._values.get(name)) for name in placeholders}
        return {name: value for name, value in found.items() if value is not None}

    def bare(self, key: str, placeholders: Mapping[str, Placeholder]) -> dict[str, Any]:
        """The same with nothing for what may be missing, and the plainer samples."""
        full = self.full(key, placeholders)
        return {
            name: nothing_like(value) if placeholders[name].optional else self._bare.get(name, value)
            for name, value in full.items()
        }

    def of_facts(self, language: str, languages: Sequence[str]) -> dict[str, Any]:
        """What facts that are not known yet may be once they are."""
        return facts_of(self.table.section("facts"), language, languages)

    def settings(self) -> dict[str, Any]:
        """The settings with everything on and set."""
        return sample_settings(self.table)

    def nothing_set(self) -> dict[str, Any]:
        """The settings with everything off and unset."""
        return settings_facts({})

    def check(self, keys: set[str]) -> None:
        """Note in the table what has no sample, and what is declared for messages that are not there."""
        known = set(self._values)
        for section in ("messages", "buttons"):
            for key in self.table.section(section):
                for name in self.table.names(section, key):
                    if name.rstrip("?") not in known | set(self._for.get(key, {})):
                        self.table.problem(f"{name.rstrip('?')} has no sample under [samples]", section, key)
        for key in [*self.table.section("messages"), *self.table.section("for")]:
            if not key.startswith("signup/ask/") and not any(
                message == key or message.startswith(f"{key}/") for message in keys
            ):
                section = "messages" if key in self.table.section("messages") else "for"
                self.table.problem(f"there is no message {key}", section, key)


def sample_settings(table: Table) -> dict[str, Any]:
    """The settings with everything on and set, as samples.toml has them."""
    return settings_facts({**SETTINGS, **table.section("settings")})


def _fits(field: Field, text: str) -> bool:
    return not field.options or text in ("", *field.options)


def _sample(field: Field) -> str:
    """An answer that this field may have."""
    return field.options[0] if field.options else _OF_KIND.get(field.kind, "Samira de Wit")


def nothing_like(value: object) -> object:
    """What stands for nothing in the place of ``value``: False, an empty list or table, or None."""
    if isinstance(value, bool):
        return False
    return type(value)() if isinstance(value, list | dict) else None
