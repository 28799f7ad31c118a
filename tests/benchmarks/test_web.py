"""The benchmark of the web chat: visitors walk the whole dialogue of the real program, and of a bare endpoint."""

from pathlib import Path

import pytest

from benchmarks.turns import OURS
from benchmarks.web import ECHO, measured, show


def test_visitors_walk_the_dialogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who runs the benchmark sees every button of the dialogue tapped, and both programs answer."""
    folders = {name: tmp_path / name for name in ("ours", "echo")}
    for folder in folders.values():
        folder.mkdir()
    seen = {
        name: measured(command, folders[name], visitors=3, seconds=2)
        for name, command in (("ours", OURS), ("echo", ECHO))
    }
    assert all(one.rate > 0 and one.cpu > 0 and 0 < one.p50 <= one.p99 for one in seen.values())
    assert seen["ours"].missed == 0
    assert show([seen]) == seen["ours"].rate
    assert "ratio" in capsys.readouterr().out
