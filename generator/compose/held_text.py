"""Held bars as a model draws them, and what the bars that are drawn keep of the old ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SECOND: Final = 1000  # added to the number of a bar of a second ending
Harmony = tuple[tuple[int, frozenset[int]], ...]


def pickup_of(part: int) -> int:
    """Return the key of the pickup of a part; given that, return the part."""
    return -1 - part


@dataclass(frozen=True, slots=True)
class HeldText:
    """Held bars as a model draws them.

    A bar's key is its number, counted from 0 as written without pickups; a second ending has the numbers of
    the first, and ``SECOND`` more; a pickup has :func:`pickup_of` its part.

    Attributes:
        texts: of the bars that are held, by key.
        ends: by part, how it has to end; see :mod:`generator.grammar.part_marks`.
        pickup: ticks of the pickup of every part.
        bars: of a part.
        unit: ticks of a bare letter.
        full: ticks of a full bar.
        beat: ticks of a beat.
        endings: bars of the first ending of each part, 0 for none.
        old: texts that drawn bars are like, by key.
        rhythm: whether they have their rhythm.
        pulls: by key, how strongly a drawn bar is drawn to its old text, as weight of its characters.
        harmony: by key, where in the bar (in twelfths of a tick) which pitch classes are at home.
        fifths: sharps (positive) or flats (negative) of the key that it is drawn in.
    """

    texts: Mapping[int, str]
    ends: Mapping[int, int]
    pickup: int
    bars: int
    unit: int
    full: int
    beat: int
    endings: Mapping[int, int] = field(default_factory=dict)
    old: Mapping[int, str] = field(default_factory=dict)
    rhythm: bool = False
    pulls: Mapping[int, float] = field(default_factory=dict)
    harmony: Mapping[int, Harmony] = field(default_factory=dict)
    fifths: int = 0

    @property
    def guides(self) -> bool:
        """Tell whether anything is asked of the bars that are drawn."""
        return bool(self.rhythm or self.pulls or self.harmony)

    def comes_next(self, key: int) -> bool:
        """Tell whether nothing may be tied over the line after a bar: a held one may come, or an ending."""
        number = key % SECOND
        if number % self.bars == self.bars - 1 or self.begins_ending(number + 1):
            return True
        return key + 1 in self.texts

    def begins_ending(self, number: int) -> bool:
        """Tell whether the first ending of a part begins at the bar with this number."""
        span = self.endings.get(number // self.bars, 0)
        return span > 0 and number % self.bars == self.bars - span

    def rhythm_at(self, key: int) -> str | None:
        """Return a bar with the rhythm that a drawn one must have; None leaves it free."""
        if not self.rhythm or key not in self.old:
            return None
        text = self.old[key]
        return text.removesuffix("-") if self.comes_next(key) else text
