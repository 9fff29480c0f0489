"""What notes a place in a bar has room for."""

from collections.abc import Collection
from functools import cache
from math import inf

from generator.grammar.lengths import TUPLETS, Lengths
from generator.grammar.spots import Rule, Spot


class Rhythm:
    """The rhythms that an alphabet can write.

    Attributes:
        has: its characters.
    """

    def __init__(self, characters: Collection[str]) -> None:
        self.has = frozenset(characters)
        self._lengths = cache(lambda unit, grid: Lengths(self.has, unit, grid))

    def choices(self, spot: Spot) -> tuple[int, ...]:
        """The ticks that the note at a spot may be written with."""
        possible = self._possible(spot)
        if spot.home:
            return possible
        return tuple(ticks for ticks in possible if not _is_last(spot, ticks))

    def _possible(self, spot: Spot) -> tuple[int, ...]:
        lengths = self.lengths_of(spot.rule)
        if spot.left:
            return (spot.equal,)
        if spot.tuplet:
            q = TUPLETS[spot.tuplet]
            tuplet = lengths.tuplet(spot.tuplet, spot.rem, spot.rule.ends)
            return tuple(t for t in tuplet if self.fills(spot.rule, spot.rem - q * t))
        ends = spot.rule.ends
        return tuple(
            t
            for t in lengths.shortest
            if lengths.fits(spot.rem, t, ends)
            and self.fills(spot.rule, spot.rem - t, 1 if spot.slur == 1 else 0)
        )

    def lengths_of(self, rule: Rule) -> Lengths:
        """The lengths that can be written under a rule."""
        return self._lengths(rule.unit, rule.grid)

    def fills(self, rule: Rule, rem: int, notes: int = 0) -> bool:
        """Whether at least so many notes can bring the bar to one of its stops."""
        fill = self.lengths_of(rule).fill
        return any(rem >= stop and fill(rem, stop, notes, rule.ends) < inf for stop in rule.stops)

    def may_slur(self, spot: Spot) -> bool:
        """Whether a slur may open: it needs two notes in this bar."""
        return not spot.slur and ")" in self.has and self.fills(spot.rule, spot.rem, 2)

    def endings(self, spot: Spot) -> list[tuple[int, str]]:
        """The lengths that the half-written one may become, with their full text."""
        choices = self.choices(spot)
        texts = self.lengths_of(spot.rule).texts
        return [(t, text) for text, t in texts.items() if t in choices and text.startswith(spot.text)]

    @staticmethod
    def after(spot: Spot, ticks: int) -> Spot:
        """The spot after a note (or the first of a tuplet) of so many ticks."""
        rem, left, equal = spot.rem, spot.left, spot.equal
        if left:
            left -= 1
        elif spot.tuplet:
            rem, left, equal = rem - TUPLETS[spot.tuplet] * ticks, spot.tuplet - 1, ticks
        else:
            rem -= ticks
        slur = min(spot.slur + 1, 3) if spot.slur else 0
        return Spot(
            "closed", spot.rule, rem, slur=slur, left=left, equal=equal if left else 0, home=spot.home
        )

    @staticmethod
    def may_tie(after: Spot) -> bool:
        """A tie needs a note after it: in this bar, or in the next one of the same passage."""
        if after.left or after.tie or not after.home:
            return False
        return after.open or (after.rule.held(after.rem) and not after.slur)

    def may_pair(self, spot: Spot, after: Spot, ticks: int) -> bool:
        """Whether the note before ``after`` may begin a broken rhythm."""
        if spot.left or spot.tuplet or ticks not in (2, 4, 8, 16):
            return False
        if not self.lengths_of(spot.rule).fits(spot.rem, 2 * ticks, spot.rule.ends, ticks // 2):
            return False
        return self.fills(after.rule, after.rem - ticks)


def _is_last(spot: Spot, ticks: int) -> bool:
    """Whether a note of so many ticks is the last of its bar."""
    stop = spot.rule.stops[-1]
    if spot.left:
        return spot.left == 1 and spot.rem == stop
    return not spot.tuplet and spot.rem - ticks == stop
