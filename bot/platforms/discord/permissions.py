"""Say once in a channel which permission is missing there."""

from collections import OrderedDict
from typing import Final

from bot import texts
from bot.platforms.discord import texts as own

_REMEMBERED: Final = 1000  # channels


class MissingPermissions:
    """The channels where somebody was told that the bot may not attach files."""

    def __init__(self) -> None:
        self._told: OrderedDict[int, None] = OrderedDict()

    def note(self, channel: int) -> str:
        """Return what to say in place of files: the permission by its name, from then on a few words."""
        if channel in self._told:
            return texts.NO_FILES
        self._told[channel] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        return own.MAY_NOT_ATTACH
