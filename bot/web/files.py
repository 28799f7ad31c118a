"""A folder of files that a page is made of, kept by browsers for as long as they do not change."""

import hashlib
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOREVER = "public, max-age=31536000, immutable"
_CHECK_FIRST = "no-cache"
#: Named here, for what a machine calls them differs.
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Files(StaticFiles):
    """
    Serves the files of a folder, mounted where ``{version}`` is part of the path: under ``version`` a file never
    changes, under any other name it is checked each time.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        #: a short name for all that is in the folder
        self.version = digest(*(path.read_bytes() for path in sorted(folder.iterdir())))

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept; 304 when the client has it. Raises HTTPException."""
        if os.sep in path:  # no folders: a path of thousands of them would be looked for, one by one
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOREVER if self._is_current(scope) else _CHECK_FIRST
        if "content-type" in response.headers:
            response.headers["Content-Type"] = _TYPES.get(Path(path).suffix, response.headers["content-type"])
        return response

    def is_not_modified(self, response_headers: Headers, request_headers: Headers) -> bool:
        """By its tag alone: a copy of an older version may well be younger than this file."""
        return "if-none-match" in request_headers and super().is_not_modified(response_headers, request_headers)

    def _is_current(self, scope: Scope) -> bool:
        return bool(scope["path_params"]["version"] == self.version)


def digest(*contents: bytes) -> str:
    """A short name for these contents."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:16]
