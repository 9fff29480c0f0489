"""How much fire a tune has: what makes players keep one for the end of a set."""

from collections import defaultdict
from statistics import fmean
from typing import Final

from generator.music.part_starts import part_starts
from generator.music.tune import Tune

# By so much each figure commonly differs among printed jigs (a standard deviation), so that all count alike.
_NOTES: Final = 0.3  # a beat
_RANGE: Final = 3.0  # semitones
_HEIGHT: Final = 2.5  # semitones
_FEWEST: Final = 8  # notes of a part; fewer are a pickup or a tag


def energy(tune: Tune) -> float:
    """Measure how much fire a tune has: notes a beat, range, and how high its highest part lies.

    Returns:
        A figure to compare tunes of one type by; 1 more is as much as tunes commonly differ in one of these.
    """
    played = tune.played()
    if not played:
        return 0.0
    beats = float(tune.total_length / tune.meter.beat)
    starts = part_starts(tune.bars)
    parts: dict[int, list[int]] = defaultdict(list)
    for note in played:
        parts[sum(start <= note.bar for start in starts)].append(note.pitches[-1])
    pitches = [pitch for part in parts.values() for pitch in part]
    long = [part for part in parts.values() if len(part) >= _FEWEST] or [pitches]
    height = max(fmean(part) for part in long)
    return len(played) / beats / _NOTES + (max(pitches) - min(pitches)) / _RANGE + height / _HEIGHT
