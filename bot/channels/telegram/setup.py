"""What Telegram shows of the bot: commands, descriptions, the menu button. Read first, written where it differs."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from telegram import Bot, BotCommandScope, BotCommandScopeChat, MenuButton, MenuButtonCommands
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.channels.telegram.translate import Migrated, chat_id
from bot.outbox import StaffAddress
from bot.settings.errors import SettingsError
from bot.wording.records import TelegramTexts

log = structlog.get_logger()


class TokenRefused(SettingsError):
    """Telegram does not know the token."""

    def __init__(self) -> None:
        super().__init__("TELEGRAM_BOT_TOKEN", "is refused by Telegram: copy it anew from @BotFather")


class Introduction:
    """Makes Telegram show what messages/ says of the bot."""

    def __init__(
        self,
        bot: Bot,
        texts: Mapping[str, TelegramTexts],
        *,
        staff: StaffAddress,
        on_migrated: Callable[[Migrated], None],
    ) -> None:
        """``texts`` by language; the first is shown to people of any other language too."""
        self._bot = bot
        self._texts = texts
        self._staff_chat = staff
        self._on_migrated = on_migrated

    def show(self, texts: Mapping[str, TelegramTexts]) -> None:
        """Say this from the next ``make`` on."""
        self._texts = texts

    async def make(self) -> None:
        """Write what differs. Raises TelegramError when Telegram cannot be reached; what it refuses is logged."""
        default = next(iter(self._texts.values()))
        for language, texts in [(None, default), *self._texts.items()]:
            await _refusable("commands", self._commands(texts.commands, language))
            await _refusable("description", self._description(texts.description, language))
            await _refusable("short_description", self._short(texts.short_description, language))
        await _refusable("menu_button", self._menu_button())
        await _refusable("staff_commands", self._staff(default))

    async def _commands(
        self, commands: Mapping[str, str], language: str | None, scope: BotCommandScope | None = None
    ) -> None:
        shown = await self._bot.get_my_commands(scope=scope, language_code=language)
        if [(one.command, one.description) for one in shown] != list(commands.items()):
            await self._bot.set_my_commands(list(commands.items()), scope=scope, language_code=language)

    async def _description(self, text: str, language: str | None) -> None:
        if (await self._bot.get_my_description(language)).description != text:
            await self._bot.set_my_description(text, language)

    async def _short(self, text: str, language: str | None) -> None:
        if (await self._bot.get_my_short_description(language)).short_description != text:
            await self._bot.set_my_short_description(text, language)

    async def _menu_button(self) -> None:
        if (await self._bot.get_chat_menu_button()).type != MenuButton.COMMANDS:
            await self._bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    async def _staff(self, texts: TelegramTexts) -> None:
        chat = chat_id(self._staff_chat.now)
        if chat is None or not texts.staff_commands:
            return
        try:
            await self._commands(texts.staff_commands, None, BotCommandScopeChat(chat))
        except ChatMigrated as moved:
            self._on_migrated(Migrated(old=chat, new=moved.new_chat_id))
            await self._commands(texts.staff_commands, None, BotCommandScopeChat(moved.new_chat_id))


async def _refusable(what: str, step: Awaitable[None]) -> None:
    """Do one step; a refusal of its content is told, and keeps nothing else from being done."""
    try:
        await step
    except (BadRequest, Forbidden) as refusal:
        log.warning("telegram_setup_refused", what=what, reason=refusal.message[:200])
