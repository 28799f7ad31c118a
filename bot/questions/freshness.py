"""Whether the weights know all phrases."""

from pathlib import Path

from bot.questions.phrases import UnreadablePhrases, languages_in, read_phrases
from bot.questions.weights import FILE, DamagedWeights, trained_on


def stale(folder: Path) -> str | None:
    """Say what an editor should run when phrases changed since the weights were made; None when nothing changed."""
    try:
        known = trained_on(folder / FILE)
    except DamagedWeights as problem:
        return f"MESSAGES_DIR {problem}"
    try:
        now = {phrase.identity for phrase in read_phrases(folder, languages_in(folder))}
    except UnreadablePhrases as problem:
        return f"MESSAGES_DIR {problem}"
    added, gone = len(now - known), len(known - now)
    if not added and not gone:
        return None
    return f"question phrases: {added} added and {gone} removed since training; run `make questions`"
