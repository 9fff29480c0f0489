"""The bot as these tests start it, and what they expect of it."""

from collections.abc import Mapping

from bot.asker import Asker
from bot.commands.command import Tools
from bot.core import Core
from bot.platforms.discord import DISCORD
from bot.platforms.discord.adapter import DiscordAdapter
from bot.reply import Reply
from tests.platforms.band import ABC, TUNE, settings
from tests.platforms.band import WORDS as TITLE_AND_FACTS
from tests.platforms.discord_server import TOKEN, DiscordServer
from tests.platforms.server import Trouble

assert TUNE.tune
WORDS = f"{TITLE_AND_FACTS} · id {TUNE.tune['id']}"
SHOWN = f"{WORDS}\n```\n{ABC}\n```"
SLOWER = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
DROPPED = Trouble(0)
DROPPED_ON_THE_WAY_BACK = Trouble(0, done=True)

EPHEMERAL = 64


def adapter(core: Core, token: str = TOKEN, patience: float = 10.0, drain: float = 10.0) -> DiscordAdapter:
    return DiscordAdapter(
        DISCORD,
        core,
        settings(discord_token=token),
        patience=patience,
        drain=drain,
        guild_ready_timeout=0.0,
    )


async def nothing(tools: Tools, values: Mapping[str, object], asker: Asker) -> Reply:
    """Answer nothing: the menu is all that these tests look at."""
    return Reply()


def option_of(server: DiscordServer, command: str, option: str) -> dict[str, object]:
    registered = next(item for item in server.commands if item["name"] == command)
    return next(item for item in registered["options"] if item["name"] == option)
