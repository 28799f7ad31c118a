"""The TOML files of the messages folder, with the line on which something stands."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.wording.records import Problem


class Table:
    """One TOML file: its values, and where each stands. What is wrong is collected in ``problems``."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.readable = True  #: whether the file is there and is TOML; when not, that is its only problem
        self._lines: list[str] = []
        try:
            text = (folder / name).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._refuse("this file is missing")
        except (OSError, UnicodeDecodeError):
            self._refuse("this file cannot be read as UTF-8 text")
        else:
            self._parse(text)

    def _parse(self, text: str) -> None:
        self._lines = text.splitlines()
        try:
            self.values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line (\d+)", str(error))
            self._refuse(str(error), int(place[1]) if place else len(self._lines))

    def _refuse(self, text: str, line: int = 0) -> None:
        self.problems.append(Problem(file=self.name, line=line, text=text))
        self.readable = False

    def problem(self, text: str, *path: str) -> None:
        """Note what is wrong with the value at ``path``, or with the file."""
        if self.readable:
            self.problems.append(Problem(file=self.name, line=self.line_of(*path), text=text))

    def line_of(self, *path: str) -> int:
        """The line of the value at ``path``; 0 when there is no such line."""
        header, wanted = None, list(path)
        for number, line in enumerate(self._lines, 1):
            heading = re.match(r"\s*\[\[?(.+?)\]\]?\s*(?:#.*)?$", line)
            if heading:
                header = _names(heading[1])
                if header == wanted:
                    return number
            elif (key := re.match(r"""\s*("[^"]*"|'[^']*'|[\w.-]+)\s*=""", line)) and (
                (header or []) + _names(key[1]) == wanted
            ):
                return number
        return self.line_of(*path[:-1]) if len(path) > 1 else 0

    def section(self, *path: str) -> Mapping[str, Any]:
        """The table at ``path``; empty, with a problem noted, when something else stands there."""
        found: Any = self.values
        for name in path:
            found = found.get(name, {})
            if not isinstance(found, Mapping):
                self.problem(f"{'.'.join(path)} must be a table", *path)
                return {}
        return dict(found)

    def texts(self, *path: str) -> dict[str, str]:
        """The texts of the table at ``path``; what is no text is noted as a problem and left out."""
        texts: dict[str, str] = {}
        for key, value in self.section(*path).items():
            if isinstance(value, str) and value.strip():
                texts[key] = value
            elif not isinstance(value, Mapping):
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
        """The list of texts at ``path``; empty when there is none, with a problem noted when it is something else."""
        value = self.section(*path[:-1]).get(path[-1], [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(f"{'.'.join(path)} must be a list of texts", *path)
        return ()


def _names(dotted: str) -> list[str]:
    """The parts of a TOML key such as ``for."signup/ask/name"``."""
    return [quoted or bare for quoted, bare in re.findall(r"""["']([^"']*)["']|([^."'\s]+)""", dotted)]
