"""What people do in the benchmarks: they look around, ask, sign up with every detail there is, and send it off."""

from benchmarks.chats import Step

#: what one person does, and by which name its costs are shown
DIALOGUE: tuple[tuple[str, Step], ...] = (
    ("start", "/start"),
    ("tap a topic", {"tap": "topic:costs"}),
    ("tap a topic", {"tap": "topic:dates"}),
    ("ask", "voor wie is het bedoeld?"),
    ("tap an answer", {"tap": "signup:start"}),
    ("tap an answer", {"tap": "signup:interest:both"}),
    ("tap an answer", {"tap": "signup:organisation_type:municipality"}),
    ("type an answer", "Gemeente Den Haag"),
    ("type an answer", "Anna de Vries"),
    ("type an answer", "persoon{}@denhaag{}.nl"),
    ("tap an answer", {"tap": "signup:more"}),
    ("type an answer", "beleidsmedewerker"),
    ("type an answer", "06 12345678"),
    ("tap an answer", {"tap": "signup:group_composition:one_municipality"}),
    ("type an answer", "8"),
    ("type an answer", "Den Haag"),
    ("tap an answer", {"tap": "signup:skip:period"}),
    ("tap an answer", {"tap": "signup:skip:remark"}),
    ("submit", {"tap": "signup:submit"}),
)
