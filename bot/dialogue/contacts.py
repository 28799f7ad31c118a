"""The contact persons of a course, as its facts name them, and their names in what people say."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_NAME = re.compile(r"\{\{\s*contact_(name|first_name|last_name)\s*\}\}")


def contact_names(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in the facts: of the list ``contacts``, or else of the one ``contact_name``."""
    listed = facts.get("contacts")
    if isinstance(listed, list):
        names = [one.get("name") for one in listed if isinstance(one, Mapping)]
    else:
        names = [facts.get("contact_name")]
    return tuple(name for name in names if isinstance(name, str) and name.strip())


def with_names(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """
    What people say with the names in it: a text for each contact person where it says ``{{ contact_name }}``,
    ``{{ contact_first_name }}`` or ``{{ contact_last_name }}``, else the text itself. None when nobody has a name.
    """
    if "{{" not in text:
        return (text,)
    return tuple(dict.fromkeys(_named(text, name) for name in names))


def _named(text: str, name: str) -> str:
    first, _, last = name.partition(" ")
    parts = {"name": name, "first_name": first, "last_name": last or first}
    return _NAME.sub(lambda found: parts[found[1]], text)
