"""Jinja as messages/ uses it: strict, with values shown as plain text. A text is parsed and compiled once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, nodes, pass_context, select_autoescape
from jinja2.ext import Extension
from jinja2.runtime import Context

from bot.wording.steps import Steps, counting

_ONLY_TAGS = re.compile(r"\s*(?:\{%(?!-?\s*include\b)(?:(?!%\}).)*%\}|\{#.*?#\})+\s*")
_TAG_AT_END = re.compile(r"(?<![-+])%\}$")
#: our own; what they do is a function of the language, named "as_<filter>"
FILTERS = (
    "moment",
    "briefly",
    "clock",
    "day",
    "listed",
    "either",
)


class LinesAsWritten(Extension):
    """A line with nothing but tags leaves no line; every other line break stays, also behind a tag."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Keep the line break of lines that say something and end in a tag."""
        return "\n".join(
            line if _ONLY_TAGS.fullmatch(line) else _TAG_AT_END.sub("+%}", line) for line in source.split("\n")
        )


@dataclass(frozen=True, kw_only=True)
class Source:
    """One parsed template file."""

    name: str
    text: str
    names: Mapping[str, int] = field(default_factory=dict)  #: variables it takes from outside -> first line
    bound: frozenset[str] = frozenset()  #: names it gives a value itself
    filters: Mapping[str, int] = field(default_factory=dict)  #: filters it uses -> first line
    includes: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()  #: names of which it asks whether they are there


def environment(finalize: Callable[[object], object] | None = None, loader: BaseLoader | None = None) -> Environment:
    """An environment of our own settings; what one compiles, all can run."""
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(("html",), default=False, default_for_string=False),
        undefined=StrictUndefined,
        finalize=finalize or str,
        extensions=[LinesAsWritten, Steps],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    for name in ("lipsum", "cycler", "joiner", "namespace"):
        del made.globals[name]
    made.filters.update({name: _of_language(name) for name in FILTERS})
    return made


def _of_language(name: str) -> Callable[[Context, object], object]:
    """A filter that does what the language of the template that runs does under this name."""

    @pass_context
    def apply(context: Context, value: object) -> object:
        convert: Any = context.environment.globals[f"as_{name}"]
        return convert(value)

    return apply


_compiler = lru_cache(maxsize=1)(environment)


Key = tuple[str, str, str]  #: a template's text, its name, and the file that errors name; the last two may be empty
KNOWN: dict[Key, tuple[Source, CodeType]] = {}  #: what was compiled before


def parsed(key: Key) -> tuple[Source, CodeType]:
    """What a template takes and does; raises jinja2's TemplateSyntaxError."""
    if key not in KNOWN:
        text, name, file = key
        tree = _compiler().parse(text, name or None, file or None)
        KNOWN[key] = read(tree, name, text), _compiler().compile(counting(tree), name or None, file or None)
    return KNOWN[key]


def read(tree: nodes.Template, name: str, text: str) -> Source:
    """What a parsed template takes from outside, what it binds, which filters it uses and what it includes."""
    names: dict[str, int] = {}
    filters: dict[str, int] = {}
    bound = {"loop", "caller", "self"}
    includes: list[str] = []
    asked: set[str] = set()
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
        elif isinstance(node, nodes.If | nodes.CondExpr):
            asked.update(_asked(node.test))
    taken = {variable: line for variable, line in names.items() if variable not in bound}
    return Source(
        name=name,
        text=text,
        names=taken,
        bound=frozenset(bound),
        filters=filters,
        includes=tuple(includes),
        asked=frozenset(asked),
    )


def _asked(test: nodes.Node) -> Iterator[str]:
    """The names of which a condition asks whether they are there."""
    match test:
        case nodes.Name():
            yield test.name
        case nodes.Not():
            yield from _asked(test.node)
        case nodes.And() | nodes.Or():
            yield from _asked(test.left)
            yield from _asked(test.right)


def _nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node below ``node``, in the order of the text. Once for all kinds: the start waits for this."""
    for field_name in node.fields:
        value: Any = getattr(node, field_name, None)
        for child in value if isinstance(value, list) else (value,):
            if isinstance(child, nodes.Node):
                yield child
                if type(child) is not nodes.TemplateData:
                    yield from _nodes(child)
