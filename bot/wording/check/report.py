"""The check's findings as an editor reads them: in their language, with the line, a mark below it, and a guess."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.wording.check.raw import texts_in
from bot.wording.check.unknown import guessed
from bot.wording.compiling import FILTERS
from bot.wording.records import Problem

_SAYS = Path(__file__).parent / "says"
LANGUAGES = tuple(sorted(path.stem for path in _SAYS.glob("*.toml")))  #: in which the check speaks
_WORD = re.compile(r"'([^']+)'|\bgives (\w+) a|unknown topic (\S+)|\[topics\.(\w+)\], so|act (\w+);|reads (\w+);")
_THESE = re.compile(r"(?:these are|there are|placeholders|Jinja was looking for).*?: (.*)")
_UNFILLED = re.compile(r"fill in (?:the )?\w+|basis of \w+|processors")
_IS_NONE = re.compile(r"^/?(\S+) is no ")
_PLACE = re.compile(r"line (\d+), column (\d+)")
_CURLY = re.compile("[“”„]")
_UNQUOTED = re.compile(r"^\s*[\w.-]+\s*=\s*(?!true\b|false\b)[^\W\d]")
_TAGS = ("if", "elif", "else", "endif", "for", "endfor", "include", "set", "import", "macro", "endmacro")


class Report:
    """Says what was found in a messages folder."""

    def __init__(self, folder: Path, language: str) -> None:
        """``language``: where the check does not speak it, it speaks the first of those that it does."""
        language = language if language in LANGUAGES else LANGUAGES[0]
        self._folder = folder
        self._frame: Mapping[str, str] = _words(language)["frame"]
        self._problems = _patterns(language)

    def frame(self, name: str, /, **values: object) -> str:
        """One of the texts around the problems."""
        return self._frame[name].format(**values)

    def lines(self, problem: Problem, mark: str = "") -> Iterator[str]:
        """What is wrong; the line, with a mark below the place; and what was probably meant."""
        said = Problem(file=problem.file, line=problem.line, text=self.said(problem.text))
        yield f"{mark}{said}"
        line = self._line(problem)
        hints = list(self._hints(problem, line))
        if line.strip() and problem.line:
            yield f"    {line}"
            at = _place(problem, line)
            if at:
                yield "    " + " " * at[0] + "^" * max(1, at[1])
        yield from (f"    → {hint}" for hint in hints)

    def unfilled(self, left: Iterable[Problem]) -> str:
        """What an operator must fill in, in one line."""
        found = ((_UNFILLED.search(one.text), one.line) for one in left)
        names = (f"{what[0].split()[-1]} ({line})" for what, line in found if what)
        return self.frame("fill_in", names=", ".join(names))

    def said(self, text: str) -> str:
        """A problem's text in the editor's language; as it is where nobody translated it."""
        for pattern, template in self._problems:
            if found := pattern.fullmatch(text):
                for number, value in enumerate(found.groups()):
                    template = template.replace(f"{{{number}}}", value)
                return template
        return text

    def _line(self, problem: Problem) -> str:
        if not problem.line:  # about the file as a whole, which may be none that can be read to its end
            return ""
        try:
            lines = (self._folder / problem.file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError):
            return ""
        return lines[problem.line - 1].replace("\t", " ") if problem.line <= len(lines) else ""

    def _hints(self, problem: Problem, line: str) -> Iterator[str]:
        if _CURLY.search(line) and "at line" in problem.text:
            yield self.frame("curly")
        elif problem.file.endswith(".toml") and "at " in problem.text and line.count('"') % 2:
            yield self.frame("quote")
        elif "Invalid value" in problem.text and _UNQUOTED.match(line):
            yield self.frame("unquoted")
        elif "Unclosed" in problem.text and re.search(r'"\s+"', line):
            yield self.frame("comma")
        word = _word(problem.text)
        if word and " is a fact in a sentence" in problem.text:
            if name := self._facts.get(word.casefold()):
                yield self.frame("fact", name=f"{{{{ {name} }}}}")
        elif word and (guess := guessed(word, self._known(problem))):
            yield self.frame("maybe", guess=guess)

    def _known(self, problem: Problem) -> list[str]:
        """What could have been meant where this is wrong."""
        found = _THESE.search(problem.text)
        named = re.split(r", |,|\s", found[1]) if found else []
        if "gives" in problem.text or "undefined" in problem.text:
            named += [*self._names, "contact_name", "contact_email", "contact_phone", "title_within", "bullets"]
        if "topic" in problem.text:
            named += self._topics
        if "filter" in problem.text:
            named += FILTERS
        if "tag" in problem.text:
            named += _TAGS
        return [one.strip("'\".<>/") for one in named]

    @cached_property
    def _names(self) -> list[str]:
        return list(self._read("facts.toml"))

    @cached_property
    def _topics(self) -> list[str]:
        return list(self._read("course.toml").get("topics", {}))

    @cached_property
    def _facts(self) -> dict[str, str]:
        """What each fact says, in small letters -> its name."""
        found = dict[str, str]()
        for name, value in self._read("facts.toml").items():
            for text in texts_in(value):
                found.setdefault(text.casefold(), "contact_name" if name == "contacts" else name)
        return found

    def _read(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self._folder / name).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            return {}


def _word(text: str) -> str | None:
    """The word that a problem is about."""
    found = _IS_NONE.match(text) or _WORD.search(text)
    word = next((group for group in found.groups() if group), None) if found else None
    return word.strip("'\"") if word else None


def _place(problem: Problem, line: str) -> tuple[int, int] | None:
    """Where in the line the mark stands, and how wide it is."""
    if found := _PLACE.search(problem.text):
        return min(int(found[2]) - 1, len(line)), 1
    candidates: Iterable[str | None] = (_word(problem.text), *re.findall(r"\b[\w:./-]{3,}\b", problem.text))
    for word in candidates:
        at = line.casefold().find(word.casefold()) if word else -1
        if word and at >= 0:
            return at, len(word)
    return None


@lru_cache
def _words(language: str) -> dict[str, Any]:
    return tomllib.loads((_SAYS / f"{language}.toml").read_text(encoding="utf-8"))


@lru_cache
def _patterns(language: str) -> tuple[tuple["re.Pattern[str]", str], ...]:
    """What the program says of each kind of problem, as a pattern, and how this language says it; exact ones first."""
    known = _words(language).get("problems", {})
    ordered = sorted(known, key=lambda said: (said.count("{}"), -len(said)))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, said.split("{}"))), re.DOTALL), known[said]) for said in ordered
    )
