"""Which tests are not measured for coverage: measuring makes a test two to three times as slow."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: their program runs in a process of its own, they test the tests' own servers, or they walk roads that others walk
UNMEASURED = (
    "another_course/test_editor.py",
    "benchmarks/",
    "botapi/",
    "channels/web/test_anything.py",
    "channels/web/test_looks.py",
    "journey/test_process.py",
    "journey/test_signup_chats.py",
    "questions/test_figures.py",
    "reliability/test_flood.py",
    "reliability/test_kills.py",
    "reliability/test_one_program.py",
    "reliability/test_outages.py",
    "reliability/test_stopping.py",
    "reliability/test_two_processes.py",
    "security/test_hostile.py",
    "wording/test_typed_buttons.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them; pytest-cov pauses while they run."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(UNMEASURED):
            item.add_marker("no_cover")
