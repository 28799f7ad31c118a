"""Another option than was chosen, by what it is called: "toch allebei", "ik bedoelde corporatie"."""

from bot.dialogue.fields import Role
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.details import kinds_meant
from bot.dialogue.reading.negation import denied_parts
from bot.dialogue.reading.said import Said
from bot.dialogue.reading.spelling import Span, exactly, options_meant

LONGEST_CHOICE = 80  #: characters


def chosen_again(said: Said) -> tuple[str, str] | None:
    """The field and the option that a short text names, where it names one; not what it is a question about."""
    if said.text.endswith("?") or len(said.text) > LONGEST_CHOICE:
        return None
    kinds = kinds_meant(said.text, said.conversation.language, said.context)
    if len(kinds) == 1:
        return said.form.having(Role.SECTOR), kinds[0]
    interest = said.form.having(Role.INTEREST)
    interests = spellings_of(interest, said.conversation.language, said.context) if interest else {}
    known = {value: ways for value, ways in interests.items() if value in said.form.by_name[interest].options}
    alone = spellings_of("details", said.conversation.language, said.context).get("alone", ())
    telling = {value: tuple(way for way in ways if way not in alone) for value, ways in known.items()}
    whole = exactly(said.text, known)
    meant = (whole,) if whole else options_meant(said.text, telling, _denied(said))
    return (interest, meant[0]) if len(meant) == 1 else None


def rather_than_another(said: Said) -> bool:
    """Whether a text denies one interest and names another: "geen interesse in de cursus, wel in begeleiding"."""
    interest = said.form.having(Role.INTEREST)
    interests = spellings_of(interest, said.conversation.language, said.context) if interest else {}
    named = options_meant(said.text, interests)
    return len(named) > 1 and len(options_meant(said.text, interests, _denied(said))) == 1


def _denied(said: Said) -> tuple[Span, ...]:
    negation = spellings_of("negation", said.conversation.language, said.context)
    return denied_parts(said.text, negation.get("not", ()), negation.get("but", ()))
