"""``make bench``: the dialogue beside echo bots; with ``ARGS=growth`` or ``ARGS=web`` what those modules measure."""

import sys

from benchmarks import growth, turns, web

PARTS = {"turns": turns.main, "growth": growth.main, "web": web.main}

if __name__ == "__main__":
    name, *rest = sys.argv[1:] if sys.argv[1:2] and sys.argv[1] in PARTS else ["turns", *sys.argv[1:]]
    PARTS[name](rest)
