"""Delivers what was committed: in order per lane, lanes side by side, nothing lost, giving up loudly."""

from bot.outbox.lane import REFUSED
from bot.outbox.outbox import GONE, Outbox
from bot.outbox.pauses import Pauses
from bot.outbox.sending import Gone, Later, Moved, NotDelivered, Refused, Sender

__all__ = ["GONE", "REFUSED", "Gone", "Later", "Moved", "NotDelivered", "Outbox", "Pauses", "Refused", "Sender"]
