"""Where the parts of a tune begin: the one rule that playing, writing and drawing share."""

from collections.abc import Sequence
from itertools import pairwise

from generator.music.notation import Bar


def begins_part(before: Bar, bar: Bar) -> bool:
    """Tell whether a part begins at ``bar``, which follows ``before`` on paper.

    A part begins at its label, at ``|:``, and after the end of a repeat or a double bar line. An ending
    belongs to the part before it, even where a double line stands before its bracket.
    """
    return bool(bar.part or bar.repeat_start or (before.closes and not bar.endings))


def part_starts(bars: Sequence[Bar]) -> tuple[int, ...]:
    """Return the indices of the bars at which parts begin; the first bar is one of them."""
    return (0, *(index for index, pair in enumerate(pairwise(bars), 1) if begins_part(*pair)))
