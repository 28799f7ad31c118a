"""What staff want with what they typed or tapped in their chat."""

import re
from collections.abc import Callable, Mapping

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.events import Chosen, Edited, Event, Typed
from bot.leads.references import TYPED, typed_reference
from bot.staff.intents import (
    Answer,
    Aside,
    ChatId,
    Do,
    End,
    Help,
    Intent,
    List,
    Look,
    LookUp,
    NoSuchButton,
    Note,
    PassOn,
    Reword,
    SendTopic,
    Unknown,
)
from bot.staff.transitions import Act

#: one word follows at most, or a reference with spaces: a longer text is no command but what staff say
COMMAND = re.compile(rf"/([a-z]+)(?:@\w+)?(?:\s+({TYPED}|\S+))?\s*$", re.IGNORECASE)
#: what may be followed by any text
NOTE = re.compile(r"/(?:notitie|note)(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)

#: command -> what it asks for, given what was typed behind it
COMMANDS: Mapping[str, Callable[[str], Intent]] = {
    "leads": lambda typed: Look(at=List.LEADS),
    "lead": lambda typed: LookUp(reference=typed),
    "export": lambda typed: Look(at=List.EXPORT),
    "stats": lambda typed: Look(at=List.COUNTS),
    "questions": lambda typed: Look(at=List.QUESTIONS),
    "help": lambda typed: Help(),
    "start": lambda typed: Help(),
    "chatid": lambda typed: ChatId(),
}
#: the same of those that are about the person of the message that is answered
TO_PERSON: Mapping[str, Callable[[Typed, str], Intent]] = {
    **dict.fromkeys(
        ("stuur", "send"), lambda event, typed: SendTopic(event=event, message_id=event.replied_to, topic=typed)
    ),
    **dict.fromkeys(
        ("einde", "end"), lambda event, typed: End(event=event, message_id=event.replied_to or event.thread)
    ),
}
#: what stands behind "staff:" in a button that does something -> what it does
_ACTS: Mapping[str, Act] = {"claim": Act.CLAIM, "release": Act.RELEASE, "reopen": Act.REOPEN}
_STATUSES: Mapping[str, Act] = {"contacted": Act.CONTACTED, "planned": Act.PLANNED, "closed": Act.CLOSED}
_PAGE = re.compile(r"[1-9][0-9]{0,4}")


def read(event: Event) -> Intent | None:
    """What staff want with ``event``; None for talk among themselves."""
    if isinstance(event, Chosen):
        return _tapped(event)
    if isinstance(event, Typed):
        noted = NOTE.match(event.text.strip())
        if noted:
            return Note(event=event, message_id=event.replied_to, text=(noted[1] or "").strip())
        command = COMMAND.match(event.text.strip())
        if command and command[1].lower() in TO_PERSON:
            return TO_PERSON[command[1].lower()](event, (command[2] or "").lower())
        if command:
            asked = COMMANDS.get(command[1].lower())
            return asked(command[2] or "") if asked else Unknown()
    if event.replied_to is not None:
        return Answer(event=event, message_id=event.replied_to)
    if isinstance(event, Edited) and COMMAND.match(event.text.strip()):
        return Reword()
    if isinstance(event, Typed | Edited) and event.thread is not None:
        return Aside(event=event)
    return None


def _tapped(event: Chosen) -> Intent:
    """What a button asks; whatever is none of ours asks nothing."""
    match ButtonId.read(event.button).parts:
        case ("staff", "status", reference, status) if status in _STATUSES and _is_reference(reference):
            return Do(event=event, act=_STATUSES[status], reference=typed_reference(reference))
        case ("staff", act, reference) if act in _ACTS and _is_reference(reference):
            return Do(event=event, act=_ACTS[act], reference=typed_reference(reference))
        case ("staff", "send"):
            return PassOn(event=event)
        case ("staff", "more", page) if _PAGE.fullmatch(page):
            return Look(at=List.LEADS, page=int(page))
        case _:
            return NoSuchButton()


def _is_reference(text: str) -> bool:
    return re.fullmatch(TYPED, text, re.IGNORECASE) is not None
