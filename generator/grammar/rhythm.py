"""What notes a place in a bar has room for."""

from collections.abc import Collection
from functools import cache
from math import inf

from generator.grammar.bar_state import BarSpec, BarState
from generator.grammar.lengths import TUPLETS, Lengths


class RhythmRules:
    """The rhythms that an alphabet can write.

    Attributes:
        has: its characters.
    """

    def __init__(self, characters: Collection[str]) -> None:
        self.has = frozenset(characters)
        self._lengths = cache(lambda unit, grid: Lengths(self.has, unit, grid))

    def choices(self, state: BarState) -> tuple[int, ...]:
        """Return the ticks that the note at a state may be written with."""
        possible = self._possible(state)
        if state.home_note:
            return possible
        return tuple(ticks for ticks in possible if not _is_last(state, ticks))

    def _possible(self, state: BarState) -> tuple[int, ...]:
        lengths = self.lengths_of(state.spec)
        if state.left:
            return (state.equal,)
        if state.tuplet:
            q = TUPLETS[state.tuplet]
            tuplet = lengths.tuplet(state.tuplet, state.rem, state.spec.ends)
            return tuple(t for t in tuplet if self.fills(state.spec, state.rem - q * t))
        ends = state.spec.ends
        return tuple(
            t
            for t in lengths.shortest
            if lengths.fits(state.rem, t, ends)
            and self.fills(state.spec, state.rem - t, 1 if state.slur == 1 else 0)
        )

    def lengths_of(self, spec: BarSpec) -> Lengths:
        """Return the lengths that can be written under a spec."""
        return self._lengths(spec.unit, spec.grid)

    def fills(self, spec: BarSpec, rem: int, notes: int = 0) -> bool:
        """Tell whether at least so many notes can bring the bar to one of its stops."""
        fill = self.lengths_of(spec).fill
        return any(rem >= stop and fill(rem, stop, notes, spec.ends) < inf for stop in spec.stops)

    def may_slur(self, state: BarState) -> bool:
        """Tell whether a slur may open: it needs two notes in this bar."""
        return not state.slur and ")" in self.has and self.fills(state.spec, state.rem, 2)

    def endings(self, state: BarState) -> list[tuple[int, str]]:
        """Return the lengths that the half-written one may become, with their full text."""
        choices = self.choices(state)
        texts = self.lengths_of(state.spec).texts
        return [(t, text) for text, t in texts.items() if t in choices and text.startswith(state.text)]

    @staticmethod
    def after(state: BarState, ticks: int) -> BarState:
        """Return the state after a note (or the first of a tuplet) of so many ticks."""
        rem, left, equal = state.rem, state.left, state.equal
        if left:
            left -= 1
        elif state.tuplet:
            rem, left, equal = rem - TUPLETS[state.tuplet] * ticks, state.tuplet - 1, ticks
        else:
            rem -= ticks
        slur = min(state.slur + 1, 3) if state.slur else 0
        return BarState(
            "closed",
            state.spec,
            rem,
            slur=slur,
            left=left,
            equal=equal if left else 0,
            home_note=state.home_note,
        )

    @staticmethod
    def may_tie(after: BarState) -> bool:
        """Return a tie needs a note after it: in this bar, or in the next one of the same passage."""
        if after.left or after.tie or not after.home_note:
            return False
        return after.open or (after.spec.held(after.rem) and not after.slur)

    def may_pair(self, state: BarState, after: BarState, ticks: int) -> bool:
        """Tell whether the note before ``after`` may begin a broken rhythm."""
        if state.left or state.tuplet or ticks not in (2, 4, 8, 16):
            return False
        if not self.lengths_of(state.spec).fits(state.rem, 2 * ticks, state.spec.ends, ticks // 2):
            return False
        return self.fills(after.spec, after.rem - ticks)


def _is_last(state: BarState, ticks: int) -> bool:
    """Tell whether a note of so many ticks is the last of its bar."""
    stop = state.spec.stops[-1]
    if state.left:
        return state.left == 1 and state.rem == stop
    return not state.tuplet and state.rem - ticks == stop
