"""What is wrong with the phrases of acts: of no act, too few, or the same words for two acts."""

from collections.abc import Iterator
from pathlib import Path

from bot.dialogue.acts import ACTS, LANGUAGE, kind_of
from bot.wording.catalogue import Catalogue
from bot.wording.check.phrases import said_before
from bot.wording.files import count_phrases, is_hidden
from bot.wording.records import Problem

NO_ACT = "_none.txt"  #: what is no act, though it looks like one
SHARED = Path(__file__).resolve().parents[3] / "messages"  #: whose acts every course has
FEWEST = 30  #: phrases from which an act is learned; a course that adds to what all have may add one


def act_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """All that is wrong with the acts' phrases, in every language."""
    said: dict[str, str] = {}
    for code in catalogue.codes:
        paths = (catalogue.folder / code / "acts").glob("*.txt")
        for path in sorted(path for path in paths if not is_hidden(Path(path.name))):
            name = path.relative_to(catalogue.folder).as_posix()
            if path.name != NO_ACT and kind_of(path.stem) not in (*ACTS, LANGUAGE):
                known = ", ".join((*ACTS, f"{LANGUAGE}_{code}"))
                yield Problem(file=name, line=0, text=f"there is no act {path.stem}; there are: {known}")
            yield from said_before(path, name, said)
            if path.name != NO_ACT and _learned_from(catalogue.folder, code) and count_phrases(path) < FEWEST:
                yield Problem(file=name, line=0, text=f"too few phrases to learn from: {FEWEST} at least")


def _learned_from(folder: Path, code: str) -> bool:
    """Whether this language's acts are learned from this folder alone; else its phrases stand beside shared ones."""
    shared = (SHARED / code / "acts").is_dir()
    return folder.resolve() == SHARED or ((folder / "acts.npz").is_file() and not shared)
