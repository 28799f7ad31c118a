"""What is wrong with labels.toml: labels that are not there, and facts in their sentences."""

from collections.abc import Iterator, Mapping

from bot.dialogue.channels import CHANNELS
from bot.wording import keys
from bot.wording.catalogue import Catalogue
from bot.wording.check.raw import check_raw_labels
from bot.wording.check.texts import check_prose, check_there
from bot.wording.facts import BASES
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.tables import Table

_NO_PROSE = ("examples", "dates")  #: sections of labels.toml that hold values, no sentences


def check_labels(catalogue: Catalogue, language: Language, prose: Prose) -> None:
    """Note in labels.toml what is wrong with it, but for what buttons ask of it."""
    _check_labels_there(catalogue, language)
    check_raw_labels(language.tables["labels"], _texts_of(language.tables["labels"]), language.commands())
    for section, texts in _texts_of(language.tables["labels"]):
        check_prose(language.tables["labels"], section, texts, prose)


def _check_labels_there(catalogue: Catalogue, language: Language) -> None:
    table = language.tables["labels"]
    fields = tuple(catalogue.form.by_name)
    wanted = {
        "languages": catalogue.codes,
        "groups": tuple(group for group, _, _ in catalogue.groups),
        "topics": tuple(catalogue.topics),
        "fields": fields,
        "examples": fields,
        "statuses": keys.STATUSES,
        "channels": tuple(CHANNELS),
        "basis": BASES,
        "keyboard": keys.KEYBOARDS,
        "buttons": keys.BUTTONS,
    }
    for section, names in wanted.items():
        check_there(table, (section,), names)
    for field in catalogue.form.fields:
        if field.name in language.of_facts():
            if len(language.labels.options[field.name]) < len(field.options):
                text = f"the options of {field.name} are fewer in {language.code} than in the first language"
                catalogue.tables["course"].problem(text, "fields")
        elif field.options:
            check_there(table, ("options", field.name), field.options)
    table.text("and")


def _texts_of(table: Table) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    for name in table.values:
        if name in _NO_PROSE or not isinstance(table.values[name], dict):
            continue
        section = table.section(name)
        inner = [key for key in section if isinstance(section[key], dict)]
        yield (name,), {key: text for key, text in section.items() if isinstance(text, str)}
        yield from (((name, key), {k: t for k, t in section[key].items() if isinstance(t, str)}) for key in inner)
