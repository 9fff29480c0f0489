"""What people pasted last, so that another tune of it can be asked for by its number."""

from collections import OrderedDict
from typing import Final

from bot.asker import Asker

_KEPT: Final = 200  # of 20,000 characters at most


class Pastes:
    """Keeps the last paste of each person in each place, of as many people as pasted lately; in memory."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def keep(self, asker: Asker, text: str) -> None:
        """Keep what somebody pasted, in place of what they pasted before."""
        key = (asker.platform, asker.place, asker.user)
        self._texts[key] = text
        self._texts.move_to_end(key)
        if len(self._texts) > _KEPT:
            self._texts.popitem(last=False)

    def last(self, asker: Asker) -> str:
        """Return what somebody pasted last here; ``""`` if that is not known."""
        return self._texts.get((asker.platform, asker.place, asker.user), "")

    def forget(self, asker: Asker) -> None:
        """Let go of what somebody pasted on a platform, wherever it was."""
        theirs = (asker.platform, asker.user)
        for key in [key for key in self._texts if (key[0], key[2]) == theirs]:
            del self._texts[key]
