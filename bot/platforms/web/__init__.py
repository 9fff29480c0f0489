"""The bot on its own site."""

from collections.abc import Mapping
from pathlib import Path
from random import SystemRandom
from typing import Final

from bot.core import Core
from bot.platform import Adapter, Platform
from bot.settings import Settings

# npm fills it beside the packages; the bot may be started in any folder.
NODE_MODULES: Final = Path(__file__).resolve().parents[3] / "node_modules"


def _open(platform: Platform, core: Core, settings: Settings, invites: Mapping[str, str]) -> Adapter:
    from bot.platforms.web.adapter import WebAdapter  # noqa: PLC0415 - brings the library

    return WebAdapter(platform, core, settings, SystemRandom(), NODE_MODULES, invites)


WEB: Final = Platform("web", "the site", _open, fetches_files=True)
