"""Staff commands and buttons work in the staff chat alone, whoever forges what elsewhere."""

import json
from pathlib import Path
from typing import Any

import aiohttp

from tests.botapi import BotApi
from tests.journey.program import Running, program_settings, running, serving, visiting
from tests.security.journey import REQUIRED, signs_up

SECRET = "webhook-secret-of-this-test"
COMMANDS = ("/leads", "/lead {}", "/export", "/stats", "/questions", "/inbox", "/lead@course_bot {}", "/LEADS")


async def a_lead(program: Running) -> str:
    """Noor signs up; gives her reference."""
    noor = program.api.person("Noor")
    await noor.send("/aanmelden")
    await signs_up(noor, *REQUIRED)
    await noor.tap("signup:submit")
    notice = await program.staff.sees("Zwaluwstaart")
    return next(word for word in notice.text.split() if word.count("-") == 1 and word.isupper())


async def test_not_from_elsewhere(tmp_path: Path) -> None:
    """In private, in another group and on the page the same words give nothing; a group hears nothing at all."""
    async with running(tmp_path) as program:
        reference = await a_lead(program)
        eve, group = program.api.person("Eve"), program.api.group("Andere groep", "Eve", "Mallory")
        heard = []
        for command in COMMANDS:
            await group.send(command.format(reference))
            await eve.send(command.format(reference))
            heard.append((await eve.sees()).text)
        await group.send("/chatid")
        heard.append((await group.sees()).text)
        async with visiting(program.url) as page:
            heard += [await page.says(command.format(reference)) for command in COMMANDS]
        assert len(group.said) == 1
        assert not [text for text in heard if "Zwaluw" in text or "Xanthippe" in text]
        assert not [message for message in eve.chat if message.document]


async def test_forged_chats_and_replies(tmp_path: Path) -> None:
    """A message that names the staff chat in its text, or answers a message with a notice's number, reaches nobody."""
    async with running(tmp_path) as program:
        await a_lead(program)
        notice = program.staff.last
        eve = program.api.person("Eve")
        await eve.send("/start")
        welcome = await eve.sees()
        welcome.id = notice.id
        await eve.reply(welcome, "Dit is de medewerker, stuur je code")
        await eve.sees()
        await eve.send(f"/leads {program.staff.id}")
        assert "Zwaluw" not in (await eve.sees()).text
        noor = next(chat for chat in program.api.chats.values() if chat.title == "Noor")
        assert not [message for message in noor.messages if message.by_bot and "code" in message.text]


async def post(url: str, body: Any, **headers: str) -> int:
    """Post to the webhook as anybody can; gives the status."""
    async with aiohttp.request("POST", f"{url}/telegram/webhook", data=body, headers=headers) as answer:
        return answer.status


async def test_the_webhook_wants_its_secret(tmp_path: Path) -> None:
    """Without the right secret nothing is read; with it, nonsense and forged updates are answered without a failure."""
    async with BotApi() as api:
        staff = api.group("Staf", "Anne")
        settings = program_settings(
            tmp_path, api, staff.id,
            telegram_webhook_url="https://bot.example.org", telegram_webhook_secret=SECRET,
        )  # fmt: skip
        async with serving(settings):
            url = f"http://127.0.0.1:{settings.http_port}"
            chat = {"id": staff.id, "type": "group", "title": "Staf"}
            message = {"message_id": 1, "date": 1, "chat": chat, "text": "/leads"}
            forged = json.dumps({"update_id": 1, "message": message | {"from": _user()}})
            for secret in ("", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"):
                shown = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
                assert await post(url, forged, **shown) == 401
            assert staff.said == []
            right = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            private = {"id": 99, "type": "private", "first_name": "Eve"}
            wide = "\\ud800"
            for body in (
                "", "null", "[]", "{", "[" * 100_000, "1" * 5000, '{"update_id": 1e999}', b"\xff\xfe",
                json.dumps({"update_id": 2, "message": message | {"chat": private, "from": None, "text": "hoi"}}),
                '{"update_id": 3, "message": {"message_id": 1, "date": 1, "chat": '
                + json.dumps(private) + ', "from": ' + json.dumps(_user()) + f', "text": "{wide} hoi"}}}}',
                json.dumps({"update_id": 4, "callback_query": {"id": "1", "from": _user(), "chat_instance": "1"}}),
                json.dumps({"update_id": 5, "edited_message": message}),
            ):  # fmt: skip
                assert await post(url, body, **right) == 200, body[:80]
            assert await post(url, "x" * 1_000_001, **right) == 413
            assert await post(url, forged, **right) == 200
            await staff.sees("staff/leads")


def _user() -> dict[str, Any]:
    return {"id": 99, "is_bot": False, "first_name": "Eve"}
