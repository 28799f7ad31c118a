"""The form of a message: its greeting and closing, its parts, and whether it asks something."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.contacts import contact_names
from bot.questions.phrases import facts_of, lines_of
from bot.questions.text import LONGEST, words

_FILE = "_words.txt"
_BREAK = re.compile(r"[?!;\n+&]+|[.,:](?=\s|$)|\s[-–—]\s|(?<=[^\W\d])\s*/\s*(?=[^\W\d])")
_PARTS = 4  #: parts of a message that are looked at
_EDGE = 8  #: words in the longest greeting or closing
_LEAD = 8  #: words in the longest lead to a question
_FEW = 2  #: words that ask something without a verb
_NAME = 3  #: words in a name under a message
_WE_ARE = re.compile(r"\bwe['’]re\b", re.IGNORECASE)  # without its sign it would ask: "were"
_ITEM = re.compile(r"[\w'’.&-]+")

Words = Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message taken apart."""

    typed: tuple[str, ...]  #: all its words
    whole: tuple[str, ...]  #: what asks in it: without greeting, closing, what is set aside and what only leads in
    parts: tuple[tuple[str, ...], ...]  #: what may be questions of their own; empty when there is only one


class Forms:
    """Recognises forms by the word lists that stand beside the phrases."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {kind: frozenset(tuple(words(item)) for item in items) for kind, items in lists.items()}
        self._sizes = {kind: {len(item) for item in items if item} for kind, items in self._lists.items()}
        self._course = next(iter(lists.get("course", ())), "").strip()
        self._course_starts = frozenset(name[0] for name in self._of("course") if name)

    @classmethod
    def load(cls, folder: Path, languages: Iterable[str]) -> "Forms":
        """Read the word lists of the languages in a messages folder; a language without them has none."""
        lists: dict[str, list[str]] = {}
        names = contact_names(facts_of(folder))
        for language in sorted(languages):  # as in training: the first word for the course stands for all
            path = folder / language / "questions" / _FILE
            for line in lines_of(path, names) if path.is_file() else ():
                kind, _, items = line.partition(":")
                lists.setdefault(kind.strip(), []).extend(items.split(","))
        return cls(lists)

    def take_apart(self, text: str) -> Message:
        """Say what of a text may be a question, and where it falls into more than one."""
        text = text[:LONGEST]
        typed, bare = tuple(words(text)), self._gist(self._without_edges(sentences(text)))
        parts = [part for sentence in bare for part in self._split(sentence)]
        whole = tuple(word for sentence in bare for word in sentence)
        looked_at = parts if len(parts) <= _PARTS else [*parts[: _PARTS - 1], parts[-1]]  # a story ends in its question
        several = tuple(map(tuple, looked_at)) if len(parts) > 1 else ()
        return Message(typed=typed, whole=whole or typed, parts=several)

    def levelled(self, typed: Words) -> tuple[str, ...]:
        """Give the words with every name for the course itself as the same one."""
        if self._course_starts.isdisjoint(typed):
            return tuple(typed)
        names, at, level = self._of("course"), 0, list[str]()
        while at < len(typed):
            length = next((size for size in (2, 1) if tuple(typed[at : at + size]) in names), 0)
            level.append(self._course if length else typed[at])
            at += length or 1
        return tuple(level)

    def asking(self, parts: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
        """Give the parts without what is told beside a question; a few words may ask as well ("prijs en duur?")."""
        if not any(map(self.begins_to_ask, parts)):
            return parts
        return [part for part in parts if len(part) <= _FEW or self._asks_now(part)]

    def begins_to_ask(self, typed: Words) -> bool:
        """Say whether words begin as a question does, whatever follows."""
        bare = self._without_fills(list(typed))
        if len(bare) > 1 and (bare[0],) in self._of("leads"):
            bare = bare[1:]
        return bool(bare) and (bare[0],) in self._of("asks")

    def asks(self, text: str, *, certain: bool) -> bool:
        """
        Say whether a text reads as a question rather than as an answer such as a name or a place.

        ``certain``: what it would ask about is known for sure, or may be taken to be.
        """
        typed = self._without_fills(words(_WE_ARE.sub("we are", text)))
        marked = text.rstrip().endswith("?")
        if not typed or _named(text, certain=certain) or (typed[0],) in self._of("names"):
            return False
        speaks = self._has("speaks", typed[1:])
        if self._has("names", typed) and not speaks:
            return False
        if self._asks_indirectly(typed):
            return True
        if not marked and self._contains("answers", typed):
            return False
        if self.begins_to_ask(typed) and (marked or speaks or self._surely_begins(typed, certain=certain)):
            return True
        return marked and (certain or speaks)

    def _surely_begins(self, typed: Words, *, certain: bool) -> bool:
        """Say whether words begin as a question does, where what begins it is no name; a single word needs no more."""
        return (typed[0],) not in self._of("may be names") and (certain or len(typed) == 1)

    def _of(self, kind: str) -> frozenset[tuple[str, ...]]:
        return self._lists.get(kind, frozenset())

    def _has(self, kind: str, typed: Words) -> bool:
        return any((word,) in self._of(kind) for word in typed)

    def _asks_indirectly(self, typed: Words) -> bool:
        return self._contains("asks indirectly", typed)

    def _contains(self, kind: str, typed: Words) -> bool:
        items, words_of = self._of(kind), tuple(typed)
        starts = ((size, at) for size in self._sizes.get(kind, ()) for at in range(len(words_of) - size + 1))
        return any(words_of[at : at + size] in items for size, at in starts)

    def _without_fills(self, typed: list[str]) -> list[str]:
        fills = self._of("fills")
        while size := next((n for n in (2, 1) if len(typed) >= n and tuple(typed[:n]) in fills), 0):
            typed = typed[size:]
        return typed

    def _gist(self, sentences: list[list[str]]) -> list[list[str]]:
        """Leave out what is set aside ("niet de kosten, maar …") beside a question, and what only leads in to one."""
        clauses = [clause for sentence in sentences for clause in self._turned(sentence)]
        asked = [clause for clause in clauses if not self._sets_aside(clause)]
        if len(asked) < len(clauses) and any(map(self._asks_now, asked)):
            clauses = asked
        if len(clauses) > 1 and any(map(self._led_in, clauses)):  # "..., I only want to know when it is"
            clauses = [clause for clause in clauses if self._led_in(clause) or self._asks_now(clause)]
        return [self._without_lead(clause) for clause in clauses]

    def _turned(self, sentence: list[str]) -> list[list[str]]:
        """Cut a sentence where it turns from what is set aside to what is asked."""
        at = next((at for at, word in enumerate(sentence) if at and (word,) in self._of("turns")), 0)
        return [sentence[:at], sentence[at:]] if at and self._sets_aside(sentence[:at]) else [sentence]

    def _sets_aside(self, clause: Words) -> bool:
        first = tuple(self._without_fills(list(clause))[:1]) in self._of("denies")
        return first or (self._contains("sets aside", clause) and not self.begins_to_ask(clause))

    def _asks_now(self, clause: Words) -> bool:
        turned = tuple(clause[:1]) in self._of("turns")
        return turned or self.begins_to_ask(clause) or self._asks_indirectly(clause)

    def _led_in(self, clause: list[str]) -> bool:
        """Say whether a clause leads in to a question, and has it."""
        bare = tuple(self._without_fills(list(clause)))
        return any(bare[:size] in self._of("leads in") for size in range(1, min(_LEAD, len(bare) - 1) + 1))

    def _without_lead(self, clause: list[str]) -> list[str]:
        turned = (clause[0],) in self._of("turns") and len(clause) > 1
        bare = self._without_fills(list(clause))
        size = next((size for size in range(_LEAD, 0, -1) if tuple(bare[:size]) in self._of("leads in")), 0)
        filled = 1 < len(bare) < len(clause) and (bare[0],) in self._of("asks")
        return bare[size:] if len(bare) > size and (size or turned or filled) else clause

    def _without_edges(self, sentences: list[list[str]]) -> list[list[str]]:
        """Take the greeting off the first sentence and the closing off the end, as far as something else is left."""
        kept = [sentence for sentence in sentences if tuple(sentence) not in self._of("opens")]
        kept = self._without_closing(kept)
        if kept:
            kept[0] = self._without_opening(kept[0])
        return kept

    def _without_opening(self, sentence: list[str]) -> list[str]:
        for length in range(min(_EDGE, len(sentence) - 1), 0, -1):
            if tuple(sentence[:length]) in self._of("opens") and len(sentence) > length + 1:
                return sentence[length:]
        return sentence

    def _without_closing(self, sentences: list[list[str]]) -> list[list[str]]:
        for number in range(max(1, len(sentences) - _EDGE - _NAME), len(sentences)):
            if self._closes([word for sentence in sentences[number:] for word in sentence]):
                return self._without_closing(sentences[:number])
        if sentences:
            sentences[-1] = self._trimmed(sentences[-1])
        return sentences

    def _closes(self, end: list[str]) -> bool:
        """Say whether the end of a message is a closing, with or without a name."""
        sizes = [size for size in range(1, _EDGE + 1) if tuple(end[:size]) in self._of("closes")]
        return bool(sizes) and len(end) - sizes[-1] <= _NAME and not self.begins_to_ask(end[sizes[-1] :])

    def _trimmed(self, sentence: list[str]) -> list[str]:
        for length in range(min(_EDGE, len(sentence) - 2), 0, -1):
            for end in (len(sentence), len(sentence) - 1):
                if end - length > 1 and tuple(sentence[end - length : end]) in self._of("closes"):
                    return sentence[: end - length]
        return sentence

    def _split(self, sentence: list[str]) -> list[list[str]]:
        parts: list[list[str]] = [[]]
        for word in sentence:
            if (word,) in self._of("joins"):
                parts.append([])
            else:
                parts[-1].append(word)
        return [part for part in parts if part]


def sentences(text: str) -> list[list[str]]:
    """Give the words of each sentence, clause or line of a text."""
    found = (words(part) for part in _BREAK.split(text[:LONGEST]))
    return [sentence for sentence in found if sentence]


def _named(text: str, *, certain: bool) -> bool:
    """Say whether a text is written as a name: the second word and most others with a capital."""
    later = _ITEM.findall(text[:LONGEST])[1:]
    capitals = [word for word in later if word[:1].isupper()]
    if not later or later[0] not in capitals or all(word.isupper() for word in later):
        return False
    return len(capitals) * 2 > len(later) and (len(later) > 1 or not certain or not text.rstrip().endswith("?"))
