"""What a sign-up asks: a form of fields, each of a kind. Code knows kinds and roles; the ids are the course's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What an answer is, and so how it is read, shown and kept."""

    TEXT = "text"  #: one line
    LONG_TEXT = "long_text"  #: anything, in as many lines as it takes
    CHOICE = "choice"  #: one of the options
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"


class Role(StrEnum):
    """What an answer means, where the program must know: one field may have it, or none."""

    NAME = "name"  #: of the person
    EMAIL = "email"  #: where the person is reached; that of the field of this kind, which every form has
    PHONE = "phone"  #: that of the field of this kind
    ORGANISATION = "organisation"  #: the one the person works for
    SECTOR = "sector"  #: what kind of organisation that is; its name may tell
    JOB = "job"  #: what the person does there
    INTEREST = "interest"  #: what the person comes for
    PLACE = "place"  #: where the person would have it


#: roles by which a lead is known, whatever becomes of the form
OF_A_LEAD = (Role.NAME, Role.EMAIL, Role.PHONE, Role.ORGANISATION)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a person is asked for."""

    name: str
    kind: Kind = Kind.TEXT
    role: Role | None = None
    required: bool = False
    options: tuple[str, ...] = ()  #: the values to choose from; empty where people type freely
    every: str | None = None  #: the option that is meant where all others are named together
    other: str | None = None  #: the option that names nothing of its own: "something else"
    course: str | None = None  #: the option that is the course itself
    limit: int = 200  #: characters
    least: int = 1  #: of a number
    most: int = 999
    group: tuple[int, int] | None = None  #: the smallest and the largest group, where the number is one of people in it


@dataclass(frozen=True, kw_only=True)
class Form:
    """The fields of a sign-up, in the order in which they are asked: the required ones first."""

    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their ids."""
        return {field.name: field for field in self.fields}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The ids of the fields without which nothing is sent."""
        return tuple(field.name for field in self.fields if field.required)

    @cached_property
    def optional(self) -> tuple[str, ...]:
        """The ids of the others."""
        return tuple(field.name for field in self.fields if not field.required)

    @cached_property
    def roles(self) -> Mapping[Role, str]:
        """The ids of the fields that have a role, by it."""
        return {field.role: field.name for field in self.fields if field.role}

    @cached_property
    def people(self) -> str:
        """The id of the field that counts the people in the group; empty where none does."""
        return next((field.name for field in self.fields if field.group), "")

    def of(self, *kinds: Kind) -> tuple[str, ...]:
        """The ids of the fields of these kinds."""
        return tuple(field.name for field in self.fields if field.kind in kinds)

    def having(self, role: Role) -> str:
        """The id of the field with this role; empty where none has it."""
        return self.roles.get(role, "")

    def with_roles(self, *roles: Role) -> tuple[str, ...]:
        """The ids of the fields with these roles, in the order of the roles."""
        return tuple(self.roles[role] for role in roles if role in self.roles)

    def given(self, answers: Mapping[str, str], role: Role) -> str | None:
        """The answer with this role."""
        return answers.get(self.having(role))

    def next_required(self, answers: Mapping[str, str]) -> str | None:
        """The first required field without an answer."""
        return next((name for name in self.required if name not in answers), None)

    def ordered(self, answers: Mapping[str, str]) -> list[tuple[str, str]]:
        """The answers in the order in which they are asked; those to what is asked no longer come last."""
        names = [name for name in self.by_name if name in answers]
        return [(name, answers[name]) for name in dict.fromkeys((*names, *answers))]

    def choices(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of these fields whose answers are options."""
        return tuple(name for name in names if name in self.by_name and self.by_name[name].kind is Kind.CHOICE)
