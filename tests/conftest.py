"""Logs as the server's; and what is not measured for coverage, which makes a test two to three times as slow."""

import gc
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages

import pytest
from hypothesis import HealthCheck, settings

import bot
import storage
from bot.running.quick_start import load_libraries

load_libraries()  # else an error that is logged is painted in colours, with all that was known there, for five seconds

#: the same examples every time, however slow the machine is: else a test fails now and then. As they are the same, more
#: of them find nothing that was not found when the test was written
settings.register_profile(
    "the same", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("the same")

#: what runs when it is loaded
NOT_LOADED = ("__main__", "migrations.env")


@pytest.fixture(scope="session")
def unmeasured() -> None:
    """
    What a test uses, or the fixture that starts its program, to run without being measured for coverage.

    For programs and browsers in a process of their own, the tests' own servers, and roads that other tests walk.
    """


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Load the program measured, then find the tests without the tracer: reading them takes half the time."""
    if sys.gettrace():
        for package in (bot, storage):
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith(NOT_LOADED):
                    import_module(module.name)
    with untraced():
        found = yield
    gc.freeze()  # what reading them made stays: collecting garbage need not look at it again and again
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run them, their setting up included, without the tracer: pytest-cov's own mark does not reach xdist's workers."""
    if "unmeasured" not in getattr(item, "fixturenames", ()):
        return (yield)
    with untraced():
        return (yield)


@contextmanager
def untraced() -> Iterator[None]:
    """Let nothing be traced meanwhile, in this thread and those that are begun."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)
