"""The bot on Discord."""

from collections.abc import Mapping
from typing import Final

from bot.core import Core
from bot.platform import Adapter, Platform
from bot.settings import Settings


def _open(platform: Platform, core: Core, settings: Settings, invites: Mapping[str, str]) -> Adapter:  # noqa: ARG001
    from bot.platforms.discord.adapter import DiscordAdapter  # noqa: PLC0415 - brings the library

    return DiscordAdapter(platform, core, settings, drain=settings.grace)


DISCORD: Final = Platform("discord", "Discord", _open, token="discord_token", invite="Add to Discord")  # noqa: S106
