"""Reads ``.env``, and tells by line what in it says something else than it seems to."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.settings.errors import SettingsError
from bot.settings.names import Names
from bot.settings.texts import flaw, text_of

_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z][A-Za-z0-9_]*)")

#: an unquoted value, a space, and a # that more follows on than a space: a password may have one
_CUT = re.compile(r"=[^\S\r\n]*(?:[^\s'\"#][^\r\n]*?)?\s#[^\s#]")
_NO_COMMENTS = ("_URL", "_TOKEN", "_SECRET", "_KEY")  #: settings that hold secrets


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A setting as a source gives it."""

    text: str
    place: str  #: such as ``.env line 3``; empty for the environment


def read_env_file(file: Path | None, names: Names, tell: Callable[[str], None]) -> Mapping[str, Entry]:
    """
    What ``.env`` sets, by name; nothing where there is none. ``tell`` gets a line about what nobody reads.

    Raises SettingsError for what cannot be read, for a name that looks like a setting and is none, and for a setting
    that stands there twice.
    """
    if file is None or not _is_there(file, tell):
        return {}
    try:
        text = text_of(file)
    except ValueError as error:
        raise SettingsError(f"{file}", f"must be a text file that can be read ({error})") from None
    found: dict[str, Entry] = {}
    for binding in parse_stream(io.StringIO(text)):
        place = f"{file} line {_line(binding)}"
        for name, value in _read(binding, place, names):
            _check_name(name, place, names, tell)
            _keep(found, name, Entry(text=value, place=place))
    return found


def _is_there(file: Path, tell: Callable[[str], None]) -> bool:
    """Whether there is such a file; one that an editor gave another ending is told."""
    if file.exists() or file.is_symlink():
        return True
    other = file.with_name(f"{file.name}.txt")
    if other.is_file():
        tell(f"{other} is not read: its name must be {file.name}")
    return False


def _line(binding: Binding) -> int:
    """The line that a binding begins on: the parser counts the blank lines before it as part of it."""
    text = binding.original.string
    before = text[: len(text) - len(text.lstrip())]
    return binding.original.line + len(re.findall(r"\r\n|\n|\r", before))


def _read(binding: Binding, place: str, names: Names) -> Iterator[tuple[str, str]]:
    if binding.error:
        raise SettingsError(*_unreadable(binding, place))
    if binding.key is None or (binding.value is None and binding.key in names):
        return  # a comment; or, as in files for docker, a name whose value the environment has
    if binding.value is None or ":" in binding.key:
        raise SettingsError(*_unreadable(binding, place))
    if "\n" in binding.value or "\r" in binding.value:
        raise SettingsError(*_unreadable(binding, place, "has a value of several lines: is a quote not closed?"))
    if _CUT.search(binding.original.string) and binding.key.removesuffix("_FILE").endswith(_NO_COMMENTS):
        wrong = "has a # behind a space, where a comment begins: put the value between quotes, or a space behind the #"
        raise SettingsError(f"{place} ({binding.key})", wrong)
    yield binding.key, binding.value.strip()


def _unreadable(binding: Binding, place: str, wrong: str = "") -> tuple[str, str]:
    """Where and why a line cannot be read, without what stands in it: that may be a secret."""
    line = binding.original.string.strip().partition("\n")[0]
    name = _NAME.match(line)
    subject = f"{place} ({name[1]})" if name and name[1] == name[1].upper() else place
    value = line.partition("=")[2].strip()
    if not wrong and value[:1] in ("'", '"'):
        wrong = "has a quote that is not closed, or something behind the last one"
    return subject, f"{wrong or 'cannot be read'}; write NAME=value, or NAME='value'"


def _check_name(name: str, place: str, names: Names, tell: Callable[[str], None]) -> None:
    """Raise SettingsError for a name that looks like a setting; tell of any other that is none."""
    if name in names or names.is_of_others(name):
        return
    if meant := names.meant(name):
        shown = f"{name}, which is no setting" if name.isascii() and name.isprintable() else "no setting"
        raise SettingsError(place, f"sets {shown}: write {meant}")
    if alike := names.family(name):
        raise SettingsError(place, f"sets {name}, which is no setting; there are {', '.join(alike)}")
    shown = name if re.fullmatch(r"[A-Z][A-Z0-9_]*", name) else "something"
    tell(f"{place} sets {shown}, which is no setting of the bot: nothing reads it from here")


def _keep(found: dict[str, Entry], name: str, entry: Entry) -> None:
    """Keep what a line sets. Raises SettingsError where an earlier line set it to something else."""
    before = found.get(name)
    if before and before.text and before.text != entry.text:
        raise SettingsError(entry.place, f"sets {name} once more, after {before.place}: keep one of them")
    if wrong := flaw(entry.text):
        raise SettingsError(f"{entry.place} ({name})", wrong)
    found[name] = entry
