"""Names in a TOML file that nobody reads: a slip of the pen, as all that is read is known."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import product
from pathlib import Path

from bot.wording.catalogue import Catalogue
from bot.wording.files import SAID, count_phrases, is_hidden
from bot.wording.keys import PER_FIELD
from bot.wording.records import Problem
from bot.wording.tables import Table

COURSE = (
    "languages", "timezone", "phone_regions", "consent_version", "small_talk",
    "participants", "fields", "menu", "topics",
)  # fmt: skip
TOPIC = ("next", "offer", "yes", "about")
GROUP = ("id", "topics", "buttons")
PRIVACY = {
    "responsible": ("organisation", "address", "contact"),
    "processing": ("processors", "none"),
    "complaints": ("authority", "address"),
    "purposes": None,  # checked with their values
}
_READ = (".html", ".txt", ".toml")
_TYPED = (".htm", ".md", ".doc", ".docx", ".odt", ".rtf")  #: what a word processor or a browser makes of a message


def check_unknown(catalogue: Catalogue) -> None:
    """Note in course.toml, privacy.toml and labels.toml what nobody reads."""
    course, privacy = catalogue.tables["course"], catalogue.tables["privacy"]
    _names(course, course.values, COURSE)
    _names(course, course.section("participants"), ("smallest", "largest"), "participants")
    for topic in course.section("topics"):
        _names(course, course.section("topics", topic), TOPIC, "topics", topic)
    for number, group in enumerate(course.values.get("menu", ())):
        _names(course, group, GROUP, "menu", str(number))
    _names(privacy, privacy.values, tuple(PRIVACY))
    for section, known in PRIVACY.items():
        if known:
            _names(privacy, privacy.section(section), known, section)
    topics, fields = tuple(course.section("topics")), tuple(catalogue.declared)
    for language in catalogue.languages.values():
        labels = language.tables["labels"]
        for section in ("fields", "examples"):
            _names(labels, labels.section(section), fields, section)
        _names(labels, labels.section("options"), fields, "options")
        for field, options in labels.section("options").items():
            if (asked := catalogue.form.by_name.get(field)) is not None:
                _names(labels, options, asked.options, "options", field)
        _names(language.tables["labels"], language.tables["labels"].section("topics"), topics, "topics")


def _names(table: Table, given: Mapping[str, object], known: tuple[str, ...], *path: str) -> None:
    for name in given:
        if name not in known:
            table.problem(f"nobody reads {name}; these are: {', '.join(known)}", *path, name)


def strange_files(catalogue: Catalogue) -> Iterator[Problem]:
    """Files that are no message by their names: of a word processor, or with capitals or two endings."""
    for code in catalogue.codes:
        for path in sorted(filter(_is_strange, (catalogue.folder / code).rglob("*"))):
            name = path.relative_to(catalogue.folder)
            if not path.is_dir() and not is_hidden(name):
                kind = "txt" if name.parts[1] in SAID else "html"
                text = f"this file is not read: its name must be small letters, and end in .{kind}"
                yield Problem(file=name.as_posix(), line=0, text=text)


def _is_strange(path: Path) -> bool:
    unread = path.suffix in _READ and (path.name != path.name.lower() or "." in path.stem)
    return unread or path.suffix in _TYPED


def strange_questions(catalogue: Catalogue) -> Iterator[Problem]:
    """Questions of a sign-up that no field asks."""
    known = {*catalogue.declared, "review"}
    for code, folder in product(catalogue.codes, PER_FIELD):
        for path in sorted((catalogue.folder / code / folder).glob("*.html")):
            if path.stem not in known and not path.stem.startswith("_"):
                text = f"no field is called {path.stem}: it has no [[fields]] in course.toml"
                yield Problem(file=f"{code}/{folder}/{path.name}", line=0, text=text)


def unasked_topics(catalogue: Catalogue) -> Iterator[Problem]:
    """Topics of which a language has no phrases, so that nobody's question finds them there."""
    small = catalogue.tables["course"].names("small_talk")
    for code in catalogue.codes:
        folder = catalogue.folder / code / "questions"
        for topic in catalogue.topics if folder.is_dir() else ():
            waiting = folder / "unpublished" / f"{topic}.txt"
            if topic not in small and not count_phrases(folder / f"{topic}.txt") and not count_phrases(waiting):
                text = f"no question about {topic}: write some, so that people find its answer by typing"
                yield Problem(file=f"{code}/questions/{topic}.txt", line=0, text=text)


def guessed(word: str, known: list[str]) -> str | None:
    """What was probably meant by a word that is not known."""
    found = get_close_matches(word, known, n=1, cutoff=0.7)
    return found[0] if found and found[0] != word else None
