"""What staff want with what they typed in their chat."""

import re
from collections.abc import Callable, Mapping

from bot.dialogue.events import Chosen, Edited, Event, Typed
from bot.leads.references import TYPED
from bot.staff.intents import Answer, ChatId, Help, Intent, List, Look, LookUp, Reword, Unknown

#: one word follows at most, or a reference with spaces: a longer text is no command but what staff say
COMMAND = re.compile(rf"/([a-z]+)(?:@\w+)?(?:\s+({TYPED}|\S+))?\s*$", re.IGNORECASE)

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


def read(event: Event) -> Intent | None:
    """What staff want with ``event``; None for talk among themselves."""
    command = COMMAND.match(event.text.strip()) if isinstance(event, Typed) else None
    if command:
        asked = COMMANDS.get(command[1].lower())
        return asked(command[2] or "") if asked else Unknown()
    if not isinstance(event, Chosen) and event.replied_to is not None:
        return Answer(event=event, message_id=event.replied_to)
    if isinstance(event, Edited) and COMMAND.match(event.text.strip()):
        return Reword()
    return None
