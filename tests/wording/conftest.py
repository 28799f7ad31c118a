"""A messages folder to break, and the real one, loaded once."""

import shutil
from pathlib import Path

import pytest

from bot.wording import Wording
from bot.wording.check.check import problems
from tests.frozen import MESSAGES

SETTINGS: dict[str, object] = {"telegram_on": True, "mail_on": True, "public_url": "https://bot.example.org"}


WORDING = Wording.load(MESSAGES, SETTINGS)


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The words of the real messages folder."""
    return WORDING


class Broken:
    """A copy of messages/ that a test breaks in one place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> None:
        """Give a file this text."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Put ``new`` in the place of ``old``, which must be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def found(self) -> list[str]:
        """What the check says of it, one line a problem."""
        return [str(problem) for problem in problems(self.folder)]


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """A copy of messages/ without what people say: thousands of phrases, which have tests of their own."""
    shutil.copytree(
        MESSAGES,
        tmp_path / "messages",
        ignore=shutil.ignore_patterns("questions", "acts"),
        copy_function=shutil.copyfile,
    )
    return Broken(tmp_path / "messages")
