"""Whom a message of ours in the staff chat is about, also where we do not know that message any more."""

import re

from bot.dialogue.events import Message
from bot.leads.references import LETTERS
from storage.records import Notice
from storage.repositories import Repositories

REFERENCE = re.compile(rf"(?<![\w-])[{LETTERS}]{{4}}-[{LETTERS}]{{4}}(?![\w-])")


def references(text: str) -> set[str]:
    """The references that stand in a message of ours."""
    return set(REFERENCE.findall(text))


async def meant(tx: Repositories, event: Message, message_id: int) -> Notice | None:
    """
    The message that is answered, with whom it is about: nobody's chat where it is about nobody alone.

    None where it was about somebody of whom nothing is kept any more.
    """
    return await tx.notices.find(event.chat, message_id) or await _by_reference(tx, event, message_id)


async def _by_reference(tx: Repositories, event: Message, message_id: int) -> Notice | None:
    """
    Whom a message of ours is about that we do not know any more, by the reference in it.

    Ours about one person have it in their first line, where nothing typed stands. Where it stands elsewhere, or
    several do, it may be a list, or something a person typed: then nobody is meant, and never the first.
    """
    found = references(event.replied_text)
    if len(found) != 1 or not references(event.replied_text.partition("\n")[0]):
        return Notice(staff_chat=event.chat, message_id=message_id, chat=None)
    [reference] = found
    lead = await tx.leads.find(reference)
    if lead:
        return Notice(staff_chat=event.chat, message_id=message_id, chat=lead.chat, lead=reference)
    return await tx.notices.of_question(reference)
