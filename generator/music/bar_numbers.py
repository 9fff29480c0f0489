"""The numbers by which people name the bars of a tune."""

from generator.music.part_starts import part_starts
from generator.music.parts import parts_of
from generator.music.tune import Tune


def bar_numbers(tune: Tune) -> tuple[int, ...]:
    """Return the number of each written bar, from 1; 0 for a pickup.

    Bars of a second ending have the numbers of those of the first, in whose place they are played.
    """
    found: list[int] = []
    begun = 0
    for part in parts_of(tune):
        main = len(part.bars) - (part.pickup > 0)
        found += [0] * (part.pickup > 0)
        found += range(begun + 1, begun + main + 1)
        for ending in (part.first, part.second):
            found += range(begun + main + 1, begun + main + 1 + len(ending))
        begun += part.count
    return tuple(found) if len(found) == len(tune.bars) else _in_a_row(tune)


def _in_a_row(tune: Tune) -> tuple[int, ...]:
    """Count the bars as they are written, for a tune that does not divide into parts."""
    starts, found, number = set(part_starts(tune.bars)), list[int](), 0
    for place, bar in enumerate(tune.bars):
        pickup = place in starts and bar.length < bar.meter.bar
        number += not pickup
        found.append(0 if pickup else number)
    return tuple(found)
