"""What is asked of a person, as a channel sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a message asks for, so that a channel can make its field fit."""

    field: str  #: for example "email"
    step: int | None = None  #: which of the required questions it is, from 1; None where it is none of them
    of: int | None = None  #: how many those are
