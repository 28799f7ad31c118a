"""Who is told what: staff chat, contact person, the person, the CRM."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.records import Effect, LeadSaved, LeadWithdrawn, QuestionForwarded, QuestionMissed
from bot.notifications.letters import letter
from bot.notifications.names import plain_name
from bot.notifications.notifier import Notifier, Ways, changes_between
from bot.settings import load_settings
from storage.contents import Edit, Hook, Letter, Send
from storage.records import Listed, Notice, Outgoing
from tests.form import FORM
from tests.notifications.helpers import ANSWERS, AT, Words, conversation, lead

ALL = Ways(
    language="nl",
    staff_chat="telegram:-100",
    mail_to="anne@example.org",
    reply_to="anne@example.org",
    mail_domain="bot.example.org",
    webhook=True,
)


def tell(effect: Effect, ways: Ways = ALL, **values: Any) -> tuple[list[Outgoing], Words]:
    """The messages about an effect, and the words that were asked for."""
    words = Words()
    return Notifier(words, ways).outgoing(effect, conversation(**values), AT), words


def test_a_new_lead_reaches_everyone() -> None:
    """Staff chat, contact person, the person and the CRM: each in their own way and language."""
    messages, words = tell(LeadSaved(lead=lead()), language="en")
    assert [message.lane for message in messages] == [
        "telegram:-100",
        "mail:anne@example.org",
        "mail:zoe@example.org",
        "webhook",
    ]
    assert [(key, language) for key, language, _ in words.said] == [
        ("staff/lead_new", "nl"),
        ("mail/lead_new", "nl"),
        ("mail/receipt", "en"),
    ]
    assert {(message.chat, message.lead) for message in messages} == {("web:abc", "K7M2-PX")}
    assert isinstance(messages[0].content, Send)
    mail, receipt = (message.content_as(Letter) for message in messages[1:3])
    hook = messages[3].content_as(Hook)
    assert mail.reply_to == "zoe@example.org"
    assert mail.message_id == "<lead-new.K7M2-PX@bot.example.org>"
    assert receipt.reply_to == "anne@example.org"
    assert receipt.message_id == "<receipt.K7M2-PX@bot.example.org>"
    assert (hook.event, hook.idempotency_key) == ("lead.created", "lead.created.K7M2-PX")
    assert hook.body["email"] == "zoe@example.org"
    assert words.said[2][2] == {"reference": "K7M2-PX", "name": "Zoë van 't Hoff", "via": "web", "changed": False}


def test_two_mailboxes_each_get_the_mail() -> None:
    """Each contact person gets a lead in their own mailbox, as a mail of its own; who answers reaches both."""
    both = "anne@example.org, bo@example.org"
    messages, _ = tell(LeadSaved(lead=lead()), replace(ALL, mail_to=both, reply_to=both))
    mailed = [message for message in messages if message.kind == "mail"]
    assert [message.lane for message in mailed] == [
        "mail:anne@example.org",
        "mail:bo@example.org",
        "mail:zoe@example.org",
    ]
    ids = [message.content_as(Letter).message_id for message in mailed[:2]]
    assert ids == ["<lead-new.K7M2-PX@bot.example.org>", "<lead-new.K7M2-PX.to1@bot.example.org>"]
    assert f"Reply-To: {both}".encode() in letter(mailed[2], "bot@example.org")


def test_the_same_lead_told_again_is_recognisable() -> None:
    """After a crash in the middle every message is the same, with the same Message-ID and key."""
    assert tell(LeadSaved(lead=lead()))[0] == tell(LeadSaved(lead=lead()))[0]


def test_a_changed_lead_says_what_changed() -> None:
    """Staff read what was and what is; a long remark is shortened in the chat and whole in the mail."""
    before = lead(answers=ANSWERS | {"remark": "x" * 2000, "role": "planner"})
    after = lead(answers=ANSWERS | {"remark": "y", "participants": "12"}, updated_at=AT.replace(minute=45))
    messages, words = tell(LeadSaved(lead=after, before=before))
    staff, mail, receipt = (values for _, _, values in words.said)
    assert mail["changes"] == [
        ("role", "planner", None),
        ("participants", None, "12"),
        ("remark", "x" * 2000, "y"),
    ]
    assert len(staff["changes"][2][1]) == 300
    assert receipt["changed"] is True
    assert messages[1].content_as(Letter).message_id == "<lead-changed.K7M2-PX.20261102094500000000@bot.example.org>"
    assert messages[3].content_as(Hook).event == "lead.changed"


def test_an_unchanged_lead_bothers_nobody() -> None:
    """Sent again without a change: no message."""
    assert tell(LeadSaved(lead=lead(), before=lead()))[0] == []
    assert changes_between(lead(), lead(), FORM) == []


def test_a_question_reaches_staff_with_a_way_to_answer() -> None:
    """Staff see who asked what, and answer with Reply, in the chat or by mail."""
    effect = QuestionForwarded(reference="Q4", question="Is er lunch?", reply_to="zoe@example.org", name="Zoë")
    messages, words = tell(effect)
    assert [message.lane for message in messages] == ["telegram:-100", "mail:anne@example.org"]
    assert {(message.chat, message.question, message.lead) for message in messages} == {("web:abc", "Q4", None)}
    assert messages[1].content_as(Letter).reply_to == "zoe@example.org"
    assert words.said[0] == (
        "staff/question",
        "nl",
        {
            "reference": "Q4",
            "question": "Is er lunch?",
            "name": "Zoë",
            "reply_to": "zoe@example.org",
            "language": "nl",
            "via": "web",
        },
    )


@pytest.mark.parametrize(
    "name",
    ["Zoë van 't Hoff", "jan de vries", "J.P. de Vries-Jansen", "Sophie d’Hondt", "Li", "Ömer", "El-Sayed O'Brien"],
)
def test_a_name_is_said_in_the_receipt(name: str) -> None:
    """The person is greeted by name."""
    assert plain_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "Gratis iPhone", "WIN EEN REIS", "bel 06-12345678", "https://evil.example", "evil.example", "a@b.nl",
        "Jan\nKlik",
        "Ga Naar Mijn Site Voor Geld", "=?utf-8?q?a?=", "Jan 🎁", "x" * 30, "J.. de Vries", "Jan <b>",
        "Klik-hier", "t.me.", "evil.nl.", "Evil Dot Com", "Bezoek Evil Punt Nl", "Kijk op Evil",
    ],
)  # fmt: skip
def test_an_advert_is_no_name(name: str) -> None:
    """A stranger's mailbox gets nothing that somebody wanted to say to it."""
    assert plain_name(name) is None
    answers = ANSWERS | {"name": name, "organisation": "Koop nu", "remark": "www.evil.example"}
    _, words = tell(LeadSaved(lead=lead(answers=answers)))
    assert words.said[2][2]["name"] is None


def test_a_withdrawn_lead_is_told_without_details() -> None:
    """Staff and CRM learn that it is gone; nothing of the person is in it, nor kept with it."""
    messages, words = tell(LeadWithdrawn(leads=(lead(), lead(reference="R2"))))
    assert [message.kind for message in messages] == ["telegram", "mail", "webhook", "mail", "webhook"]
    assert {(message.chat, message.lead, message.question) for message in messages} == {(None, None, None)}
    assert words.said[0] == ("staff/forgotten", "nl", {"count": 2})
    assert messages[2].content_as(Hook).body == {"event": "lead.forgotten", "reference": "K7M2-PX"}
    assert "zoe" not in str([message.content for message in messages]).lower()


def test_nothing_to_tell() -> None:
    """A withdrawal of nothing and a missed question make no message."""
    assert tell(LeadWithdrawn(leads=()))[0] == []
    assert tell(QuestionMissed(question="?", language="nl", suggestions=()))[0] == []


def test_only_the_ways_that_are_set_up_are_used() -> None:
    """Without staff chat, contact address and CRM only the person gets mail, if there is an address."""
    bare = Ways(language="nl")
    assert [message.lane for message in tell(LeadSaved(lead=lead()), bare)[0]] == ["mail:zoe@example.org"]
    without = lead(answers={name: value for name, value in ANSWERS.items() if name != "email"})
    assert tell(LeadSaved(lead=without), bare)[0] == []
    assert tell(LeadSaved(lead=without))[0][1].content_as(Letter).reply_to is None


def test_messages_about_a_forgotten_person_are_edited() -> None:
    """What stood in the staff chat about a person who is forgotten becomes "removed"."""
    words = Words()
    notice = Notice(staff_chat="telegram:-100", message_id=7, chat="web:abc", lead="K7M2-PX")
    edits = Notifier(words, ALL).redact([notice, replace(notice, lead=None, question="Q4")], AT)
    assert edits[0].content == Edit(message_id=7, html="<b>staff/removed</b>")
    assert (edits[0].lane, edits[0].chat, edits[0].lead) == ("telegram:-100", None, None)
    assert [values for _, _, values in words.said] == [
        {"reference": "K7M2-PX", "why": "asked"},
        {"reference": "Q4", "why": "asked"},
    ]


def test_messages_that_were_kept_long_enough_say_so() -> None:
    """After the retention time the reason is another; a list of leads asks to be asked for anew."""
    words = Words()
    notice = Notice(staff_chat="telegram:-100", message_id=7, chat="web:abc", lead="K7M2-PX")
    Notifier(words, ALL).redact([notice, replace(notice, chat=None, lead=None, listed=Listed.LEADS)], AT, why="expired")
    assert [values["why"] for _, _, values in words.said] == ["expired", "list"]


def test_the_settings_give_the_ways() -> None:
    """Mail to files is written even when nobody is named; without a bot there is no staff chat."""
    nothing = load_settings({"DEFAULT_LANGUAGE": "nl"}, None)
    assert Ways.of(nothing) == Ways(language="nl", mail_to="bot@localhost", mail_domain="localhost")
    everything = load_settings(
        {
            "DEFAULT_LANGUAGE": "nl",
            "TELEGRAM_BOT_TOKEN": "123456:" + "x" * 35,
            "TELEGRAM_STAFF_CHAT_ID": "-100",
            "MAIL_URL": "smtp://localhost:2525",
            "MAIL_FROM": "bot@bot.example.org",
            "CONTACT_EMAIL": "anne@example.org",
            "LEAD_WEBHOOK_URL": "https://crm.example.org/hook",
            "LEAD_WEBHOOK_SECRET": "s",
        },
        None,
    )
    assert Ways.of(everything) == ALL


@pytest.mark.parametrize("kind", ["smtp", "file"])
def test_without_a_contact_person_only_file_mail_goes_to_staff(kind: str, tmp_path: Path) -> None:
    """A mail server is not bothered with mail to nobody."""
    url = {"smtp": "smtp://localhost", "file": f"file:{tmp_path}"}[kind]
    assert (Ways.of(load_settings({"MAIL_URL": url}, None)).mail_to is None) == (kind == "smtp")


def test_a_persons_answer_goes_to_one_address() -> None:
    """Two addresses where one person's should stand, which no reader of answers lets through, are none."""
    effect = QuestionForwarded(reference="Q4", question="Is er lunch?", reply_to="a@b.nl, evil@x.nl", name=None)
    mails = [one.content_as(Letter) for one in tell(effect)[0] if one.kind == "mail"]
    assert [mail.reply_to for mail in mails] == [None] * len(mails)
    assert mails
