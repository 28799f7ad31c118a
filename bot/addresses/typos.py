"""Slips of the finger in the domain of an e-mail address: which one was probably meant."""

#: domains that many people have their mail at, near which a slip of the finger lands
# fmt: off
KNOWN_DOMAINS = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com",
    "icloud.com", "yahoo.com", "yahoo.nl", "protonmail.com", "ziggo.nl", "kpnmail.nl", "kpnplanet.nl",
    "planet.nl", "hetnet.nl", "casema.nl", "chello.nl", "upcmail.nl", "xs4all.nl", "quicknet.nl", "telfort.nl",
    "zonnet.nl", "solcon.nl", "caiway.nl", "telenet.be", "skynet.be",
    "amsterdam.nl", "rotterdam.nl", "eindhoven.nl", "groningen.nl", "denhaag.nl",
    "utrecht.nl", "nijmegen.nl", "enschede.nl", "apeldoorn.nl", "haarlem.nl",
)
#: real domains that lie near one of those and are no slip
REAL_DOMAINS = frozenset((
    "mail.com", "email.com", "ymail.com", "fmail.com", "hotmail.be", "hotmail.de", "hotmail.fr",
    "hotmail.co.uk", "outlook.nl", "outlook.be", "outlook.de", "outlook.fr", "live.be", "live.de", "live.fr",
    "live.co.uk", "yahoo.be", "yahoo.de", "yahoo.fr", "yahoo.co.uk", "ziggo.com", "planet.com", "planet.be",
    "skynet.nl", "telenet.nl", "chello.at", "chello.be", "groningen.com", "amsterdam.com", "rotterdam.com",
    "mail.nl", "email.nl",
))
#: endings that are slips of the finger, and what was meant
ENDINGS = {
    "con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "cim": "com", "comm": "com",
    "coom": "com", "cpm": "com", "c0m": "com", "com.nl": "com", "nll": "nl", "ln": "nl", "nk": "nl",
    "nlm": "nl", "mnl": "nl", "nnl": "nl", "bl": "nl", "n": "nl", "ogr": "org", "orgg": "org",
}
# fmt: on


def meant_domain(domain: str) -> str | None:
    """The domain that was probably meant; None when this one looks right."""
    if domain in KNOWN_DOMAINS or domain in REAL_DOMAINS:
        return None
    name, _, ending = domain.partition(".")
    mended = f"{name}.{ENDINGS.get(ending, ending)}"
    if mended in KNOWN_DOMAINS:
        return mended
    if near := [known for known in KNOWN_DOMAINS if _is_near(mended, known)]:
        return near[0]
    return mended if mended != domain else None


def _is_near(domain: str, known: str) -> bool:
    """Whether a domain is one slip from a known one. Short names are left alone: there, one letter is another name."""
    name, known_name = domain.partition(".")[0], known.partition(".")[0]
    if len(known_name) < 5:
        return False
    return name == known_name or _one_slip(domain, known) or _one_slip(name, known_name)


def _one_slip(left: str, right: str) -> bool:
    """Whether one letter more, less, other, or two swapped make the one into the other."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
