"""Chats say which message is seen by its key; these show that a key stands for that message and for no other."""

from collections.abc import Iterator

import pytest

from bot.wording import Wording
from bot.wording.catalogue import Catalogue
from bot.wording.keys import MAIL_PARTS, MAILS, MESSAGES
from bot.wording.samples import Samples
from bot.wording.tables import Table
from tests.form import FORM
from tests.frozen import FOR_PROGRAMS as FOLDER
from tests.said import holds, is_key, is_message

KEYS = (*MESSAGES, "topic/costs", "topic/privacy", "topic/overview")
LANGUAGES = ("nl", "en")


def shown(language: str) -> Iterator[tuple[str, str]]:
    """Every message as it is shown, with all of its values and with as few as may be: key, text."""
    catalogue = Catalogue(FOLDER, Samples(Table(FOLDER, "samples.toml"), FORM).settings())
    wording, samples = Wording(catalogue), Samples(catalogue.tables["samples"], FORM)
    for key in (*KEYS, *MAILS):
        placeholders = samples.of_message(key)
        for values in (samples.full(key, placeholders), samples.bare(key, placeholders)):
            if key in MAILS:
                mail = wording.mail(key, language, values)
                yield from zip((f"{key}/{part}" for part in MAIL_PARTS[:2]), (mail.subject, mail.text), strict=True)
            else:
                yield key, wording.message(key, language, values, "staff" if key.startswith("staff/") else "web").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_known_by_its_key(language: str) -> None:
    """A chat that says "signup/review" means what the person reads there, with whatever values it shows."""
    assert [key for key, text in shown(language) if not is_message(text, key, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_passes_for_another(language: str) -> None:
    """Whoever sees one message does not see another by mistake."""
    mistaken = {
        (key, other)
        for key, text in shown(language)
        for other in others(key)
        if other != key and is_message(text, other, language)
    }
    assert mistaken == set()


def others(key: str) -> list[str]:
    """What may stand in the same place: a chat's messages, mails' subjects, or mails' texts."""
    if key.startswith("mail/"):
        return [f"{mail}/{key.rpartition('/')[2]}" for mail in MAILS]
    # the one is what staff say and no more; the other names a topic in the staff chat, and is no message
    return [other for other in KEYS if other not in ("chat/staff_says", "staff/topic")]


def test_words_are_words_and_keys_are_keys() -> None:
    """What is no key is looked for as it stands: a name, a reference, an address."""
    assert is_key("signup/review")
    assert is_key("mail/receipt/subject.txt")
    assert not is_key("en/of")
    assert holds("Je kenmerk is K7PQ-X4MT.", "K7PQ-X4MT", "nl")
    assert not holds("Hallo", "signup/review", "nl")
