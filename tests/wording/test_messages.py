"""The real messages: all of them render, and every fact of the course is told."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.dialogue.channels import MESSAGE_LIMIT
from bot.notifications.letters import letter
from bot.wording import Wording
from bot.wording.keys import MAILS, MESSAGES, key_of
from bot.wording.markup import faults, parsed_length
from bot.wording.preview import write_preview
from bot.wording.samples import Samples
from bot.wording.tables import Table
from tests.form import FIELDS, FORM
from tests.frozen import MESSAGES as FOLDER
from tests.notifications.helpers import mail
from tests.wording.conftest import SETTINGS, Broken

pytestmark = pytest.mark.usefixtures("unmeasured")

SAMPLES = Samples(Table(FOLDER, "samples.toml"), FORM)
LANGUAGES = ("nl", "en")

#: topic -> language -> words that its answer must have
FACTS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads((Path(__file__).parent / "told.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", FACTS)
def test_every_fact_is_in_its_answer(wording: Wording, topic: str, language: str) -> None:
    """A person who asks about a topic reads every fact that is known of it."""
    text = wording.message(f"topic/{topic}", language, {}, "telegram").text
    told = " ".join(text.split()).lower()
    missing = [fact for fact in FACTS[topic][language] if fact.lower() not in told]
    assert missing == [], text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*MESSAGES, *(f"topic/{topic}" for topic in FACTS)])
def test_every_message_fits_telegram(wording: Wording, key: str, language: str) -> None:
    """Every message, with all of its values, is one that Telegram takes, and reads well as plain text."""
    values = SAMPLES.full(key, SAMPLES.of_message(key))
    shown = wording.message(key, language, values, "staff" if key.startswith("staff/") else "telegram")
    assert faults(shown.html) == []
    assert 0 < parsed_length(shown.html) <= MESSAGE_LIMIT
    assert not set("<>{}") & set(shown.text)
    assert "None" not in shown.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", MAILS)
def test_every_mail_has_its_three_parts(wording: Wording, key: str, language: str) -> None:
    """A mail has a subject of one line, a text, and a whole HTML document with the same reference."""
    mail = wording.mail(key, language, SAMPLES.full(key, SAMPLES.of_message(key)))
    assert "\n" not in mail.subject
    assert "K7RM-42XD" in mail.subject
    assert "K7RM-42XD" in mail.text or key == "mail/question"
    assert mail.html.startswith("<!DOCTYPE html>")
    assert mail.html.rstrip().endswith("</html>")
    assert "&#" not in mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lead_is_told_in_full(wording: Wording, language: str) -> None:
    """Staff see everything a person gave and where they came from, in the chat and in both forms of the mail."""
    lead = SAMPLES.full("staff/lead_new", SAMPLES.of_message("staff/lead_new"))["lead"]
    labels = [wording.message("staff/lead_new", language, {"lead": lead}, "staff").text]
    mail = wording.mail("mail/lead_new", language, {"lead": lead})
    options = {field.name for field in FIELDS if field.options}
    for shown in (*labels, mail.text, mail.html.replace("&amp;", "&")):
        for field, value in lead["answers"]:
            if field not in options:
                assert all(line in shown for line in value.split("\n")), field
        assert "nieuwsbrief" in shown
        assert "Telegram" in shown


def test_contact_details_are_shown_only_when_set(wording: Wording) -> None:
    """No address or number is invented; those that are set are shown."""
    assert "@" not in wording.message("topic/contact", "nl", {}, "web").text
    known = Wording.load(FOLDER, {"contact_email": "a@example.org", "contact_phone": "+31 20 123 4567"})
    text = known.message("topic/contact", "en", {}, "web").text
    assert "a@example.org" in text
    assert "+31 20 123 4567" in text


def test_privacy_says_what_the_settings_make_true(wording: Wording) -> None:
    """What Telegram, mail and the CRM see is told only where they do; an empty value is left out."""
    telegram = wording.message("topic/privacy", "nl", {}, "telegram").text
    assert "je praat met mij via Telegram" in telegram
    assert "relatiesysteem" not in telegram
    assert "verantwoordelijk" not in telegram
    quiet = Wording.load(FOLDER, {"retention_days": 90}).message("topic/privacy", "nl", {}, "web").text
    assert "90 dagen" in quiet
    assert "Telegram" not in quiet
    assert "e-mail" not in quiet


def test_the_responsible_organisation_is_shown_once_filled_in(broken: Broken) -> None:
    """What an operator fills in is told, and another legal basis changes the text that people agree to."""
    before = Wording.load(broken.folder, {})
    broken.replace("privacy.toml", 'organisation = ""', 'organisation = "Stichting Voorbeeld"')
    broken.replace("privacy.toml", 'interest = "consent"', 'interest = "public_task"')
    after = Wording.load(broken.folder, {})
    assert "Stichting Voorbeeld" in after.message("topic/privacy", "nl", {}, "web").text
    answers = {"answers": [("name", "Noor")], "reference": None}
    assert "toestemming" in before.message("signup/review", "nl", answers, "web").text
    assert "toestemming" not in after.message("signup/review", "nl", answers, "web").text
    assert before.consent_version != after.consent_version


def test_the_consent_version_follows_the_text(broken: Broken, wording: Wording) -> None:
    """A changed text is a new version; another message is not."""
    broken.replace("nl/topic/duration.html", "De cursus", "Deze cursus")
    assert Wording.load(broken.folder, SETTINGS).consent_version == wording.consent_version
    broken.replace("en/signup/_notice.html", "only use", "use")
    assert Wording.load(broken.folder, SETTINGS).consent_version != wording.consent_version


def test_the_preview_shows_every_message(tmp_path: Path, broken: Broken) -> None:
    """An editor sees every message in every language, with its path beside it."""
    write_preview(FOLDER, tmp_path / "preview.html")
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        for path in (FOLDER / language).rglob("*.html"):
            name = path.relative_to(FOLDER / language).as_posix()
            if path.name[0] != "_" and not name.startswith("questions"):
                shown = f"{key_of(name)}/" if name.startswith("mail/") else name
                assert f"messages/{language}/{shown}" in page


def test_the_preview_marks_what_is_broken(tmp_path: Path, broken: Broken) -> None:
    """A preview of a folder with a slip in it shows all the rest, and says in Dutch what is wrong with that message."""
    broken.replace("nl/topic/costs.html", "{{ costs }}", "{{ cost }}")
    (problem,) = write_preview(broken.folder, tmp_path / "preview.html")
    assert (problem.file, problem.line) == ("nl/topic/costs.html", 2)
    page = (tmp_path / "preview.html").read_text("utf-8")
    assert page.count('class="fault"') == 1
    assert "cost bestaat niet als feit" in page
    assert "messages/nl/topic/dates.html" in page


@pytest.mark.parametrize(("language", "role"), [("nl", "medewerker"), ("en", "person")])
def test_a_role_is_no_way_to_a_person(wording: Wording, language: str, role: str) -> None:
    """Who answers "medewerker" to "what is your role?" is asked on, and not taken to the contact person."""
    assert role not in wording.course.spellings[language]["navigation"]["contact"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_button_of_consent_is_no_other_button(wording: Wording, language: str) -> None:
    """Who gives consent by a button cannot take the one beside the text field for it: they have other names."""
    assert wording.label("signup:submit", language).casefold() != wording.page(language)["send"].casefold()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [None, "anne@example.org"])
def test_a_new_conversation_is_warned_of(language: str, address: str | None) -> None:
    """Before a new conversation a person reads that what was sent is out of reach there, and who helps then."""
    words = Wording.load(FOLDER, {"contact_email": address})
    question = words.page(language)["new_conversation_confirm"]
    assert ("intrekken" if language == "nl" else "withdraw") in question
    assert address is None or f": {address}." in question
    assert ("@" in question) is (address is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_names_the_other_way(language: str) -> None:
    """Who can no longer get at the chat reads in the mail where to write, when there is such an address."""
    values = SAMPLES.full("mail/receipt", SAMPLES.of_message("mail/receipt"))
    way = "Kun je daar niet meer bij?" if language == "nl" else "Can you no longer get there?"
    known = Wording.load(FOLDER, {"contact_email": "anne@example.org"}).mail("mail/receipt", language, values)
    assert f"{way} " in known.text
    assert f"{way} " in known.html
    unknown = Wording.load(FOLDER, {}).mail("mail/receipt", language, values)
    assert way not in unknown.text + unknown.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_up_without_answers_shows_no_empty_list(wording: Wording, language: str) -> None:
    """Who comes back to a sign-up in which nothing was filled in is not shown an empty list of answers."""
    values: dict[str, object] = {"answers": [], "reference": None}
    text = wording.message("signup/resume", language, values, "web").text
    assert ("nog niets ingevuld" if language == "nl" else "not filled in anything") in text
    assert ":" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["mail/lead_new", "mail/lead_changed", "mail/question"])
def test_staff_read_how_the_person_is_reached(wording: Wording, language: str, key: str) -> None:
    """A mail that Reply cannot answer does not say that it can: it says where to write."""
    found = {}
    for address in ("zoe@müller.nl", "jürgen@example.nl"):
        values = SAMPLES.full(key, SAMPLES.of_message(key)) | ({"reply_to": address} if key == "mail/question" else {})
        if key != "mail/question":
            values["lead"] = values["lead"] | {"answers": [("name", "Jürgen"), ("email", address)]}
        made = wording.mail(key, language, values)
        by_reply = b"\r\nReply-To: " in letter(mail(reply_to=address), "bot@example.org")
        found[by_reply] = [body.count(address) for body in (made.text, made.html)]
    assert found[False] == [count + 1 for count in found[True]]
