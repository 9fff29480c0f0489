"""Words before files: in a crowd no file is begun while somebody still waits for their tune's words."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

CROWD: Final = 8  # tunes that are waited for at once; with fewer the files do not hold up the words
LONGEST: Final = 15.0  # seconds that files wait for others' words


class WordsFirst:
    """Counts who waits for words. Used on one event loop.

    Args:
        crowd: tunes that must be waited for at once to be a crowd.
        longest: seconds that files wait for others' words; the crowd may never end.
    """

    def __init__(self, crowd: int = CROWD, longest: float = LONGEST) -> None:
        self._crowd, self._longest = crowd, longest
        self._waiting = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @property
    def crowded(self) -> bool:
        """Tell whether words should go at once, and files wait."""
        return not self._calm.is_set()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Count one who waits for words, until they can be shown."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    async def calm(self) -> None:
        """Wait until no crowd waits for words, or for as long as files may wait."""
        try:
            async with asyncio.timeout(self._longest):
                await self._calm.wait()
        except TimeoutError:
            return

    def _count(self, more: int) -> None:
        """A crowd has gathered once it is large, and is gone when nobody of it waits any more."""
        self._waiting += more
        if self._waiting >= self._crowd:
            self._calm.clear()
        elif not self._waiting:
            self._calm.set()
