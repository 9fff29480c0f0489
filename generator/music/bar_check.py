"""Checking bars: which of them fill their meter, pickups taken into account."""

from collections.abc import Sequence
from fractions import Fraction

from generator.music.notation import Bar
from generator.music.part_starts import begins_part


def wrong_bars(bars: Sequence[Bar]) -> tuple[int, ...]:
    """Return the indices of the bars that do not fill their meter.

    A short bar is right as a pickup, where a section begins. It is also right where a section ends, if it
    completes the pickup that is played after it: that of the next section, of a repeated passage, or at the
    very end that of the tune. A bar in which an ending begins counts as a whole.
    """
    begins = [index for index in range(len(bars)) if begins_section(bars, index)]
    leads = _leads(bars)
    wrong = []
    for index, bar in enumerate(bars):
        full = bar.meter.bar
        length = leads[index] + bar.length
        if bar.meter.free or length == full or _is_whole_rest(bar) or _ending_inside(bars, index):
            continue
        if length < full:
            if index in begins:
                continue
            if any(length + pickup == full for pickup in _pickups_after(bars, index, begins)):
                continue
        wrong.append(index)
    return tuple(wrong)


def begins_section(bars: Sequence[Bar], index: int) -> bool:
    """Tell whether a pickup may stand at this bar: where a part begins, or after an invisible bar line."""
    if not index:
        return True
    before, bar = bars[index - 1], bars[index]
    return not bar.endings and (begins_part(before, bar) or not before.end)


def _ending_inside(bars: Sequence[Bar], index: int) -> bool:
    """Tell whether an ending begins before the bar line of this bar."""
    return not bars[index].end and index + 1 < len(bars) and bool(bars[index + 1].endings)


def _leads(bars: Sequence[Bar]) -> list[Fraction]:
    """Return for each bar the length of what belongs to it but stands before its ending's bracket."""
    leads = [Fraction(0)] * len(bars)
    shared = Fraction(0)
    for index in range(1, len(bars)):
        if not bars[index].endings:
            continue
        if 1 in bars[index].endings:
            shared = bars[index - 1].length if _ending_inside(bars, index - 1) else Fraction(0)
        leads[index] = shared
    return leads


def _is_whole_rest(bar: Bar) -> bool:
    """Tell whether the bar is a single whole rest, which may stand for a bar of any length."""
    return len(bar.notes) == 1 and not bar.notes[0].pitches and bar.notes[0].written == 1


def _pickups_after(bars: Sequence[Bar], index: int, begins: list[int]) -> list[Fraction]:
    """Return the lengths of the short bars that may be played after the bar at ``index``."""
    after = index + 1
    if not (after == len(bars) or after in begins or bars[after].endings or bars[index].ending_stop):
        return []
    # Sections with a double bar line each may be repeated together, so any earlier one may follow.
    found = [begin for begin in begins if begin <= after]
    return [bars[i].length for i in found if bars[i].length < bars[i].meter.bar]
