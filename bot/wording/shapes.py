"""What kind of value stands where in each TOML file of messages/, so that all who read one can rely on it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from bot.dialogue.leads import MOMENTS, SHOWN

Path = tuple[str, ...]
Faults = Iterator[tuple[Path, str]]  #: where in the file, and what is wrong there
Shape = Callable[[object, Path], Faults]


def _is(kinds: type | tuple[type, ...], what: str) -> Shape:
    def faults(value: object, at: Path) -> Faults:
        if not isinstance(value, kinds):
            yield at, f"{at[-1]} must be {what}"

    return faults


def _each(item: Shape, what: str) -> Shape:
    """A list of which every item has this shape."""

    def faults(value: object, at: Path) -> Faults:
        if not isinstance(value, list) or any(True for one in value for _ in item(one, at)):
            yield at, f"{'.'.join(at)} must be {what}"

    return faults


def _row(*columns: Shape) -> Shape:
    """A list of as many items as there are columns, each of its column's shape."""

    def faults(value: object, at: Path) -> Faults:
        if not isinstance(value, list) or len(value) != len(columns):
            yield at, f"{'.'.join(at)} must be a list of {len(columns)}"
        else:
            for one, column in zip(value, columns, strict=True):
                yield from column(one, at)

    return faults


def _table(known: Mapping[str, Shape], others: Shape | None = None, required: tuple[str, ...] = ()) -> Shape:
    """A table with these keys, which may be missing but for the required; the others are of the shape ``others``."""

    def faults(value: object, at: Path) -> Faults:
        if not isinstance(value, Mapping):
            yield at, f"{'.'.join(at)} must be a table"
            return
        for missing in (name for name in required if name not in value):
            yield at, f"{'.'.join(at)} needs its {missing}"
        for key, one in value.items():
            shape = known.get(key, others)
            if shape:
                yield from shape(one, (*at, key))

    return faults


def _all(shape: Shape) -> Shape:
    """A table of which every value has this shape."""
    return _table({}, shape)


def _tables(each: Shape) -> Shape:
    """A list of such tables, each under a line with [[ ]]; in messages they are counted from 0."""

    def faults(value: object, at: Path) -> Faults:
        if not isinstance(value, list):
            yield at, f"{'.'.join(at)} must be tables, each under a line [[{'.'.join(at)}]]"
            return
        for number, one in enumerate(value):
            yield from each(one, (*at, str(number)))

    return faults


def _either(first: Shape, second: Shape) -> Shape:
    """The one or the other; what is neither is told as not being the second."""

    def faults(value: object, at: Path) -> Faults:
        if any(True for _ in first(value, at)):
            yield from second(value, at)

    return faults


_TEXT = _is(str, "a text between quotes, and not empty")
_NUMBER = _is((int, float), "a number")
_TRUTH = _is(bool, "true or false")
_TIME = _is(datetime, "a time")
_SIMPLE = _is((str, int, float, date), "a text, a number, a date, true or false, or a list of those")
_TEXTS = _each(_TEXT, "a list of texts")
_SECTION = _all(_TEXT)

_FACT = _either(_each(_SIMPLE, "a list"), _SIMPLE)
_PER_LANGUAGE = _all(_either(_all(_FACT), _FACT))  #: a table in it is a fact that stands too low, which facts.py says
_CONTACTS = _tables(_table({"name": _TEXT, "email": _TEXT, "phone": _TEXT}, required=("name",)))
_FACTS = _table({"contacts": _CONTACTS}, _either(_PER_LANGUAGE, _FACT))
_ANSWERS = _each(_row(_TEXT, _TEXT), "a list of [field, answer], both texts between quotes")
#: what messages may show of a lead that samples made earlier do not have
_LATER = frozenset({"consent_at", "consent_version", "status_at"})
_LEAD = _table(
    dict.fromkeys(MOMENTS, _TIME) | {"answers": _ANSWERS},
    _TEXT,
    required=tuple(name for name in SHOWN if name not in _LATER),
)
_SAMPLE = _table(
    {
        "lead": _LEAD,
        "leads": _either(_NUMBER, _tables(_LEAD)),  # those of messages made earlier
        "answers": _ANSWERS,
        "draft": _ANSWERS,
        "noted": _ANSWERS,
        "changes": _each(_row(_TEXT, _TEXT, _TEXT), "a list of [field, before, after], all texts between quotes"),
        "at": _TIME,
        "now": _TIME,
        "cases": _tables(_table({"at": _TIME}, _TEXT)),
        **{name: _tables(_table({"at": _TIME}, _TEXT)) for name in ("events", "said", "messages", "missed")},
        "groups": _each(_row(_TEXT, _NUMBER, _TEXT), "a list of [question, how often, language]"),
        "options": _TEXTS,
        "choices": _TEXTS,
        "texts": _TEXTS,
        "topics": _TEXTS,
        "unreadable": _TEXTS,
        "by_status": _all(_NUMBER),
        "by_channel": _all(_NUMBER),
        "by_interest": _all(_NUMBER),
    },
    _SIMPLE,
)

#: the name of a file, without its folder and its ending -> what stands in it
SHAPES: Mapping[str, Shape] = {
    "course": _table(
        {
            "languages": _TEXTS,
            "timezone": _TEXT,
            "phone_regions": _TEXTS,
            "consent_version": _either(_NUMBER, _TEXT),
            "small_talk": _TEXTS,
            "participants": _SECTION,
            "fields": _tables(
                _table(
                    dict.fromkeys(("limit", "least", "most"), _is(int, "a whole number"))
                    | {"required": _TRUTH, "options": _either(_TEXTS, _TEXT)},
                    _TEXT,
                    required=("id", "kind"),
                )
            ),
            "menu": _tables(_table({"id": _TEXT, "topics": _TEXTS, "buttons": _TEXTS}, required=("id",))),
            "topics": _all(_table({"next": _TEXTS, "offer": _TEXTS, "yes": _TEXTS, "about": _TEXTS})),
        }
    ),
    "facts": _FACTS,
    "samples": _table(
        {
            "messages": _all(_TEXTS),
            "buttons": _all(_TEXTS),
            "samples": _SAMPLE,
            "bare": _SAMPLE,
            "for": _all(_SAMPLE),
            "settings": _all(_SIMPLE),
            "facts": _FACTS,
        }
    ),
    "privacy": _table(
        {
            "responsible": _SECTION,
            "purposes": _SECTION,
            "processing": _table({"processors": _TEXTS, "none": _TRUTH}),
            "complaints": _SECTION,
        }
    ),
    "labels": _table(
        {
            "name": _TEXT,
            "and": _TEXT,
            "or": _TEXT,
            "dates": _table({"months": _TEXTS}, _TEXT),
            "options": _all(_SECTION),
        },
        _SECTION,
    ),
    "spellings": _all(_all(_TEXTS)),
    "page": _SECTION,
    "telegram": _table({"commands": _SECTION, "staff_commands": _SECTION}, _TEXT),
}
