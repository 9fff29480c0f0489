"""Which written lengths there are, and how few characters fill a span of time.

Time is counted in ticks of 1/32 of a whole note.
"""

from collections.abc import Collection, Mapping
from functools import cache
from math import gcd, inf
from typing import Final

WHOLE: Final = 32
LONGEST: Final = 48  # ticks of a bar of 12/8 or 3/2

# Lengths that one note head can show: plain, dotted and double dotted (ABC 2.1, section 4.3).
NOTATABLE: Final = tuple(
    sorted({n * 2**k for n in (1, 3, 7) for k in range(6) if n * 2**k <= LONGEST and (n != 7 or k < 3)})
)

# How many notes of a tuplet take the time of how many (ABC 2.1, section 4.13).
TUPLETS: Final[Mapping[int, int]] = {2: 3, 3: 2, 4: 3, 6: 2}


def length_texts(ticks: int, unit: int) -> tuple[str, ...]:
    """Every way that ABC writes a length of ``ticks`` where a bare letter has ``unit`` ticks."""
    shared = gcd(ticks, unit)
    top, bottom = ticks // shared, unit // shared
    number = "" if top == 1 else str(top)
    if bottom == 1:
        return (number,)
    texts = [f"{number}/{bottom}"]
    if bottom in (2, 4):
        texts.append(number + "/" * (bottom // 2))
    return tuple(texts)


class Lengths:
    """The lengths that an alphabet can write, for one unit note length.

    Attributes:
        texts: all ways to write a length, with its ticks.
        shortest: characters that the length of a note takes at the least, by ticks.
    """

    def __init__(self, characters: Collection[str], unit: int) -> None:
        pairs = [(text, ticks) for ticks in NOTATABLE for text in length_texts(ticks, unit)]
        self.texts = {text: ticks for text, ticks in pairs if all(c in characters for c in text)}
        self.shortest: dict[int, int] = {}
        for text, ticks in self.texts.items():
            self.shortest[ticks] = min(len(text), self.shortest.get(ticks, len(text)))
        self._plain: list[list[float]] = []
        for span in range(LONGEST + 1):
            self._plain.append([self._fewest(span, notes) for notes in range(3)])
        self.tuplet = cache(self._tuplet)

    def _fewest(self, span: int, notes: int) -> float:
        if span == 0:
            return 0 if notes == 0 else inf
        rest = max(notes - 1, 0)
        fits = [(t, short) for t, short in self.shortest.items() if self.in_step(span, t)]
        return min((1 + short + self._plain[span - t][rest] for t, short in fits), default=inf)

    @staticmethod
    def in_step(span: int, ticks: int) -> bool:
        """Whether a note may be next: it fits, and an odd 32nd is made even before anything longer."""
        return ticks <= span and (span % 2 == 0 or ticks % 2 == 1)

    def fill(self, span: int, notes: int = 0) -> float:
        """Characters that at least ``notes`` (0 to 2) notes filling ``span`` ticks take at the least."""
        return self._plain[span][notes] if span >= 0 else inf

    def _tuplet(self, p: int, span: int) -> tuple[int, ...]:
        """Ticks that each note of a ``p``-tuplet may have if all of it must fit ``span``."""
        q = TUPLETS[p]
        return tuple(
            t for t in self.shortest if t >= 2 and q * t <= span and q * t % 2 == 0 and span % 2 == 0
        )
