"""``python -m tests.botapi [PORT]``: the strict server by itself, with one person who says /start."""

import asyncio
import sys

from tests.botapi import BotApi


async def main(port: int) -> None:
    """Serve until interrupted, showing each call and why it was refused."""
    async with BotApi(port=port) as server:
        print(f"TELEGRAM_API_URL={server.url}\nTELEGRAM_BOT_TOKEN={server.token}", flush=True)  # noqa: T201
        await server.person("Alice").send("/start")
        shown = 0
        while True:
            await asyncio.sleep(0.2)
            for call in server.calls[shown:]:
                print(call.status, call.method, call.given, call.description, flush=True)  # noqa: T201
            shown = len(server.calls)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
