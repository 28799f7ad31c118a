"""A Bot API server on loopback that is as strict as Telegram, or stricter."""

import asyncio
import itertools
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.botapi import methods, profile, schema, topics
from tests.botapi.chats import Chat, Message
from tests.botapi.faults import Fault, Faults, How
from tests.botapi.people import Person, StaffGroup
from tests.botapi.refusals import Refusal
from tests.botapi.updates import Updates

Method = Callable[["BotApi", Mapping[str, Any]], Any | Awaitable[Any]]
METHODS: Mapping[str, Method] = {
    "answerCallbackQuery": methods.answer_callback_query, "deleteMessage": methods.delete_message,
    "editMessageCaption": methods.edit_message_caption, "editMessageReplyMarkup": methods.edit_message_reply_markup,
    "editMessageText": methods.edit_message_text, "getChat": methods.get_chat,
    "sendChatAction": methods.send_chat_action, "setMessageReaction": methods.set_message_reaction,
    "sendDocument": methods.send_document, "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic, "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic, "deleteForumTopic": topics.delete_forum_topic,
    "sendMessage": methods.send_message, "deleteMyCommands": profile.delete_my_commands,
    "deleteWebhook": profile.delete_webhook, "getChatMenuButton": profile.get_chat_menu_button,
    "getMe": profile.get_me, "getMyCommands": profile.get_my_commands,
    "getMyDescription": profile.get_my_description, "getMyName": profile.get_my_name,
    "getMyShortDescription": profile.get_my_short_description, "getUpdates": profile.get_updates,
    "getWebhookInfo": profile.get_webhook_info, "setChatMenuButton": profile.set_chat_menu_button,
    "setMyCommands": profile.set_my_commands, "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description, "setWebhook": profile.set_webhook,
}  # fmt: skip


@dataclass(kw_only=True)
class Call:
    """One call of the bot's, and what it was answered."""

    method: str
    given: dict[str, Any]
    at: float  #: the loop's clock, seconds
    status: int = 0  #: 0: no answer was given
    description: str = ""  #: why it was refused


@dataclass(kw_only=True)
class Tap:
    """A tap on a button, waiting for answerCallbackQuery."""

    at: float
    answered: bool = False
    answer: str = ""


@dataclass(kw_only=True)
class BotApi:
    """``async with BotApi() as server:`` — then ``server.url``, ``server.token`` and ``server.person("Alice")``."""

    token: str = "4242:TEST-token-of-the-strict-server"
    username: str = "course_bot"
    query_lifetime: float = 30.0  #: seconds in which a tap can be answered
    port: int = 0
    chats: dict[int, Chat] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    taps: dict[str, Tap] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(
        default_factory=dict
    )  #: (scope, language) -> commands
    descriptions: dict[str, str] = field(default_factory=dict)  #: language -> text
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    faults: Faults = field(default_factory=Faults)
    leaves_out: set[str] = field(default_factory=set)  #: fields that no answer has, as in another API
    impatient: int = 0  #: calls that came before the time that a 429 told had passed

    def __post_init__(self) -> None:
        """The counters and the switch that ends what waits."""
        self.next_id = itertools.count(1000).__next__
        self._numbers = itertools.count(7_000_001)
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The root address, for TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen on the port (any free one for 0)."""
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        [address] = self._runner.addresses
        self.port = address[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what waits, and stop listening."""
        self._closing.set()
        self.updates.interrupt()
        await self.updates.webhook.close()
        if self._runner:
            await self._runner.cleanup()

    # People and groups

    def person(self, name: str, *, language: str | None = "nl", phone: str = "31612345678") -> Person:
        """Somebody with a private chat that has not begun yet."""
        number = next(self._numbers)
        chat = Chat(id=number, type="private", title=name, state="new", next_id=self.next_id)
        self.chats[number] = chat
        return Person(server=self, state=chat, number=number, name=name, language=language, phone=phone)

    def group(self, title: str = "Staff", *members: str, forum: bool = False) -> StaffGroup:
        """
        A group the bot is a member of, with these people; the first speaks when no other is named.

        ``forum``: it is divided in topics, and the bot hears everything there, as an administrator does.
        """
        kind = "supergroup" if forum else "group"
        number = -next(self._numbers) - (1_000_000_000_000 if forum else 0)
        chat = Chat(id=number, type=kind, title=title, next_id=self.next_id, forum=forum, privacy=not forum)
        self.chats[chat.id] = chat
        people = {name: next(self._numbers) for name in members or ("Anne",)}
        return StaffGroup(server=self, state=chat, members=people)

    # Trouble

    def fails(self, method: str | None, how: How, *, times: int = 1, chat: int | None = None, **more: Any) -> None:
        """The next ``times`` calls of ``method`` (None: any), to ``chat`` if one is named, meet this (see Fault)."""
        self.faults.add(Fault(how=how, method=method, times=times, chat=chat, **more))

    def floods(self, chat: int, seconds: float, *, tells: int | None = None) -> None:
        """
        That chat answers 429 until so many seconds have passed; ``impatient`` counts calls that came meanwhile.
        ``tells``: for how long it asks to wait each time, where that is not until then.
        """
        self.chats[chat].slow_until = asyncio.get_running_loop().time() + seconds
        self.chats[chat].slow_tells = tells

    def down(self) -> None:
        """Every connection breaks from now on, those that wait included."""
        self.faults.down = True
        self.updates.interrupt()

    def up(self) -> None:
        """Works again."""
        self.faults.down = False

    def again(self, update: dict[str, Any] | None = None) -> None:
        """Deliver an update once more (the last one if none is given), even though it was confirmed."""
        self.updates.put(update or self.updates.all[-1])

    # What happened

    def calls_of(self, method: str) -> list[Call]:
        """The calls of that method so far."""
        return [call for call in self.calls if call.method == method]

    @property
    def refused(self) -> list[Call]:
        """Calls that broke a rule of the API's (a 400); the texts of the chats say nothing of those."""
        return [call for call in self.calls if call.status == 400]

    def me(self) -> dict[str, Any]:
        """The bot, as a User object."""
        return {"id": 4242, "is_bot": True, "first_name": "Course bot", "username": self.username}

    def now(self) -> float:
        """Seconds on the loop's clock."""
        return asyncio.get_running_loop().time()

    def new_tap(self) -> str:
        """The id of a new callback query."""
        query = secrets.token_hex(8)
        self.taps[query] = Tap(at=self.now())
        return query

    def tell(self, kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
        """A new update for the bot."""
        return self.updates.add(kind, content)

    def migrate(self, chat: Chat) -> Chat:
        """The group becomes a supergroup: another id, and the old one points to it."""
        new = Chat(
            id=-1_000_000_000_000 - next(self._numbers), type="supergroup", title=chat.title,
            next_id=itertools.count(1).__next__,
        )  # fmt: skip
        self.chats[new.id] = new
        chat.moved_to = new.id
        return new

    # Serving

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.faults.down:
            return _broken(request)
        if request.match_info["token"] != self.token:
            return _answer(Refusal(401, "Unauthorized"))
        name = request.match_info["method"]
        if name not in METHODS:
            return _answer(_unknown(name))
        given = await _parameters(request)
        call = Call(method=name, given=given, at=self.now())
        self.calls.append(call)
        return await self._meet(request, call)

    async def _meet(self, request: web.Request, call: Call) -> web.StreamResponse:
        """The answer to a call, or the fault that was asked for."""
        fault = self.faults.take(call.method, call.given)
        if fault and fault.how == "reset":
            return _broken(request)
        if fault and fault.how == "garbage":
            return web.Response(text="<html>proxy error</html>", content_type="text/html")
        if fault and fault.how == "page":
            return web.Response(text="<html>no entry</html>", content_type="text/html", status=fault.status)
        if fault and fault.how == "wrong shape":
            return web.json_response({"ok": True, "result": "surprise"})
        answer = _answer(refusal) if fault and (refusal := fault.refusal()) else await self._do(call)
        call.status = answer.status
        if fault and fault.how == "lost":
            await self._closing.wait()
            return _broken(request)
        return _broken(request) if self.faults.down else answer

    async def _do(self, call: Call) -> web.Response:
        try:
            result = METHODS[call.method](self, schema.check(call.method, call.given))
            result = await result if asyncio.iscoroutine(result) else result
            if self.leaves_out and isinstance(result, dict):
                result = {name: value for name, value in result.items() if name not in self.leaves_out}
        except Refusal as refusal:
            call.description = refusal.description
            return _answer(refusal)
        return web.json_response({"ok": True, "result": result})


async def _parameters(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body: dict[str, Any] = json.loads(await request.text() or "{}")
        return given | body
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                given[name] = schema.Upload(value.filename, value.file.read())
            else:
                given[name] = value
    return _attached(given)


def _attached(given: dict[str, Any]) -> dict[str, Any]:
    """Files that a parameter points to with attach://, in their place."""
    pointers = {name: value[9:] for name, value in given.items() if str(value).startswith("attach://")}
    files = {name: given.pop(part) for name, part in pointers.items() if part in given}
    return given | files


def _unknown(method: str) -> Refusal:
    known = method in schema.load()["others"]
    return Refusal(501, f"{method} is not built in this test server") if known else Refusal(404, "Not Found")


def _answer(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.code)


def _broken(request: web.Request) -> web.Response:
    """Nothing: the connection is cut."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


__all__ = ["BotApi", "Call", "Message", "Tap"]
