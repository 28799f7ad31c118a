"""The TOML files of the messages folder, with the line on which something stands."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.wording.records import Problem
from bot.wording.shapes import SHAPES

_HEADING = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""")


class Table:
    """One TOML file: its values, of the kind they should be, and where each stands; ``problems``: what is wrong."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.readable = True  #: whether it is there, is TOML and of its shape; when not, ``values`` is empty
        self._lines: list[str] = []
        try:
            text = (folder / name).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._refuse("this file is missing")
        except UnicodeDecodeError:
            self._refuse("this file cannot be read as UTF-8 text")
        except OSError as error:
            self._refuse(f"this file cannot be read: {error.strerror}")
        else:
            self._parse(text)

    def _parse(self, text: str) -> None:
        self._lines = text.splitlines()
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line (\d+)", str(error))
            self._refuse(str(error), int(place[1]) if place else len(self._lines))
        except RecursionError:
            self._refuse("this file has brackets within brackets without end")
        else:
            self._take(values)

    def _take(self, values: dict[str, Any]) -> None:
        """Keep the values, where all are of the kind that is read there."""
        for path, text in SHAPES[Path(self.name).stem](values, ()):
            self._refuse(text, self.line_of(*path))
        if self.readable:
            self.values = values

    def _refuse(self, text: str, line: int = 0) -> None:
        self.problems.append(Problem(file=self.name, line=line, text=text))
        self.readable = False

    def problem(self, text: str, *path: str) -> None:
        """Note what is wrong with the value at ``path``, or with the file."""
        if self.readable:
            self.problems.append(Problem(file=self.name, line=self.line_of(*path), text=text))

    def line_of(self, *path: str) -> int:
        """The line of the value at ``path``; of what it stands in, when it has none of its own; else 0."""
        found = {wanted: self._line_of(list(wanted)) for wanted in (path[:size] for size in range(len(path), 0, -1))}
        return next((line for line in found.values() if line), 0)

    def _line_of(self, wanted: list[str]) -> int:
        header: list[str] = []
        counted: Counter[str] = Counter()  #: how many of a list of tables came by: the second [[menu]] is menu.1
        for number, line in enumerate(self._lines, 1):
            if heading := _HEADING.match(line):
                header = _names(heading[2])
                if heading[1] == "[[":
                    header.append(str(counted[heading[2]]))
                    counted[heading[2]] += 1
                if header[: len(wanted)] == wanted:
                    return number
            elif (key := _KEY.match(line)) and header + _names(key[1]) == wanted:
                return number
        return 0

    def section(self, *path: str) -> Mapping[str, Any]:
        """The table at ``path``; empty when there is none."""
        found: Any = self.values
        for name in path:
            found = found.get(name, {})
        return dict(found)

    def texts(self, *path: str) -> dict[str, str]:
        """The texts of the table at ``path``; an empty one is noted as a problem and left out."""
        texts: dict[str, str] = {}
        for key, value in self.section(*path).items():
            if isinstance(value, str) and value.strip():
                texts[key] = value
            elif isinstance(value, str):
                self.problem(f"{key} must be a text between quotes, and not empty", *path, key)
        return texts

    def text(self, *path: str) -> str:
        """The text at ``path``; empty, with a problem noted, when it is missing."""
        value = self.section(*path[:-1]).get(path[-1])
        if isinstance(value, str) and value.strip():
            return value
        self.problem(f"{'.'.join(path)} is missing", *path)
        return ""

    def names(self, *path: str) -> tuple[str, ...]:
        """The list of texts at ``path``; empty when there is none."""
        return tuple(self.section(*path[:-1]).get(path[-1], ()))


def _names(dotted: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r"""["']([^"']*)["']|([^."'\s]+)""", dotted)]
