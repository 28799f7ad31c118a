"""A value of another kind than belongs there is named, or works; never a traceback."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.wording import Wording, WordingError
from bot.wording.catalogue import Catalogue
from bot.wording.check.check import problems, warnings

pytestmark = pytest.mark.usefixtures("unmeasured")

SMALL = Path(__file__).parents[1] / "another_course" / "messages"  #: one language: quickly checked
NAMES = ("course", "facts", "samples", "privacy", "nl/labels", "nl/spellings", "nl/page", "nl/telegram")
ALIKE = ("facts", "nl/page", "nl/telegram")  #: files whose keys are read alike, whatever they are called
OTHERS = (3, "x", ["x"], {"x": "y"})
Place = tuple[str | int, ...]


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)} = {_toml(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


def _places(value: object, at: Place = (), *, alike: bool) -> Iterator[Place]:
    """Every place in a table; of values of one kind that are read alike, the first: one shape holds for all."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        first = {type(one): key for key, one in reversed(value.items())}
        inside = [(key, one) for key, one in value.items() if not alike or first[type(one)] == key]
    elif isinstance(value, list):
        inside = [*enumerate(value[:1])]
    for key, one in inside:
        yield (*at, key)
        yield from _places(one, (*at, key), alike=True)


def _with(value: Any, at: Place, other: object) -> Any:
    if not at:
        return other
    changed: Any = list(value) if isinstance(value, list) else dict(value)
    changed[at[0]] = _with(value[at[0]], at[1:], other)
    return changed


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the second course's messages."""
    folder = tmp_path_factory.mktemp("small") / "messages"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("questions"))
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_another_kind_is_named(small: Path, name: str) -> None:
    """Whatever stands in the place of whatever in a TOML file, the check and the start name the file, or it works."""
    file = small / f"{name}.toml"
    before = file.read_text("utf-8")
    values = tomllib.loads(before)
    try:
        for at in _places(values, alike=name in ALIKE):
            for other in _instead(_at(values, at)):
                changed = _with(values, at, other)
                file.write_text("\n".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in changed.items()))
                _names_it_or_works(small, file.name, (at, other))
    finally:
        file.write_text(before, "utf-8")


def _at(value: Any, at: Place) -> object:
    return _at(value[at[0]], at[1:]) if at else value


def _instead(value: object) -> Iterator[object]:
    """Values of every other kind than this one's."""
    yield from (other for other in OTHERS if type(other) is not type(value))


def _names_it_or_works(folder: Path, file: str, what: object) -> None:
    found = problems(folder)
    warnings(folder)
    if found:
        assert any(file in str(one) for one in found), (what, found)
        return
    try:
        Wording(Catalogue(folder, {}))
    except WordingError as error:
        raise AssertionError(what) from error
