"""/privacy says what is so, with every combination of settings; never an empty or an invented value."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.dialogue.records import Reply
from bot.loading import facts
from bot.settings import load_settings
from bot.settings.model import MESSAGES_DIR
from bot.wording import Wording
from bot.wording.catalogue import Catalogue

pytestmark = pytest.mark.usefixtures("unmeasured")

TOKEN = {"TELEGRAM_BOT_TOKEN": "123456:" + "x" * 35}
TELEGRAM = {"off": {}, "on": TOKEN, "staff": TOKEN | {"TELEGRAM_STAFF_CHAT_ID": "-100"}}
MAIL = {"file": {}, "smtp": {"MAIL_URL": "smtp://mail.example.org"}}
CONTACT = {"nobody": {}, "anne": {"CONTACT_EMAIL": "anne@example.org"}}
HOOK = {"none": {}, "crm": {"LEAD_WEBHOOK_URL": "https://crm.example.org", "LEAD_WEBHOOK_SECRET": "s" * 20}}
ADDRESS = {"own": {}, "public": {"PUBLIC_URL": "https://chat.example.org"}}
FILLED = """
[responsible]
organisation = "Stichting Wijkwerk"
address = "Dorpsstraat 1, Utrecht"
contact = "privacy@wijkwerk.example"
[purposes]
interest = "legitimate_interest"
question = "consent"
conversation = "public_task"
[processing]
processors = ["Hosting Noord", "Post Zuid"]
[complaints]
authority = "Autoriteit Persoonsgegevens"
address = "https://autoriteitpersoonsgegevens.nl"
"""


@pytest.fixture(scope="session", params=["as it is", "filled in", "emptied"])
def messages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A messages folder whose privacy.toml is as we give it, filled in, or without anything."""
    folder = tmp_path_factory.mktemp("messages") / "messages"
    shutil.copytree(MESSAGES_DIR, folder, ignore=shutil.ignore_patterns("questions", "*.npz"))
    if request.param == "filled in":
        (folder / "privacy.toml").write_text(FILLED)
    if request.param == "emptied":
        (folder / "privacy.toml").write_text("[responsible]\n[purposes]\n[processing]\n[complaints]\n")
    return folder


def combinations() -> Iterator[MappingProxyType[str, str]]:
    """The ways in which an operator can set the program up."""
    yield from (MappingProxyType(dict(zip("tmcha", names, strict=True))) for names in itertools.product(
        TELEGRAM, MAIL, CONTACT, HOOK, ADDRESS
    ))  # fmt: skip


def test_it_says_what_is_so(messages: Path) -> None:
    """In 48 combinations, both languages and both channels: who sees it, and nothing that is not set."""
    wording = Wording(Catalogue(messages, {}))
    for chosen in combinations():
        settings = load_settings(
            TELEGRAM[chosen["t"]] | MAIL[chosen["m"]] | CONTACT[chosen["c"]] | HOOK[chosen["h"]] | ADDRESS[chosen["a"]],
            None,
        )
        reply = Reply(message="topic/privacy", values=facts(settings))
        for language, channel in itertools.product(("nl", "en"), ("telegram", "web")):
            text = wording.reply(reply, language, channel).text
            _check(text, chosen, language, channel)


def _check(text: str, chosen: MappingProxyType[str, str], language: str, channel: str) -> None:
    staff_in_telegram, staff_by_mail = chosen["t"] == "staff", (chosen["m"], chosen["c"]) == ("smtp", "anne")
    by_mail = {"nl": "per e-mail", "en": "by e-mail"}[language]
    in_telegram = {"nl": "krijgen ze in Telegram", "en": "get them in Telegram"}[language]
    crm = {"nl": "relatiesysteem", "en": "contact system"}[language]
    assert (in_telegram in text) == staff_in_telegram
    assert (by_mail in text) == staff_by_mail
    assert (crm in text) == (chosen["h"] == "crm")
    assert ("• Telegram:" in text) == (channel == "telegram" or staff_in_telegram)
    assert ("https://chat.example.org" in text) == (chosen["a"] == "public" and channel == "telegram")
    for invented in ("127.0.0.1", "localhost", "None", "none", "()", "[]", "{", ": .", ", .", " .", "..", "undefined"):
        assert invented not in text, invented
    for number in ("365", "30", "7"):
        assert number in text
    rights = {"nl": ("/mijngegevens", "/verwijderen", "/contact"), "en": ("/mydata", "/forget", "/contact")}
    assert all(right in text for right in rights[language])


def test_the_retention_times_are_the_settings_own(messages: Path) -> None:
    """Another retention time is another text, and so another version of what is agreed to."""
    usual = Wording(Catalogue(messages, facts(load_settings({}, None))))
    settings = load_settings({"RETENTION_DAYS": "91", "DRAFT_RETENTION_DAYS": "13"}, None)
    other = Wording(Catalogue(messages, facts(settings)))
    text = other.reply(Reply(message="topic/privacy"), "nl", "web").text
    assert "91 dagen" in text
    assert "13 dagen" in text
    assert other.consent_version != usual.consent_version


def test_who_is_responsible_is_shown_when_it_is_filled_in(messages: Path) -> None:
    """What the organisation filled in stands in the text; what it did not is left out, heading and all."""
    wording = Wording(Catalogue(messages, {}))
    text = wording.reply(Reply(message="topic/privacy"), "nl", "web").text
    filled = "Wijkwerk" in (messages / "privacy.toml").read_text()
    assert ("Stichting Wijkwerk, Dorpsstraat 1, Utrecht." in text) == filled
    assert ("Wie is verantwoordelijk?" in text) == filled
    assert ("Hosting Noord en Post Zuid" in text) == filled
    assert text.count("De grondslag is") == {True: 3}.get(filled, 2 if "authority = " in _toml(messages) else 0)
    assert ("Een klacht?" in text) == ("Autoriteit" in _toml(messages))
    consent = wording.reply(Reply(message="signup/review", values={"answers": [], "reference": None}), "nl", "web").text
    assert ("toestemming" in consent) == ('interest = "consent"' in _toml(messages))


def _toml(messages: Path) -> str:
    return (messages / "privacy.toml").read_text()
