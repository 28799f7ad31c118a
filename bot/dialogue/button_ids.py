"""The ids of buttons: the one place where they are taken apart and put together. ``signup:edit:email@3f9a``, say."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Role(StrEnum):
    """What a button is among those beside it, so that a channel can show it so."""

    PRIMARY = "primary"  #: what people come for, or the way on
    QUIET = "quiet"  #: a way back or past
    DANGER = "danger"  #: what it removes does not come back


#: how ids begin -> the role of those buttons; the longest beginning counts, any other has none
ROLES: Mapping[str, Role] = {
    "menu": Role.QUIET,
    "question:rephrase": Role.QUIET,
    "contact:no": Role.QUIET,
    "signup:resume": Role.PRIMARY,
    "signup:submit": Role.PRIMARY,
    "signup:another": Role.PRIMARY,
    "signup:back": Role.QUIET,
    "signup:skip": Role.QUIET,
    "signup:cancel": Role.QUIET,
    "signup:cancel:confirm": Role.DANGER,
    "data:forget:confirm": Role.DANGER,
}


@dataclass(frozen=True, kw_only=True)
class ButtonId:
    """A button's id, taken apart; ``str()`` puts it together again."""

    parts: tuple[str, ...]  #: ("signup", "edit", "email")
    token: str | None = None  #: to which draft it belongs, or until when it works; None: to none, "": not said to which

    @classmethod
    def read(cls, text: str) -> "ButtonId":
        """Take any text apart: what nobody made is an id that nobody knows."""
        name, at, token = text.partition("@")
        return cls(parts=tuple(name.split(":")), token=token if at else None)

    @property
    def name(self) -> str:
        """The id without its token: "signup:edit:email"."""
        return ":".join(self.parts)

    @property
    def kind(self) -> str:
        """What comes first: "signup"."""
        return self.parts[0]

    @property
    def rest(self) -> str:
        """What comes after that: "edit:email"; empty where nothing does."""
        return ":".join(self.parts[1:])

    @property
    def last(self) -> str:
        """What comes last: "email", a reference, an option; empty where there is but one part."""
        return self.parts[-1] if len(self.parts) > 1 else ""

    def beginnings(self) -> tuple[str, ...]:
        """What its name begins with, shortest first: "signup", "signup:edit", "signup:edit:email"."""
        return tuple(":".join(self.parts[:size]) for size in range(1, len(self.parts) + 1))

    def after(self, beginning: str) -> str:
        """What of its name comes behind one of its beginnings."""
        return self.name[len(beginning) + 1 :]

    def __str__(self) -> str:
        """Give the id as channels send it."""
        return self.name if self.token is None else with_token(self.name, self.token)


def with_token(name: str, token: str) -> str:
    """The id of the button of this name that belongs to this draft, or works until this time."""
    return f"{name}@{token}"


def label_name(button_id: str) -> str:
    """What labels.toml may call the button: its name, with an "@" where it has a token."""
    name, at, _ = button_id.partition("@")
    return name + at


def role_of(button_id: str) -> Role | None:
    """What the button is among those beside it."""
    return _role(button_id.partition("@")[0])


@lru_cache(maxsize=256)
def _role(name: str) -> Role | None:
    beginnings = ButtonId.read(name).beginnings()
    return next((ROLES[one] for one in reversed(beginnings) if one in ROLES), None)
