"""What these tests share."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def not_the_program(unmeasured: None) -> None:
    """A benchmark measures time, which measuring coverage takes."""
