"""A messages folder for another course: the general texts, with a small example course to start from."""

import json
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from bot.wording.check.phrases import BESIDE_TOPICS, WORD_LISTS
from bot.wording.course import UNPUBLISHED
from bot.wording.facts import CODE, facts_of
from bot.wording.files import SAID, phrases
from bot.wording.marks import MARKS
from bot.wording.prose import Prose
from bot.wording.translating import LIBRARY, NAMES, STANDARD, any_course, new_language

NOT_GENERAL = "_not_general.txt"  #: in the example: words of the standard course alone
EXAMPLE = LIBRARY.name  #: in the standard folder: what the example course has of its own
OF_THE_COURSE = (
    "course.toml",
    "facts.toml",
    "topic",
    "questions",
    "questions.npz",
    "acts",
    "acts.npz",
    "icon.svg",
    "icon.png",
    "card.png",
    EXAMPLE,
)
_MARK = re.compile(rf"(?m)^((?:{'|'.join(MARKS)}) = )")  #: where page.toml names a picture
_POINT = re.compile(r'"(\w+)/\w+" = ')
OF_A_TOOL = (".*", "~*", "#*", "*~")  #: what editors and file managers put beside messages


def make_course(folder: Path, languages: Sequence[str] = (), told: Mapping[str, str] | None = None) -> None:
    """
    Make ``folder``, a messages folder that passes the check, for an editor to change into another course.

    ``languages``: its languages, the default first; those of the example course where none is named. One that the
    library has no texts in begins as a copy, marked. ``told``: facts by their names, in the place of the example's.
    Raises FileExistsError when it is there already, OSError when it cannot be written, ValueError for what is no code
    of a language.
    """
    course = tomllib.loads((LIBRARY / "course.toml").read_text(encoding="utf-8"))
    if unknown := [code for code in languages if not CODE.fullmatch(code)]:
        raise ValueError(", ".join(unknown))
    if folder.exists() or folder.is_symlink():
        raise FileExistsError
    try:
        _make(folder, course)
        basis = course["languages"][-1]
        for code in languages:
            if code not in course["languages"]:
                new_language(folder, code, basis)
        for code in course["languages"] if languages else ():
            if code not in languages:
                _leave_out(folder, code)
        _declare(folder, languages or course["languages"], told or {})
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # half a course would be in the way of the next try
        raise


def _leave_out(folder: Path, code: str) -> None:
    """Take a language out of the course: its folder, its code, and what the facts and samples say in it."""
    shutil.rmtree(folder / code)
    for name in ("course.toml", "facts.toml", "samples.toml"):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        value = r"""(?:"[^"\n]*"|\[[^\]]*\])"""
        text = re.sub(rf"(?m)^languages = (.*?),? ?\"{code}\",? ?", r"languages = \1", text)
        text = re.sub(rf"(?m)^{code} = {value}\n", "", text)
        text = re.sub(rf",? {code} = {value}", "", text).replace("{,", "{")
        path.write_text(re.sub(r" *# bijvoorbeeld \{ \}$", "", text, flags=re.MULTILINE), encoding="utf-8")


def _declare(folder: Path, languages: Sequence[str], told: Mapping[str, str]) -> None:
    """Say in course.toml which languages there are and which country's numbers, in facts.toml what is known."""
    names = tomllib.loads((LIBRARY / NAMES).read_text(encoding="utf-8"))
    codes = ", ".join(f'"{code}"' for code in languages)
    regions = list(dict.fromkeys(region for code in languages for region in names.get(code, {}).get("regions", ())))
    course, facts = folder / "course.toml", folder / "facts.toml"
    text = re.sub(r"(?m)^languages = \[.*?\]", f"languages = [{codes}]", course.read_text(encoding="utf-8"))
    if regions:
        shown = ", ".join(f'"{region}"' for region in regions)
        text = re.sub(r"(?m)^phone_regions = \[.*?\]", f"phone_regions = [{shown}]", text)
    if zone := names.get(languages[0], {}).get("timezone"):
        text = re.sub(r'(?m)^timezone = ".*?"', f'timezone = "{zone}"', text)
    course.write_text(text, encoding="utf-8")
    text = facts.read_text(encoding="utf-8")
    for name, value in told.items():
        lines = [f"{name} = {value}" if line.startswith(f"{name} = ") else line for line in text.split("\n")]
        text = "\n".join(lines)
    facts.write_text(text, encoding="utf-8")


def _make(folder: Path, course: Mapping[str, Any]) -> None:
    shutil.copytree(STANDARD, folder, ignore=shutil.ignore_patterns(*OF_THE_COURSE, *OF_A_TOOL))
    for language in course["languages"]:
        _take_topics(folder, language, [*course["topics"]])
        for path in (folder / language).rglob("*"):
            if path.is_file() and path.parts[-2] not in SAID:
                path.write_text(any_course(path.read_text(encoding="utf-8")), encoding="utf-8")
        _take_points(folder / language)
    _lay_over(folder)
    for language in course["languages"]:
        _take_fields(folder / language, {field["id"] for field in course["fields"]})
    page = folder / "page.toml"
    page.write_text(_MARK.sub(r"# \1", page.read_text(encoding="utf-8")), encoding="utf-8")


def _take_topics(folder: Path, language: str, topics: list[str]) -> None:
    """Take over what any course answers in the same way: the answers, and the phrases without this course's names."""
    facts = tomllib.loads((STANDARD / "facts.toml").read_text(encoding="utf-8"))
    prose = Prose(facts_of(facts, language, [language]))
    own = _own_words()
    for kind in ("topic", "questions"):
        (folder / language / kind).mkdir()
    for topic in topics:
        own_answer = STANDARD / EXAMPLE / language / "topic" / f"{topic}.html"
        if not own_answer.is_file() and (STANDARD / language / "topic" / f"{topic}.html").is_file():
            shutil.copy(STANDARD / language / "topic" / f"{topic}.html", folder / language / "topic")
    for partial in (STANDARD / language / "topic").glob("_*"):
        shutil.copy(partial, folder / language / "topic")
    lists = (STANDARD / language / "questions" / WORD_LISTS).read_text(encoding="utf-8").splitlines()
    general = "\n".join(_general_items(line, own) for line in lists) + "\n"
    (folder / language / "questions" / WORD_LISTS).write_text(general, encoding="utf-8")
    waiting = (STANDARD / language / UNPUBLISHED).glob("*.txt")
    (folder / language / UNPUBLISHED).mkdir()
    for path in (
        *(Path(language, "questions", f"{name}.txt") for name in (*topics, *BESIDE_TOPICS)),
        *(Path(language, UNPUBLISHED, path.name) for path in waiting),
    ):
        if (STANDARD / path).is_file():
            lines = (STANDARD / path).read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if not prose.has_fact(line) and not own.search(line)]
            (folder / path).write_text("\n".join(kept) + "\n", encoding="utf-8")


def _general_items(line: str, own: "re.Pattern[str]") -> str:
    """A line of word lists ("kind: one, another") without the words of the standard course alone."""
    kind, colon, items = line.partition(":")
    if line.startswith("#") or not colon:
        return line
    return f"{kind}: {', '.join(item.strip() for item in items.split(',') if not own.search(item))}"


def _own_words() -> "re.Pattern[str]":
    """The words that say that a question is about the standard course alone."""
    words = phrases((STANDARD / EXAMPLE / NOT_GENERAL).read_text(encoding="utf-8"))
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for _, word in words)})", re.IGNORECASE)


def _take_points(folder: Path) -> None:
    """Leave the points of those topics whose answers were taken over."""
    kept = []
    for line in (folder / "spellings.toml").read_text(encoding="utf-8").splitlines():
        topic = _POINT.match(line)
        if topic is None or (folder / "topic" / f"{topic[1]}.html").is_file():
            kept.append(line)
    (folder / "spellings.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")


def _take_fields(folder: Path, kept: set[str]) -> None:
    """Leave of a language what its sign-up asks: the questions, labels and spellings of the other fields go."""
    course = tomllib.loads((STANDARD / "course.toml").read_text(encoding="utf-8"))
    gone = {field["id"] for field in course["fields"]} - kept
    for kind, name in product(("ask", "why"), gone):
        (folder / "signup" / kind / f"{name}.html").unlink(missing_ok=True)
    for path in (folder / "labels.toml", folder / "spellings.toml"):
        sections = _sections(path.read_text(encoding="utf-8"))
        for header, body in sections.items():
            if header in ("[fields]", "[examples]"):
                lines = (line for line in body.splitlines(keepends=True) if line.partition(" = ")[0] not in gone)
                sections[header] = "".join(lines)
        left = (body for header, body in sections.items() if header.strip("[]").removeprefix("options.") not in gone)
        path.write_text("".join(left), encoding="utf-8")


def _lay_over(folder: Path) -> None:
    """Put the example course's own files in their places; of labels.toml the sections it has."""
    for path in sorted(LIBRARY.rglob("*")):
        place = folder / path.relative_to(LIBRARY)
        if path.suffix == ".npz":
            shutil.copy(path, place)
        elif path.is_file() and path.name not in (NOT_GENERAL, NAMES) and (place.parent.is_dir()):
            text = path.read_text(encoding="utf-8")
            if path.name == "labels.toml":
                text = _with_sections(place.read_text(encoding="utf-8"), text)
            place.write_text(text, encoding="utf-8")


def _with_sections(text: str, other: str) -> str:
    """The TOML ``text`` with those sections that ``other`` has as they are there, and what ``other`` opens with."""
    own, given = _sections(text), _sections(other)
    opening = given.pop("")
    return opening + "".join(given.get(header, body) for header, body in own.items())


def _sections(text: str) -> dict[str, str]:
    """The sections of a TOML file as they are written, by their header; what stands before them under ""."""
    parts = re.split(r"(?m)^(?=\[)", text)
    return {part.partition("\n")[0] if part.startswith("[") else "": part for part in parts}


def told(*texts: str) -> dict[str, str]:
    """
    What somebody told of their course, as facts.toml has it: the texts of the first facts of the example, in its order.

    An empty one is left as in the example.
    """
    facts = tomllib.loads((LIBRARY / "facts.toml").read_text(encoding="utf-8"))
    return {name: _like(example, text) for (name, example), text in zip(facts.items(), texts, strict=False) if text}


def _like(example: object, text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if not isinstance(example, list):
        return quoted
    return f"[{{ name = {quoted} }}]" if isinstance(example[0], dict) else f"[{quoted}]"
