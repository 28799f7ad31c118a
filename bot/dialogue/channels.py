"""
What each channel can do, in one table; and chat addresses, which begin with their channel's name.

No other module compares a channel's name: it asks the table what the channel can do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.events import channel_of

MESSAGE_LIMIT = 4096  #: UTF-16 units of a Telegram message, after parsing (Bot API, sendMessage)


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a channel can do."""

    #: the channel shows what was said, so that it is stored and fetched; else messages are sent by the outbox
    keeps_transcript: bool
    shares_phone: bool = False  #: a person can share their own phone number with one tap
    reacts: bool = False  #: we can put a sign under what a person wrote
    longest: int | None = None  #: UTF-16 units of a message after parsing; None: any length


#: channel -> what it can do; the order is that of lists of channels
CHANNELS: Mapping[str, Traits] = {
    "telegram": Traits(keeps_transcript=False, shares_phone=True, reacts=True, longest=MESSAGE_LIMIT),
    "web": Traits(keeps_transcript=True),
    "terminal": Traits(keeps_transcript=True),
}
_MORE: dict[str, Traits] = {}  #: those that were added
STAFF = "staff"  #: where staff read: no channel of people's, but messages are written for it as for one
STAFF_TRAITS = CHANNELS["telegram"]  #: of the chat that staff read in


def add_channel(name: str, traits: Traits) -> None:
    """
    Let there be one more channel; one of the table stays what it is there.

    People read there what they read in one that nothing is said of apart: what they agree to is the same text.
    """
    if name not in CHANNELS:
        _MORE[name] = traits


def traits_of(channel: str) -> Traits:
    """What this channel, or the staff chat, can do. Raises KeyError for none of ours."""
    return STAFF_TRAITS if channel == STAFF else CHANNELS.get(channel) or _MORE[channel]


def can_share_phone(chat: str) -> bool:
    """Whether a person in this chat can share their own number with one tap."""
    return traits_of(channel_of(chat)).shares_phone
