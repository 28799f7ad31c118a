"""The commands people can type, and what they mean."""

import re

from bot.dialogue.context import Context
from bot.dialogue.events import Typed
from bot.dialogue.intents import Intent, Name

#: as people type one: with a space after the slash, or a full stop behind it
COMMAND = re.compile(r"/\s*([A-Za-z_]+)(?:@\w+)?[.,:;!?…]*(?:\s+(.*))?$", re.DOTALL)
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
SIGN_UP_PAYLOADS = ("aanmelden", "signup")

COMMANDS: dict[str, tuple[Name, str]] = {
    "start": (Name.START, ""),
    "menu": (Name.MENU, ""),
    "help": (Name.TOPIC, "help"),
    "aanmelden": (Name.SIGN_UP, ""),
    "signup": (Name.SIGN_UP, ""),
    "annuleren": (Name.CANCEL, ""),
    "cancel": (Name.CANCEL, ""),
    "stop": (Name.CANCEL, ""),
    "privacy": (Name.TOPIC, "privacy"),
    "mijngegevens": (Name.SHOW_DATA, ""),
    "mydata": (Name.SHOW_DATA, ""),
    "verwijderen": (Name.FORGET, ""),
    "forget": (Name.FORGET, ""),
    "taal": (Name.CHOOSE_LANGUAGE, ""),
    "language": (Name.CHOOSE_LANGUAGE, ""),
    "contact": (Name.CONTACT, ""),
    "chatid": (Name.CHAT_ID, ""),
}


#: of spellings.toml: what else a course calls these commands
GROUP = "commands"


def read_command(event: Typed, context: Context) -> Intent:
    """What the command in ``event.text`` (which starts with "/") asks for."""
    found = COMMAND.match(event.text.strip())
    name, value = COMMANDS.get(_meant(found[1].lower(), context), (None, "")) if found else (None, "")
    words = ((found and found[2]) or "").strip()
    if name is None:
        return Intent(name=Name.UNKNOWN_COMMAND, event=event)
    if name is Name.START:
        return _start(event, words, context)
    if name is Name.CONTACT and words:
        return Intent(name=Name.CONTACT_QUESTION, event=event, value=words)
    return Intent(name=name, event=event, value=value)


def _meant(command: str, context: Context) -> str:
    """One of COMMANDS that is meant by a command that the course has in one of its languages."""
    if command in COMMANDS:
        return command
    groups = (spellings.get(GROUP, {}) for spellings in context.course.spellings.values())
    return next((known for group in groups for known, ways in group.items() if command in ways), command)


def _start(event: Typed, payload: str, context: Context) -> Intent:
    if payload in SIGN_UP_PAYLOADS:
        return Intent(name=Name.SIGN_UP, event=event)
    if payload in context.course.topics:
        return Intent(name=Name.TOPIC, event=event, value=payload)
    kept = payload if PAYLOAD.fullmatch(payload) and not payload.startswith("c_") else ""
    return Intent(name=Name.START, event=event, value=kept)
