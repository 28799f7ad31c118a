"""Which tests are not measured for coverage: measuring makes a test two to three times as slow."""

import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
#: their program runs in a process of its own, they test the tests' own servers, or they walk roads that others walk
UNMEASURED = (
    "another_course/",
    "benchmarks/",
    "botapi/",
    "channels/web/test_anything.py",
    "channels/web/test_browser.py",
    "channels/web/test_for_everyone.py",
    "channels/web/test_looks.py",
    "channels/web/test_staying_connected.py",
    "channels/web/test_widget.py",
    "dialogue/test_machine.py",
    "journey/test_after_signup_chats.py",
    "journey/test_coming_back_chats.py",
    "journey/test_process.py",
    "journey/test_signup_chats.py",
    "questions/test_figures.py",
    "reliability/",
    "security/",
    "wording/test_typed_buttons.py",
    "wording/test_wrong_kinds.py",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run them, their setting up included, without the tracer: pytest-cov's own mark does not reach xdist's workers."""
    if not item.path.relative_to(TESTS).as_posix().startswith(UNMEASURED):
        return (yield)
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)
