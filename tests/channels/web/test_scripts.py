"""What the page's scripts think, without a browser: their own tests, in Node's test runner."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "page"


def test_the_scripts_keep_their_own_promises() -> None:
    """What was said, what can be chosen, times, marks, the stream, the queue: each as its test in page/ says."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or "node"
    tests = sorted(map(str, FOLDER.glob("*.test.js")))
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"pass {done.stdout.count('✔')}" in done.stdout
    assert done.stdout.count("✔") > len(tests)
