"""Words cut into the pieces that the encoder knows."""

from collections.abc import Sequence
from functools import lru_cache

UNKNOWN = 0  #: the row for a letter that is in no piece
START, END = 1, 2  #: the rows that stand before and after every text
FIRST = 3  #: where the pieces begin
LONGEST = 16  #: letters in the longest piece
WORD_START = "\u2581"  #: how a piece says that it begins a word


class Pieces:
    """The unigram language model of SentencePiece: a word's most likely pieces."""

    def __init__(self, names: Sequence[str], scores: Sequence[float]) -> None:
        """Take the pieces with their logarithmic likelihoods, in the order of the encoder's rows."""
        self._rows = {name: row for row, name in enumerate(names) if row >= FIRST}
        self._scores = scores
        self._unlikely = min(scores) - 10
        self.of_word = lru_cache(maxsize=4096)(self._of_word)

    def add(self, names: Sequence[str], scores: Sequence[float]) -> None:
        """Take more pieces, whose rows follow on those that are there."""
        first = len(self._scores)
        self._scores = (*self._scores, *scores)
        self._rows |= {name: first + row for row, name in enumerate(names)}

    def of(self, words: Sequence[str]) -> list[int]:
        """Give the rows of a text's pieces, between those of its start and end."""
        return [START, *(row for word in words for row in self.of_word(word)), END]

    def _of_word(self, word: str) -> tuple[int, ...]:
        text = WORD_START + word
        best: list[tuple[float, int, int]] = [
            (0.0, 0, UNKNOWN)
        ]  # at each letter: likelihood, where its piece began, row
        for end in range(1, len(text) + 1):
            best.append(max(self._ending(text, end, best)))
        rows: list[int] = []
        while end > 0:
            _, end, row = best[end]
            rows.append(row)
        return tuple(reversed(rows))

    def _ending(self, text: str, end: int, best: Sequence[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
        found = [(best[end - 1][0] + self._unlikely, end - 1, UNKNOWN)]
        for start in range(max(0, end - LONGEST), end):
            row = self._rows.get(text[start:end])
            if row is not None:
                found.append((best[start][0] + self._scores[row], start, row))
        return found
