"""Read tunes away from the event loop, within a time limit, and keep what was read."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar

from bot import texts
from generator.errors import RequestError
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.render.part_times import Timeline, timeline

_KEPT: Final = 256  # tunes; each is some 100 kB at most
_LIMIT: Final = 5.0  # seconds; the worst that may be pasted takes a fraction of it

Result = TypeVar("Result")


class TuneReader:
    """Reads, transposes and times tunes by their ABC.

    Args:
        limit: seconds that one may take.
    """

    def __init__(self, limit: float = _LIMIT) -> None:
        self._limit = limit
        self._read = lru_cache(_KEPT)(Tune.read)
        self._transpose = lru_cache(_KEPT)(self._transposed)
        self._time = lru_cache(_KEPT)(lambda abc: timeline(self._read(abc)))

    async def read(self, abc: str) -> Tune:
        """Read a tune.

        Raises:
            AbcError: it cannot be read; says where.
            RequestError: it takes too long.
        """
        return await self._away(lambda: self._read(abc))

    async def in_key(self, abc: str, key: Key) -> Tune:
        """Read a tune and bring it into another key of the same mode."""
        return await self._away(lambda: self._transpose(abc, key))

    async def timeline(self, abc: str) -> Timeline:
        """Return when the parts of a tune are played."""
        return await self._away(lambda: self._time(abc))

    def _transposed(self, abc: str, key: Key) -> Tune:
        tune = self._read(abc)
        return tune if key == tune.key else tune.transposed(key).fitted()

    async def _away(self, work: Callable[[], Result]) -> Result:
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.to_thread(work)
        except TimeoutError:
            raise RequestError(texts.TOO_LONG_TO_READ) from None
