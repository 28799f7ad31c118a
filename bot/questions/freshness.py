"""Whether the weights know all phrases, of questions and of acts."""

from collections.abc import Iterable
from pathlib import Path

from bot.questions.acts import ACTS_FILE
from bot.questions.phrases import ACTS, Phrase, UnreadablePhrases, act_phrases, languages_in, read_phrases
from bot.questions.weights import FILE, DamagedWeights, trained_on


def stale(folder: Path) -> str | None:
    """Say what an editor should run when phrases changed since the weights were made; None when nothing changed."""
    try:
        return _changed(folder / FILE, read_phrases(folder, languages_in(folder)), "question phrases") or (
            _changed(folder / ACTS_FILE, act_phrases(folder), "phrases of acts") if _has_acts(folder) else None
        )
    except (DamagedWeights, UnreadablePhrases) as problem:
        return f"MESSAGES_DIR {problem}"


def _has_acts(folder: Path) -> bool:
    """Say whether a folder's acts are trained: what a course adds to those that all have works without."""
    return bool(languages_in(folder, ACTS)) and (folder / ACTS_FILE).is_file()


def _changed(file: Path, phrases: Iterable[Phrase], named: str) -> str | None:
    now = {phrase.identity for phrase in phrases}
    spoken = {one.partition("\t")[0] for one in now}
    known = {one for one in trained_on(file) if one.partition("\t")[0] in spoken}  # a course may speak fewer
    added, gone = len(now - known), len(known - now)
    if not added and not gone:
        return None
    return f"{named}: {added} added and {gone} removed since training; run `make questions`"
