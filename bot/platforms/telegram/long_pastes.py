"""Pastes that Telegram's apps part into several messages, put together again."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from bot.chat_keeper import Sleep

_LIMIT: Final = 4096  # units of UTF-16 in a message
_PARTED: Final = _LIMIT // 2  # the apps look for a good place in the second half
_OFTEN_PARTED: Final = 3500
_PATIENCE: Final = 2.0  # seconds from one part to the next


@dataclass(slots=True)
class _Waiting:
    """The parts that have come, and whether one has just come."""

    parts: list[str]
    came: asyncio.Event = field(default_factory=asyncio.Event)


class LongPastes:
    """Waits for the rest of a long message.

    Args:
        sleep: waits so many seconds.
    """

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._waiting: dict[tuple[int, int], _Waiting] = {}

    def takes(self, chat: int, user: int, text: str) -> bool:
        """Take a message if it is the rest of a longer one that somebody is waited for with."""
        waiting = self._waiting.get((chat, user))
        if waiting is None or text.startswith("/"):
            return False
        waiting.parts.append(text)
        waiting.came.set()
        return True

    async def whole(self, chat: int, user: int, text: str) -> str:
        """Return a message with what comes right after it, if it is so long that something may."""
        if _units(text) < _PARTED or (chat, user) in self._waiting:
            return text
        waiting = self._waiting[chat, user] = _Waiting([text])
        try:
            while _units(waiting.parts[-1]) >= _PARTED and await self._more(waiting):
                pass
        finally:
            del self._waiting[chat, user]
        return "".join(part + ("" if _units(part) >= _LIMIT else "\n") for part in waiting.parts).rstrip("\n")

    async def _more(self, waiting: _Waiting) -> bool:
        """Wait for another part; tell whether it came in time."""
        waiting.came.clear()
        came = asyncio.ensure_future(waiting.came.wait())
        late = asyncio.ensure_future(self._sleep(_PATIENCE))
        try:
            await asyncio.wait({came, late}, return_when=asyncio.FIRST_COMPLETED)
            return waiting.came.is_set()
        finally:
            came.cancel()
            late.cancel()
            await asyncio.gather(came, late, return_exceptions=True)


def is_cut_off(text: str) -> bool:
    """Tell whether a message is exactly as long as one can be, so that its rest is missing."""
    return _units(text) == _LIMIT


def may_go_on(text: str) -> bool:
    """Tell whether a message is so long that it may be the first part of a longer one."""
    return _OFTEN_PARTED <= _units(text) <= _LIMIT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
