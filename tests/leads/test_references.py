"""A reference as people type or paste it."""

import pytest

from bot.leads.references import typed_reference


@pytest.mark.parametrize(
    "typed",
    [
        "K7PQ-X4MT", "k7pq-x4mt", " K7PQX4MT ", "K7PQ – X4MT", "K7PQ\u200b-X4MT", "\ufeffK7PQ-X4MT", "K7PQ\xa0X4MT",
        "K7PQ-X4MT\u2069", "K7PQ-X4MT\0", "K7PQ\n-X4MT",
    ],
)  # fmt: skip
def test_what_is_pasted_along_is_left_out(typed: str) -> None:
    """With or without its dash, and with signs that nobody sees, one refused by PostgreSQL: it is the same."""
    assert typed_reference(typed) == "K7PQ-X4MT"
