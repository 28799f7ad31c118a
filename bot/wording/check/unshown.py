"""The facts that no message shows: who fills one in changes nothing by it."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.wording.catalogue import Catalogue
from bot.wording.files import is_hidden
from bot.wording.records import Problem

_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*")
_READ = (".html", ".txt", ".toml")
_WITH = {"title": "title_within"}  #: a fact that is shown where another is missing


def unshown_facts(catalogue: Catalogue) -> Iterator[Problem]:
    """Every fact whose name stands in no message, label, page string or phrase, and that course.toml does not name."""
    facts = catalogue.tables["facts"]
    named = {*catalogue.tables["course"].section("participants").values()}
    for path in _files(catalogue):
        for code in _CODE.findall(path.read_text(encoding="utf-8-sig", errors="replace")):
            named.update(_NAME.findall(code))
    for name in facts.values:
        if name not in named and _WITH.get(name) not in named:
            text = f"no message shows {name}: write {{{{ {name} }}}} where people should read it"
            yield Problem(file=facts.name, line=facts.line_of(name), text=text)


def _files(catalogue: Catalogue) -> Iterator[Path]:
    """The files of the course's languages, and the messages that all share."""
    folders = [catalogue.folder / code for code in catalogue.codes]
    found = [path for folder in folders for path in folder.rglob("*")]
    found += [*catalogue.folder.glob("_*.html"), *(catalogue.folder / "mail").glob("_*")]
    for path in sorted(found):
        if path.suffix in _READ and path.is_file() and not is_hidden(path.relative_to(catalogue.folder)):
            yield path
