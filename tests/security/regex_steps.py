"""
Counts what a backtracking matcher does for a pattern on a text, as Python's own does it, but with a counter.

Python's ``re`` has none. This one walks the same parsed pattern by the same rules (leftmost, greedy, in order), so that
it goes back as often; it is for small texts only.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Next = Callable[[int], bool]


class TooManySteps(Exception):
    """The matcher went on for longer than the test lets it."""


class Steps:
    """One pattern; ``search`` gives how many steps it takes to look through a text, and ``match`` to begin it."""

    def __init__(self, pattern: str, flags: int, most: int) -> None:
        self._tree = parser.parse(pattern, flags & ~re.DEBUG)
        self._flags = self._tree.state.flags
        self._most = most
        self._text = ""
        self.found: list[tuple[int, int]] = []  #: where the latest search found something
        self._steps = 0
        self._groups: dict[int, tuple[int, int]] = {}
        self._sign: dict[tuple[int, str], bool] = {}  # (node id, character) -> whether it matches

    def match(self, text: str) -> int:
        """The steps of matching from the beginning, as ``fullmatch`` does. Raises TooManySteps."""
        self._text, self._steps, self._groups = text, 0, {}
        self._sequence(list(self._tree), 0, 0, lambda end: end == len(text))
        return self._steps

    def search(self, text: str) -> int:
        """The steps of looking for every match in ``text``, as ``finditer`` does. Raises TooManySteps."""
        self._text, self._steps = text, 0
        self.found = []
        start = 0
        while start <= len(text):
            end = self._match_at(start)
            if end is not None:
                self.found.append((start, end))
            start = start + 1 if end is None or end == start else end
        return self._steps

    def _match_at(self, start: int) -> int | None:
        found: list[int] = []

        def done(at: int) -> bool:
            found.append(at)
            return True

        self._groups = {}
        return found[0] if self._sequence(list(self._tree), 0, start, done) else None

    def _count(self) -> None:
        self._steps += 1
        if self._steps > self._most:
            raise TooManySteps

    def _sequence(self, items: Sequence[Any], place: int, at: int, then: Next) -> bool:
        if place == len(items):
            return then(at)
        return self._item(items[place], at, lambda after: self._sequence(items, place + 1, after, then))

    def _item(self, item: Any, at: int, then: Next) -> bool:
        self._count()
        kind, value = item
        handler = getattr(self, f"_do_{str(kind).lower()}", None)
        if handler is None:
            return at < len(self._text) and self._one(item, self._text[at]) and then(at + 1)
        return bool(handler(value, at, then))

    def _one(self, item: Any, sign: str) -> bool:
        """Whether one character matches an item that matches one; by the real engine, once for each."""
        key = (id(item), sign)
        if key not in self._sign:
            kind, value = item
            one = ord(sign)
            folded = self._flags & re.IGNORECASE
            match kind:
                case c.LITERAL:
                    self._sign[key] = _same(one, value, folded)
                case c.NOT_LITERAL:
                    self._sign[key] = not _same(one, value, folded)
                case c.ANY:
                    self._sign[key] = bool(self._flags & re.DOTALL) or sign != "\n"
                case c.IN:
                    self._sign[key] = self._in(value, sign)
                case _:
                    raise NotImplementedError(kind)
        return self._sign[key]

    def _in(self, items: Sequence[Any], sign: str) -> bool:
        negated = bool(items) and items[0][0] is c.NEGATE
        signs = {sign, sign.lower(), sign.upper()} if self._flags & re.IGNORECASE else {sign}
        return any(_belongs(item, one) for item in items for one in signs if len(one) == 1) != negated

    def _do_branch(self, value: Any, at: int, then: Next) -> bool:
        return any(self._sequence(list(way), 0, at, then) for way in value[1])

    def _do_subpattern(self, value: Any, at: int, then: Next) -> bool:
        number, _, _, inner = value

        def keep(after: int) -> bool:
            if number is not None:
                self._groups[number] = (at, after)
            return then(after)

        return self._sequence(list(inner), 0, at, keep)

    def _do_atomic_group(self, value: Any, at: int, then: Next) -> bool:
        end = self._first_end(value, at)
        return end is not None and then(end)

    def _do_assert(self, value: Any, at: int, then: Next) -> bool:
        return self._looks(value, at) and then(at)

    def _do_assert_not(self, value: Any, at: int, then: Next) -> bool:
        return not self._looks(value, at) and then(at)

    def _looks(self, value: Any, at: int) -> bool:
        direction, inner = value
        start = at if direction > 0 else at - inner.getwidth()[0]
        return start >= 0 and self._first_end(inner, start) is not None

    def _first_end(self, inner: Any, at: int) -> int | None:
        found: list[int] = []

        def done(after: int) -> bool:
            found.append(after)
            return True

        return found[0] if self._sequence(list(inner), 0, at, done) else None

    def _do_groupref(self, value: int, at: int, then: Next) -> bool:
        start, end = self._groups.get(value, (0, 0))
        said = self._text[start:end]
        return self._text.startswith(said, at) and then(at + len(said))

    def _do_at(self, value: Any, at: int, then: Next) -> bool:
        return _stands(value, self._text, at, self._flags) and then(at)

    def _do_max_repeat(self, value: Any, at: int, then: Next) -> bool:
        return self._repeat(value, at, then, greedy=True)

    def _do_min_repeat(self, value: Any, at: int, then: Next) -> bool:
        return self._repeat(value, at, then, greedy=False)

    def _do_possessive_repeat(self, value: Any, at: int, then: Next) -> bool:
        least, most, inner = value
        times = 0
        while times < most and (end := self._first_end(inner, at)) is not None and (end > at or times < least):
            at, times = end, times + 1
        return times >= least and then(at)

    def _repeat(self, value: Any, at: int, then: Next, *, greedy: bool) -> bool:
        least, most, inner = value
        items = list(inner)
        if len(items) == 1 and str(items[0][0]).lower() in ("literal", "not_literal", "any", "in"):
            return self._repeat_one(items[0], least, most, at, then, greedy=greedy)
        return self._again(items, least, most, at, then, greedy=greedy)

    def _repeat_one(self, item: Any, least: int, most: int, at: int, then: Next, *, greedy: bool) -> bool:
        """A repeated single character: all places where it may end, the longest or the shortest first."""
        end = at
        while end < len(self._text) and end - at < most and self._one(item, self._text[end]):
            self._count()
            end += 1
        ends: Iterator[int] = iter(range(end, at + least - 1, -1) if greedy else range(at + least, end + 1))
        for place in ends:
            self._count()
            if then(place):
                return True
        return False

    def _again(self, items: Sequence[Any], least: int, most: int, at: int, then: Next, *, greedy: bool) -> bool:
        def more(after: int) -> bool:
            if after == at and least <= 0:
                return False
            return self._again(items, least - 1, most - 1, after, then, greedy=greedy)

        self._count()
        if least > 0:
            return self._sequence(items, 0, at, more)
        if most <= 0:
            return then(at)
        if greedy:
            return self._sequence(items, 0, at, more) or then(at)
        return then(at) or self._sequence(items, 0, at, more)


def _same(one: int, other: int, folded: int) -> bool:
    return one == other or bool(folded and chr(one).lower() == chr(other).lower())


def _belongs(item: Any, sign: str) -> bool:
    kind, value = item
    match kind:
        case c.LITERAL:
            return ord(sign) == int(value)
        case c.RANGE:
            return bool(value[0] <= ord(sign) <= value[1])
        case c.CATEGORY:
            return re.match(_CATEGORIES[value], sign) is not None
        case _:
            return False


_CATEGORIES = {
    c.CATEGORY_DIGIT: r"\d", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_SPACE: r"\s", c.CATEGORY_NOT_SPACE: r"\S",
    c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _stands(value: Any, text: str, at: int, flags: int) -> bool:
    """Whether a place in a text is the beginning, the end, or the edge of a word."""
    last = at == len(text)
    match value:
        case c.AT_BEGINNING:
            return at == 0 or bool(flags & re.MULTILINE and text[at - 1] == "\n")
        case c.AT_BEGINNING_STRING:
            return at == 0
        case c.AT_END:
            return last or text[at:] == "\n" or bool(flags & re.MULTILINE and text[at] == "\n")
        case c.AT_END_STRING:
            return last
    edge = (at > 0 and _is_word(text[at - 1])) != (not last and _is_word(text[at]))
    return edge if value is c.AT_BOUNDARY else not edge


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def signs_of(pattern: str, flags: int) -> list[str]:
    """Characters that this pattern tells apart: its own, and one of each range and category."""
    return list(dict.fromkeys(_signs(parser.parse(pattern, flags))))


def _signs(tree: Any) -> Iterator[str]:
    for kind, value in tree:
        match kind:
            case c.LITERAL | c.NOT_LITERAL:
                yield chr(value)
            case c.RANGE:
                yield chr(value[0])
            case c.CATEGORY:
                yield {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " "}.get(value, "a")
            case _:
                for inner in _inside(value):
                    yield from _signs(inner)


def shared(pattern: str, flags: int) -> list[tuple[str, str]]:
    """
    Where two endless repetitions may take the same characters, with nothing that must stand between them: what brings
    a matcher there, as short as it can be, and a character that both take.
    """
    found: dict[tuple[str, str], None] = {}
    _walk(list(parser.parse(pattern, flags)), "", [], found)
    return list(found)


Open = list[tuple[str, frozenset[str]]]
"""The endless repetitions that may still go on: what stands before each, and what each takes."""


def _walk(items: Sequence[Any], before: str, going: Open, found: dict[tuple[str, str], None]) -> str:
    for kind, value in items:
        match kind:
            case c.MAX_REPEAT | c.MIN_REPEAT:
                least, most, inner = value
                once = _walk(list(inner), before, list(going), found)
                if most is c.MAXREPEAT and len(inner) == 1:
                    taken = _taken(inner[0])
                    found.update({(head, min(both)): None for head, other in going if (both := other & taken)})
                    going[:] = [one for one in going if not least or one[1] & taken]
                    going.append((before, taken))
                before = once if least else before
            case c.SUBPATTERN:
                before = _walk(list(value[-1]), before, going, found)
            case c.BRANCH:
                before = min((_walk(list(way), before, list(going), found) for way in value[1]), key=len)
            case c.LITERAL | c.IN | c.ANY | c.NOT_LITERAL:
                taken = _taken((kind, value))
                going[:] = [one for one in going if one[1] & taken]
                before += min(taken, default="a")
    return before


_SIGNS = frozenset(map(chr, range(32, 127))) | frozenset("\n\té")


def _taken(item: Any) -> frozenset[str]:
    """The characters that an item takes which stands for one of several."""
    kind, value = item
    match kind:
        case c.LITERAL:
            return frozenset(chr(value))
        case c.NOT_LITERAL:
            return _SIGNS - {chr(value)}
        case c.ANY:
            return _SIGNS
        case c.IN:
            belongs = frozenset(sign for sign in _SIGNS if any(_belongs(one, sign) for one in value))
            return _SIGNS - belongs if value[0][0] is c.NEGATE else belongs
    return frozenset()


def _inside(value: Any) -> Iterator[Any]:
    """The parsed patterns that stand in an item, however it holds them."""
    if isinstance(value, parser.SubPattern) or (isinstance(value, list) and value and isinstance(value[0], tuple)):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _inside(one)
