"""Which setting a name that is none was probably meant for."""

from collections.abc import Sequence
from difflib import get_close_matches

CLOSE = 0.84  #: TEST_DATABASE_URL, which is somebody else's, stays under it; TELEGRAM_TOKEN is over it
#: what the same environment or file is for as well
_OTHERS = ("COMPOSE_", "DOCKER_", "POSTGRES_", "PYTHON")
_COMMON = ("MAIL", "ALL_PROXY", "FTP_PROXY")  #: names in most environments that look like ours


def spellings(name: str) -> tuple[str, ...]:
    """How a setting may be written: a proxy's in small letters too, as many programs have it."""
    return (name, name.lower()) if name.endswith("_PROXY") else (name,)


class Names:
    """The names that the program knows."""

    def __init__(self, settings: Sequence[str]) -> None:
        self.settings = tuple(settings)
        files = (f"{name}_FILE" for name in settings)
        self._known = frozenset((*files, *(one for name in settings for one in spellings(name))))

    def __contains__(self, name: str) -> bool:
        """Whether this is a setting, or the name of the file that one stands in."""
        return name in self._known

    def meant(self, name: str) -> str | None:
        """The setting that ``name`` looks like; None when it is one itself, or like none."""
        plain = "".join(sign for sign in name.upper() if sign.isprintable()).strip().replace("-", "_").replace(".", "_")
        if name in self or plain in _COMMON or plain.startswith(_OTHERS):
            return None
        if plain in self:
            return plain
        found = get_close_matches(plain, self._known, n=1, cutoff=CLOSE)
        return found[0] if found else self._by_words(plain)

    def _by_words(self, plain: str) -> str | None:
        """The setting that has all words of this name, in whatever order, or begins with it, or runs them together."""
        words = set(plain.removesuffix("_FILE").split("_"))
        for name in self.settings:
            together = plain.replace("_", "") == name.replace("_", "")
            if together or name.startswith(f"{plain}_") or (len(words) > 1 and words <= set(name.split("_"))):
                return name
        return None

    def family(self, name: str) -> tuple[str, ...]:
        """The settings that begin with the same word as this name; none for what others use as well."""
        first, _, rest = name.upper().partition("_")
        if name in self or name.upper() in _COMMON or name.upper().startswith(_OTHERS) or not rest:
            return ()
        return tuple(known for known in self.settings if known.startswith(f"{first}_"))

    def is_of_others(self, name: str) -> bool:
        """Whether this name is known to be another program's."""
        return name.upper().startswith(_OTHERS)
