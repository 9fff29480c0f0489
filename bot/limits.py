"""How much one person, and one chat, may ask for in a while: token buckets."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot import texts
from bot.asker import Asker
from bot.store.database import StoreError
from bot.store.shared_buckets import Bucket, SharedBuckets
from generator.errors import BusyError

RATE: Final = r"0|[1-9]\d{0,5}/[1-9]\d{0,3}[smh]"
"""The pattern of a rate: ``20/10m``, or 0 for no limit."""
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}  # seconds
_REMEMBERED: Final = 10_000  # people, or chats


class LimitError(BusyError):
    """Somebody has asked for too much in a while."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds."""

    count: int
    seconds: float

    @classmethod
    def read(cls, text: str) -> "Rate | None":
        """Read what :data:`RATE` matches; None if there is no limit."""
        match = re.fullmatch(r"(\d+)/(\d+)([smh])", text)
        return cls(int(match[1]), float(match[2]) * _UNITS[match[3]]) if match else None


class Buckets:
    """A bucket of tokens for each name: full at first, then refilled evenly. The oldest are forgotten.

    Args:
        rate: a bucket's size, and the time in which it fills; None for no limit.
        clock: seconds, never going back.
    """

    def __init__(self, rate: Rate | None, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._full: OrderedDict[str, float] = OrderedDict()  # when each bucket will be full again

    def __len__(self) -> int:
        return len(self._full)

    def wait(self, name: str) -> float:
        """Return the seconds until there is a token; 0 if there is one."""
        if self._rate is None:
            return 0.0
        step = self._rate.seconds / self._rate.count
        empty_for = self._full.get(name, 0.0) - self._clock() - (self._rate.seconds - step)
        return empty_for if empty_for > step * 1e-6 else 0.0  # less is rounding

    def take(self, name: str) -> None:
        """Take a token."""
        if self._rate is None:
            return
        now = self._clock()
        self._full[name] = max(self._full.get(name, now), now) + self._rate.seconds / self._rate.count
        self._full.move_to_end(name)
        if len(self._full) > _REMEMBERED:
            self._full.popitem(last=False)


class Limits:
    """The limits by person and by chat.

    Args:
        person: rate for one person; ``20/10m``, or 0 for no limit.
        chat: rate for all people in one chat together.
        clock: seconds, never going back.
    """

    def __init__(self, person: str, chat: str, clock: Callable[[], float]) -> None:
        self._people = Buckets(Rate.read(person), clock)
        self._chats = Buckets(Rate.read(chat), clock)

    def take(self, asker: Asker) -> None:
        """Count one thing that somebody asks for.

        Raises:
            LimitError: they, or their chat, have asked for too much; says how long to wait.
        """
        chat = _chat_of(asker)
        if seconds := self._people.wait(asker.turn):
            raise LimitError(texts.person_limited(seconds))
        if chat and (seconds := self._chats.wait(chat)):
            raise LimitError(texts.chat_limited(seconds))
        self._people.take(asker.turn)
        if chat:
            self._chats.take(chat)


class SharedLimits:
    """The same limits, counted together with other processes; alone while the database is away.

    Args:
        person: rate for one person; ``20/10m``, or 0 for no limit.
        chat: rate for all people in one chat together.
        buckets: in the database; None to count alone.
        clock: seconds, never going back.
    """

    def __init__(
        self, person: str, chat: str, buckets: SharedBuckets | None, clock: Callable[[], float]
    ) -> None:
        self._alone = Limits(person, chat, clock)
        self._person, self._chat, self._buckets = Rate.read(person), Rate.read(chat), buckets

    async def take(self, asker: Asker) -> None:
        """Count one thing that somebody asks for.

        Raises:
            LimitError: they, or their chat, have asked for too much; says how long to wait.
        """
        if self._buckets is None:
            self._alone.take(asker)
            return
        buckets = []
        if self._person:
            buckets.append(Bucket(f"person {asker.turn}", self._person.count, self._person.seconds))
        if self._chat and (chat := _chat_of(asker)):
            buckets.append(Bucket(f"chat {chat}", self._chat.count, self._chat.seconds))
        try:
            empty = await self._buckets.take(buckets) if buckets else None
        except StoreError:  # logged where it happened
            self._alone.take(asker)
            return
        if empty:
            bucket, seconds = empty
            limited = texts.person_limited if bucket.name.startswith("person ") else texts.chat_limited
            raise LimitError(limited(seconds))


def _chat_of(asker: Asker) -> str:
    """Name a chat that several people share; empty where somebody is alone."""
    return f"{asker.platform}:{asker.place}" if asker.community else ""
