"""Files that a page is made of: in memory, packed once, kept by browsers for as long as they do not change."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_FOREVER = "public, max-age=31536000, immutable"
_CHECK_FIRST = "no-cache"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
}
_PACKED_ALREADY = ("png",)


@dataclass(frozen=True, kw_only=True)
class Content:
    """Something that is served as it is, and packed for who takes that."""

    whole: bytes
    packed: bytes | None  #: as gzip has it; None where that is no smaller
    tag: str  #: its ETag

    @classmethod
    def of(cls, whole: bytes, *, packs: bool = True) -> "Content":
        """The content, packed once."""
        packed = gzip.compress(whole, 9, mtime=0) if packs else whole
        return cls(whole=whole, packed=packed if len(packed) < len(whole) else None, tag=f'"{digest(whole)}"')

    def response(self, request: Request, headers: Mapping[str, str]) -> Response:
        """The content with these headers, packed where the client takes that; 304 when the client has it."""
        given = {**headers, "ETag": self.tag, "Vary": ", ".join(filter(None, (headers.get("Vary"), "Accept-Encoding")))}
        known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if self.tag in known:
            return Response(status_code=304, headers={name: given[name] for name in given if name != "Content-Type"})
        if self.packed is not None and _takes_gzip(request.headers.get("accept-encoding", "")):
            return Response(self.packed, headers={**given, "Content-Encoding": "gzip"})
        return Response(self.whole, headers=given)


class Files:
    """
    Serves files by name, where ``{version}`` and ``{name}`` are part of the path: under ``version`` a file never
    changes, under any other name it is checked each time.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {
            name: Content.of(whole, packs=name.rpartition(".")[2] not in _PACKED_ALREADY)
            for name, whole in files.items()
        }
        #: a short name for all of them
        self.version = digest(*(files[name] for name in sorted(files)))

    async def get(self, request: Request) -> Response:
        """The file, with how long it may be kept; 304 when the client has it. Raises HTTPException."""
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            raise HTTPException(404)
        current = request.path_params["version"] == self.version
        headers = {
            "Cache-Control": _FOREVER if current else _CHECK_FIRST,
            "Content-Type": _TYPES[name.rpartition(".")[2]],
        }
        return content.response(request, headers)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip: names it, with a weight that is not nought."""
    weights = dict(way.replace(" ", "").lower().partition(";q=")[::2] for way in accepted.split(","))
    return "gzip" in weights and (weights["gzip"] == "" or weights["gzip"].strip("0.") != "")


def digest(*contents: bytes) -> str:
    """A short name for these contents."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()[:16]
