"""What channels get: replies with buttons, texts that fit, and hostile values that stay plain text."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.asks import Given
from bot.dialogue.button_ids import Role
from bot.dialogue.channels import MESSAGE_LIMIT
from bot.dialogue.records import Button, File, Keyboard, Reply
from bot.wording import WordingError
from bot.wording.cleaning import clean, shortened
from bot.wording.markup import cut, faults, parsed_length, split, to_text
from tests.botapi.markup import parse
from tests.botapi.refusals import Refusal
from tests.form import FIELDS
from tests.wording.conftest import WORDING

HOSTILE = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "<b>vet</b><script>alert(1)</script>",
            "{{ contact_name }}{% raw %}{# x #}",
            "%s {0} ${x} {{7*7}}",
            "a\0b\x1b[31m",
            "\u202egnp.exe\u2066\u200f",
            "naam\r\nBcc: x@example.org",
            "\ud800 half",
            "&amp;&lt;&#x41;",
            "=1+1",
        ]
    ),
)


def test_a_reply_has_its_buttons_with_labels() -> None:
    """A reply becomes text and rows of buttons, in the conversation's language or its own."""
    reply = Reply(
        message="topic/costs",
        topic="costs",
        buttons=((Button(id="topic:dates"), Button(id="menu")), (Button(id="signup:start"),)),
        file=File(name="a.json", content="{}"),
    )
    shown = WORDING.reply(reply, "nl", "web")
    assert shown.body() == {
        "html": shown.html,
        "text": shown.text,
        "topic": "costs",
        "buttons": [
            [
                {"id": "topic:dates", "label": "Wanneer is het?"},
                {"id": "menu", "label": "Alle onderwerpen", "role": "quiet"},
            ],
            [{"id": "signup:start", "label": "Aanmelden"}],
        ],
        "file": {"name": "a.json", "content": "{}"},
    }
    assert "<b>in overleg</b>" in shown.html
    english = WORDING.reply(Reply(message="topic/costs", language="en"), "nl", "web")
    assert "in consultation" in english.text
    assert "file" not in english.body()


@pytest.mark.parametrize(
    ("button", "values", "label"),
    [
        ("signup:organisation_type:municipality@abc123", {}, "Gemeente"),
        ("signup:edit:name@abc123", {"field": "name"}, "✏️ Naam"),
        ("signup:edit:phone@abc123", {}, "✏️ Telefoonnummer"),
        ("signup:skip:phone@abc123", {"field": "phone"}, "Overslaan"),
        ("signup:start", {}, "Aanmelden"),
        ("signup:start@abc123", {}, "Opnieuw beginnen"),
        ("lead:show:K7RM-42XD", {}, "Bekijk K7RM-42XD"),
        ("language:en", {}, "English"),
        ("signup:email:fix@abc123", {"address": "a@gmial.com", "suggestion": "a@gmail.com"}, "Ja, a@gmail.com"),
        ("data:forget:confirm@68f0", {}, "Ja, verwijder alles"),
    ],
)
def test_a_label_is_found_by_the_id(button: str, values: dict[str, object], label: str) -> None:
    """A button says what it does: by its id, or by as much of it as is known."""
    assert WORDING.label(button, "nl", values) == label


@pytest.mark.parametrize("button", ["coffee", "language:de", "topic:soup", "signup:interest:none"])
def test_a_button_nobody_knows(button: str) -> None:
    """A button without a label is our mistake, and is said so."""
    with pytest.raises(WordingError, match="has no label"):
        WORDING.label(button, "nl")


def test_a_message_nobody_knows() -> None:
    """A message that is not there is named."""
    with pytest.raises(WordingError, match=r"nl/chat/gone.html: there is no such message"):
        WORDING.message("chat/gone", "nl", {}, "web")


def test_a_value_that_was_not_given() -> None:
    """A message without its value is named by file and line, not sent half."""
    with pytest.raises(WordingError, match=r"nl/signup/done.html:2: 'reference' is undefined"):
        WORDING.message("signup/done", "nl", {"email": "a@example.org"}, "web")


def test_an_unknown_language_gets_the_default() -> None:
    """A person whose language we do not speak is answered in the first."""
    assert WORDING.message("topic/thanks", "fy", {}, "web") == WORDING.message("topic/thanks", "nl", {}, "web")


def test_the_keyboard_that_shares_a_number_has_a_label() -> None:
    """The phone question brings the keyboard with its words."""
    shown = WORDING.reply(Reply(message="signup/share_phone", keyboard=Keyboard.SHARE_PHONE), "nl", "telegram")
    assert shown.share_label == "Deel mijn nummer"
    assert "Deel mijn nummer" in shown.text


def test_times_are_dutch() -> None:
    """A time in UTC is shown as it was in the Netherlands, summer or winter."""
    lead: dict[str, Any] = {
        "reference": "K7RM-42XD",
        "created_at": datetime(2026, 7, 1, 22, 5, tzinfo=UTC),
        "updated_at": datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        "answers": [("name", "Noor")],
    }
    text = WORDING.message("signup/lead", "nl", {"lead": lead}, "web").text
    assert "2 juli 2026 om 00.05 uur" in text
    assert "1 januari 2027 om 00.30 uur" in text
    naive = {**lead, "created_at": "2026-07-01T22:05:00"}
    assert "2 July 2026 at 00:05" in WORDING.message("signup/lead", "en", {"lead": naive}, "web").text


def test_an_edited_required_answer_is_no_extra_question() -> None:
    """Changing the name from the review says neither "question 4" nor that it may be skipped."""
    values = {"number": None, "total": 5, "notice": False, "answer": "Noor"}
    text = WORDING.message("signup/ask/name", "nl", values, "web").text
    assert text == "Hoe heet je?\n\nNu staat er: Noor"
    assert WORDING.message("signup/ask/role", "nl", {**values, "answer": None}, "web").text.startswith("Extra vraag")


def test_the_first_question_says_what_details_are_for() -> None:
    """The notice comes before the first personal question, with the way to read more."""
    values = {"number": 1, "total": 5, "notice": True, "answer": None}
    lines = WORDING.message("signup/ask/interest", "nl", values, "telegram").text.split("\n")
    assert lines[0].endswith("/privacy")
    assert lines[2] == "Vraag 1 van 5"


def test_what_was_chosen_stands_under_the_question() -> None:
    """A tapped message keeps its text and shows the choice; a lost text leaves the choice alone."""
    shown = WORDING.chosen("<b>Bij wat voor organisatie werk je?</b>", "Gemeente <3", "nl")
    assert shown == "<b>Bij wat voor organisatie werk je?</b>\n\n<i>Gekozen:</i> Gemeente &lt;3"
    assert WORDING.chosen("", "Gemeente", "en") == "<i>Chosen:</i> Gemeente"
    assert parsed_length(WORDING.chosen(f"<b>{'x' * 5000}</b>", "Gemeente", "nl")) <= MESSAGE_LIMIT


def test_page_and_telegram_texts_have_the_facts() -> None:
    """The page and Telegram's description name the course; commands are in the language."""
    assert WORDING.page("nl")["title"] == "Crash course in het verduurzamen van kwetsbare wijken"
    assert WORDING.page("en")["by"] == "Platform31 · Nyenrode · Verwey-Jonker"
    texts = WORDING.telegram("nl")
    assert list(texts.commands) == (
        ["start", "help", "aanmelden", "annuleren", "contact", "privacy", "mijngegevens", "verwijderen", "taal"]
    )
    assert "language" in WORDING.telegram("en").commands
    assert len(texts.description) <= 512
    assert len(texts.short_description) <= 120


def test_the_course_is_read() -> None:
    """The dialogue learns the topics, the menu, the group's size and how people write."""
    course = WORDING.course
    assert course.languages == ("nl", "en")
    assert course.participants == (6, 16)
    assert course.menu[0] == ("topic:overview", "topic:content")
    assert ("signup:start",) in course.menu
    assert course.topics["costs"].offer == ("contact:ask", "signup:start")
    assert course.topics["thanks"].group is None
    assert "corpo" in course.spellings["nl"]["organisation_type"]["housing_corporation"]
    assert course.consent_version == WORDING.consent_version


def _all_answers(value: str) -> list[tuple[str, str]]:
    return [(field.name, value[: field.limit]) for field in FIELDS]


@pytest.mark.parametrize("letter", ["x", "<", "🌍", "\n<b>"])
def test_a_review_of_the_longest_answers_fits(letter: str) -> None:
    """However long the answers, the review is one message that still asks for consent at its end."""
    values = {"answers": _all_answers(letter * 2000), "reference": None}
    shown = WORDING.message("signup/review", "nl", values, "telegram")
    assert parsed_length(shown.html) <= MESSAGE_LIMIT
    assert faults(shown.html) == []
    assert shown.text.endswith("Het is nog geen boeking.")
    assert "…" in shown.text
    whole = WORDING.message("signup/review", "nl", values, "web").text
    assert whole.count(letter.strip()) >= 2000 // len(letter)


def test_a_list_that_is_too_long_is_cut() -> None:
    """A list of very many leads ends where Telegram's limit is."""
    groups = [(f"vraag {number}", 2, "nl") for number in range(600)]
    shown = WORDING.message("staff/questions", "nl", {"groups": groups}, "staff")
    assert parsed_length(shown.html) <= MESSAGE_LIMIT
    assert faults(shown.html) == []
    assert shown.text.endswith("…")


@given(HOSTILE)
def test_hostile_values_stay_plain_text(value: str) -> None:
    """Whatever a person types is shown as text: no markup, no template, no control or turning characters."""
    values = {"answers": [("name", value), ("remark", value)], "reference": None}
    for channel in ("telegram", "web"):
        shown = WORDING.message("signup/review", "nl", values, channel)
        assert faults(shown.html) == []
        assert clean(shown.html) == shown.html
        assert "<script" not in shown.html
        typed = clean(value).strip()
        assert not typed or typed in shown.text or re.search(r"\n\s*\n\s*\n", typed) or len(typed) > 900
        shown.html.encode("utf-8")


@given(HOSTILE)
def test_hostile_values_in_mail_stay_in_their_place(value: str) -> None:
    """A name cannot add a header, a line that looks like another field, or markup to a mail."""
    lead = {
        "reference": "K7RM-42XD",
        "created_at": datetime(2026, 3, 3, tzinfo=UTC),
        "updated_at": datetime(2026, 3, 3, tzinfo=UTC),
        "channel": "web",
        "language": "nl",
        "source": value,
        "answers": [("organisation", value), ("remark", f"ja\n{value}\nNaam: iemand anders")],
    }
    mail = WORDING.mail("mail/lead_new", "nl", {"lead": lead})
    assert len(mail.subject.splitlines()) == 1
    assert clean(mail.subject) == mail.subject
    assert "\nNaam:" not in mail.text
    assert "<script" not in mail.html
    plain = {**lead, "source": value and "x", "answers": [("organisation", "x"), ("remark", "x")]}
    assert _tags(mail.html) == _tags(WORDING.mail("mail/lead_new", "nl", {"lead": plain}).html)


def _tags(document: str) -> list[str]:
    return re.findall(r"</?[a-z][^<>]*>", document)


@given(HOSTILE)
def test_hostile_values_in_labels_stay_on_one_line(value: str) -> None:
    """A button's label is one short line."""
    label = WORDING.label("signup:email:fix", "nl", {"suggestion": value, "address": "x"})
    assert "\n" not in label
    assert len(label) <= 60
    assert clean(label) == label


PLAIN = st.text(max_size=30).map(html.escape)
NESTED = st.recursive(
    st.one_of(PLAIN, PLAIN.map(lambda text: f"<pre>{text}</pre>")),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["b", "i", "u", "blockquote", "code"]), inner).map(
            lambda p: f"<{p[0]}>{p[1]}</{p[0]}>"
        ),
        inner.map(lambda text: f'<a href="https://example.org/?a=1&amp;b=2">{text}</a>'),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)
MARKUP = NESTED.filter(lambda markup: not faults(markup))


@given(NESTED)
def test_nesting_is_judged_as_telegram_does(markup: str) -> None:
    """The check refuses all nesting that the strict Bot API server refuses, and little else."""
    try:
        parse(markup)
    except Refusal:
        assert faults(markup)
    else:
        assert all("<pre> cannot stand inside" in fault for fault in faults(markup))


def _letters(text: str) -> str:
    return "".join(text.split())


@given(MARKUP, st.integers(min_value=2, max_value=40))
def test_a_split_message_is_whole_and_legal(markup: str, limit: int) -> None:
    """Each part fits and is legal by itself; together they have every letter, in order."""
    parts = split(markup, limit)
    for part in parts:
        assert parsed_length(part) <= limit
        assert faults(part) == []
    read = "".join(html.unescape(re.sub(r"</?[a-z][^<>]*>", "", part)) for part in parts)
    assert _letters(read) == _letters(html.unescape(re.sub(r"</?[a-z][^<>]*>", "", markup)))


@given(MARKUP, st.integers(min_value=3, max_value=60))
def test_a_cut_message_fits(markup: str, limit: int) -> None:
    """A cut message fits and is legal; one that fits stays as it is."""
    short = cut(markup, limit)
    assert parsed_length(short) <= limit
    assert faults(short) == []
    if parsed_length(markup) <= limit:
        assert short == markup


def test_parts_end_at_a_line_or_a_word() -> None:
    """A long text is split where one would pause."""
    assert split("een twee drie vier vijf", 12) == ["een twee ", "drie vier ", "vijf"]
    assert split("<b>eerste regel\ntweede regel</b>", 16) == ["<b>eerste regel\n</b>", "<b>tweede regel</b>"]


def test_plain_text_keeps_where_a_link_goes() -> None:
    """Without markup a link still says its address, once."""
    assert to_text('Zie <a href="https://example.org">de <b>chat</b></a> &amp; meer') == (
        "Zie de chat (https://example.org) & meer"
    )
    assert to_text('<a href="mailto:a@example.org">a@example.org</a>') == "a@example.org"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>x</p>",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "a < b",
        "a & b",
        "&nbsp;",
        '<b class="x">x</b>',
        "<a>x</a",
        '<a href="javascript:x">x</a>',
        "<b><code>x</code></b>",
        "<pre>x <i>y</i></pre>",
        "<i>x <i>y</i></i>",
    ],
)
def test_illegal_markup_is_seen(markup: str) -> None:
    """What Telegram would refuse is found before it is sent."""
    assert faults(markup)


def test_shortening_reaches_every_text() -> None:
    """Texts are shortened however deep they lie; other values stay."""
    value = {"a": "x" * 9, "b": [("y", "z" * 9, 3)], "c": None}
    assert shortened(value, 4) == {"a": "xxx…", "b": [["y", "zzz…", 3]], "c": None}


def test_the_answers_of_a_review_are_a_list() -> None:
    """A channel gets each answer with its label and its button, and what stands above and below them without them."""
    rows = (Given(field="interest", value="both", edit="signup:edit:interest@a"), Given(field="name", value="<Noor>"))
    values = {"answers": [("interest", "both"), ("name", "<Noor>")], "reference": "K3M7-PX4T"}
    shown = WORDING.reply(Reply(message="signup/review", values=values, summary=rows), "nl", "web").body()
    assert shown["summary"] == [
        {"field": "interest", "label": "Interesse", "value": "Allebei", "edit": "signup:edit:interest@a"},
        {"field": "name", "label": "Naam", "value": "<Noor>"},
    ]
    assert "K3M7-PX4T" in shown["above"]
    assert shown["below"].endswith("Het is nog geen boeking.")
    assert "Noor" not in shown["above"] + shown["below"]
    assert "&lt;Noor&gt;" in shown["html"]
    asked = WORDING.reply(Reply(message="signup/not_yet", summary=rows, refused=True), "nl", "web").body()
    assert "above" not in asked
    assert asked["refused"] is True


def test_a_button_is_what_it_is_here() -> None:
    """A button can stand out here and not there, say yes to what was just asked; the menu's rows have their groups."""
    rows = ((Button(id="contact:ask", says="contact:yes"), Button(id="signup:start", role=Role.PRIMARY)),)
    reply = Reply(message="chat/menu", values={"waiting": False}, buttons=rows, groups=(("sign_up", 1),))
    shown = WORDING.reply(reply, "nl", "web").body()
    yes, start = shown["buttons"][0]
    assert yes == {"id": "contact:ask", "label": WORDING.label("contact:yes", "nl")}
    assert start["role"] == "primary"
    assert shown["groups"] == [{"label": "Aanmelden", "rows": 1}]
    assert sum(rows for _, rows in WORDING.course.menu_groups) == len(WORDING.course.menu)


def test_a_question_that_is_left_to_a_later_answer() -> None:
    """An answer that leaves its question to a later one ends before it."""
    asked, left = (WORDING.message("topic/costs", "nl", values, "web").text for values in ({}, {"asks": False}))
    assert asked.startswith(left)
    assert asked.endswith("?")
    assert not left.endswith("?")
