"""The strict server refuses what Telegram refuses, in Telegram's words, and its people behave as people do."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, Person, markup, schema
from tests.botapi.refusals import Refusal


class Caller:
    """Calls the API the plain way."""

    def __init__(self, server: BotApi) -> None:
        self.server = server
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def __call__(self, method: str, **given: Any) -> Any:
        """The result, or the code and description of the refusal."""
        return await self.raw(method, json=given)

    async def raw(self, method: str, token: str = "", **request: Any) -> Any:
        url = f"{self.server.url}/bot{token or self.server.token}/{method}"
        async with self.session.post(url, **request) as answer:
            body = await answer.json()
        if body["ok"]:
            return body["result"]
        assert answer.status == body["error_code"]
        return body["error_code"], body["description"]


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


@pytest.fixture
async def call(server: BotApi) -> AsyncIterator[Caller]:
    caller = Caller(server)
    yield caller
    await caller.session.close()


@pytest.fixture
async def alice(server: BotApi) -> Person:
    person = server.person("Alice")
    await person.send("/start")
    return person


def test_the_statement_is_aiograms() -> None:
    """The stored statement of the API's methods is what the installed aiogram says."""
    assert schema.load() == schema.make()


def markup_of(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": "hoi", "colour": "red"}, "no field ['colour']"),
        ({}, "needs the field ['text']"),
        ({"text": 5}, "int is not string"),
        ({"text": "hoi", "disable_notification": "maybe"}, "str is not boolean"),
        (
            {"text": "hoi", "reply_markup": markup_of({"text": "a", "callback_data": "b", "size": 3})},
            "no field ['size']",
        ),
        ({"text": "hoi", "reply_markup": markup_of({"text": 5, "callback_data": "b"})}, "int is not string"),
        ({"text": "hoi", "reply_markup": markup_of({"text": " ", "callback_data": "b"})}, "must be non-empty"),
        ({"text": "hoi", "reply_markup": markup_of({"text": "a", "callback_data": "é" * 33})}, "BUTTON_DATA_INVALID"),
        ({"text": "hoi", "reply_markup": markup_of({"text": "a"})}, "Text buttons are unallowed"),
        ({"text": "hoi", "reply_markup": {"keyboard": [[]]}}, "at least one button"),
        ({"text": "hoi", "reply_markup": {"keyboard": [[{"text": ""}]]}}, "must be non-empty"),
        ({"text": "hoi", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "  "}, "text must be non-empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "hoi", "chat_id": 1}, "chat not found"),
        ({"text": "hoi", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "hoi", "chat_id": ""}, "chat_id is empty"),
    ],
)
async def test_a_message_that_is_refused(call: Caller, alice: Person, given: dict[str, Any], refusal: str) -> None:
    """Each rule for a message is kept."""
    code, description = await call("sendMessage", **({"chat_id": alice.id} | given))
    assert code == 400
    assert refusal in description
    assert len(call.server.refused) == 1
    assert not alice.said


@pytest.mark.parametrize(
    ("html", "text", "kinds"),
    [
        ("<b>a</b> &lt;&#98;&#x63;&amp;&nbsp;", "a <bc&&nbsp;", ["bold"]),
        (' <a href="https://example.org?a=1&amp;b=2">hier</a>\n', "hier", ["text_link"]),
        ("<b><i>😀</i></b>", "😀", ["bold", "italic"]),
        ("<pre><code class='language-py'>x</code></pre>", "x", ["pre"]),
        ("<u></u>x<tg-spoiler>y</tg-spoiler>", "xy", ["spoiler"]),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', "x", ["custom_emoji"]),
    ],
)
def test_markup(html: str, text: str, kinds: list[str]) -> None:
    """What is shown of HTML is what Telegram shows."""
    shown, entities = markup.parse(html)
    assert shown == text
    assert [entity["type"] for entity in entities] == kinds
    assert all(entity["offset"] + entity["length"] <= markup.units(text) for entity in entities)


@pytest.mark.parametrize(
    ("html", "refusal"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</i>", 'expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag"),
        ("<span>x</span>", "must have class"),
        ("<code><b>x</b></code>", 'can\'t be inside "code" or "pre"'),
        ("<blockquote><blockquote>x</blockquote></blockquote>", "can't be inside"),
        ("<a>x</a>", "without an address"),
    ],
)
def test_markup_that_is_refused(html: str, refusal: str) -> None:
    """Wrong markup is refused in Telegram's words."""
    with pytest.raises(Refusal, match="can't parse entities") as refused:
        markup.parse(html)
    assert refusal in refused.value.description


async def test_forms_work_as_json_does(call: Caller, alice: Person) -> None:
    """A call may come as a form, with JSON in its fields, or with a file."""
    keyboard = '{"inline_keyboard": [[{"text": "Menu", "callback_data": "menu"}]]}'
    form = {"chat_id": str(alice.id), "text": "hoi", "reply_markup": keyboard}
    sent = await call.raw("sendMessage", data=form)
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "menu"
    upload = aiohttp.FormData({"chat_id": str(alice.id), "document": "attach://part", "caption": "a" * 1025})
    upload.add_field("part", b"x", filename="a.txt")
    assert await call.raw("sendDocument", data=upload) == (400, "Bad Request: message caption is too long")
    upload = aiohttp.FormData({"chat_id": str(alice.id), "caption": "kort"})
    upload.add_field("document", b"x", filename="a.txt")
    await call.raw("sendDocument", data=upload)
    assert alice.last.document == ("a.txt", b"x")
    assert await call("sendDocument", chat_id=alice.id, document="AgAD") == (
        400,
        "Bad Request: wrong file identifier/HTTP URL specified",
    )


async def test_tokens_and_methods(call: Caller) -> None:
    """A wrong token, a method that does not exist and one that is not built are told apart."""
    assert await call.raw("getMe", token="1:x") == (401, "Unauthorized")
    assert await call("getMeat") == (404, "Not Found")
    assert (await call("sendDice"))[0] == 501
    assert (await call("getMe"))["username"] == "course_bot"


async def test_edits(call: Caller, alice: Person) -> None:
    """A message can be changed to something else, if it is the bot's, is there, and has no reply keyboard."""
    sent = await call(
        "sendMessage", chat_id=alice.id, text="een", reply_markup=markup_of({"text": "a", "callback_data": "b"})
    )
    one = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert (await call("editMessageText", **one, text="een"))["text"] == "een"  # the buttons went
    assert "message is not modified" in (await call("editMessageText", **one, text="een"))[1]
    assert "message is not modified" in (await call("editMessageReplyMarkup", **one))[1]
    assert (await call("editMessageText", **one, text=" "))[1] == "Bad Request: message text is empty"
    assert "no caption" in (await call("editMessageCaption", **one, caption="x"))[1]
    keyboard = await call("sendMessage", chat_id=alice.id, text="x", reply_markup={"remove_keyboard": True})
    for number, refusal in (
        (999, "message to edit not found"),
        (alice.chat[0].id, "message can't be edited"),
        (keyboard["message_id"], "message can't be edited"),
    ):
        given = {"chat_id": alice.id, "message_id": number, "text": "x"}
        assert await call("editMessageText", **given) == (400, f"Bad Request: {refusal}")
    assert (await call("editMessageText", text="x"))[1] == "Bad Request: message identifier is not specified"
    assert await call("deleteMessage", **one)
    assert (await call("deleteMessage", **one))[0] == 400


async def test_a_tap_is_answered_once_and_in_time(server: BotApi, call: Caller, alice: Person) -> None:
    """Answering a tap twice, too late, or one that never was, is refused."""
    await call("sendMessage", chat_id=alice.id, text="x", reply_markup=markup_of({"text": "A", "callback_data": "a@t"}))
    first, second = await alice.tap("a"), await alice.tap_label("A")
    assert await call("answerCallbackQuery", callback_query_id=first, text="ja")
    server.query_lifetime = 0
    for query in (first, second, "never"):
        assert (await call("answerCallbackQuery", callback_query_id=query))[1].startswith(
            "Bad Request: query is too old"
        )
    assert server.taps[first].answer == "ja"


async def test_where_the_bot_may_not_write(server: BotApi, call: Caller, alice: Person) -> None:
    """Who never wrote, blocked the bot, or moved, is told apart."""
    stranger, group = server.person("Bob"), server.group()
    assert await call("sendMessage", chat_id=stranger.id, text="x") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    await alice.blocks_bot()
    typing = {"chat_id": alice.id, "action": "typing"}
    assert await call("sendChatAction", **typing) == (403, "Forbidden: bot was blocked by the user")
    await alice.unblocks_bot()
    assert await call("sendChatAction", **typing)
    assert (await call("sendChatAction", chat_id=alice.id, action="dancing"))[0] == 400
    await group.removes_bot()
    assert (await call("getChat", chat_id=group.id))[1] == "Forbidden: bot was kicked from the group chat"
    await group.adds_bot()
    old = group.id
    await group.upgrade()
    assert (await call("getChat", chat_id=old))[1] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert (await call("getChat", chat_id=group.id))["type"] == "supergroup"


async def test_polling(server: BotApi, call: Caller, alice: Person) -> None:
    """Updates come until they are confirmed, in order, at most as many as asked, of the kinds asked."""
    await alice.send("twee")
    first = await call("getUpdates", limit=1)
    again = await call("getUpdates")
    assert [update["message"]["text"] for update in again] == ["/start", "twee"]
    assert again[0] == first[0]
    assert len(await call("getUpdates", offset=again[0]["update_id"] + 1)) == 1
    assert len(await call("getUpdates", offset=-1)) == 1
    assert await call("getUpdates", offset=again[1]["update_id"] + 1, allowed_updates=["callback_query"]) == []
    await alice.send("ongehoord")
    assert await call("getUpdates", timeout=0) == []
    assert (await call("getUpdates", limit=0))[0] == 400


async def test_two_pollers(call: Caller) -> None:
    """The earlier of two polls is ended with 409; a webhook ends both."""
    waiting = asyncio.create_task(call("getUpdates", timeout=50))
    await asyncio.sleep(0.05)
    later = asyncio.create_task(call("getUpdates", timeout=50))
    assert (await waiting)[0] == 409
    assert await call("setWebhook", url="https://bot.example/x")
    assert (await later)[0] == 409
    code, description = await call("getUpdates")
    assert (code, "webhook is active" in description) == (409, True)
    assert await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == []


async def test_webhook_settings(call: Caller) -> None:
    """A webhook needs https and a secret of the allowed characters, and can be read back."""
    assert (await call("setWebhook", url="http://bot.example"))[0] == 400
    assert (await call("setWebhook", url="https://bot.example", secret_token="a b"))[0] == 400
    assert await call("setWebhook", url="https://bot.example", secret_token="ab", allowed_updates=["message"])
    info = await call("getWebhookInfo")
    assert (info["url"], info["allowed_updates"], info["max_connections"]) == ("https://bot.example", ["message"], 40)


async def test_profile_rules(call: Caller) -> None:
    """Commands and descriptions have their limits too."""
    bad: list[tuple[str, dict[str, Any]]] = [
        ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": ""}]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": "x"}] * 101}),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1}}),
        ("setMyCommands", {"commands": [], "scope": {"type": "nowhere"}}),
        ("setMyDescription", {"description": "x" * 513}),
        ("setMyShortDescription", {"short_description": "x", "language_code": "dutch"}),
    ]
    for method, given in bad:
        assert (await call(method, **given))[0] == 400
    assert await call("setMyDescription", description="x")
    assert await call("getMyDescription", language_code="en") == {"description": "x"}
    assert await call("deleteMyCommands")
    assert await call("getMyName") == {"name": "Course bot"}


async def test_a_flooded_chat(server: BotApi, call: Caller, alice: Person) -> None:
    """A chat that is told to wait refuses until then, and who comes too early is counted."""
    server.floods(alice.id, 0.2)
    assert (await call("sendMessage", chat_id=alice.id, text="x")) == (429, "Too Many Requests: retry after 1")
    await asyncio.sleep(0.25)
    assert await call("sendMessage", chat_id=alice.id, text="x")
    assert server.impatient == 1


async def test_waiting_in_vain_shows_the_chat(alice: Person) -> None:
    """A test that waits for something that never comes fails with what was said."""
    for waiting in (
        alice.sees("welkom", within=0.05),
        alice.tap("menu", within=0.05),
        alice.tap_label("Menu", within=0.05),
    ):
        with pytest.raises(AssertionError, match="Alice: /start"):
            await waiting
    with pytest.raises(AssertionError, match="no keyboard"):
        await alice.share_contact()


async def test_seeing_in_order(call: Caller, alice: Person) -> None:
    """What was seen once is not new again, until it is changed."""
    sent = await call("sendMessage", chat_id=alice.id, text="een")
    await call("sendMessage", chat_id=alice.id, text="twee")
    assert (await alice.sees("een")).id == sent["message_id"]
    await call("editMessageText", chat_id=alice.id, message_id=sent["message_id"], text="een!")
    assert (await alice.sees("een")).text == "een!"
    assert not alice.unread
    await alice.reply(alice.last, "nee")
    assert (await call("getUpdates"))[1]["message"]["reply_to_message"]["text"] == "twee"


async def test_topics(server: BotApi, call: Caller) -> None:
    """They are made, closed, named anew and deleted by whom that is allowed, in groups that have them."""
    staff = server.group("Staf", "Anne", forum=True)
    here = {"chat_id": staff.id}
    made = await call("createForumTopic", **here, name="Een")
    topic = {**here, "message_thread_id": made["message_thread_id"]}
    assert (await call("getChat", **here))["is_forum"]
    assert (await call("sendMessage", **topic, text="hoi"))["is_topic_message"]
    assert await call("closeForumTopic", **topic)
    assert await call("closeForumTopic", **topic) == (400, "Bad Request: TOPIC_NOT_MODIFIED")
    assert await call("sendMessage", **topic, text="x") == (400, "Bad Request: TOPIC_CLOSED")
    assert await call("reopenForumTopic", **topic)
    assert await call("editForumTopic", **topic, name="Twee")
    await staff.send("Wie belt?", thread=topic["message_thread_id"])
    begun = (await call("getUpdates"))[0]["message"]
    assert begun["reply_to_message"]["forum_topic_created"]["name"] == "Een"
    for name, right in (("createForumTopic", "manage_topics"), ("deleteForumTopic", "delete_messages")):
        staff.state.rights.discard(right)
        given = {**here, "name": "Drie"} if "create" in name else topic
        assert "not enough rights" in (await call(name, **given))[1]
        staff.state.rights.add(right)
    assert await call("deleteForumTopic", **topic)
    assert await call("sendMessage", **topic, text="x") == (400, "Bad Request: TOPIC_DELETED")
    assert await call("sendMessage", **here, message_thread_id=9, text="x") == (
        400, "Bad Request: message thread not found",
    )  # fmt: skip
    for name in ("", "x" * 129):
        assert (await call("createForumTopic", **here, name=name))[0] == 400
    plain = server.group("Staf", "Anne")
    assert await call("createForumTopic", chat_id=plain.id, name="x") == (400, "Bad Request: the chat is not a forum")
