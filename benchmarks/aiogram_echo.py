"""A bare aiogram echo with its default settings: the other bot that ``make bench`` compares the program with."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, Message


async def echo(message: Message) -> None:
    """Say what was said."""
    await message.answer(message.text or "")


async def tapped(query: CallbackQuery) -> None:
    """Say what was tapped, as any bot with buttons must: the tap is answered, or it keeps waiting."""
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.answer(query.data or "")


async def main() -> None:
    """Poll the Bot API that TELEGRAM_API_URL names with the token in TELEGRAM_BOT_TOKEN, until interrupted."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"]))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.callback_query.register(tapped)
    await dispatcher.start_polling(Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=session))


if __name__ == "__main__":
    asyncio.run(main())
