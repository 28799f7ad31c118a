"""
The course that tests run on: messages/ with the facts as facts.toml has them here, whatever an editor makes known.

A test that asks what holds for any folder takes messages/ itself.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

REAL = Path(__file__).parents[2] / "messages"
FACTS = Path(__file__).parent / "facts.toml"


def _frozen(*left_out: str) -> Path:
    """A folder of links to the real files, but for the facts; it goes with this process."""
    home = Path(tempfile.mkdtemp(prefix="frozen-course-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    ignored = shutil.ignore_patterns("facts.toml", "_new_course", *left_out)
    folder = Path(shutil.copytree(REAL, home / "messages", ignore=ignored, copy_function=os.symlink))
    shutil.copy(FACTS, folder)
    return folder


MESSAGES = _frozen()
#: for a program: without the acts, which every course has from messages/ anyway
FOR_PROGRAMS = _frozen("acts", "acts.npz")
