"""Whatever the shape of an update, reading it ends; and where it says which person wrote what, that is answered."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.intake import Albums
from bot.channels.telegram.translate import Here, Migrated, translate, unread
from bot.dialogue.events import Event
from tests.channels.telegram.house import NOW
from tests.channels.telegram.kinds import CARD, NOT_READ, READ

HERE = Here(staff_chat=-9, username="course_bot")
PERSON = {"id": 7, "is_bot": False, "first_name": "Alice", "language_code": "nl"}
CHATS = ({"id": 7, "type": "private"}, {"id": -9, "type": "group", "title": "Staff"})
LINK = {"type": "text_link", "offset": 0, "length": 3, "url": "https://example.org"}


def whole_updates() -> list[dict[str, Any]]:
    """An update of each kind, as Telegram sends it."""
    found = []
    for chat in CHATS:
        head = {"message_id": 3, "date": 1, "chat": chat, "from": PERSON}
        ours = head | {"from": {"id": 4, "is_bot": True, "username": "course_bot"}, "text": "Hoi", "entities": [LINK]}
        for name, content in {**READ, **NOT_READ, **CARD}.items():
            extra = {"entities": [LINK], "caption": "abc", "caption_entities": [LINK], "reply_to_message": ours}
            found.append({"update_id": 1, "message": head | extra | {name: content, "media_group_id": "1"}})
        edited = head | {"text": "hoi", "edit_date": int(NOW.timestamp())}
        found.append({"update_id": 1, "edited_message": edited})
        found.append({"update_id": 1, "callback_query": {"id": "1", "from": PERSON, "data": "menu", "message": ours}})
    return found


WHOLE = [json.dumps(update) for update in whole_updates()]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.builds(list), st.builds(dict), st.builds(lambda: [[]]),
    st.sampled_from([10**30, -(2**63), 1.5, "", "\ud800", "\0"]),
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """An update in which something is missing, or is of another kind."""
    update: dict[str, Any] = json.loads(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = update
        while isinstance(place, dict | list) and place:
            key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[key], dict | list) or not place[key] or draw(st.integers(0, 2)) == 0:
                if draw(st.booleans()):
                    place[key] = draw(ODD)
                else:
                    del place[key]
                break
            place = place[key]
    return update


@settings(deadline=None)
@given(broken())
def test_broken_updates(update: dict[str, Any]) -> None:
    """Nothing raises, what comes out can be stored, and a person in a private chat is always answered."""
    Albums().without_mute([update])
    event = translate(update, HERE, NOW)
    assert (unread(update, HERE, NOW) is not None) == _is_somebody_talking(update)
    if isinstance(event, Event):
        assert event.chat in ("telegram:7", "telegram:-9") or "message" in update
        for value in _all_of(dataclasses.astuple(event)):
            if isinstance(value, str):
                value.encode()
            assert not isinstance(value, int) or abs(value) < 2**63
    elif not isinstance(event, Migrated):
        assert not _is_somebody_talking(update)


def _all_of(values: Iterable[Any]) -> Iterator[Any]:
    """Each value, those of the records within too."""
    for value in values:
        if isinstance(value, tuple):
            yield from _all_of(value)
        else:
            yield value


def _is_somebody_talking(update: dict[str, Any]) -> bool:
    """Whether it is a person's own message in their own chat, as far as can be read."""
    message = update.get("message")
    if not isinstance(message, dict):
        return False
    chat, sender = message.get("chat"), message.get("from")
    readable = isinstance(chat, dict) and type(chat.get("id")) is int and 0 < chat["id"] < 2**53
    return readable and not (isinstance(sender, dict) and sender.get("is_bot") is True)


NAMES = st.sampled_from(["message", "chat", "id", "from", "text", "entities", "data"])
JSON = st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=8)


@given(st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "edited_message"]), JSON))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json(update: dict[str, Any]) -> None:
    """Any JSON whatever is borne."""
    Albums().without_mute([update])
    translate(update, HERE, NOW)
