"""Logs as the server's; and what is not measured for coverage, which makes a test two to three times as slow."""

import gc
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import bot
import storage
from bot.running.quick_start import load_libraries

load_libraries()  # else an error that is logged is painted in colours, with all that was known there, for five seconds

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
    "journey/",
    "questions/test_figures.py",
    "reliability/",
    "security/",
    "test_container.py",
    "test_docs.py",
    "test_house.py",
    "wording/test_messages.py",
    "wording/test_typed_buttons.py",
    "wording/test_wrong_kinds.py",
)
#: what runs when it is loaded, or needs scikit-learn, which only one test does
NOT_LOADED = ("__main__", "migrations.env", "questions.linear", "questions.train")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Load the program measured, then find the tests without the tracer: reading them takes half the time."""
    if sys.gettrace():
        for package in (bot, storage):
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith(NOT_LOADED):
                    import_module(module.name)
    with unmeasured():
        found = yield
    gc.freeze()  # what reading them made stays: collecting garbage need not look at it again and again
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run them, their setting up included, without the tracer: pytest-cov's own mark does not reach xdist's workers."""
    if not item.path.relative_to(TESTS).as_posix().startswith(UNMEASURED):
        return (yield)
    with unmeasured():
        return (yield)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Let nothing be traced meanwhile, in this thread and those that are begun."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)
