"""What staff do, as a batch of turns lets them: their person's chat is held first."""

from bot.dialogue.events import Event
from bot.turns.protocols import StaffEntrance, StaffTurn
from storage.repositories import Repositories


async def asks(staff: StaffEntrance, tx: Repositories, event: Event) -> StaffTurn:
    """What follows on an event in the staff chat."""
    chat = await staff.about(tx, event)
    people = await tx.conversations.load([chat] if chat else [])
    return await staff.handle(tx, event, people)
