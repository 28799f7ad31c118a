"""
Header lines that say exactly what they are given, on every Python.

The library reads a value that is set, decodes an encoded word that somebody typed, and folds the result anew: spaces
get lost at the folds, and before 3.11.10 and 3.12.5 a line end in an encoded word became a header of its own
(CVE-2024-6923). So lines are written here, by the library's older ``email.header``, which never decodes; and what was
made is read back before it leaves.
"""

import re
from collections.abc import Sequence
from email.charset import QP, Charset
from email.header import Header, decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import Compat32

_LINE = 72  #: characters of a line that is written as it is; RFC 5322 wants 78 at most, the name included
_NO_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HALVES = re.compile("[\ud800-\udfff]")
_PLAIN = re.compile(r"[ -~]*")
_SIMPLE = re.compile(r"[^A-Za-z0-9 .,:()-]+")


class AsWritten(Compat32):
    """Writes headers as they stand, in UTF-8 where they are not ASCII (RFC 6532)."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header as it leaves; the library calls this."""
        return f"{name}: {value}{self.linesep}".encode()


POLICY = AsWritten(linesep="\r\n", mangle_from_=False)
#: bodies in ASCII that can be read without decoding, so that any server on the way takes them
BODY = Charset("utf-8")
BODY.body_encoding = QP


def whole(value: str) -> str:
    """The value of a header that is written as it is: an address, a time, an id. Raises ValueError."""
    if one_line(value) != value:
        raise ValueError("not on one line")
    return value


def one_line(text: str) -> str:
    """Text on one line: line ends, control characters and blanks of all kinds become one space each run."""
    return _NO_TEXT.sub(" ", _HALVES.sub("", text)).strip()


def simple(text: str) -> str:
    """What is left of a text that every mail program shows as it is."""
    return one_line(_SIMPLE.sub(" ", text))[:_LINE]


def reads_as(content: bytes, names: Sequence[str], subject: str) -> bool:
    """Whether a mail, read by somebody else, has the headers of these names, each once, and this subject."""
    read = BytesHeaderParser().parsebytes(content)
    if [name.lower() for name in read] != [name.lower() for name in names] or read.defects:
        return False
    unfolded = str(read["Subject"]).replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(unfolded))) == subject


def subject_line(subject: str) -> str:
    """The value of a subject, written in one line where that says it, else in encoded words, all of it."""
    return _written("Subject", subject)


def _written(name: str, value: str) -> str:
    """The value in one line where that says it, else in encoded words: all of it, so that no space stands between."""
    if len(value) <= _LINE and _PLAIN.fullmatch(value) and "=?" not in value:
        return value
    return Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
