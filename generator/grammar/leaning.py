"""How a dance's own rhythm weighs the characters that may come: see ``generator.music.dance_habits``."""

from collections.abc import Mapping
from math import log
from typing import Final

from generator.grammar.bar_state import BarState
from generator.grammar.rhythm import RhythmRules
from generator.music.dance_habits import HABITS

_LENGTHENING: Final = ("head", "length")  # where a note's length is written
_OCTAVES: Final = ",'"
_NONE: Final[Mapping[str, float]] = {}


class Leaning:
    """The habits, for one alphabet."""

    def __init__(self, rhythm: RhythmRules) -> None:
        self._rhythm = rhythm

    def of(self, state: BarState) -> Mapping[str, float]:
        """Return what to add to the logits of characters where a note's length is settled; empty elsewhere.

        A character that only begins a length counts as the best that may come of it.
        """
        grid = state.spec.grid
        if not grid.habit or state.at not in _LENGTHENING or state.left or state.tuplet:
            return _NONE
        wished = HABITS[grid.habit].get(grid.bar - state.rem)
        if not wished:
            return _NONE
        best: dict[str, float] = {}
        for ticks, text in self._rhythm.endings(state):
            factor = wished.get(ticks, 1.0)
            if len(text) > len(state.text):
                begun = text[len(state.text)]
                best[begun] = max(factor, best.get(begun, 0.0))
            else:
                after = dict.fromkeys(self._rhythm.has, factor)
                after |= {"-": 1.0, ">": wished.get(ticks * 3 // 2, 1.0), "<": wished.get(ticks // 2, 1.0)}
                best = after | best
        if state.at == "head":
            best |= dict.fromkeys(_OCTAVES, 1.0)
        return {character: log(factor) for character, factor in best.items() if factor != 1.0}
