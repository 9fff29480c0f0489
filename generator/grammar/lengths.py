"""Which written lengths there are, where in a bar they may stand, and how few characters fill a span.

Time is counted in ticks of 1/32 of a whole note. Where a note may begin and end follows what printed
collections do. Of the full bars of Nottingham's traditional tunes 0.09 % break a rule of
:meth:`Lengths.fits` (of 11,720), of Ryan's 0.07 % (of 15,650), of O'Neill's 0.04 % (of 31,728), of
Aird's 0.03 % (of 17,858). A part ends with a note shorter than an eighth in 0.1 % of tunes in 4/4, 0.5 % in
3/4, 0.7 % in 6/8 and 2 % in C and C|, but in 7 % in 2/4. Of 4,693 tuplets all but three are triplets.
"""

from collections.abc import Collection, Mapping
from functools import cache
from math import gcd, inf
from typing import Final, NamedTuple

from generator.music.dances import Meter

WHOLE: Final = 32
LONGEST: Final = 48  # ticks of a bar of 12/8 or 3/2

# Lengths that one note head can show: plain, dotted and double dotted (ABC 2.1, section 4.3).
NOTATABLE: Final = (1, 2, 3, 4, 6, 8, 12, 14, 16, 24, 28, 32, 48)

SHORTEST_LAST: Final = 4  # ticks of the note that a part ends with, other than in 2/4

# How many notes of a tuplet take the time of how many (ABC 2.1, section 4.13).
TUPLETS: Final[Mapping[int, int]] = {2: 3, 3: 2, 4: 3}


class Grid(NamedTuple):
    """How a bar is divided.

    Attributes:
        bar: ticks of a full bar.
        group: ticks of the groups in it: 12 in compound meters, 16 where a bar has half notes; a note
            that begins off the beat does not reach over into the next group. 0 lets all notes be.
        least: ticks of the shortest note, but for those of tuplets.
        habit: which rhythms are favoured, by name (:mod:`generator.music.dance_habits`); ``""`` for none.
    """

    bar: int
    group: int
    least: int = 1
    habit: str = ""

    @classmethod
    def of(cls, meter: Meter, least: int = 1, habit: str = "") -> "Grid":
        """Return the grid of a meter."""
        bar = int(meter.bar * WHOLE)
        compound = meter.beat * WHOLE == 12
        return cls(bar, 12 if compound else 16 if bar % 16 == 0 else bar, least, habit)

    @property
    def beat(self) -> int:
        """Ticks from one place for a chord symbol to the next; 1 where all notes are let be."""
        if not self.group:
            return 1
        return 12 if self.group == 12 else 8

    @property
    def half(self) -> int:
        """Ticks of the first half of a bar; of three beats it has two."""
        beat = 12 if self.group == 12 else 16 if self.bar == 48 else 8
        return beat * (-(-self.bar // beat) + 1 >> 1)

    @property
    def free(self) -> "Grid":
        """Return the same bar with notes of any length anywhere, as a user may write them."""
        return self._replace(group=0, least=1)

    @property
    def pickups(self) -> tuple[int, ...]:
        """Return the pickups that tunes in it have, in ticks: some eighths; in 2/4 also a sixteenth."""
        if not self.group:
            return tuple(range(2, self.bar // 2 + 1, 2))
        short = (2,) if self.bar == 16 else ()
        return short + tuple(range(4, min(self.bar // 2, 16) + 1, 4))


def length_texts(ticks: int, unit: int) -> tuple[str, ...]:
    """Return every way that ABC writes a length of ``ticks`` where a bare letter has ``unit`` ticks."""
    shared = gcd(ticks, unit)
    top, bottom = ticks // shared, unit // shared
    number = "" if top == 1 else str(top)
    if bottom == 1:
        return (number,)
    if bottom == 2:
        return (f"{number}/2", f"{number}/")
    return (f"{number}/{bottom}", "//") if (top, bottom) == (1, 4) else (f"{number}/{bottom}",)


class Lengths:
    """The lengths that an alphabet can write, for one unit note length and one kind of bar.

    Where a spot has ``rem`` ticks left of the full bar, it is ``bar - rem`` ticks into it.

    Attributes:
        texts: all ways to write a length, with its ticks.
        shortest: characters that the length of a note takes at the least, by ticks.
    """

    def __init__(self, characters: Collection[str], unit: int, grid: Grid) -> None:
        # A dotted 32nd is at home only where sixteenths are the unit.
        usual = [ticks for ticks in NOTATABLE if ticks != 3 or unit == 2]
        pairs = [(text, ticks) for ticks in usual for text in length_texts(ticks, unit)]
        self.texts = {text: ticks for text, ticks in pairs if all(c in characters for c in text)}
        self.shortest: dict[int, int] = {}
        for text, ticks in self.texts.items():
            self.shortest[ticks] = min(len(text), self.shortest.get(ticks, len(text)))
        self._grid = grid
        self.fill = cache(self._fill)
        self.tuplet = cache(self._tuplet)

    def fits(self, rem: int, ticks: int, ends: tuple[int, ...] = (), last: int = LONGEST) -> bool:
        """Tell whether a note (or a tuplet, or a broken pair) of so many ticks may begin here.

        Args:
            rem: ticks left of the full bar.
            ticks: of the note or of all the notes together.
            ends: the ticks that may be left where a part ends, for it does not end with a short note.
            last: ticks of the last of several notes.
        """
        return min(ticks, last) >= self._grid.least and self._may_stand(rem, ticks, ends, last)

    def _may_stand(self, rem: int, ticks: int, ends: tuple[int, ...], last: int) -> bool:
        """Tell the same of notes that may be as short as any."""
        if ticks > rem or (rem - ticks in ends and min(ticks, last) < SHORTEST_LAST):
            return False
        bar, group = self._grid[:2]
        if not group:
            return True
        begins, after = bar - rem, bar - rem + ticks
        if begins % 2 and after % 2:
            return False  # an odd 32nd is made even before anything else
        if bar != 16 and begins % 4 == 2 and ticks > 2 and after % 4:
            return False  # and likewise an odd sixteenth; in 2/4 these are what eighths are elsewhere
        on_beat = begins % (8 if group == 16 else group) == 0
        return on_beat or begins % group + ticks <= group

    def _fill(self, rem: int, stop: int, notes: int, ends: tuple[int, ...]) -> float:
        """Count the characters that ``notes`` or more notes take to leave ``stop`` ticks; inf if none do."""
        if rem == stop:
            return 0 if notes <= 0 else inf
        rest = max(notes - 1, 0)
        ways = [
            (t, short) for t, short in self.shortest.items() if self.fits(rem, t, ends) and rem - t >= stop
        ]
        return min((1 + short + self.fill(rem - t, stop, rest, ends) for t, short in ways), default=inf)

    def _tuplet(self, p: int, rem: int, ends: tuple[int, ...]) -> tuple[int, ...]:
        """Ticks that each note of a ``p``-tuplet that begins here may have."""
        q = TUPLETS[p]
        if (self._grid.bar - rem) % 4 or (p != 3 and self._grid.group):
            return ()
        able = [t for t in self.shortest if t >= 2 and q * t % 4 == 0]
        return tuple(t for t in able if self._may_stand(rem, q * t, ends, t))
