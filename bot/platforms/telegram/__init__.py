"""The bot on Telegram."""

from collections.abc import Mapping
from typing import Final

from bot.core import Core
from bot.platform import Adapter, Platform
from bot.settings import Settings


def _open(platform: Platform, core: Core, settings: Settings, invites: Mapping[str, str]) -> Adapter:  # noqa: ARG001
    from bot.platforms.telegram.adapter import TelegramAdapter  # noqa: PLC0415 - brings the library

    return TelegramAdapter(platform, core, settings, drain=settings.grace)


TELEGRAM: Final = Platform("telegram", "Telegram", _open, token="telegram_token", invite="Open in Telegram")  # noqa: S106
