"""What these tests share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def not_the_program(unmeasured: None) -> None:
    """These tests are about the Bot API server of the tests."""
