"""What is wrong with partials, the files whose name begins with _: broken, or with facts in their sentences."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateError

from bot.wording.catalogue import Catalogue
from bot.wording.compiling import Source
from bot.wording.files import SAID, is_hidden
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.records import Problem
from bot.wording.templates import explained


def partial_problems(catalogue: Catalogue, language: Language, prose: Prose) -> Iterator[Problem]:
    """All that is wrong with the partials of a language, and with those that all languages share."""
    for folder in (language.templates.folder, catalogue.folder):
        for name in _names(folder, shared=folder == catalogue.folder):
            yield from _problems(language, name, (folder / name).relative_to(catalogue.folder).as_posix(), prose)


def _names(folder: Path, *, shared: bool) -> list[str]:
    found = [*folder.glob("_*"), *folder.glob("mail/_*")] if shared else folder.rglob("_*")
    paths = [path.relative_to(folder) for path in found if not path.is_dir() and path.suffix in (".html", ".txt")]
    return sorted(path.as_posix() for path in paths if path.parent.name not in SAID and not is_hidden(path))


def _problems(language: Language, name: str, file: str, prose: Prose) -> Iterator[Problem]:
    try:
        source = language.templates.source(name)
    except TemplateError as error:
        text, line = explained(error)
        yield Problem(file=file, line=line, text=text)
        return
    for line, text in (*prose.in_template(source.text), *raw_markup(source)):
        yield Problem(file=file, line=line, text=text)


def raw_markup(source: Source) -> Iterator[tuple[int, str]]:
    """Where a template shows values as markup, by line."""
    if "safe" in source.filters:
        yield source.filters["safe"], "the filter safe shows what people typed as markup; leave it out"
