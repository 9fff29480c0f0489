"""What is remembered of the chats: how much may still be sent there, and what their rules forbid."""

from collections import OrderedDict
from typing import Final

from bot.chat_keeper import Sleep
from bot.platforms.telegram.budget import Budget, Clock

_FORGET: Final = 3600.0  # seconds until a forbidden kind of file is tried again
_MOST: Final = 2000  # kinds in chats


class Chats:
    """What is remembered of the chats.

    Args:
        clock: seconds that only grow.
        sleep: waits so many of them.

    Attributes:
        budget: how many messages they take.
        sleep: as given.
    """

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self.budget = Budget(clock, sleep)
        self.sleep = sleep
        self._clock = clock
        self._forbidden: OrderedDict[tuple[int, str], float] = OrderedDict()

    def forbid(self, chat: int, kind: str) -> None:
        """Remember that a kind of file may not be sent there."""
        self._forbidden[chat, kind] = self._clock() + _FORGET
        if len(self._forbidden) > _MOST:
            self._forbidden.popitem(last=False)

    def may(self, chat: int, kind: str) -> bool:
        """Tell whether a kind of file may be sent there, as far as we know."""
        return self._forbidden.get((chat, kind), self._clock()) <= self._clock()
