"""Which bars share a line of music, and which notes a beam."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from generator.music.dances import Meter
from generator.music.part_starts import begins_part
from generator.music.tune import Bar, Tune

_CROWD = 14  # notes in a bar, from which on four bars no longer fit a phone's width


def lines(tune: Tune) -> tuple[tuple[int, ...], ...]:
    """Return the indices of the bars of each line: four full bars; every part begins a new line.

    A pickup and the bar that completes it count as one. A line takes a fifth bar rather than leave it,
    a second ending for example, alone on the next.
    """
    return tuple(line for section in _sections(tune) for line in _broken(tune.bars, section))


def _sections(tune: Tune) -> Iterator[list[int]]:
    section: list[int] = []
    weight = Fraction(0)
    for index, bar in enumerate(tune.bars):
        begins = index and begins_part(tune.bars[index - 1], bar)
        if begins and weight >= 2:
            yield section
            section, weight = [], Fraction(0)
        section.append(index)
        weight += _weight(bar)
    yield section


def _weight(bar: Bar) -> Fraction:
    """Return how much of a full bar a bar makes; one in free time counts by its length alone."""
    weight = bar.length / bar.meter.bar
    return weight if bar.meter.free else min(Fraction(1), weight)


def _broken(bars: Sequence[Bar], section: list[int]) -> Iterator[tuple[int, ...]]:
    notes = sum(len(bars[i].notes) for i in section)
    width = 4 if notes <= _CROWD * len(section) else 2
    weights = [_weight(bars[i]) for i in section]
    line: list[int] = []
    on_line, left = Fraction(0), sum(weights, Fraction(0))
    for index, weight in zip(section, weights, strict=True):
        if on_line >= width and left > 1:
            yield tuple(line)
            line, on_line = [], Fraction(0)
        line.append(index)
        on_line += weight
        left -= weight
    yield tuple(line)


def beat_groups(bar: Bar, meter: Meter, start: Fraction) -> tuple[tuple[int, ...], ...]:
    """Return the indices of the notes of each beam: two or more shorter than a quarter, in one beat.

    In duple time two quarter beats share a beam if nothing in them is shorter than an eighth.

    Args:
        bar: the bar.
        meter: the meter in force.
        start: where in the full bar its first note stands, in whole notes; not 0 after a short bar.
    """
    onsets = list(accumulate((note.length for note in bar.notes), initial=start))[:-1]
    beat = max(meter.beat, Fraction(1, 4))
    half = Fraction(1, 2)
    spans = [beat] * len(bar.notes)
    if meter.bar % half == 0 and beat in (Fraction(1, 4), half):
        quick = {
            onset // half
            for onset, note in zip(onsets, bar.notes, strict=True)
            if note.written < Fraction(1, 8) and note.pitches
        }
        spans = [Fraction(1, 4) if onset // half in quick else half for onset in onsets]
    groups: list[list[int]] = []
    place: tuple[Fraction, int] | None = None
    for index, (note, onset, span) in enumerate(zip(bar.notes, onsets, spans, strict=True)):
        if not note.pitches or note.written >= Fraction(1, 4):
            place = None
            continue
        if place != (span, onset // span):
            groups.append([])
            place = (span, onset // span)
        groups[-1].append(index)
    return tuple(tuple(group) for group in groups if len(group) > 1)


def bar_starts(tune: Tune) -> tuple[Fraction, ...]:
    """Return where in a full bar each bar begins, in whole notes: not at 0 for a pickup, or after one."""
    first = tune.bars[0]
    starts = [Fraction(0) if first.meter.free else max(Fraction(0), first.meter.bar - first.length)]
    filled = Fraction(0)  # what the bar before leaves of its full bar
    for before, bar in pairwise(tune.bars):
        full = bar.meter.bar
        filled = (starts[-1] + before.length) % before.meter.bar
        start = Fraction(0)
        if bar.length < full and not bar.meter.free:
            if before.meter == bar.meter and filled and filled + bar.length == full:
                start = filled
            elif bar.repeat_start or before.closes:
                start = full - bar.length
        starts.append(start)
    return tuple(starts)
