"""Questions that were not answered directly, as staff and operators look at them: those that read the same are one."""

from collections import Counter
from collections.abc import Sequence

from bot.dialogue.reading.spelling import plain
from storage.records import MissedQuestion

_COMPARED = 80  #: characters, in which two questions read the same or not


def grouped(missed: Sequence[MissedQuestion]) -> list[tuple[str, int, str]]:
    """Questions that read the same as (question, how often, language), most asked first."""
    counts: Counter[tuple[str, str]] = Counter()
    wording: dict[tuple[str, str], str] = {}
    for one in missed:
        key = plain(one.question[:_COMPARED]), one.language
        counts[key] += 1
        wording.setdefault(key, one.question)
    return [(wording[key], count, key[1]) for key, count in counts.most_common()]
