"""A bare python-telegram-bot echo with its default settings: what ``make bench`` compares the program with."""

import os

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.effective_message and update.effective_message.text:
        await update.effective_message.reply_text(update.effective_message.text)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was tapped, as any bot with buttons must: the tap is answered, or it keeps waiting."""
    if update.callback_query and update.effective_message:
        await update.callback_query.answer()
        await update.effective_message.reply_text(update.callback_query.data or "")


def main() -> None:
    """Poll the Bot API that TELEGRAM_API_URL names with the token in TELEGRAM_BOT_TOKEN, until interrupted."""
    base_url = f"{os.environ['TELEGRAM_API_URL']}/bot"
    application = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"]).base_url(base_url).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(tapped))
    application.run_polling()


if __name__ == "__main__":
    main()
