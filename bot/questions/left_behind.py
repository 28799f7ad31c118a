"""Phrases that stand among the unpublished ones though a new topic answers them: found by what they mean."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bot.questions.encoder import Encoder
from bot.questions.forms import Forms
from bot.questions.moved import ALIKE, meanings
from bot.questions.phrases import UNPUBLISHED, Phrase, UnreadablePhrases, languages_in, read_phrases
from bot.questions.weights import FILE, DamagedWeights, trained_on

_REST = ("other", UNPUBLISHED)  #: the files of what belongs to no subject of its own
_SURE = 0.9  #: as ALIKE, for a phrase in the file of a subject, which must be less like the others there


def left_behind(folder: Path) -> list[tuple[Phrase, str]]:
    """
    Give the unpublished phrases that ask what a topic added since training is asked, each with their topic.

    None where nothing was trained yet, or cannot be read.
    """
    try:
        trained, languages = trained_on(folder / FILE), languages_in(folder)
        phrases = read_phrases(folder, languages) if trained else []
    except (DamagedWeights, UnreadablePhrases):
        return []
    known = {identity.split("\t")[1] for identity in trained}
    added = [phrase for phrase in phrases if phrase.topic not in known]
    if not added:
        return []
    with threadpool_limits(limits=1, user_api="blas"):
        return list(_near(added, phrases, Forms.load(folder, languages)))


def _near(added: list[Phrase], phrases: list[Phrase], forms: Forms) -> Iterator[tuple[Phrase, str]]:
    encoder = Encoder.load().speak(phrase.language for phrase in added)
    for language in sorted({phrase.language for phrase in added}):
        new = [phrase for phrase in added if phrase.language == language]
        old = [phrase for phrase in phrases if (phrase.language, phrase.topic) == (language, UNPUBLISHED)]
        if old:
            waiting = meanings(old, encoder, forms)
            alike, among = waiting @ meanings(new, encoder, forms).T, waiting @ waiting.T
            np.fill_diagonal(among, 0.0)
            subjects = np.array([phrase.subject for phrase in old])
            for phrase, row, others in zip(old, alike, among, strict=True):
                at_home = 0.0 if phrase.subject in _REST else float(others[subjects == phrase.subject].max())
                if row.max() >= max(at_home, ALIKE if phrase.subject in _REST else _SURE):
                    yield phrase, new[int(row.argmax())].topic
