"""The last messages folder that passed, kept beside the data: what the program goes on with when an edit broke it."""

import contextlib
import json
import os
import shutil
from pathlib import Path

MARK = ".kept.json"  #: in the kept folder: of which folder it is a copy, and of when


class Kept:
    """A copy of one messages folder."""

    def __init__(self, source: Path, home: Path) -> None:
        """``home``: the folder in which the copy lies."""
        self.folder = home / "messages.kept"  #: the copy
        self._source = source.resolve()

    def is_there(self) -> bool:
        """Whether there is a copy of this very folder: another course is nothing to go on with."""
        return bool(self._mark()) and self._mark().get("source") == str(self._source)

    def keep(self, loaded_at: float) -> None:
        """
        Copy the folder as it was loaded at that time (seconds since 1970), unless it changed since, or is kept already.

        Raises OSError when it cannot be written.
        """
        changed = _newest(self._source)
        mark = {"source": str(self._source), "changed": changed}
        if changed >= loaded_at or self._mark() == mark:
            return
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(self._source, fresh, ignore=shutil.ignore_patterns(".*"))  # a tool's, a socket among them
        (fresh / MARK).write_text(json.dumps(mark), encoding="utf-8")
        if _newest(self._source) != changed:  # it was edited while it was copied
            shutil.rmtree(fresh)
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        fresh.rename(self.folder)

    def _mark(self) -> dict[str, object]:
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.folder / MARK).read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
        return {}


def _newest(folder: Path) -> float:
    """When the newest change in the folder was made: what is removed changes the folder it was in."""
    newest = folder.stat().st_mtime
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with contextlib.suppress(OSError):
                newest = max(newest, (Path(place) / name).stat().st_mtime)
    return newest
