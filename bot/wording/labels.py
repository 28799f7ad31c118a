"""labels.toml of one language: buttons, fields, options, topics, and the words dates are made of."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from bot.dialogue.button_ids import ButtonId, label_name
from bot.wording.cleaning import clean, one_line
from bot.wording.records import Problem, WordingError
from bot.wording.tables import Table
from bot.wording.templates import BROKEN, Templates, explained

VALUES = ("reference", "address", "suggestion", "name")  #: what differs per person in a label
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9])")
FILLED_LIMIT = 60  #: characters of a label once a person's values are in it
SECTIONS = ("languages", "groups", "topics", "fields", "examples", "statuses", "channels", "basis", "keyboard")


class Labels:
    """The short texts of one language. A label that is missing is a WordingError, as the check finds it first."""

    def __init__(self, table: Table, templates: Templates) -> None:
        self.table = table
        self.name = table.text("name")
        self.sections: dict[str, dict[str, str]] = {name: table.texts(name) for name in SECTIONS}
        self.options: dict[str, dict[str, str]] = {
            field: table.texts("options", field) for field in table.section("options")
        }
        self.buttons = table.texts("buttons")
        self.own_names: dict[str, str] = {}  #: language code -> its own name, set when all languages are read
        self.dated: tuple[str, ...] = ()  #: the fields whose answers are days, set when the form is read
        self.day: Callable[[date], str] = str  #: how a date is said, set when the language is read
        self._templates = templates
        self._compiled: dict[str, Callable[..., str]] = {}
        self.place = lru_cache(maxsize=2048)(self._place)
        self.of_rest = lru_cache(maxsize=256)(self._of_rest)

    def of(self, section: str, name: str) -> str:
        """The label of ``name`` in ``section``."""
        label = self.sections[section].get(name)
        return self.missing(f"{section}.{name}") if label is None else label

    def missing(self, what: str) -> str:
        """Raise that there is no label for ``what``."""
        raise WordingError(Problem(file=self.table.name, line=0, text=f"{what} has no label"))

    def shown(self, field: str, value: object) -> str:
        """The label of an option of ``field``, or else the value itself."""
        text = str(value)
        known = self.options.get(field, {}).get(text)
        if known is None and field in self.dated and _DAY.fullmatch(text):
            return self.day(date.fromisoformat(text))
        return text if known is None else known

    def listed(self, items: Sequence[object]) -> str:
        """The items as people sum them up: "a, b and c"."""
        return self._joined(items, "and")

    def either(self, items: Sequence[object]) -> str:
        """One of the items, as people say it: "a, b or c"."""
        return self._joined(items, "or")

    def _joined(self, items: Sequence[object], word: str) -> str:
        texts = [self.day(item) if isinstance(item, date) else str(item) for item in items]
        if len(texts) < 2:
            return "".join(texts)
        return f"{', '.join(texts[:-1])} {self.table.text(word)} {texts[-1]}"

    def button(self, button_id: str, values: Mapping[str, Any] | None = None) -> str:
        """
        The label of a button: by its id, or else by the longest part of it up to a ":"; which token follows "@"
        is all the same.
        """
        label, rest = self.place(label_name(button_id))
        if "{{" not in label:
            return label
        if not values or values.keys() == {"field"}:
            return self.of_rest(label, values["field"] if values else rest)
        return one_line(self.rendered(label, {"field": rest, "reference": rest, **values}), FILLED_LIMIT)

    def bare(self, button_id: str) -> str:
        """The label of a button without the values it shows, such as a reference; its field stays."""
        label, rest = self.place(label_name(button_id))
        if "{{" not in label:
            return label
        nothing = dict.fromkeys(VALUES, "")
        return one_line(self.rendered(label, {**nothing, "field": rest}), FILLED_LIMIT)

    def _of_rest(self, label: str, rest: str) -> str:
        """A label that shows nothing but what its id goes on with; few enough to be kept."""
        return one_line(self.rendered(label, {"field": rest, "reference": rest}), FILLED_LIMIT)

    def rendered(self, text: str, values: Mapping[str, Any]) -> str:
        """A short text with its values in it; raises WordingError when it is broken."""
        try:
            if text not in self._compiled:
                self._compiled[text] = self._templates.inline(text).render
            return self._compiled[text](values)
        except BROKEN as error:
            raise WordingError(Problem(file=self.table.name, line=0, text=explained(error)[0])) from error

    def _place(self, name: str) -> tuple[str, str]:
        if name in self.buttons:
            return self.buttons[name], ""
        of = ButtonId.read(name)
        if of.name in self.buttons:
            return self.buttons[of.name], ""
        match of.parts:
            case ("topic", *_):
                return self.of("topics", of.rest), ""
            case ("language", *_):
                return self.own_names.get(of.rest) or self.missing(f"language {of.rest}"), ""
            case ("signup", field, value) if value in self.options.get(field, {}):
                return self.options[field][value], ""
        return self._longest(of)

    def _longest(self, of: ButtonId) -> tuple[str, str]:
        for beginning in reversed(of.beginnings()[:-1]):
            if beginning in self.buttons:
                return self.buttons[beginning], clean(of.after(beginning))
        return self.missing(f"button {clean(of.name)}"), ""
