"""The methods about the bot itself: who it is, what its menu shows, how it gets its updates."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.botapi.methods import find_chat
from tests.botapi.refusals import bad_request

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

Parameters = Mapping[str, Any]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?(/|$)")


def get_me(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """GetMe."""
    return server.me() | {
        "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        "can_connect_to_business": False, "has_main_web_app": False,
    }  # fmt: skip


async def get_updates(server: "BotApi", given: Parameters) -> list[dict[str, Any]]:
    """GetUpdates."""
    limit, timeout = given.get("limit", 100), given.get("timeout", 0)
    if not 1 <= limit <= 100:
        raise bad_request("limit must be 1-100")
    if "allowed_updates" in given:
        server.updates.kinds = given["allowed_updates"]
    return await server.updates.poll(given.get("offset", 0), limit, min(timeout, 50))


def set_webhook(server: "BotApi", given: Parameters) -> bool:
    """setWebhook: https, or http on loopback as a local Bot API server takes it."""
    url, secret = given["url"], given.get("secret_token")
    if url and not url.startswith("https://") and not _LOOPBACK.match(url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in given:
        server.updates.kinds = given["allowed_updates"]
    if given.get("drop_pending_updates"):
        server.updates.pending.clear()
    server.updates.webhook.set(url, secret, given.get("max_connections", 40))
    server.updates.interrupt()
    return True


def delete_webhook(server: "BotApi", given: Parameters) -> bool:
    """DeleteWebhook."""
    if given.get("drop_pending_updates"):
        server.updates.pending.clear()
    server.updates.webhook.set("", None, 40)
    return True


def get_webhook_info(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """GetWebhookInfo."""
    return server.updates.webhook.info()


def set_my_commands(server: "BotApi", given: Parameters) -> bool:
    """SetMyCommands."""
    if len(given["commands"]) > 100:
        raise bad_request("too many commands")
    for command in given["commands"]:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    server.commands[_scope(server, given)] = given["commands"]
    return True


def get_my_commands(server: "BotApi", given: Parameters) -> list[dict[str, Any]]:
    """GetMyCommands."""
    return server.commands.get(_scope(server, given), [])


def delete_my_commands(server: "BotApi", given: Parameters) -> bool:
    """DeleteMyCommands."""
    server.commands.pop(_scope(server, given), None)
    return True


def _scope(server: "BotApi", given: Parameters) -> tuple[str, str]:
    scope = given.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        find_chat(server, scope["chat_id"]).check_open()
    return " ".join(str(scope[key]) for key in sorted(scope, reverse=True)), _language(given)


def _language(given: Parameters) -> str:
    language = given.get("language_code") or ""
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("LANG_CODE_INVALID")
    return str(language)


def get_my_name(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """GetMyName."""
    return {"name": server.me()["first_name"]}


def get_my_description(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """getMyDescription; a language without its own has the default one."""
    return {"description": _own_or_default(server.descriptions, given)}


def set_my_description(server: "BotApi", given: Parameters) -> bool:
    """SetMyDescription."""
    return _describe(server.descriptions, given, "description", 512)


def get_my_short_description(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """getMyShortDescription; a language without its own has the default one."""
    return {"short_description": _own_or_default(server.short_descriptions, given)}


def set_my_short_description(server: "BotApi", given: Parameters) -> bool:
    """SetMyShortDescription."""
    return _describe(server.short_descriptions, given, "short_description", 120)


def _own_or_default(texts: dict[str, str], given: Parameters) -> str:
    return texts.get(_language(given)) or texts.get("", "")


def _describe(texts: dict[str, str], given: Parameters, name: str, limit: int) -> bool:
    text = given.get(name, "")
    if len(text) > limit:
        raise bad_request(f"{name} is too long")
    texts[_language(given)] = text
    return True


def get_chat_menu_button(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """GetChatMenuButton."""
    return server.menu_buttons.get(given.get("chat_id"), {"type": "default"})


def set_chat_menu_button(server: "BotApi", given: Parameters) -> bool:
    """SetChatMenuButton."""
    server.menu_buttons[given.get("chat_id")] = given.get("menu_button") or {"type": "default"}
    return True
