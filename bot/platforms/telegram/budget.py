"""Telegram's own limits: 20 messages a minute in a group, 30 a second in all, and waits that it names."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from telegram.constants import FloodLimit
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.chat_keeper import Sleep

_logger: Final = logging.getLogger(__name__)

GROUP: Final = int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP)
_MINUTE: Final = 60.0
_IN_ALL: Final = int(FloodLimit.MESSAGES_PER_SECOND)
_RETRIES: Final = 3  # after "too many requests", each after the time that Telegram names
_MOST_WINDOWS: Final = 512
_RESERVE: Final = 8  # messages of a group's minute that are kept for those who ask next

Clock = Callable[[], float]


class _Window:
    """So many messages within any span of so many seconds."""

    def __init__(self, most: int, seconds: float, clock: Clock, sleep: Sleep) -> None:
        self._most, self._seconds, self._clock, self._sleep = most, seconds, clock, sleep
        self._sent: deque[float] = deque()
        self._turn = asyncio.Lock()

    @property
    def left(self) -> int:
        """Return how many may go out now."""
        while self._sent and self._sent[0] <= self._clock() - self._seconds:
            self._sent.popleft()
        return self._most - len(self._sent)

    @property
    def idle(self) -> bool:
        """Tell whether nothing is counted or waits."""
        return self.left == self._most and not self._turn.locked()

    async def take(self, count: int) -> None:
        """Wait until so many may go out, first come, first served, and count them."""
        async with self._turn:
            while self.left < min(count, self._most):
                await self._sleep(self._sent[0] + self._seconds - self._clock())
            self._sent.extend([self._clock()] * count)


class Budget(BaseRateLimiter[int]):
    """Keeps the limits, and tells how much of a group's minute is to spare.

    Edits and chat actions are not counted, as they are no messages.

    Args:
        clock: seconds that only grow.
        sleep: waits so many of them.
    """

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock, self._sleep = clock, sleep
        self._all = _Window(_IN_ALL, 1.0, clock, sleep)
        self._groups: dict[int, _Window] = {}
        self._waiting: Counter[int] = Counter()

    async def initialize(self) -> None:
        """Do nothing; the library asks for it."""

    async def shutdown(self) -> None:
        """Do nothing; the library asks for it."""

    @contextmanager
    def waiting(self, chat: int) -> Iterator[None]:
        """Keep a message for somebody who waits for an answer in this chat."""
        self._waiting[chat] += 1
        try:
            yield
        finally:
            self._waiting[chat] -= 1
            if not self._waiting[chat]:
                del self._waiting[chat]

    def affords(self, chat: int, more: int) -> bool:
        """Tell whether an answer in this chat may take so many messages beside its first one."""
        if not _is_group(chat):
            return True
        return self._window(chat).left - self._waiting[chat] >= more + _RESERVE

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002
    ) -> Any:
        """Make a request of the library's when its turn has come, again if Telegram says when."""
        chat = data.get("chat_id")
        message = endpoint.startswith("send") and endpoint != "sendChatAction"
        count = len(data["media"]) if endpoint == "sendMediaGroup" else 1
        for left in reversed(range(_RETRIES + 1)):
            if message and isinstance(chat, int):
                if _is_group(chat):
                    await self._window(chat).take(count)
                await self._all.take(count)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                if not left or endpoint == "sendChatAction":
                    raise
                _logger.info("Telegram asks for a pause in a chat")
                await self._sleep(_seconds(error.retry_after) + 0.1)
        raise AssertionError("the last try returns or raises")

    def _window(self, group: int) -> _Window:
        if group not in self._groups:
            if len(self._groups) >= _MOST_WINDOWS:
                self._groups = {name: window for name, window in self._groups.items() if not window.idle}
            self._groups[group] = _Window(GROUP, _MINUTE, self._clock, self._sleep)
        return self._groups[group]


def _is_group(chat: int) -> bool:
    return chat < 0


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else wait
