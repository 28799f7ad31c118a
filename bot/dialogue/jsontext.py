"""JSON as it leaves in files and calls: readable, and such that every text in it can be written as UTF-8."""

import json
import re

#: half characters, which UTF-8 cannot hold; JSON's own escapes can (RFC 8259, 8.2)
_HALVES = re.compile("[\ud800-\udfff]")


def json_text(value: object, *, indent: int | None = None) -> str:
    """``value`` as JSON; with ``indent`` for people, without it as short as can be."""
    separators = None if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
