"""A button's id is written and read in one place, and says what the button is among those beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.button_ids import ROLES, ButtonId, Role, label_name, role_of
from bot.wording.keys import BUTTONS


@given(st.text())
def test_any_text_is_read_and_written_back(text: str) -> None:
    """Whatever a client sends as a button is read, and is the same when written again."""
    read = ButtonId.read(text)
    assert str(read) == text
    assert read.beginnings()[-1] == read.name == label_name(text).removesuffix("@")
    assert role_of(text) == role_of(read.name)


def test_its_parts() -> None:
    """An id says what it is about, and to which draft it belongs."""
    edit = ButtonId.read("signup:edit:email@3f9a")
    assert (edit.kind, edit.rest, edit.last, edit.token) == ("signup", "edit:email", "email", "3f9a")
    assert edit.beginnings() == ("signup", "signup:edit", "signup:edit:email")
    assert edit.after("signup:edit") == "email"
    assert ButtonId.read("menu").rest == ButtonId.read("menu").last == ""
    assert (ButtonId.read("signup:start").token, ButtonId.read("signup:start@").token) == (None, "")


@pytest.mark.parametrize(
    ("button", "role"),
    [
        ("signup:submit@3f9a", Role.PRIMARY),
        ("signup:skip:phone@3f9a", Role.QUIET),
        ("signup:cancel@3f9a", Role.QUIET),
        ("signup:cancel:confirm@3f9a", Role.DANGER),
        ("data:forget:confirm@65f0", Role.DANGER),
        ("signup:starter", None),
        ("topic:costs", None),
        ("", None),
    ],
)
def test_roles(button: str, role: Role | None) -> None:
    """The way on stands out, a way back does not, and what cannot be undone says so; the rest is as any other."""
    assert role_of(button) is role


def test_roles_are_of_buttons_that_are_there() -> None:
    """No role is given to a button that nobody makes."""
    assert set(ROLES) <= {name.removesuffix("@") for name in BUTTONS}
