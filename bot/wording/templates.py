"""Jinja as messages/ uses it: one environment per language, strict, with values shown as plain text."""

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes, select_autoescape
from jinja2.ext import Extension
from jinja2.loaders import FileSystemLoader
from markupsafe import Markup

from bot.wording.cleaning import clean

#: What a broken template, or a value that does not fit it, raises.
BROKEN = (TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)

_ONLY_TAGS = re.compile(r"\s*(?:\{%(?!-?\s*include\b)(?:(?!%\}).)*%\}|\{#.*?#\})+\s*")
_TAG_AT_END = re.compile(r"(?<![-+])%\}$")


class LinesAsWritten(Extension):
    """A line with nothing but tags leaves no line; every other line break stays, also behind a tag."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Keep the line break of lines that say something and end in a tag."""
        return "\n".join(
            line if _ONLY_TAGS.fullmatch(line) else _TAG_AT_END.sub("+%}", line) for line in source.split("\n")
        )


class Shower:
    """Turns every value a template prints into safe text. ``strict``: a value that is nothing is refused."""

    strict = False

    def __call__(self, value: object) -> object:
        """Give ``value`` as text without what cannot be shown; markup of our own templates stays as it is."""
        if isinstance(value, Markup):
            return value
        if value is None:
            if self.strict:
                raise TemplateError("a value that may be missing is shown without asking whether it is there")
            return ""
        return clean(value if isinstance(value, str) else str(value))


@dataclass(frozen=True, kw_only=True)
class Source:
    """One parsed template file."""

    name: str
    text: str
    names: Mapping[str, int] = field(default_factory=dict)  #: variables it takes from outside -> first line
    bound: frozenset[str] = frozenset()  #: names it gives a value itself
    filters: Mapping[str, int] = field(default_factory=dict)  #: filters it uses -> first line
    includes: tuple[str, ...] = ()


class Templates:
    """The templates of one language: of its own folder, and of those that all languages share."""

    def __init__(self, folder: Path, language: str) -> None:
        self.root = folder
        self.folder = folder / language
        self.shower = Shower()
        self._loader = FileSystemLoader([self.folder, folder])
        self.environment = Environment(
            loader=self._loader,
            autoescape=select_autoescape(("html",), default=False, default_for_string=False),
            undefined=StrictUndefined,
            finalize=self.shower,
            extensions=[LinesAsWritten],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        for name in ("lipsum", "cycler", "joiner", "namespace"):
            del self.environment.globals[name]
        self._compiled: dict[str, Template] = {}
        self._sources: dict[str, Source] = {}

    def file_of(self, error: Exception) -> str | None:
        """The file an error arose in, as a path inside the messages folder; None when it does not say."""
        if isinstance(error, TemplateSyntaxError):
            path = error.filename
        else:
            path = next((path for path, _ in reversed(_template_frames(error))), None)
        if path is None or not Path(path).is_relative_to(self.root):
            return None
        return Path(path).relative_to(self.root).as_posix()

    def names(self) -> tuple[str, ...]:
        """The message files of this language, as paths; partials and question phrases left out."""
        found = [*self.folder.rglob("*.html"), *self.folder.rglob("*.txt")]
        paths = (path.relative_to(self.folder) for path in found)
        return tuple(sorted(path.as_posix() for path in paths if path.name[0] != "_" and path.parts[0] != "questions"))

    def get(self, name: str) -> Template:
        """The compiled template; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        template = self._compiled.get(name)
        if template is None:
            template = self._compiled[name] = self.environment.get_template(name)
        return template

    def inline(self, text: str) -> Template:
        """A template for plain text that stands in a TOML file; raises jinja2's TemplateSyntaxError."""
        return self.environment.from_string(text)

    def macros(self, name: str) -> dict[str, Callable[..., Markup]]:
        """The macros of a partial, as functions that give markup without blank lines around it."""
        module = self.get(name).module
        return {macro: _stripped(getattr(module, macro)) for macro in vars(module) if macro[0] != "_"}

    def source(self, name: str) -> Source:
        """The parsed file; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        if name not in self._sources:
            text, path, _ = self._loader.get_source(self.environment, name)
            self._sources[name] = parsed(self.environment, name, text, path)
        return self._sources[name]

    def all_names(self, name: str) -> dict[str, tuple[str, int]]:
        """The variables a file and what it includes take from outside -> file and line; raises as ``source``."""
        source = self.source(name)
        names = {variable: (name, line) for variable, line in source.names.items()}
        for included in source.includes:
            for variable, place in self.all_names(included).items():
                if variable not in source.bound:
                    names.setdefault(variable, place)
        return names


def _stripped(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    return lambda *args: macro(*args).strip("\n")


def parsed(environment: Environment, name: str, text: str, path: str | None = None) -> Source:
    """What a template takes from outside and what it includes."""
    tree = environment.parse(text, name, path)
    bound = _bound(tree)
    names: dict[str, int] = {}
    for variable in tree.find_all(nodes.Name):
        if variable.ctx == "load" and variable.name not in bound:
            names.setdefault(variable.name, variable.lineno)
    loaded = (load.template for load in tree.find_all(nodes.Include))
    includes = tuple(template.value for template in loaded if isinstance(template, nodes.Const))
    filters = {used.name: used.lineno for used in reversed([*tree.find_all(nodes.Filter)])}
    return Source(name=name, text=text, names=names, bound=frozenset(bound), filters=filters, includes=includes)


def _bound(tree: nodes.Template) -> set[str]:
    """The names that the template itself gives a value: by set, for or macro."""
    stored = (name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param"))
    macros = (macro.name for macro in tree.find_all(nodes.Macro))
    imported = (module.target for module in tree.find_all(nodes.Import))
    return {*stored, *macros, *imported, "loop", "caller", "self"}


def explained(error: Exception) -> tuple[str, int]:
    """What went wrong in a template, on one line, and the line it points to (0 where it points to none)."""
    text = " ".join(str(error).split("\n", 1)[0].split()) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return " ".join(str(error.message).split()), error.lineno
    frames = _template_frames(error)
    return text, frames[-1][1] if frames else 0


def _template_frames(error: Exception) -> list[tuple[str, int]]:
    """The places in templates that an error came through: path and line. Jinja puts them in the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return [(frame.filename, frame.lineno or 0) for frame in frames if frame.filename.endswith((".html", ".txt"))]
