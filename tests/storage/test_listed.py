"""Lists of many people in the staff chat are stored as the release before this one stored them."""

import pytest

from storage.listed import about, stored_chat, stored_question
from storage.records import Listed, Notice

STORED = [("leads", Listed.LEADS), ("questions", Listed.QUESTIONS), (None, Listed.REFERENCE)]


@pytest.mark.parametrize(("question", "listed"), STORED)
def test_a_list_keeps_its_form(question: str | None, listed: Listed) -> None:
    """Whoever is removed, their lists are found, by whichever of the two releases sent them."""
    notice = Notice(staff_chat="telegram:-1", message_id=1, chat=None, listed=listed)
    assert (stored_chat(notice), stored_question(notice)) == ("staff:lists", question)
    assert about("staff:lists", question) == {"chat": None, "listed": listed}


def test_what_is_about_one_person() -> None:
    """A message about one person has their chat, and the question that they asked."""
    notice = Notice(staff_chat="telegram:-1", message_id=1, chat="web:1", question="Q4")
    assert (stored_chat(notice), stored_question(notice)) == ("web:1", "Q4")
    assert about("web:1", "Q4") == {"chat": "web:1", "question": "Q4"}
