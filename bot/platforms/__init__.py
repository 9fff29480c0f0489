"""The platforms: one folder each, whose declaration stands in its ``__init__``, and one line here."""

from typing import Final

from bot.platforms.discord import DISCORD
from bot.platforms.telegram import TELEGRAM
from bot.platforms.web import WEB

PLATFORMS: Final = (
    WEB,
    DISCORD,
    TELEGRAM,
)
