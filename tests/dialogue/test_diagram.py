"""The conversation's table and diagram in docs are those of the code."""

from scripts.conversation_diagram import TARGET, document


def test_the_page_in_docs_is_made_from_the_table() -> None:
    """A reader of docs/conversation.md sees the conversation as it is; make it anew after a change."""
    assert TARGET.read_text(encoding="utf-8") == document()
