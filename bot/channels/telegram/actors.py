"""Who did something in Telegram, as it tells us."""

from bot.channels.telegram.fields import Json, number, part, words
from bot.dialogue.events import Actor, chat_address

ANONYMOUS = chat_address("telegram", "group")  #: who writes as the group itself


def actor_of(said: Json) -> Actor | None:
    """
    Who sent this message or tapped: a person, or the group or channel they write as; None where nobody is named.

    Of a forwarded message that is who forwarded it: whoever wrote it did nothing here. Of what a linked channel
    posts it is the channel.
    """
    chat = part(said, "sender_chat")
    if chat:
        return _in_the_name_of(chat, said)
    person = part(said, "from")
    known = number(person, "id")
    if known is None:
        return None
    names = filter(None, (words(person, "first_name"), words(person, "last_name")))
    return Actor(id=chat_address("telegram", known), name=" ".join(names))


def _in_the_name_of(chat: Json, said: Json) -> Actor | None:
    """An administrator who writes as the group is known by the title they have in it, where they have one."""
    known = number(chat, "id")
    if known is None:
        return None
    if known == number(part(said, "chat"), "id"):
        return Actor(id=ANONYMOUS, name=words(said, "author_signature") or words(chat, "title"))
    return Actor(id=chat_address("telegram", known), name=words(chat, "title"))
