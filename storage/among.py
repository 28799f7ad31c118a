"""
The condition that a column has one of many values, in one statement that is the same for any number of them.

``IN (…)`` would be another statement for every number of values, each to be prepared anew.
"""

from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import Boolean, Column, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import ARRAY, BigInteger, TypeDecorator, TypeEngine


class _Values(TypeDecorator[Sequence[Any]]):
    """Many values as one parameter: an array in PostgreSQL; in SQLite a JSON list, see ``statements``."""

    impl = String
    cache_ok = True

    def __init__(self, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give the type as this database has it."""
        if dialect.name == "postgresql":
            return ARRAY(BigInteger() if self.numbers else String())
        return String()

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Give the values as a list."""
        return list(value or ())


class among(FunctionElement[bool]):  # noqa: N801 - reads as the function it is
    """Whether the column has one of the values bound to ``name``."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], name: str = "wanted") -> None:
        numbers = isinstance(column.type, BigInteger) or column.type.python_type is int
        super().__init__(column, bindparam(name, type_=_Values(numbers)))

    def self_group(self, against: Any = None) -> Self:
        """Stand as it is: where there are no booleans it would become ``… = 1``, and the index of no use."""
        return self


@compiles(among, "sqlite")
def _in_json(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both parts come from the compiler


@compiles(among, "postgresql")
def _any_of_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"
