"""Updates of every kind become an event, or nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.translate import Here, Migrated, translate
from bot.dialogue.events import Actor, Chosen, Edited, Event, Said, SentAttachment, SharedPhone, Tapped, Typed
from tests.channels.telegram.house import NOW
from tests.events import words_of

PERSON = {"id": 7, "is_bot": False, "first_name": "Alice", "language_code": "nl"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Alice"}
GROUP = {"id": -5, "type": "group", "title": "Groep"}
LATELY = int(NOW.timestamp()) - 60


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1_700_000_000, "chat": PRIVATE, "from": PERSON, **content}


def read(**content: Any) -> Event | Migrated | None:
    return translate({"update_id": 12, **content}, Here(staff_chat=-9, username="course_bot"), NOW)


@pytest.mark.parametrize(
    "content",
    [
        {"channel_post": {"message_id": 1, "date": 1, "chat": GROUP | {"type": "channel"}, "text": "x"}},
        {"message": message(new_chat_title="Nieuw")},
        {"message": message(pinned_message=message(text="hoi"))},
        {"message": message(text="hoi") | {"from": PERSON | {"is_bot": True}}},
        {"message": message(text="hoi", chat=GROUP)},
        {"message": message(text="/chatid", chat=GROUP, forward_origin={"type": "user"})},
        {"edited_message": message(location={"longitude": 1.0, "latitude": 2.0}, edit_date=LATELY)},
        {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "data": "menu", "inline_message_id": "1"}},
        {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "message": message(text="spel")}},
        {
            "my_chat_member": {
                "chat": PRIVATE, "from": PERSON, "date": 1,
                "old_chat_member": {"status": "member", "user": PERSON},
                "new_chat_member": {"status": "kicked", "user": PERSON, "until_date": 0},
            }
        },
    ],
)  # fmt: skip
def test_what_is_not_for_us(content: dict[str, Any]) -> None:
    """Channel posts, service messages, bots, other groups and the like are no events."""
    assert read(**content) is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/help@Course_Bot", "/help"),
        ("/start@course_bot signup", "/start signup"),
        ("/lead@course_bot\nAB1", "/lead\nAB1"),
        ("/help@another_bot", "/help@another_bot"),
        ("mail mij op a@b.nl", "mail mij op a@b.nl"),
    ],
)
def test_commands_that_name_us(typed: str, text: str) -> None:
    """The bot's own name behind a command is taken off; other text stays as it was typed."""
    event = read(message=message(text=typed))
    assert isinstance(event, Event)
    assert words_of(event) == text


def test_a_tap_under_a_message_telegram_no_longer_has() -> None:
    """The tap counts; only the message's text is not known."""
    old = {"chat": PRIVATE, "message_id": 3, "date": 0}
    event = read(callback_query={"id": "1", "from": PERSON, "chat_instance": "1", "data": "menu", "message": old})
    assert isinstance(event, Chosen)
    assert event.tapped == Tapped(message_id=3, html="")


def test_a_tap_under_a_file() -> None:
    """The text under a file is the message's text."""
    document = {"file_id": "d", "file_unique_id": "d"}
    seen = message(document=document, caption="Alles", caption_entities=[{"type": "bold", "offset": 0, "length": 5}])
    event = read(callback_query={"id": "1", "from": PERSON, "chat_instance": "1", "data": "menu", "message": seen})
    assert isinstance(event, Chosen)
    assert event.tapped == Tapped(message_id=3, html="<b>Alles</b>")


@pytest.mark.parametrize("number", ["31612345678", "+31612345678"])
def test_an_own_number(number: str) -> None:
    """Telegram leaves the plus out at times; the person's own number always has it here."""
    event = read(message=message(contact={"phone_number": number, "first_name": "A", "user_id": 7}))
    assert isinstance(event, SharedPhone)
    assert (event.number, event.own) == ("+31612345678", True)


ADMIN = {"id": -9, "type": "supergroup", "title": "Team Wijken"}
CHANNEL = {"id": -77, "type": "channel", "title": "Nieuws"}
SERVICE_ACCOUNT = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


@pytest.mark.parametrize(
    ("said", "actor"),
    [
        ({"from": PERSON}, Actor(id="telegram:7", name="Alice")),
        ({"from": PERSON | {"last_name": "de Vries"}}, Actor(id="telegram:7", name="Alice de Vries")),
        ({"from": SERVICE_ACCOUNT, "sender_chat": ADMIN}, Actor(id="telegram:group", name="Team Wijken")),
        (
            {"from": SERVICE_ACCOUNT, "sender_chat": ADMIN, "author_signature": "Anne"},
            Actor(id="telegram:group", name="Anne"),
        ),
        ({"from": SERVICE_ACCOUNT, "sender_chat": CHANNEL}, Actor(id="telegram:-77", name="Nieuws")),
        ({"from": PERSON, "forward_origin": {"type": "user", "sender_user": {"id": 8}}},
         Actor(id="telegram:7", name="Alice")),
        ({"from": SERVICE_ACCOUNT, "sender_chat": {"id": "x"}}, None),
    ],
)  # fmt: skip
def test_who_did_it_in_the_group(said: dict[str, Any], actor: Actor | None) -> None:
    """It is known which colleague wrote, also who writes as the group or a channel, or passes on another's words."""
    event = read(message=message(text="/leads", chat=ADMIN) | said)
    assert isinstance(event, Typed | SentAttachment)
    assert event.actor == actor


def test_who_tapped() -> None:
    """It is known who tapped, whoever's message the button stands under."""
    ours = message(text="Nieuw", chat=ADMIN) | {"from": SERVICE_ACCOUNT}
    event = read(callback_query={"id": "1", "from": PERSON, "chat_instance": "1", "data": "menu", "message": ours})
    assert isinstance(event, Chosen)
    assert event.actor == Actor(id="telegram:7", name="Alice")


def test_a_linked_channel_is_nobody() -> None:
    """What the channel that a group is linked to posts there is no event."""
    posted = {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "sender_chat": CHANNEL}
    assert read(message=message(text="/leads", chat=ADMIN, is_automatic_forward=True) | posted) is None


def test_an_album() -> None:
    """A photo of several that came together says which album it belongs to."""
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    event = read(message=message(photo=photo, media_group_id="139"))
    assert isinstance(event, SentAttachment)
    assert (event.album, event.once) == ("139", "album:139")


def test_a_group_that_moved() -> None:
    """Both the old and the new group tell of the move."""
    told = [
        read(message=message(chat=GROUP, migrate_to_chat_id=-1005)),
        read(message=message(chat=GROUP | {"id": -1005, "type": "supergroup"}, migrate_from_chat_id=-5)),
    ]
    assert told == [Migrated(old=-5, new=-1005)] * 2


def test_edited_by_staff_and_captions() -> None:
    """A changed caption is a changed message."""
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    event = read(edited_message=message(photo=photo, caption="anders", edit_date=LATELY))
    assert isinstance(event, Event)
    assert (type(event), words_of(event)) == (Edited, "anders")


def test_topics() -> None:
    """A message in a topic says in which; what merely continues an answer in a group is in none."""
    threads = [
        read(message=message(text="hoi", message_thread_id=5, is_topic_message=True)),
        read(message=message(text="hoi", message_thread_id=5)),
        read(
            callback_query={"id": "1", "data": "menu", "message": message(message_thread_id=5, is_topic_message=True)}
        ),
    ]
    assert [event.thread for event in threads if isinstance(event, Event)] == [5, None, 5]


def test_what_answers_nothing_in_a_topic() -> None:
    """Telegram says of it that it answers the message by which the topic was made: it answers nobody."""
    made = {"message_id": 5, "forum_topic_created": {"name": "K7PQ-X4MT", "icon_color": 1}}
    there = {"message_thread_id": 5, "is_topic_message": True}
    alone = read(message=message(text="hoi", reply_to_message=made, **there))
    answer = read(message=message(text="hoi", reply_to_message={"message_id": 6, "text": "?"}, **there))
    assert isinstance(alone, Typed)
    assert isinstance(answer, Typed)
    assert (alone.replied_to, answer.replied_to) == (None, 6)


def test_what_answers_a_message_of_another_chat() -> None:
    """A number of the group before it moved means another message here: it is not taken for that."""
    old = {"message_id": 6, "chat": GROUP, "text": "?"}
    event = read(message=message(text="hoi", reply_to_message=old))
    assert isinstance(event, Typed)
    assert event.replied_to == 0


def test_what_a_tapped_message_answers() -> None:
    """Of staff's it is known what was said, by whom and when; of a message that Telegram no longer has nothing is."""
    said = {"message_id": 6, "date": 1_800_000_000, "text": "Past dinsdag?", "from": {"id": 71, "first_name": "Anne"}}
    tapped = [
        read(callback_query={"id": "1", "data": "staff:send", "message": ours | {"reply_to_message": answered}})
        for ours, answered in (
            (message(chat=GROUP | {"id": -9}), said),
            (message(chat=GROUP | {"id": -9}), {"message_id": 6, "date": 0}),
            (message(), said),
        )
    ]
    answers = [event.tapped.answers for event in tapped if isinstance(event, Chosen) and event.tapped]
    anne = Actor(id="telegram:71", name="Anne")
    at = datetime.fromtimestamp(1_800_000_000, UTC)
    assert answers == [Said(message_id=6, text="Past dinsdag?", at=at, by=anne), None, None]


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"update_id": 12, "message": message(text="hoi")}, "12"),
        ({"message": message(text="hoi")}, "message:3"),
        ({"message": {"chat": {"id": 7}, "text": "hoi"}}, f"at:{NOW.isoformat()}"),
    ],
)
def test_an_update_without_its_numbers(update: dict[str, Any], name: str) -> None:
    """Where Telegram leaves out what it always gave, chat and text are enough to be answered."""
    event = translate(update, Here(), NOW)
    assert isinstance(event, Event)
    assert (event.id, event.chat, words_of(event)) == (name, "telegram:7", "hoi")
