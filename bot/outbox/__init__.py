"""Delivers what was committed: in order per lane, lanes side by side, nothing lost, giving up loudly."""

from bot.outbox.sending import Gone, Later, Moved, NotDelivered, Refused, Sender

__all__ = ["Gone", "Later", "Moved", "NotDelivered", "Refused", "Sender"]
