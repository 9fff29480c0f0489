"""How each part of the bot is, in a word: for whoever sends it work, and for the metrics."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, runtime_checkable

from bot.metrics import Metrics

WELL: Final = "ok"
UNAVAILABLE: Final = "unavailable"
CONNECTED: Final = "connected"
EMBEDDED: Final = "embedded"  # other machines compose, and while they are away, this one
_GOOD: Final = frozenset({WELL, CONNECTED, EMBEDDED})
_PATIENCE: Final = 2.0  # seconds for a part to say how it is

Word = Callable[[], Awaitable[str]]


@runtime_checkable
class Watched(Protocol):
    """A part that says how it is."""

    @property
    def condition(self) -> str:
        """Return ``ok`` or ``connected``, or another word for what is wrong."""


@runtime_checkable
class Loaded(Protocol):
    """A part that has a queue."""

    @property
    def load(self) -> tuple[int, int]:
        """Return how many requests wait, and how many slots are taken."""


class Health:
    """Asks the parts of the bot how they are.

    Attributes:
        metrics: of this bot.

    Args:
        metrics: learns of every answer.
    """

    def __init__(self, metrics: Metrics | None = None) -> None:
        self.metrics = metrics or Metrics()
        self._needed: dict[str, Word] = {}
        self._others: dict[str, Word] = {}

    def need(self, name: str, word: Word) -> None:
        """Count a part among those without which nobody should be sent here."""
        self._needed[name] = word

    def show(self, name: str, word: Word) -> None:
        """Show a part whose trouble is no reason to send people elsewhere: a chat."""
        self._others[name] = word

    def need_part(self, name: str, part: object) -> None:
        """Count an object among the needed parts; one that cannot say how it is counts as well."""

        async def word() -> str:
            return part.condition if isinstance(part, Watched) else WELL

        self.need(name, word)
        if isinstance(part, Loaded):
            self.metrics.watch_load(lambda: part.load)

    async def words(self) -> dict[str, str]:
        """Return a word for each part, by name."""
        parts = self._needed | self._others
        said = await asyncio.gather(*map(_said, parts.values()))
        words = dict(zip(parts, said, strict=True))
        for name, word in words.items():
            self.metrics.part(name, well=word in _GOOD)
        return words

    def ready(self, words: dict[str, str]) -> bool:
        """Tell by these words whether people should be sent here."""
        return all(words.get(name) in _GOOD for name in self._needed)


async def _said(word: Word) -> str:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await word()
    except TimeoutError:
        return UNAVAILABLE
