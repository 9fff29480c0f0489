"""A whole bot in a process of its own, on local platforms: ``python -m tests.bot.one_process JSON``.

The JSON has ``settings``, and where Discord and Telegram are: ``discord``, ``gateway``, ``telegram``.
"""

import asyncio
import json
import sys
import time
from dataclasses import replace
from random import SystemRandom
from typing import Any

import discord
import yarl

from bot.platforms.discord import DISCORD
from bot.platforms.telegram import TELEGRAM
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.web import WEB
from bot.settings import Settings
from bot.startup import serve
from bot.store import Store
from tests.bot.players import Copyist, Fiddler


async def main(asked: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    if "discord" in asked:
        discord.http.Route.BASE = asked["discord"]
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(asked["gateway"])
        discord.Client.before_identify_hook = at_once  # type: ignore[method-assign]

    def telegram(platform: Any, core: Any, settings: Any, _: object) -> TelegramAdapter:
        return TelegramAdapter(platform, core, settings, api=asked["telegram"])

    settings = Settings(**asked["settings"])
    store = await Store.open(settings.database_url, time.time, SystemRandom())

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    platforms = (WEB, DISCORD, replace(TELEGRAM, open=telegram))
    await serve(settings, store, Fiddler(), Copyist("png", "mid"), say, platforms)
    await store.close()


async def at_once(*_: object, **__: object) -> None:
    """The local gateway lets shards come as fast as they like."""


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
