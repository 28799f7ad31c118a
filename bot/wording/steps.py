"""
What keeps a template from going on without end.

Each turn of a loop and each use of a macro is a step, and while a folder is read and checked a message has only so
many; a range, and what is multiplied, stay small always.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from jinja2 import Environment, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.visitor import NodeTransformer

STEPS = 10_000  #: that a message may take while it is checked, with samples: far more than any needs
LONGEST = 10_000  #: characters, items or binary digits in what is multiplied
_WIDEST = 1_000  #: numbers in a range, and what is given to a filter of ``_WIDE``
_WIDE = ("batch", "center", "indent", "slice")  #: filters that fill up to the width they are given

_ENDLESS = "this goes on without end: a loop in a loop, or in what it uses, or too large a number"
LARGE = "this makes something too large: a number, or so many times the same"


class Steps(Extension):
    """Counts the steps of one environment's templates, and does what they multiply."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals["range"] = small_range
        environment.filters.update({name: _small(environment.filters[name]) for name in _WIDE})
        self._left: int | None = STEPS  #: None: as many as it takes

    def begin(self) -> None:
        """Another message is rendered."""
        if self._left is not None:
            self._left = STEPS

    def let_go(self) -> None:
        """Count no more: these templates were checked, and what they show from now on is as long as it is."""
        self._left = None

    def step(self) -> bool:
        """Take a step; True. Raises jinja2's TemplateError where it is one too many."""
        if self._left is not None:
            if not self._left:
                raise TemplateError(_ENDLESS)
            self._left -= 1
        return True

    def times(self, left: Any, right: Any) -> Any:
        """Multiply. Raises jinja2's TemplateError for what becomes too large."""
        for one, other in ((left, right), (right, left)):
            if isinstance(other, int) and _size(one) * (abs(other) if hasattr(one, "__len__") else 1) > LONGEST:
                raise TemplateError(LARGE)
        return left * right

    def power(self, left: Any, right: Any) -> Any:
        """Raise to a power. Raises jinja2's TemplateError for what becomes too large."""
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > LONGEST:
            raise TemplateError(LARGE)
        return left**right


def small_range(*of: int) -> range:
    """The range of that name. Raises jinja2's TemplateError for a long one."""
    made = range(*of)
    if len(made) > _WIDEST:
        raise TemplateError(_ENDLESS)
    return made


def _small(original: Callable[..., Any]) -> Callable[..., Any]:
    """The same filter. Raises jinja2's TemplateError for a great width."""

    @wraps(original)
    def apply(*given: Any, **named: Any) -> Any:
        if any(isinstance(one, int) and one > _WIDEST for one in (*given[1:], *named.values())):
            raise TemplateError(LARGE)
        return original(*given, **named)

    return apply


def counting(tree: nodes.Template) -> nodes.Template:
    """The same template, which takes a step for each turn of a loop and each use of a macro."""
    _Counting().visit(tree)
    return tree


class _Counting(NodeTransformer):
    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Count each turn of a loop, each one that is left out, and each use of a macro; multiply with care."""
        self.generic_visit(node)
        match node:
            case nodes.For():
                node.body.insert(0, _step_alone())
                node.test = node.test and nodes.And(_call("step"), node.test)
            case nodes.Macro() | nodes.CallBlock():
                node.body.insert(0, _step_alone())
            case nodes.Mul():
                return _call("times", node.left, node.right)
            case nodes.Pow():
                return _call("power", node.left, node.right)
        return node


def _step_alone() -> nodes.ExprStmt:
    return nodes.ExprStmt(_call("step"))


def _call(name: str, *given: nodes.Expr) -> nodes.Call:
    return nodes.Call(nodes.ExtensionAttribute(Steps.identifier, name), list(given), [], None, None)


def _size(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else len(value) if hasattr(value, "__len__") else 0
