"""
What many people are about, as it is stored: in the place of a person's chat and of a question.

So it is found with one hash, whoever is removed; and the release before this one knows it.
"""

from typing import Any

from storage.records import Listed, Notice, Outgoing

CHAT = "staff:lists"  #: what is stored for a chat, of which there is none


def stored_chat(item: Outgoing | Notice) -> str | None:
    """Give the chat that this is stored with."""
    return CHAT if item.listed else item.chat


def stored_question(item: Outgoing | Notice) -> str | None:
    """Give the question that this is stored with."""
    return str(item.listed) if item.listed in (Listed.LEADS, Listed.QUESTIONS) else item.question


def about(chat: str | None, question: str | None) -> dict[str, Any]:
    """Give what something stored with these is about, as the fields of its record."""
    if chat != CHAT:
        return {"chat": chat, "question": question}
    if question is None:
        return {"chat": None, "listed": Listed.REFERENCE}
    return {"chat": None, "listed": Listed.QUESTIONS if question == Listed.QUESTIONS else Listed.LEADS}
