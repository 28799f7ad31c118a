"""Delivers what was committed: in order per lane, lanes side by side, nothing lost, giving up loudly."""

from bot.outbox.addresses import Addresses, StaffAddress
from bot.outbox.conclusions import GONE, Destination
from bot.outbox.lane import REFUSED
from bot.outbox.outbox import Outbox
from bot.outbox.pauses import Pauses
from bot.outbox.sending import Deferred, Gone, Later, Moved, NotDelivered, NoTopic, Refused, Sender, Unreached

__all__ = [
    "GONE",
    "REFUSED",
    "Addresses",
    "Deferred",
    "Destination",
    "Gone",
    "Later",
    "Moved",
    "NoTopic",
    "NotDelivered",
    "Outbox",
    "Pauses",
    "Refused",
    "Sender",
    "StaffAddress",
    "Unreached",
]
