"""Texts that somebody with bad intentions types, and what is left of them to be read."""

import unicodedata

from hypothesis import strategies as st

#: what means something to a mail program, a browser, Telegram, a spreadsheet, a template, a terminal or a log
PIECES = (
    "=?utf-8?q?X=0D=0ABcc:_v=40evil.nl?=", "=?utf-8?b?QQ==?=", "\r\nBcc: v@evil.nl",
    "\n\n", "\r", "\u2028", "\x85", "\x0b",
    "\u202e", "\u202c", "\u2066", "\u200f", "\u061c", "\u200b", "\xad", "\ufeff", "\x00", "\x1b[31m", "\x07", "\x7f",
    "<b>", "</blockquote>", "</b>", "<script>alert(1)</script>", "<a href='tg://user?id=1'>", "&lt;", "&#60;", "&amp;",
    "&",
    "{{ 7*7 }}", "{% raw %}", "%s", "${HOME}", "\\", "\\u0041", '"', "'", "`", "[bold]", "[/]", "*x*", "_y_",
    "=1+1", "+31", "-1", "@SUM(A1)", "＝1", ";", ",", "\t", "|", "_x003D_", "a" + "\u0301" * 40, "é", "e\u0301",
    "😀",
    "\ud83d", "\udc00", "\U000e0041", "ﷺ", "Zoë", "de Vries", " ", "x", "https://evil.nl", "jan@evil.nl", ">",
    "--", "../",
)  # fmt: skip


def joined(text: str) -> str:
    """The text with two halves of one sign, side by side, as that sign: whoever reads JSON reads them so."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


#: any of it, in any order
hostile = (
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=7).map("".join).map(joined)
)
#: the same with something to be seen around it
within = hostile.map(lambda text: f"a{text}z")

#: nobody sees these, or they turn what stands around them; a line break stays
_GONE = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")
_LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


def seen(text: str) -> str:
    """What people are to read of a text: all of it, but for signs that are no text; each run of blanks as one."""
    return squashed("\n".join(seen_lines(text)))


def seen_lines(text: str) -> list[str]:
    """The same, a line each."""
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    kept = "".join(sign for sign in text.replace("\t", " ") if sign == "\n" or not _is_no_text(sign))
    return kept.split("\n")


def squashed(text: str) -> str:
    """A text with each run of blanks as one space, and none around it."""
    return " ".join(text.split())


def _is_no_text(sign: str) -> bool:
    return sign in _GONE or unicodedata.category(sign) in ("Cc", "Cs") or "\U000e0000" <= sign <= "\U000e007f"
