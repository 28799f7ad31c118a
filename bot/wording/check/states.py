"""The states of what may become known: the facts that are empty, or that a message asks about, tried both ways."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.wording.catalogue import Catalogue
from bot.wording.language import Language
from bot.wording.samples import Samples

Known = Mapping[str, Any]  #: fact -> what is shown of it once it is known


def may_be_known(catalogue: Catalogue, language: Language, samples: Samples) -> Known:
    """The facts that a message must read well with and without: as they are now, or else an example of them."""
    facts = catalogue.facts[language.code]
    own = catalogue.tables["facts"].values
    asked = language.templates.asked
    examples = samples.of_facts(language.code, catalogue.codes)
    return {
        name: examples.get(name, f"‹{name}›") if facts[name] is None else facts[name]
        for name in own
        if facts[name] is None or name in asked
    }


def states(known: Known) -> Iterator[Known]:
    """All of these known, none, and each alone."""
    nothing = dict.fromkeys(known)
    if known:
        yield known
        yield nothing
    if len(known) > 1:
        yield from ({**nothing, name: value} for name, value in known.items())
