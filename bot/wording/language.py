"""One language of the messages: its templates with the facts in them, its labels, its page and Telegram texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

from jinja2 import TemplateNotFound

from bot.dialogue.contacts import with_names
from bot.dialogue.fields import Form, Kind, Role
from bot.dialogue.reading.commands import COMMANDS
from bot.dialogue.reading.commands import GROUP as OWN_COMMANDS
from bot.dialogue.reading.spelling import plain
from bot.wording.cleaning import one_line
from bot.wording.dates import Dates
from bot.wording.labels import Labels
from bot.wording.records import Problem, TelegramTexts, WordingError
from bot.wording.tables import Table
from bot.wording.templates import BROKEN, Templates, explained

SHARED_MACROS = "_show.html"  #: partial whose macros every message may call
STAFFS = "staff:"  #: how the ids of staff's buttons begin
MEANS = {"contact:yes": "contact:ask"}  #: a label that a button has at times -> the button's id
PER_FIELD = ("signup:edit", "signup:skip")  #: buttons whose id goes on with a field


class Language:
    """The words of one language."""

    def __init__(self, folder: Path, code: str, zone: tzinfo) -> None:
        self.code = code
        self.templates = Templates(folder, code)
        self.tables = {
            name: Table(folder, f"{code}/{name}.toml") for name in ("labels", "spellings", "page", "telegram")
        }
        self.labels = Labels(self.tables["labels"], self.templates)
        self.dates = self._read_dates(zone)
        self.labels.day = self.templates.shower.day = self.dates.day
        self.templates.shower.listed = self.labels.listed
        self._names: tuple[str, ...] = ()  #: of the contact persons
        self._form = Form(fields=())
        self._said_options: dict[str, dict[str, tuple[str, ...]]] = {}  #: field -> option of a fact -> its ways
        self._shared = (folder / SHARED_MACROS).is_file()

    def _read_dates(self, zone: tzinfo) -> Dates:
        labels = self.tables["labels"]
        months = labels.names("dates", "months")
        if len(months) != 12:
            labels.problem("months must name the twelve months", "dates", "months")
            months = tuple(map(str, range(1, 13)))
        day, moment = labels.text("dates", "day"), labels.text("dates", "moment")
        # folders made earlier have no shorter ones
        brief, clock = (str(labels.section("dates").get(name, moment)) for name in ("brief", "clock"))
        dates = Dates(
            zone=zone,
            months=months,
            day_format=day,
            moment_format=moment,
            brief_format=brief,
            clock_format=clock,
        )
        for name in ("day", "moment", "briefly", "clock"):
            try:
                getattr(dates, name)("2026-03-04T05:06:07+00:00")
            except (KeyError, ValueError, IndexError):
                labels.problem("a date has {day}, {month}, {year}, {hour} and {minute}, nothing else", "dates", name)
        return dates

    def take_form(self, form: Form, of_facts: Mapping[str, Mapping[str, object]]) -> None:
        """Take what the sign-up asks. ``of_facts``: the options that facts give, by field, in this language."""
        self._form = form
        self.labels.dated = (*form.of(Kind.DATE), *of_facts)
        for field, options in of_facts.items():
            self.labels.options[field] = {option: self.labels.listed([item]) for option, item in options.items()}
            self._said_options[field] = {
                option: (str(place), *self._ways(item)) for place, (option, item) in enumerate(options.items(), 1)
            }

    def _ways(self, item: object) -> tuple[str, ...]:
        """How people write an item of a fact: a date with or without its year, in words or in digits."""
        said = self.labels.listed([item])
        if not isinstance(item, date):
            return (said,)
        month = self.dates.months[item.month - 1]
        words = f"{item.day} {month}"
        return said, words, f"{words} {item.year}", f"{item.day}-{item.month}", f"{item.day}-{item.month}-{item.year}"

    def of_facts(self) -> tuple[str, ...]:
        """The fields whose options a fact gives."""
        return tuple(self._said_options)

    def prepare(self, facts: Mapping[str, Any], menu: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Give the templates what every message may show: the facts, the labels as functions, the menu."""
        labels, environment = self.labels, self.templates.environment
        self._names = tuple(facts.get("contact_names", ()))
        environment.globals.update(
            facts,
            as_moment=self.dates.moment,
            as_briefly=self.dates.briefly,
            as_clock=self.dates.clock,
            as_day=self.dates.day,
            as_listed=labels.listed,
            as_either=labels.either,
            language_code=self.code,
            field_label=self._field_label,
            of_role=self._of_role,
            field_of=self._field_of,
            field_example=lambda field: labels.of("examples", field),
            topic_label=lambda topic: labels.of("topics", topic),
            status_label=lambda status: labels.of("statuses", status),
            # not refused: a channel may be new, and a sign-up by it must not be lost
            channel_name=lambda channel: labels.sections["channels"].get(channel, channel),
            # not refused: a lead may have a language that the course has no longer
            language_name=lambda code: labels.sections["languages"].get(code, code),
            keyboard_label=lambda name: labels.of("keyboard", name),
            button_label=labels.button,
            shown=labels.shown,
            by_reply=_by_reply,
            asks=True,  # a reply that leaves its question to a later one says so
            point="",  # what a question asks of a topic, where it asks for a part of it
            is_optional=lambda field: field in self._form.optional,
            is_long=lambda field: field in self._form.of(Kind.LONG_TEXT),
            menu=[(labels.sections["groups"].get(group, ""), self._topics(topics)) for group, topics in menu],
        )
        if self._shared:
            environment.globals.update(self._shared_macros())

    def look(self, colours: Mapping[str, str]) -> None:
        """Give the templates the course's colours, and whose the course is, as the head of the page says it."""
        look = {**colours, "by": ""}
        with suppress(WordingError):  # what is broken in it is named where the page is checked
            look["by"] = self.short(self.tables["page"].values.get("by", ""))
        self.templates.environment.globals["look"] = look

    def _field_label(self, field: str) -> str:
        """What a field is called; its id where it is asked no longer, and a lead has an answer to it all the same."""
        gone = field not in self._form.by_name and not self.templates.shower.strict
        return field if gone else self.labels.of("fields", field)

    def _of_role(self, answers: Sequence[tuple[str, str]], role: str) -> str:
        """The answer with this role, as people read it; empty where there is none."""
        field = self._field_of(role)
        return self.labels.shown(field, dict(answers).get(field, ""))

    def _field_of(self, role: str) -> str:
        """The id of the field with this role; empty where none has it."""
        return self._form.having(Role(role)) if role in {*Role} else self.labels.missing(f"role {role}")

    def _shared_macros(self) -> dict[str, Any]:
        """The macros of ``SHARED_MACROS``; raises WordingError when that file is broken."""
        try:
            return dict(self.templates.macros(SHARED_MACROS))
        except BROKEN as error:
            text, line = explained(error)
            file = self.templates.file_of(error) or SHARED_MACROS
            raise WordingError(Problem(file=file, line=line, text=text)) from error

    def _topics(self, topics: Sequence[str]) -> list[str]:
        return [self.labels.sections["topics"].get(topic, "") for topic in topics]

    def render(self, name: str, values: Mapping[str, Any], channel: str) -> str:
        """The text of one message file; raises WordingError that names it."""
        try:
            return self.templates.render(name, values, channel)
        except TemplateNotFound as error:
            text = "there is no such message" if error.name == name else f"{error.name} is not there"
            raise WordingError(Problem(file=f"{self.code}/{name}", line=0, text=text)) from error
        except BROKEN as error:
            text, line = explained(error)
            file = self.templates.file_of(error) or f"{self.code}/{name}"
            raise WordingError(Problem(file=file, line=line, text=text)) from error

    def page(self) -> dict[str, str]:
        """The strings of the web page, with the facts in them."""
        own = {key: self.short(text) for key, text in self.tables["page"].texts().items()}
        return {"locale": self.code, **own}

    def telegram(self) -> TelegramTexts:
        """What Telegram shows of the bot."""
        table = self.tables["telegram"]
        return TelegramTexts(
            description=self.short(table.text("description")),
            short_description=self.short(table.text("short_description")),
            commands={name: self.short(text) for name, text in table.texts("commands").items()},
            staff_commands={name: self.short(text) for name, text in table.texts("staff_commands").items()},
        )

    def short(self, text: str) -> str:
        """A short text of a TOML file with the facts in it, on one line; raises WordingError when it is broken."""
        return one_line(self.labels.rendered(text, {}), 1000) if "{{" in text else text

    def spellings(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """How people write options, fields and ways through the conversation: group -> value -> spellings."""
        table = self.tables["spellings"]
        said = {group: {value: self._said(group, value) for value in table.section(group)} for group in table.values}
        return said | self._said_options

    def _said(self, group: str, value: str) -> tuple[str, ...]:
        """The spellings of a value, with the names of the contact persons in them."""
        return tuple(
            way for one in self.tables["spellings"].names(group, value) for way in with_names(one, self._names)
        )

    def commands(self) -> frozenset[str]:
        """The commands that the bot knows: those of every course, and what this language calls them besides."""
        own = self.tables["spellings"].section(OWN_COMMANDS)
        return frozenset(COMMANDS).union(*(self.tables["spellings"].names(OWN_COMMANDS, known) for known in own))

    def typed_labels(self, topics: Iterable[str]) -> Iterator[tuple[str, str]]:
        """What each button says, as the dialogue compares it with what people type, and the button's id."""
        for button in self._buttons(topics):
            label = plain(self.labels.bare(button))
            if label:  # one of signs alone would be meant by every text of signs alone
                yield label, MEANS.get(button, button)

    def _buttons(self, topics: Iterable[str]) -> Iterator[str]:
        """The ids of all buttons, without what differs per person: a reference, an address, a token."""
        own = (button for button in self.labels.buttons if not button.startswith(STAFFS))  # nobody else sees staff's
        yield from (button for button in own if button not in PER_FIELD)
        for field in self._form.fields:
            yield from (f"{button}:{field.name}" for button in PER_FIELD)
            yield from (f"signup:{field.name}:{option}" for option in field.options)
        yield from (f"topic:{topic}" for topic in topics)
        yield from (f"language:{code}" for code in self.labels.own_names)


def _by_reply(address: str) -> bool:
    """Whether Reply reaches this address: letters that are not ASCII before the @ cannot stand in such a header."""
    return address.rpartition("@")[0].isascii()
