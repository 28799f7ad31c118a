"""What somebody says to do ("ik ben projectleider"), and what is to be noted beside it ("zet erbij dat ...")."""

from bot.dialogue.context import Context
from bot.dialogue.fields import Role
from bot.dialogue.reading.answers import spellings_of
from bot.dialogue.reading.phrasing import beginning
from bot.dialogue.reading.spelling import exactly, plain, plain_way

_LONGEST_ROLE = 5  #: words
_BEFORE = 2  #: words before what is to be noted: "kun je"
_END = " .!"


def role_in(part: str, said: bool, language: str, context: Context) -> str:
    """The function that a part of a text names, by how its words end ("wijkmanager"); ``said``: only after "I am"."""
    ways = spellings_of("lead_in", language, context).get("role", ())
    lead = beginning(ways).match(part) if ways else None
    fillers = frozenset(map(plain_way, spellings_of("details", language, context).get("roughly", ())))
    words = [word for word in part[lead.end() if lead else 0 :].strip(_END).split() if plain(word) not in fillers]
    ends = spellings_of("details", language, context).get("roles", ())
    if (said and not lead) or "?" in part or not ends or not 0 < len(words) <= _LONGEST_ROLE:
        return ""
    role = " ".join(words)
    sector = context.form.having(Role.SECTOR)
    if sector and exactly(role, spellings_of(sector, language, context)) is not None:
        return ""
    return role if any(plain(word).endswith(tuple(map(plain_way, ends))) for word in words) else ""


def remark_in(text: str, language: str, context: Context) -> str:
    """What is to be noted, where a text begins by asking that; empty where it does not."""
    ways = spellings_of("lead_in", language, context).get("remark", ())
    lead = beginning(ways).search(text) if ways else None
    if lead is None or len(text[: lead.start()].split()) > _BEFORE or "?" in text:
        return ""
    return text[lead.end() :].strip(_END)


def without_roughly(text: str, language: str, context: Context) -> str:
    """``text`` without words that only say that it is an estimate: "we komen waarschijnlijk met 7"."""
    roughly = frozenset(map(plain_way, spellings_of("details", language, context).get("roughly", ())))
    return " ".join(word for word in text.split() if plain(word) not in roughly)
