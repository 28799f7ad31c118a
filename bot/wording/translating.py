"""One language more in a messages folder: what another has, with what the library has of it, the rest marked."""

import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.dialogue.reading.commands import GROUP as OWN_COMMANDS
from bot.wording.files import SAID, is_hidden

STANDARD = Path(__file__).resolve().parents[2] / "messages"  #: the texts that any course may take over
LIBRARY = STANDARD / "_new_course"  #: in it: what a new course has of its own, and what more languages have
MARK = "untranslated"  #: stands in a comment behind, or above, what is not translated yet
WHOLE = "telegram.toml"  #: a file that is taken over as it is
NAMES = "languages.toml"  #: of the library: what languages are called in each other

_KEY = re.compile(r"""^("[^"\n]+"|[\w-]+)\s*=\s*(["\[].*["\]])\s*(?:#.*)?$""")
_HEADER = re.compile(r"^\[([^\[\]]+)\]")
_PER_LANGUAGE = ("facts.toml", "samples.toml")


def new_language(folder: Path, code: str, source: str) -> None:
    """
    Give a messages folder the language ``code``, from its language ``source``.

    Raises FileExistsError where it has it already, FileNotFoundError where it has no such source, OSError.
    """
    if not (folder / source).is_dir():
        raise FileNotFoundError(source)
    if (folder / code).exists():
        raise FileExistsError(code)
    try:
        for path in sorted((folder / source).rglob("*")):
            if path.is_file() and not is_hidden(path.relative_to(folder)):
                _take(folder, path.relative_to(folder / source), code, source)
        _take_more(folder, code)
        _declare(folder, code, source)
    except OSError:
        shutil.rmtree(folder / code, ignore_errors=True)  # half a language would be in the way of the next try
        raise


def _take(folder: Path, name: Path, code: str, source: str) -> None:
    text = (folder / source / name).read_text(encoding="utf-8-sig")
    library = LIBRARY / code / name
    if name.name == WHOLE and library.is_file():
        made = library.read_text(encoding="utf-8")  # its keys are commands, which are other words in each language
    elif name.suffix == ".toml":
        made = _lines_of(text, library)
    elif library.is_file() and (name.parts[0] in SAID or _is_general(text, source, name)):
        made = library.read_text(encoding="utf-8")
    elif name.parts[0] in SAID:
        made = f"# {MARK}\n{text}"
    else:
        made = f"{{# {MARK} #}}\n{text}"
    place = folder / code / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(made, encoding="utf-8")


def _take_more(folder: Path, code: str) -> None:
    """Take what people say in this language, of which the other one has no file."""
    for kind in SAID:
        for library in (LIBRARY / code / kind).glob("*.txt"):
            place = folder / code / kind / library.name
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(library, place)


def any_course(text: str) -> str:
    """A text for a course of any name, which may have no article, and of no programme."""
    text = re.sub(r"\b(?:de|the) (<b>)?(?=\{\{ title_within \}\})", r"\1", text)
    shown = "{% if certificate is defined and certificate %}{{ certificate }}{% endif %}"
    return re.sub(r'(?m)^fact_4 = ".*"$', lambda _: f'fact_4 = "{shown}"', text)


def _is_general(text: str, source: str, name: Path) -> bool:
    """Whether a message is as any course has it, so that the library's says the same."""
    known = (LIBRARY / source / name, STANDARD / source / name)
    texts = [path.read_text(encoding="utf-8") for path in known if path.is_file()]
    return text in texts or text in map(any_course, texts)


def _lines_of(text: str, library: Path) -> str:
    """A TOML file with the library's values, line by line; what it has none of is marked."""
    known = _values(library)
    made, section = [], ""
    for line in text.splitlines():
        if header := _HEADER.match(line):
            section = header[1]
        found = _KEY.match(line)
        if found and (own := known.get((section, found[1]))):
            line = own
        elif found and re.search(r"[^\W\d_]", found[2]):
            line = f"{found[1]} = {found[2]}  # {MARK}"
        made.append(line)
    more = [(key, line) for (group, key), line in known.items() if group == OWN_COMMANDS]
    if more and f"[{OWN_COMMANDS}]" not in text:
        made += ["", f"[{OWN_COMMANDS}]", *(line for _, line in more)]
    return "\n".join(made) + "\n"


def _values(library: Path) -> Mapping[tuple[str, str], str]:
    """The lines of a TOML file of the library, by section and key."""
    found, section = {}, ""
    for line in library.read_text(encoding="utf-8").splitlines() if library.is_file() else ():
        if header := _HEADER.match(line):
            section = header[1]
        elif key := _KEY.match(line):
            found[section, key[1]] = line
    return found


def _declare(folder: Path, code: str, source: str) -> None:
    """Name the language where the course does, and give every fact per language its value in it, marked."""
    course = folder / "course.toml"
    text = course.read_text(encoding="utf-8-sig")
    course.write_text(re.sub(r"(?m)^(languages = \[.*?)\]", rf'\1, "{code}"]', text, count=1), encoding="utf-8")
    facts = _values_of_facts(code)
    for name in _PER_LANGUAGE:
        path = folder / name
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        path.write_text("\n".join(_with_values(lines, code, source, facts)), encoding="utf-8")
    names = tomllib.loads((LIBRARY / NAMES).read_text(encoding="utf-8"))
    for path in folder.glob("*/labels.toml"):
        spoken = names.get(code, {})
        label = spoken.get(path.parent.name, spoken.get(code, code.upper()))
        _add(path, "languages", code, f'"{label}"')
        _add(path.with_name("spellings.toml"), "language", code, f'["{label.casefold()}", "{code}"]')
    own = names.get(code, {}).get(code, code.upper())
    for name, key in (("labels.toml", "name"), ("page.toml", "language_name")):
        path = folder / code / name
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"(?m)^{key} = .*$", f'{key} = "{own}"', text), encoding="utf-8")
    locale = folder / code / "page.toml"
    locale.write_text(re.sub(r"(?m)^locale = .*\n", "", locale.read_text(encoding="utf-8")), encoding="utf-8")


def _values_of_facts(code: str) -> Mapping[str, object]:
    """What the library's example says of its facts in a language."""
    path = LIBRARY / code / "facts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _with_values(lines: list[str], code: str, source: str, facts: Mapping[str, object]) -> Iterator[str]:
    """The lines of a TOML file with, behind each value in ``source``, that of the new language."""
    inline = re.compile(rf"""(?<![\w-]){source} = ("[^"\n]*"|\[[^\]\n]*\])(?=[,\s}}])""")
    section = re.compile(rf"^{source} = (.*)$")
    table, copying = "", list[str]()
    for line in lines:
        if header := _HEADER.match(line):
            table = header[1]
        if copying:
            copying.append(line)
        elif found := section.match(line):
            copying = [f"{code} = {_known(facts.get(table)) or found[1]}"]
        elif "{" in line and (found := inline.search(line)):
            fact = line.partition("=")[0].strip()
            own = _known(facts.get(fact)) or found[1]
            head, tail = line[: found.end()], line[found.end() :]
            mark = f"  # {MARK}" if own == found[1] and own not in ('""', "[]") and "#" not in tail else ""
            line = f"{head}, {code} = {own}{tail}{mark}"
        yield line
        if copying and _closed(copying):
            yield from _ended(copying, known=table in facts)
            copying = []


def _known(value: object) -> str:
    """A value as TOML; empty where there is none."""
    if isinstance(value, str):
        return f'"{value}"'
    return "[" + ", ".join(f'"{one}"' for one in value) + "]" if isinstance(value, list) else ""


def _closed(lines: list[str]) -> bool:
    text = "\n".join(lines)
    return text.count("[") == text.count("]")


def _ended(lines: list[str], *, known: bool) -> list[str]:
    return lines[:1] if known else [f"{lines[0]}  # {MARK}", *lines[1:]]


def _add(path: Path, section: str, key: str, value: str) -> None:
    """Put a value at the head of a section of a TOML file, in the place of one that it has."""
    kept, here = list[str](), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        header = _HEADER.match(line)
        here = header[1] if header else here
        if not (here == section and line.startswith(f"{key} = ")):
            kept.append(line)
        if header and here == section:
            kept.append(f"{key} = {value}")
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def unmade(folder: Path, code: str) -> Iterator[tuple[str, int]]:
    """The files of a language with something in them that is not translated yet, and how much that is in each."""
    for path in sorted((folder / code).rglob("*")):
        if path.is_file() and not is_hidden(path.relative_to(folder)):
            text = path.read_text(encoding="utf-8", errors="replace")
            marks = len(re.findall(rf"(?m)#\s*{MARK}\b", text))
            if marks:
                yield path.relative_to(folder).as_posix(), marks
