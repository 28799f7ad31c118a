"""The Bot API's methods, with the rules that Telegram keeps for each."""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.botapi import markup
from tests.botapi.chats import Chat, Message
from tests.botapi.refusals import bad_request, too_many
from tests.botapi.schema import Upload

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

Parameters = Mapping[str, Any]
TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT = 4096, 1024, 64
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
#: some of those that the Bot API names (ReactionTypeEmoji)
ALLOWED_REACTIONS = ("👍", "👎", "❤", "🔥", "👏", "👌", "🙏", "👀")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """SendMessage."""
    chat = open_chat(server, given)
    text, entities = parsed(given, "text", "entities", TEXT_LIMIT, "message is too long")
    if not text:
        raise bad_request("text must be non-empty" if given["text"] else "message text is empty")
    return deliver(server, chat, given, text=text, entities=entities, html=given["text"])


def send_document(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """sendDocument, of a file that comes with the call."""
    chat = open_chat(server, given)
    upload = given["document"]
    if not isinstance(upload, Upload):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not upload.content:
        raise bad_request("file must be non-empty")
    text, entities = parsed(given, "caption", "caption_entities", CAPTION_LIMIT, "message caption is too long")
    document = (upload.name, upload.content)
    return deliver(server, chat, given, text=text, entities=entities, html=given.get("caption", ""), document=document)


def edit_message_text(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """EditMessageText."""
    message = editable(server, given)
    if message.document:
        raise bad_request("there is no text in the message to edit")
    text, entities = parsed(given, "text", "entities", TEXT_LIMIT, "MESSAGE_TOO_LONG")
    if not text:
        raise bad_request("message text is empty")
    return change(message, given, text=text, entities=entities, html=given["text"])


def edit_message_caption(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """EditMessageCaption."""
    message = editable(server, given)
    if not message.document:
        raise bad_request("there is no caption in the message to edit")
    text, entities = parsed(given, "caption", "caption_entities", CAPTION_LIMIT, "MEDIA_CAPTION_TOO_LONG")
    return change(message, given, text=text, entities=entities, html=given.get("caption", ""))


def edit_message_reply_markup(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """EditMessageReplyMarkup."""
    message = editable(server, given)
    return change(message, given, text=message.text, entities=message.entities, html=message.html)


def delete_message(server: "BotApi", given: Parameters) -> bool:
    """DeleteMessage."""
    message = open_chat(server, given).message(given["message_id"])
    if not message:
        raise bad_request("message to delete not found")
    message.deleted = True
    message.chat.messages.remove(message)
    return True


def set_message_reaction(server: "BotApi", given: Parameters) -> bool:
    """SetMessageReaction: one emoji, where the chat allows it."""
    message = open_chat(server, given).message(given["message_id"])
    if not message:
        raise bad_request("message to react not found")
    emojis = [one["emoji"] for one in given.get("reaction") or []]
    if len(emojis) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not message.chat.reactions or any(emoji not in ALLOWED_REACTIONS for emoji in emojis):
        raise bad_request("REACTION_INVALID")
    message.reaction = emojis[0] if emojis else None
    message.chat.wake()
    return True


def send_chat_action(server: "BotApi", given: Parameters) -> bool:
    """SendChatAction."""
    chat = open_chat(server, given)
    if given["action"] not in ("typing", "upload_document"):
        raise bad_request("wrong parameter action in request")
    server.actions.append((chat.id, given["action"]))
    return True


def answer_callback_query(server: "BotApi", given: Parameters) -> bool:
    """answerCallbackQuery: once, and in time."""
    tap = server.taps.get(given["callback_query_id"])
    if not tap or tap.answered or server.now() - tap.at > server.query_lifetime:
        raise bad_request(TOO_OLD)
    if markup.units(given.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    tap.answered = True
    tap.answer = given.get("text", "")
    return True


def get_chat(server: "BotApi", given: Parameters) -> dict[str, Any]:
    """GetChat."""
    return open_chat(server, given).as_json() | {"accent_color_id": 0, "max_reaction_count": 11}


def find_chat(server: "BotApi", chat_id: int | str) -> Chat:
    """The chat by its id. Raises Refusal when there is none, as to this bot."""
    if not str(chat_id).strip():
        raise bad_request("chat_id is empty")
    chat = server.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
    if not chat:
        raise bad_request("chat not found")
    return chat


def open_chat(server: "BotApi", given: Parameters) -> Chat:
    """The chat of a call, when the bot may write there now."""
    chat = find_chat(server, given["chat_id"])
    chat.check_open()
    wait = chat.slow_until - asyncio.get_running_loop().time()
    if wait > 0:
        server.impatient += 1
        raise too_many(chat.slow_tells or int(wait) + 1)
    return chat


def parsed(given: Parameters, name: str, entities: str, limit: int, too_long: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown, and its entities. Raises Refusal for wrong markup and too much text."""
    raw = given.get(name) or ""
    mode = (given.get("parse_mode") or "").lower()
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode (this server knows HTML)")
    text, found = markup.parse(raw) if mode else (raw.strip(), list(given.get(entities) or ()))
    if markup.units(text) > limit:
        raise bad_request(too_long)
    return text, found


def editable(server: "BotApi", given: Parameters) -> Message:
    """The message a call wants to change. Raises Refusal when it is gone, or not the bot's to change."""
    if given.get("inline_message_id") or not given.get("chat_id") or not given.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = open_chat(server, given).message(given["message_id"])
    if not message:
        raise bad_request("message to edit not found")
    if not message.by_bot or message.keyboard:
        raise bad_request("message can't be edited")
    return message


def change(message: Message, given: Parameters, **content: Any) -> dict[str, Any]:
    """Put the new content in the message. Raises Refusal when nothing would be different."""
    new_markup = checked_markup(given.get("reply_markup"))
    before = (message.text, message.entities, (message.markup or {}).get("inline_keyboard") or [])
    after = (content["text"], content["entities"], (new_markup or {}).get("inline_keyboard") or [])
    if before == after:
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities, message.html = content["text"], content["entities"], content["html"]
    message.markup = new_markup
    message.edited = int(time.time())
    message.chat.shows(message)
    return message.as_json()


def deliver(server: "BotApi", chat: Chat, given: Parameters, **content: Any) -> dict[str, Any]:
    """A new message of the bot's in that chat."""
    reply_markup = given.get("reply_markup") or {}
    thread = given.get("message_thread_id")
    chat.check_topic(thread)
    answered = replied(chat, given.get("reply_parameters") or {})
    message = Message(
        id=chat.next_id(), chat=chat, by_bot=True, date=int(time.time()), sender=server.me(), thread=thread,
        reply_to=answered, **content
    )  # fmt: skip
    if "inline_keyboard" in reply_markup:
        message.markup = checked_markup(reply_markup)
    elif reply_markup:
        message.keyboard = checked_keyboard(reply_markup)
        chat.keyboard = None if reply_markup.get("remove_keyboard") else message
    chat.messages.append(message)
    chat.shows(message)
    return message.as_json()


def replied(chat: Chat, parameters: dict[str, Any]) -> Message | None:
    """The message that is answered. Raises Refusal where it is gone, and that matters."""
    if not parameters:
        return None
    message = chat.message(parameters["message_id"])
    if message is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def checked_markup(reply_markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """An inline keyboard. Raises Refusal where Telegram would not show it."""
    rows = (reply_markup or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return reply_markup


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not button.get("callback_data"):
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(button["callback_data"].encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def checked_keyboard(reply_markup: dict[str, Any]) -> dict[str, Any]:
    """A reply keyboard. Raises Refusal where Telegram would not show it."""
    for button in (button for row in reply_markup.get("keyboard", []) for button in row):
        text = button if isinstance(button, str) else button["text"]
        if not text.strip():
            raise bad_request("keyboard button text must be non-empty")
    if "keyboard" in reply_markup and not any(reply_markup["keyboard"]):
        raise bad_request("reply keyboard must have at least one button")
    return reply_markup
