"""A file that is there whole or not at all, for its owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ONLY = 0o600


@contextmanager
def draft_of(content: bytes, path: Path) -> Iterator[Path]:
    """
    Give a draft with this content, durable, at ``path``, to be put in the place of a file beside it in the block.

    Nothing is left there afterwards, whatever fails. Raises OSError.
    """
    path.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)
