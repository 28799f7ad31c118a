"""Jinja as messages/ uses it: one environment per language, strict, with values shown as plain text."""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        self._trees: dict[str, tuple[nodes.Template, str]] = {}  #: parsed, not compiled yet

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
            self.source(name)
            tree, path = self._trees.pop(name)
            code = self.environment.compile(tree, name, path)
            # the plain dict, where Jinja's get_template gives a chain of dicts that is slow to copy for every message
            template = Template.from_code(self.environment, code, self.environment.globals)
            self._compiled[name] = template
        return template

    def render(self, name: str, values: Mapping[str, Any], channel: str) -> str:
        """The text of a message file; raises whatever of ``BROKEN`` goes wrong. A file without code is its text."""
        source = self._sources.get(name) or self.source(name)
        return self.get(name).render(values, channel=channel) if "{" in source.text else source.text

    def inline(self, text: str) -> Template:
        """A template for plain text that stands in a TOML file; raises jinja2's TemplateSyntaxError."""
        return Template.from_code(self.environment, self.environment.compile(text), self.environment.globals)

    def macros(self, name: str) -> dict[str, Callable[..., Markup]]:
        """The macros of a partial, as functions that give markup without blank lines around it."""
        module = self.get(name).module
        return {macro: _stripped(getattr(module, macro)) for macro in vars(module) if macro[0] != "_"}

    def source(self, name: str) -> Source:
        """The parsed file; raises jinja2's TemplateNotFound or TemplateSyntaxError."""
        if name not in self._sources:
            text, path, _ = self._loader.get_source(self.environment, name)
            if "{" in text:
                tree = self.environment.parse(text, name, path)
                self._trees[name] = tree, path
                self._sources[name] = read(tree, name, text)
            else:
                self._sources[name] = Source(name=name, text=text)
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


def read(tree: nodes.Template, name: str, text: str) -> Source:
    """What a parsed template takes from outside, what it binds, which filters it uses and what it includes."""
    names: dict[str, int] = {}
    filters: dict[str, int] = {}
    bound = {"loop", "caller", "self"}
    includes: list[str] = []
    for node in _nodes(tree):
        if isinstance(node, nodes.Name):
            if node.ctx == "load":
                names.setdefault(node.name, node.lineno)
            else:
                bound.add(node.name)
        elif isinstance(node, nodes.Filter):
            filters.setdefault(node.name, node.lineno)
        elif isinstance(node, nodes.Macro):
            bound.add(node.name)
        elif isinstance(node, nodes.Import):
            bound.add(node.target)
        elif isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
            includes.append(node.template.value)
    taken = {variable: line for variable, line in names.items() if variable not in bound}
    return Source(name=name, text=text, names=taken, bound=frozenset(bound), filters=filters, includes=tuple(includes))


def _nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node below ``node``, in the order of the text. Once for all kinds: the start waits for this."""
    for field_name in node.fields:
        value = getattr(node, field_name, None)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, nodes.Node):
                yield child
                if type(child) is not nodes.TemplateData:
                    yield from _nodes(child)


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
