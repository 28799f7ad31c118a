"""What people would read as it was typed: single braces, asterisks, tags in a fact, an unknown command."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.wording.prose import without_code
from bot.wording.tables import Table

_TAG = re.compile(r"<[^<>]*>", re.DOTALL)
_COMMAND = re.compile(r"(?<![\w/<.:])/([a-z]{3,})\b(?!/)")
_STARS = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
_LINK = re.compile(r"\[[^\]\n]+\]\([^)\n]+\)")
_TYPED_ADDRESS = re.compile(r"""href\s*=\s*["'](?!\s*\{)([^"']+)["']""")
_BRACES = re.compile(r"\{[^{}\n]*\}?|\}")
_MARKUP = re.compile(r"</?[a-z]\w*[^<>]*>|&#?\w+;", re.IGNORECASE)

Found = Iterator[tuple[int, str]]  #: the line, and what is wrong there


def raw_in_template(source: str, commands: Collection[str]) -> Found:
    """The line and the text of what is wrong in a message; ``commands``: those it may name; none: any."""
    for found in _TYPED_ADDRESS.finditer(source):
        yield _line(source, found), f"{found[1]!r} is an address in a link: make it a fact in facts.toml, and show that"
    text = _TAG.sub(_blank, without_code(source))
    yield from raw_in_text(text)
    for found in _BRACES.finditer(text):
        name = found[0].strip("{} ")
        remedy = f"write {{{{ {name} }}}}" if name.isidentifier() else "braces come in twos: {{ and }}"
        yield _line(text, found), f"{found[0]!r} would be shown as it stands: {remedy}"
    if commands:
        yield from unknown_commands(text, commands)


def raw_in_text(text: str) -> Found:
    """The same in a text that has no tags of its own, as labels and facts have none."""
    for found in _STARS.finditer(text):
        word = found[0].strip("*_")
        yield _line(text, found), f"{found[0]!r} would be shown as it stands: bold is <b>{word}</b>, in messages alone"
    for found in _LINK.finditer(text):
        yield _line(text, found), f'{found[0]!r} would be shown as it stands: a link is <a href="…">…</a>'


def unknown_commands(text: str, commands: Collection[str]) -> Found:
    """The commands in a text that are none of these."""
    for found in _COMMAND.finditer(text):
        if found[1] not in commands:
            known = ", ".join(f"/{name}" for name in sorted(commands))
            yield _line(text, found), f"/{found[1]} is no command; these are: {known}"


def check_raw_facts(table: Table) -> None:
    """Note facts with tags, braces or asterisks in them: a fact is words alone."""
    for name, value in table.values.items():
        for text in texts_in(value):
            marked = _MARKUP.search(text) or re.search(r"\{[{%]", text)
            if marked:
                table.problem(f"{name} has {marked[0]!r} in it: a fact is words alone", name)
            for _, wrong in raw_in_text(text):
                table.problem(f"{name}: {wrong}", name)


def check_raw_labels(
    table: Table, sections: Iterator[tuple[tuple[str, ...], Mapping[str, str]]], commands: Collection[str]
) -> None:
    """Note short texts, which have no markup, with tags or asterisks in them; ``commands``: those they may name."""
    for section, texts in sections:
        for key, text in texts.items():
            if marked := _MARKUP.search(without_code(text)):
                table.problem(f"{marked[0]!r} would be shown as it stands: a short text is words alone", *section, key)
            for _, wrong in (*raw_in_text(text), *unknown_commands(without_code(text), commands)):
                table.problem(wrong, *section, key)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of a TOML file, however deep, but the empty ones."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(one)


def _line(text: str, found: "re.Match[str]") -> int:
    return text.count("\n", 0, found.start()) + 1


def _blank(found: "re.Match[str]") -> str:
    return re.sub(r"[^\n]", " ", found[0])
