"""A file that is there whole or not at all, for its owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OWNER_ONLY = 0o600


@contextmanager
def draft_of(content: bytes, path: Path) -> Iterator[Path]:
    """
    Give a draft with this content, durable, at ``path``, to be put in the place of a file beside it in the block.

    Nothing is left there afterwards, whatever fails. Raises OSError.
    """
    try:
        with _durable(path) as file:
            file.write(content)
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def written_anew(path: Path) -> Iterator[BinaryIO]:
    """
    Give a file to write to, which is in the place of the one at ``path`` once the block ends, and gone where it raises.

    Raises OSError.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        with _durable(draft) as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _durable(path: Path) -> Iterator[BinaryIO]:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
