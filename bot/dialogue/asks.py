"""What is asked of a person and what they gave, as a channel sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a message asks for, so that a channel can make its field fit."""

    field: str  #: for example "email"
    step: int | None = None  #: which of the required questions it is, from 1; None where it is none of them
    of: int | None = None  #: how many those are


@dataclass(frozen=True, kw_only=True)
class Given:
    """One answer that was given, so that a channel can show it as a row of a list."""

    field: str  #: for example "email"
    value: str  #: as it is stored
    edit: str | None = None  #: the id of the button that changes it; None where none does
