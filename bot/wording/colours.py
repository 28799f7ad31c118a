"""The colours of the web page, as messages/page.toml sets them: which there are, and whether people can read them."""

import re
from collections.abc import Iterator, Mapping

from bot.wording.marks import MARKS
from bot.wording.tables import Table

_FORM = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
READABLE = 4.5  #: the contrast that text needs (WCAG 1.4.3)
#: colour -> what it is where a course does not set it
STANDARD: Mapping[str, str] = {
    "brand": "#0c4a43",
    "brand_dark": "#0a2f2b",
    "accent": "#0b5d52",
    "accent_dark": "#7fd4c1",
}
#: colour -> what stands on it, and what it stands on, as the page's style sheet has them
BESIDE: Mapping[str, tuple[str, ...]] = {
    "brand": ("#ffffff", "#cfe5de"),
    "brand_dark": ("#ffffff", "#b4d3ca"),
    "accent": ("#ffffff", "#eef2ef", "#dfeee8"),
    "accent_dark": ("#06231e", "#0f1514", "#1d2725", "#22372f"),
}


def colours_of(table: Table | None) -> Mapping[str, str]:
    """The colours of a course."""
    given = table.texts() if table else {}
    return {name: given.get(name, standard) for name, standard in STANDARD.items()}


def check_colours(table: Table) -> None:
    """Note in page.toml what is no colour, and what cannot be read."""
    for name, colour in table.texts().items():
        for text in _faults(name, colour) if name not in MARKS else ():
            table.problem(text, name)


def _faults(name: str, colour: str) -> Iterator[str]:
    if name not in BESIDE:
        yield f"{name} is no colour of the page; these are: {', '.join(BESIDE)}; its pictures: {', '.join(MARKS)}"
    elif not _FORM.fullmatch(colour):
        yield f"{colour!r} is no colour such as {STANDARD[name]}"
    else:
        for other in BESIDE[name]:
            if (found := contrast(colour, other)) < READABLE:
                yield f"{name} {colour} is too little unlike {other} to be read: {found:.1f}, and it takes {READABLE}"


def contrast(one: str, other: str) -> float:
    """How unlike two colours (#rrggbb) are, from 1 to 21 (WCAG 2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
