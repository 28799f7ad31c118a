"""What is wrong with labels, spellings, the page and what Telegram shows of the bot."""

import re
from collections.abc import Iterator, Mapping

from bot.dialogue.fields import BY_NAME, FIELDS
from bot.dialogue.labelled import BESIDE
from bot.dialogue.spelling import plain
from bot.wording import keys
from bot.wording.catalogue import Catalogue
from bot.wording.facts import BASES
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.records import TelegramTexts, WordingError
from bot.wording.samples import Samples
from bot.wording.tables import Table

LABEL_LIMIT, TOPIC_LIMIT, BUTTON_ID_LIMIT = 40, 24, 64
TELEGRAM_LIMITS = {"description": 512, "short_description": 120}
COMMAND_LIMIT = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_NO_PROSE = ("examples", "dates")  #: sections of labels.toml that hold values, no sentences


def check_language(catalogue: Catalogue, language: Language, samples: Samples, prose: Prose) -> None:
    """Note in the language's tables what is wrong with them."""
    labels = language.tables["labels"]
    _check_labels_there(catalogue, language)
    _check_buttons(catalogue, language, samples)
    for section, texts in _texts_of(labels):
        _check_prose(labels, section, texts, prose)
    _check_page(language, prose)
    _check_telegram(language, prose)
    _check_spellings(catalogue, language)


def _texts_of(table: Table) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    """The sections of labels.toml that hold sentences, with their texts."""
    for name in table.values:
        if name in _NO_PROSE or not isinstance(table.values[name], dict):
            continue
        section = table.section(name)
        inner = [key for key in section if isinstance(section[key], dict)]
        yield (name,), {key: text for key, text in section.items() if isinstance(text, str)}
        yield from (((name, key), {k: t for k, t in section[key].items() if isinstance(t, str)}) for key in inner)


def _check_labels_there(catalogue: Catalogue, language: Language) -> None:
    table = language.tables["labels"]
    fields = tuple(field.name for field in FIELDS)
    wanted = {
        "languages": catalogue.codes,
        "groups": tuple(group for group, _, _ in catalogue.groups),
        "topics": tuple(catalogue.topics),
        "fields": fields,
        "examples": fields,
        "statuses": keys.STATUSES,
        "channels": keys.CHANNELS,
        "basis": BASES,
        "keyboard": keys.KEYBOARDS,
        "buttons": keys.BUTTONS,
    }
    for section, names in wanted.items():
        _check_there(table, (section,), names)
    for field in FIELDS:
        if field.options:
            _check_there(table, ("options", field.name), field.options)
    for name in ("and", "or"):
        table.text(name)


def _check_there(table: Table, path: tuple[str, ...], names: tuple[str, ...]) -> None:
    there = table.section(*path)
    for name in names:
        if name not in there:
            table.problem(f"[{'.'.join(path)}] has no {name}", *path)


def _check_buttons(catalogue: Catalogue, language: Language, samples: Samples) -> None:
    """Every label renders and fits on a button, every id fits in Telegram's."""
    table, labels = language.tables["labels"], language.labels
    for button_id in labels.buttons:
        values = samples.full(button_id, samples.of_button(button_id))
        try:
            label = labels.button(button_id, values)
        except WordingError as error:
            table.problem("; ".join(one.text for one in error.problems), "buttons", button_id)
        else:
            _check_length(table, label, LABEL_LIMIT, "buttons", button_id)
    for topic, label in labels.sections["topics"].items():
        _check_length(table, label, TOPIC_LIMIT, "topics", topic)
    for field, options in labels.options.items():
        for value, label in options.items():
            _check_length(table, label, LABEL_LIMIT, "options", field, value)
    _check_course_buttons(catalogue, language)
    _check_alike(catalogue, language)


def _check_alike(catalogue: Catalogue, language: Language) -> None:
    """Buttons that stand together say different things, as a label may be typed instead of tapped."""
    labels = language.labels
    beside = [("buttons", name) for name in BESIDE]
    _check_different(language, [*beside, *(("topics", topic) for topic in catalogue.topics)])
    for field in FIELDS:
        options = [("options", field.name, value) for value in field.options if field.name in labels.options]
        ways = [("buttons", name) for name in ("signup:skip", "signup:back", "signup:cancel")]
        _check_different(language, [*beside, *ways, *options])
    _check_different(language, [("fields", field.name) for field in FIELDS])


def _check_different(language: Language, places: list[tuple[str, ...]]) -> None:
    """No two of these texts of labels.toml are alike, but for capitals, accents and punctuation."""
    table, first = language.tables["labels"], dict[str, str]()
    for place in places:
        *section, name = place
        label = table.section(*section).get(name)
        if isinstance(label, str) and first.setdefault(plain(label), name) != name:
            other = first[plain(label)]
            table.problem(f"{name} and {other} say the same, and may be offered together: change one", *place)


def _check_course_buttons(catalogue: Catalogue, language: Language) -> None:
    """The buttons that course.toml names have labels, and topics' ids fit."""
    course = catalogue.tables["course"]
    places: list[tuple[str, tuple[str, ...]]] = [
        (button, ("menu",)) for _, _, buttons in catalogue.groups for button in buttons
    ]
    places += [(button, ("topics", topic.id, "offer")) for topic in catalogue.topics.values() for button in topic.offer]
    for button, place in places:
        try:
            language.labels.button(button)
        except WordingError:
            course.problem(f"button {button} has no label", *place)
    for topic in catalogue.topics:
        if len(f"topic:{topic}".encode()) > BUTTON_ID_LIMIT:
            course.problem(f"topic:{topic} is longer than {BUTTON_ID_LIMIT} bytes", "topics", topic)


def _check_length(table: Table, text: str, limit: int, *path: str) -> None:
    if len(text) > limit:
        table.problem(f"{text!r} has {len(text)} characters; at most {limit} fit", *path)


def _check_prose(table: Table, section: tuple[str, ...], texts: Mapping[str, str], prose: Prose) -> None:
    for key, text in texts.items():
        for _, problem in prose.in_template(text):
            table.problem(problem, *section, key)


def _check_page(language: Language, prose: Prose) -> None:
    table = language.tables["page"]
    _check_there(table, (), keys.PAGE)
    _check_prose(table, (), table.texts(), prose)
    _check_renders(language, table, (), table.texts())


def _check_renders(language: Language, table: Table, section: tuple[str, ...], texts: Mapping[str, str]) -> None:
    for key, text in texts.items():
        try:
            language.short(text)
        except WordingError as error:
            table.problem("; ".join(one.text for one in error.problems), *section, key)


def _check_telegram(language: Language, prose: Prose) -> None:
    table = language.tables["telegram"]
    for section in ((), ("commands",), ("staff_commands",)):
        texts = table.texts(*section)
        _check_prose(table, section, texts, prose)
        _check_renders(language, table, section, texts)
    if table.problems:
        return
    shown = language.telegram()
    for name, limit in TELEGRAM_LIMITS.items():
        _check_length(table, getattr(shown, name), limit, name)
    _check_commands(table, shown)


def _check_commands(table: Table, shown: TelegramTexts) -> None:
    for section, commands in (("commands", shown.commands), ("staff_commands", shown.staff_commands)):
        for command, description in commands.items():
            if not _COMMAND.fullmatch(command):
                table.problem(f"{command!r}: a command has small letters, digits and _ only", section, command)
            _check_length(table, description, COMMAND_LIMIT, section, command)


def _check_spellings(catalogue: Catalogue, language: Language) -> None:
    """One spelling points to one value; groups and values exist."""
    table = language.tables["spellings"]
    known: dict[str, tuple[str, ...]] = {field.name: field.options for field in FIELDS if field.options}
    known |= {"fields": tuple(BY_NAME), "language": catalogue.codes, "navigation": keys.NAVIGATION}
    for group in table.values:
        if group not in known:
            table.problem(f"{group} is no group; these are: {', '.join(known)}", group)
            continue
        meant: dict[str, str] = {}
        for value in table.section(group):
            if group != "language" and value not in known[group]:
                table.problem(f"{group} has no value {value}; these are: {', '.join(known[group])}", group, value)
            _check_ways(table, group, value, meant)
    for group, values in known.items():
        if group != "language":
            _check_there(table, (group,), values)


def _check_ways(table: Table, group: str, value: str, meant: dict[str, str]) -> None:
    for way in table.names(group, value):
        other = meant.setdefault(plain(way), value)
        if other != value:
            table.problem(f"{way!r} points to {other} and to {value}", group, value)
        if not plain(way):
            table.problem(f"{way!r} has no letter or digit to know it by", group, value)
