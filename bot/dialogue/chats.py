"""The names of chats: a channel, and what a chat is called there."""


def chat_address(channel: str, chat_id: object) -> str:
    """A chat's name in the whole program: its channel and what it is called there."""
    return f"{channel}:{chat_id}"


def channel_of(chat: str) -> str:
    """The channel that a chat is in."""
    return chat.partition(":")[0]


def id_of(chat: str) -> str:
    """What a chat is called in its channel."""
    return chat.partition(":")[2]
