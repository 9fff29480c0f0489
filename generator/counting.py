"""Counting bars: which of them fill their meter, pickups taken into account."""

from collections.abc import Sequence
from fractions import Fraction

from generator.notation import Bar

_STRONG = ("||", "|]", "[|", "")


def wrong_bars(bars: Sequence[Bar]) -> tuple[int, ...]:
    """Indices of the bars that do not fill their meter.

    A short bar is right as a pickup, where a section begins; and where one ends, if it makes a full
    bar with the pickup that is played after it: that of the next section, of the passage that is
    repeated, or at the very end that of the tune.
    """
    sections = _sections(bars)
    begins = {index for index, _ in sections}
    section_of = {i: number for number, (first, last) in enumerate(sections) for i in range(first, last)}
    wrong = []
    for index, bar in enumerate(bars):
        full = bar.meter.bar
        if bar.meter.free or bar.length == full or _whole_rest(bar):
            continue
        if bar.length < full:
            if index in begins and not bar.endings:
                continue
            following = _pickups_after(bars, index, sections, section_of)
            if any(bar.length + pickup == full for pickup in following):
                continue
        wrong.append(index)
    return tuple(wrong)


def _whole_rest(bar: Bar) -> bool:
    """Whether the bar has a single rest of a whole note, which may stand for any bar."""
    return len(bar.notes) == 1 and not bar.notes[0].pitches and bar.notes[0].written == 1


def _sections(bars: Sequence[Bar]) -> list[tuple[int, int]]:
    """Stretches between repeats, parts and double bar lines: first bar, and bar after the last."""
    starts = [0]
    for index in range(1, len(bars)):
        before, bar = bars[index - 1], bars[index]
        if (bar.repeat_start or bar.part or before.repeat_end or before.end in _STRONG) and not bar.endings:
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(bars)], strict=True))


def _pickups_after(
    bars: Sequence[Bar], index: int, sections: list[tuple[int, int]], section_of: dict[int, int]
) -> list[Fraction]:
    """Lengths of the short bars that may be played after the bar at ``index``."""
    number = section_of[index]
    last = sections[number][1]
    ends = index + 1 == last or bars[index + 1].endings or bars[index].ending_stop
    if not ends:
        return []
    # A section may be one of several that are repeated together, each with a double bar line.
    found = [sections[earlier][0] for earlier in range(number + 1)]
    if last < len(bars):
        found.append(last)
    return [bars[i].length for i in found if bars[i].length < bars[i].meter.bar]
