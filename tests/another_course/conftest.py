"""What these tests share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def not_the_program(unmeasured: None) -> None:
    """These tests make a course and talk to it; its program is the one that others measure."""
