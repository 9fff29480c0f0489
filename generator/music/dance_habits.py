"""Rhythms that belong to a dance, for a model that hardly knows it or mixes it with its like.

A habit says how much likelier than the model has it a note of some length is at some place of the bar. How
strong each one is was set by counting: ``python -m benchmarks.kinds`` holds what comes of it beside print.
Mazurkas and barndances stand in none of the books; their habits follow how they are danced.
"""

from collections.abc import Mapping
from typing import Final

# place in the bar in ticks of 1/32 -> ticks of the note that begins there -> factor
Habit = Mapping[int, Mapping[int, float]]

_PAIR: Final = {6: 8.0}
_BARNDANCE: Final[Habit] = {
    0: _PAIR, 8: _PAIR, 16: {6: 4.0, 8: 24.0}, 24: {8: 16.0},
    6: {2: 4.0}, 14: {2: 4.0}, 22: {2: 4.0},
}  # fmt: skip
_STRATHSPEY: Final[Habit] = {beat: {2: 1.3, 6: 1.3} for beat in (0, 8, 16, 24)}

HABITS: Final[Mapping[str, Habit]] = {
    # three times two: in each half note, drawn as a bar of 2/4, quarters and eighths
    "hornpipe in 3/2": {0: {8: 1.5}, 8: {8: 1.5}},
    "air in 3/2": {0: {8: 2.0, 16: 2.0}, 8: {8: 2.0}},
    # the first beat dotted, the weight on what follows
    "mazurka in 3/4": {0: {6: 60.0}, 6: {2: 4.0}, 8: {8: 2.0}, 16: {8: 1.5}},
    # dotted pairs, and at the end of the bar a step and a hop
    "barndance in 4/4": _BARNDANCE,
    "barndance in C": _BARNDANCE,
    # dotted, with snaps
    "strathspey in C": _STRATHSPEY,
    "strathspey in 4/4": _STRATHSPEY,
}
"""Habits by type and meter."""


def habit_of(dance: str, meter: str) -> str:
    """Return the name of the habit that a type has in a meter, ``""`` for none."""
    name = f"{dance} in {meter}"
    return name if name in HABITS else ""
