"""Questions that were not answered directly, as staff and operators look at them: those that read the same are one."""

from collections import Counter
from collections.abc import Sequence

from bot.dialogue.reading.spelling import plain
from storage.records import MissedQuestion


def grouped(missed: Sequence[MissedQuestion]) -> list[tuple[str, int, str]]:
    """Questions that read the same as (question, how often, language), most asked first."""
    counts = Counter((plain(one.question), one.language) for one in missed)
    wording: dict[tuple[str, str], str] = {}
    for one in missed:
        wording.setdefault((plain(one.question), one.language), one.question)
    return [(wording[key], count, key[1]) for key, count in counts.most_common()]
