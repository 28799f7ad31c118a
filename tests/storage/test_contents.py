"""What was stored to leave is read by this release, and what this one stores by the release before it."""

import json
from typing import Any

import pytest

from bot.dialogue.records import File, Keyboard
from storage.contents import (
    Content,
    Delete,
    Edit,
    Hook,
    Letter,
    React,
    Send,
    Topic,
    TopicChange,
    from_stored,
    to_stored,
)

#: as the release before this one stored them
PLAIN: dict[str, Any] = {
    "do": "send",
    "html": "<b>Dag</b>",
    "buttons": [],
    "keyboard": "unchanged",
    "share_label": None,
    "file": None,
}
ROWS = [[{"id": "menu", "label": "Menu"}, {"id": "signup:start", "label": "Ja"}], [{"id": "data:show", "label": "?"}]]
BUTTONS = ((("menu", "Menu"), ("signup:start", "Ja")), (("data:show", "?"),))
LETTER: dict[str, Any] = {
    "to": "zoe@example.org",
    "reply_to": None,
    "subject": "Je aanmelding",
    "text": "Dag Zoë",
    "html": "<p>Dag Zoë</p>",
    "message_id": "<receipt.K7M2-PX@bot.example.org>",
}
CALL: dict[str, Any] = {"event": "lead.created", "idempotency_key": "lead.created.K7M2", "body": {"participants": 12}}
STORED: list[tuple[dict[str, Any], Content]] = [
    (PLAIN, Send(html="<b>Dag</b>")),
    (PLAIN | {"buttons": ROWS}, Send(html="<b>Dag</b>", buttons=BUTTONS)),
    (
        PLAIN | {"keyboard": "share_phone", "share_label": "Deel"},
        Send(html="<b>Dag</b>", keyboard=Keyboard.SHARE_PHONE, share_label="Deel"),
    ),
    (
        PLAIN | {"keyboard": "remove", "file": {"name": "a.json", "content": "{}"}},
        Send(html="<b>Dag</b>", keyboard=Keyboard.REMOVE, file=File(name="a.json", content="{}")),
    ),
    (PLAIN | {"passing": True, "thread": 5}, Send(html="<b>Dag</b>", supersedable=True, thread=5)),
    (PLAIN | {"topic": True, "reply_to": 7}, Send(html="<b>Dag</b>", topic=True, reply_to=7)),
    (
        {"do": "topic", "change": "removed", "thread": 5, "name": "weg"},
        Topic(change=TopicChange.REMOVED, thread=5, name="weg"),
    ),
    ({"do": "topic", "change": "follows", "name": ""}, Topic(change=TopicChange.FOLLOWS)),
    ({"do": "delete", "after": 60, "message_id": 7}, Delete(after=60, message_id=7)),
    (
        {"do": "react", "message_id": 7, "emoji": "👍", "otherwise": "Ja"},
        React(message_id=7, emoji="👍", otherwise="Ja"),
    ),
    (PLAIN | {"list": "leads"}, Send(html="<b>Dag</b>", listing="leads")),
    ({"do": "edit", "message_id": 7, "html": None}, Edit(message_id=7, html=None)),
    ({"do": "edit", "message_id": 7, "html": "<i>weg</i>"}, Edit(message_id=7, html="<i>weg</i>")),
    (LETTER, Letter(**LETTER)),
    (CALL, Hook(**CALL)),
]


@pytest.mark.parametrize(("stored", "content"), STORED)
def test_what_is_stored_keeps_its_form(stored: dict[str, Any], content: Content) -> None:
    """What waits is sent whichever of the two releases runs: both read what either stored."""
    assert from_stored(stored) == content
    assert json.loads(json.dumps(to_stored(content))) == stored


def test_what_an_earlier_or_later_release_stored() -> None:
    """What an earlier release left out is as it was meant then; what a later one adds does no harm."""
    assert from_stored({"do": "send", "html": "Dag"}) == Send(html="Dag")
    assert from_stored(PLAIN | {"export": "leads"}) == Send(html="<b>Dag</b>", listing="export")
    assert from_stored(LETTER | {"later": 1}) == Letter(**LETTER)
    assert from_stored(CALL | {"later": 1}) == Hook(**CALL)


@pytest.mark.parametrize("stored", [{}, {"do": "send"}, {"do": "edit", "html": "x"}, {"idempotency_key": "k"}])
def test_what_is_none_of_them(stored: dict[str, Any]) -> None:
    """What is garbled is no message; the outbox gives it up."""
    with pytest.raises(KeyError):
        from_stored(stored)
