"""
A strict Bot API server for tests, and people who chat with the bot through it.

    async with BotApi() as server:
        ...  # start the bot with TELEGRAM_API_URL=server.url, TELEGRAM_BOT_TOKEN=server.token
        alice = server.person("Alice", language="nl")
        await alice.send("/start")
        await alice.sees("Welkom")           # waits, bounded, for a new message or edit that holds it
        await alice.tap("signup:start")      # the newest button with that id; "@token" need not be given
        await alice.share_contact()
        staff = server.group("Staff", "Anne", "Bea")
        notice = await staff.sees("aanmelding")
        await staff.reply(notice, "Dank!", by="Bea")

Every call is checked against aiogram's method models (unknown fields refused) and Telegram's own rules, and kept in
``server.calls``; ``server.refused`` are those that broke one. ``server.fails("sendMessage", "429", times=3, chat=…,
retry_after=2)`` and ``server.down()`` make trouble, ``server.again(update)`` delivers an update a second time.
For a webhook on an https address, ``server.updates.webhook.routes["https://bot.example"] = "http://127.0.0.1:8080"``
plays the reverse proxy. ``python -m tests.botapi`` runs it by itself.
"""

from tests.botapi.chats import Chat, InlineButton, Message
from tests.botapi.faults import Fault, How
from tests.botapi.people import Person, StaffGroup
from tests.botapi.server import BotApi, Call, Tap

__all__ = ["BotApi", "Call", "Chat", "Fault", "How", "InlineButton", "Message", "Person", "StaffGroup", "Tap"]
