"""The Bot API's methods by name, without python-telegram-bot's objects: what a newer API answers is read as well."""

from collections.abc import Mapping
from typing import Any

from bot.channels.telegram.request import AiohttpRequest, Upload


class Api:
    """One bot's methods. The address, which contains its token, is shown to nobody."""

    def __init__(self, request: AiohttpRequest, base_url: str) -> None:
        self._request = request
        self._base_url = base_url

    async def call(self, method: str, parameters: Mapping[str, Any] | None = None, seconds: float | None = None) -> Any:
        """The plain result of a method, which may take so long. Raises TelegramError."""
        return await self._request.call(f"{self._base_url}/{method}", parameters or {}, seconds)

    async def upload(self, method: str, parameters: Mapping[str, Any], file: Upload, seconds: float) -> Any:
        """As ``call``, with a file among the parameters."""
        return await self._request.upload(f"{self._base_url}/{method}", parameters, file, seconds)
