"""From an event to what the person meant by it."""
