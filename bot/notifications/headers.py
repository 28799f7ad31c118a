"""
Header lines that say exactly what they are given, on every Python.

The library reads a value that is set, decodes an encoded word that somebody typed, and folds the result anew: spaces
get lost at the folds, and before 3.11.10 and 3.12.5 a line end in an encoded word became a header of its own
(CVE-2024-6923). So lines are written here, by the library's older ``email.header``, which never decodes; and what was
made is read back before it leaves.
"""

import re
from email import policy
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

_LINE = 72  #: characters of a line that is written as it is; RFC 5322 wants 78 at most, the name included
_NO_TEXT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HALVES = re.compile("[\ud800-\udfff]")
_PLAIN = re.compile(r"[ -~]*")
_SIMPLE = re.compile(r"[^A-Za-z0-9 .,:()-]+")


class Line(str):
    """A header's value, and how it is written."""

    name: str
    written: str

    @classmethod
    def of(cls, name: str, value: str) -> "Line":
        """The header with this value: text on one line, already fit for it."""
        made = cls(value)
        made.name, made.written = name, _written(name, value)
        return made

    @classmethod
    def raw(cls, name: str, value: str) -> "Line":
        """The header with this value, written as it is: an address, a time, an id. Raises ValueError."""
        if one_line(value) != value:
            raise ValueError("not on one line")
        made = cls(value)
        made.name, made.written = name, value
        return made

    def fold(self, *, policy: policy.EmailPolicy) -> str:
        """The header as it leaves; the library calls this."""
        return f"{self.name}: {self.written}{policy.linesep}"


class AsWritten(policy.EmailPolicy):
    """Leaves a Line alone, and treats the rest (which nobody typed) as ever."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep a Line as it is; the library calls this."""
        return (name, value) if isinstance(value, Line) else super().header_store_parse(name, value)


#: bodies in ASCII, so that any server on the way takes them
POLICY = AsWritten(linesep="\r\n", cte_type="7bit")
#: headers that hold an address which is not ASCII: RFC 6532
POLICY_UTF8 = AsWritten(linesep="\r\n", cte_type="7bit", utf8=True)


def one_line(text: str) -> str:
    """Text on one line: line ends, control characters and blanks of all kinds become one space each run."""
    return _NO_TEXT.sub(" ", _HALVES.sub("", text)).strip()


def simple(text: str) -> str:
    """What is left of a text that every mail program shows as it is."""
    return one_line(_SIMPLE.sub(" ", text))[:_LINE]


def reads_as(mail: EmailMessage, subject: str) -> bool:
    """Whether what was made, read by somebody else, has the headers that were set, each once, and this subject."""
    read = BytesHeaderParser().parsebytes(mail.as_bytes())
    if [name.lower() for name in read] != [name.lower() for name in mail] or read.defects:
        return False
    unfolded = str(read["Subject"]).replace("\r\n", "").replace("\n", "")
    return str(make_header(decode_header(unfolded))) == subject


def _written(name: str, value: str) -> str:
    """The value in one line where that says it, else in encoded words: all of it, so that no space stands between."""
    if len(value) <= _LINE and _PLAIN.fullmatch(value) and "=?" not in value:
        return value
    return Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")
