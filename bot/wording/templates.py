"""The templates of one language: its own files, and those that all languages share."""

import contextlib
import traceback
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any, cast

from jinja2 import BaseLoader, Environment, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from bot.wording.cleaning import clean
from bot.wording.compiling import Key, Source, environment, parsed
from bot.wording.files import SAID, is_hidden
from bot.wording.steps import LARGE, LONGEST, Steps

#: What a broken template, or a value that does not fit it, raises.
BROKEN = (
    TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError,
)  # fmt: skip
#: What is said of a value that does not fit, which may stand far from where it is shown.
_OTHER_KIND = "the value shown here, of facts.toml or samples.toml, is of another kind than this asks for"
_CIRCLE = "files that include or call each other in a circle"


class Shower:
    """
    Turns every value a template prints into safe text: a list as it is summed up, a date as it is said.

    ``strict``: what has no words is refused.
    """

    strict = False

    def __init__(self) -> None:
        """Begin without a language; ``listed`` and ``day`` are the language's own once it is read."""
        self.listed: Callable[[Sequence[object]], str] = str
        self.day: Callable[[date], str] = str

    def __call__(self, value: object) -> object:
        """Give ``value`` as text without what cannot be shown; markup of our own templates stays as it is."""
        if isinstance(value, Markup):
            return value
        if value is None:
            if self.strict:
                raise TemplateError("a value that may be missing is shown without asking whether it is there")
            return ""
        text = value if isinstance(value, str) else self._said(value)
        if self.strict and len(text) > LONGEST:  # a sample: cleaning one without end would take as long
            raise TemplateError(LARGE)
        return clean(text)

    def _said(self, value: object) -> str:
        if isinstance(value, list | tuple):
            return self.listed(value)
        if isinstance(value, date):
            return self.day(value)
        if self.strict and isinstance(value, bool | float | Mapping):
            raise TemplateError(f"{value} would be shown as it is: write it as people say it, between quotes")
        return str(value)


class _Loader(BaseLoader):
    """Gives included and imported files from among the templates that are compiled already."""

    def __init__(self, templates: "Templates") -> None:
        self._templates = templates

    def load(self, environment: Environment, name: str, known: MutableMapping[str, Any] | None = None) -> Template:
        """The compiled template; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        return self._templates.get(name)


class Templates:
    """The templates of one language: of its own folder, and of those that all languages share."""

    def __init__(self, folder: Path, language: str) -> None:
        self.root = folder
        self.folder = folder / language
        self.shower = Shower()
        self.environment = environment(self.shower, _Loader(self))
        self.steps = cast(Steps, self.environment.extensions[Steps.identifier])
        self._compiled: dict[str, Template] = {}
        self._sources: dict[str, Source] = {}
        self._files: dict[str, Key] = {}
        self.keys: set[Key] = set()  #: what was compiled

    def file_of(self, error: Exception) -> str | None:
        """The file an error arose in, as a path inside the messages folder; None when it does not say."""
        if isinstance(error, TemplateSyntaxError):
            return error.filename
        return next((path for path, _ in reversed(_template_frames(error))), None)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The message files of this language, as paths; partials and what people say left out."""
        found = [*self.folder.rglob("*.html"), *self.folder.rglob("*.txt")]
        paths = [path for path in (path.relative_to(self.folder) for path in found) if not is_hidden(path)]
        return tuple(sorted(path.as_posix() for path in paths if path.name[0] != "_" and path.parts[0] not in SAID))

    @property
    def asked(self) -> frozenset[str]:
        """The names of which messages ask whether they are there."""
        found: set[str] = set()
        for name in self.names:
            with contextlib.suppress(TemplateError):  # a broken one is named by who checks it
                found |= self.source(name).asked
        return frozenset(found)

    def get(self, name: str) -> Template:
        """The compiled template; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        template = self._compiled.get(name)
        if template is None:
            _, code = self._parsed(self._file(name))
            # the plain dict, where Jinja's get_template gives a chain of dicts that is slow to copy for every message
            template = Template.from_code(self.environment, code, self.environment.globals)
            self._compiled[name] = template
        return template

    def render(self, name: str, values: Mapping[str, Any], channel: str) -> str:
        """The text of a message file; raises whatever of ``BROKEN`` goes wrong. A file without code is its text."""
        source = self._sources.get(name) or self.source(name)
        self.steps.begin()
        return self.get(name).render(values, channel=channel) if "{" in source.text else source.text

    def inline(self, text: str) -> Template:
        """A template for plain text that stands in a TOML file; raises jinja2's TemplateSyntaxError."""
        _, code = self._parsed((text, "", ""))
        return Template.from_code(self.environment, code, self.environment.globals)

    def macros(self, name: str) -> dict[str, Callable[..., Markup]]:
        """The macros of a partial, as functions that give markup without blank lines around it."""
        module = self.get(name).module
        return {macro: _stripped(getattr(module, macro)) for macro in vars(module) if macro[0] != "_"}

    def source(self, name: str) -> Source:
        """The parsed file; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        if name not in self._sources:
            text, *_ = key = self._file(name)
            self._sources[name] = self._parsed(key)[0] if "{" in text else Source(name=name, text=text)
        return self._sources[name]

    def _parsed(self, key: Key) -> tuple[Source, CodeType]:
        found = parsed(key)
        self.keys.add(key)
        return found

    def _file(self, name: str) -> Key:
        if name not in self._files:
            self._files[name] = self._read(name)
        return self._files[name]

    def _read(self, name: str) -> Key:
        """The text of a file, its name, and its path inside the messages folder: the language's own goes first."""
        for folder, file in ((self.folder, f"{self.folder.name}/{name}"), (self.root, name)):
            try:
                return (folder / name).read_text(encoding="utf-8-sig"), name, file
            except (FileNotFoundError, NotADirectoryError) as error:
                if (folder / name).is_symlink():
                    raise TemplateSyntaxError(f"this link cannot be read: {error.strerror}", 0, name, file) from None
            except OSError as error:
                raise TemplateSyntaxError(f"this file cannot be read: {error.strerror}", 0, name, file) from None
            except UnicodeDecodeError:
                raise TemplateSyntaxError("this file cannot be read as UTF-8 text", 0, name, file) from None
        raise TemplateNotFound(name)

    def all_names(self, name: str, within: tuple[str, ...] = ()) -> dict[str, tuple[str, int]]:
        """
        The variables a file and what it includes take from outside -> file and line.

        Raises as ``source``, also for a file that includes itself; ``within`` are the files that include this one.
        """
        source = self.source(name)
        if name in within:
            circle = sorted(within[within.index(name) :])
            raise TemplateSyntaxError(f"{_CIRCLE}: {', '.join(circle)}", 0, circle[0], self._file(circle[0])[2])
        names = {variable: (name, line) for variable, line in source.names.items()}
        for included in source.includes:
            for variable, place in self.all_names(included, (*within, name)).items():
                if variable not in source.bound:
                    names.setdefault(variable, place)
        return names


def _stripped(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    return lambda *args: macro(*args).strip("\n")


def explained(error: Exception) -> tuple[str, int]:
    """What went wrong in a template, on one line, and the line it points to (0 where it points to none)."""
    text = " ".join(str(error).split("\n", 1)[0].split()) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return " ".join(str(error.message).split()), error.lineno
    if isinstance(error, RecursionError):
        text = _CIRCLE
    elif isinstance(error, MemoryError):
        text = LARGE
    elif isinstance(error, TypeError | ValueError | AttributeError):
        text = f"{text}: {_OTHER_KIND}"
    frames = _template_frames(error)
    return text, frames[-1][1] if frames else 0


def _template_frames(error: Exception) -> list[tuple[str, int]]:
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.filename, frame.lineno or 0) for frame in frames if frame.filename.endswith((".html", ".txt"))]
