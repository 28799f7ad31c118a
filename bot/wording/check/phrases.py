"""What is wrong with the question phrases: of no topic, or the same words for two topics."""

from collections.abc import Iterator
from pathlib import Path

from bot.dialogue.reading.spelling import plain
from bot.wording.catalogue import Catalogue
from bot.wording.course import UNPUBLISHED
from bot.wording.files import is_hidden, phrases
from bot.wording.records import Problem

BESIDE_TOPICS = ("oos", "unpublished")  #: phrases that no topic answers: not about the course, or not published
WORD_LISTS = "_words.txt"  #: words to know a question by, no phrases


def phrase_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """All that is wrong with the phrases, in every language."""
    for code in catalogue.codes:
        said: dict[str, str] = {}
        folder = catalogue.folder / code / "questions"
        if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
            yield Problem(
                file=f"{code}/questions", line=0, text="this must be a folder, with the questions of a topic a file"
            )
        paths = [*folder.glob("*.txt"), *(catalogue.folder / code / UNPUBLISHED).glob("*.txt")]
        for path in sorted(path for path in paths if not is_hidden(Path(path.name))):
            name = path.relative_to(catalogue.folder).as_posix()
            if path.parent != folder:
                yield from _left_waiting(catalogue, path, name)
            elif path.name != WORD_LISTS and path.stem not in (*catalogue.topics, *catalogue.waiting, *BESIDE_TOPICS):
                text = f"course.toml has no [topics.{path.stem}], so nobody gets an answer to these questions"
                yield Problem(file=name, line=0, text=text)
            yield from said_before(path, name, {} if path.name == WORD_LISTS else said)


def _left_waiting(catalogue: Catalogue, path: Path, name: str) -> Iterator[Problem]:
    """A file with the phrases of what is not published, while another language has them as those of a topic."""
    for code in catalogue.codes:
        moved = f"{code}/questions/{path.name}"
        if (catalogue.folder / moved).is_file():
            text = f"{moved} is there too: move this file to {name.replace('/unpublished/', '/')}"
            yield Problem(file=name, line=0, text=f"{text}, or that one back")


def said_before(path: Path, name: str, said: dict[str, str]) -> Iterator[Problem]:
    """The phrases of a file that one of another name has too; ``said``: phrase -> where it stands first."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        yield Problem(file=name, line=0, text="this file cannot be read as UTF-8 text")
        return
    except OSError as error:
        yield Problem(file=name, line=0, text=f"this file cannot be read: {error.strerror}")
        return
    for number, line in phrases(text):
        first = said.setdefault(plain(line) or line, f"{name}:{number}")
        if Path(first.rpartition(":")[0]).name != path.name:
            yield Problem(file=name, line=number, text=f"{line!r} stands in {first} too: keep one of them")
