"""What tunes of a kind are like: figures to hold drawn ones against real ones.

Every tune is looked at as written. Distances are Jensen-Shannon divergences to the base 2, 0 to 1.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import log2
from typing import Final

from generator.music.melody import REST, line_of
from generator.music.tune import Tune

Histogram = Counter[Hashable]
_FAR: Final = 12  # semitones; larger steps count as this


def pitches(tune: Tune) -> Histogram:
    """Return semitones above the tonic, octave included."""
    return Counter(int(p) for p in line_of(tune).pitches if p != REST)


def intervals(tune: Tune) -> Histogram:
    """Return semitones from note to note."""
    sounding = [int(p) for p in line_of(tune).pitches if p != REST]
    return Counter(max(-_FAR, min(_FAR, b - a)) for a, b in pairwise(sounding))


def lengths(tune: Tune) -> Histogram:
    """Return lengths of notes, in units of the meter."""
    return Counter(int(length) for length in line_of(tune).lengths)


def rhythms(tune: Tune) -> Histogram:
    """Return the rhythm of whole bars."""
    return Counter(
        tuple(note.length for note in bar.notes) for bar in tune.bars if bar.length == bar.meter.bar
    )


def contours(tune: Tune) -> Histogram:
    """Return where the line goes from beat to beat, four at a time: up, down or level."""
    beats = [int(p) for p in line_of(tune).beats if p != REST]
    ways = [(b > a) - (b < a) for a, b in pairwise(beats)]
    return Counter(tuple(ways[at : at + 4]) for at in range(len(ways) - 3))


DISTRIBUTIONS: Final[Mapping[str, Callable[[Tune], Histogram]]] = {
    "pitch": pitches,
    "interval": intervals,
    "length": lengths,
    "bar rhythm": rhythms,
    "contour": contours,
}


def together(tunes: Iterable[Tune], measure: Callable[[Tune], Histogram]) -> Histogram:
    """Return the histogram of many tunes."""
    total: Histogram = Counter()
    for tune in tunes:
        total.update(measure(tune))
    return total


def divergence(one: Histogram, other: Histogram) -> float:
    """Jensen-Shannon divergence of two histograms, 0 for the same shares to 1 for nothing in common."""
    a, b = one.total(), other.total()
    if not a or not b:
        return float(a != b)
    found = 0.0
    for bin_ in one.keys() | other.keys():
        p, q = one[bin_] / a, other[bin_] / b
        middle = (p + q) / 2
        found += sum(share * log2(share / middle) / 2 for share in (p, q) if share)
    return found


def within_key(tunes: Iterable[Tune]) -> float:
    """Return the share of the notes that belong to the scale of their key, 0 to 1."""
    inside = total = 0
    for tune in tunes:
        scale = tune.key.scale
        for pitch, count in pitches(tune).items():
            assert isinstance(pitch, int)
            inside += count * ((pitch + tune.key.pitch_class) % 12 in scale)
            total += count
    return inside / total if total else 1.0


def returning(tune: Tune) -> float:
    """Return the share of the full bars that were there before, note for note."""
    bars = [
        tuple((max(p.midi for p in n.pitches) if n.pitches else None, n.length) for n in bar.notes)
        for bar in tune.bars
        if bar.length == bar.meter.bar
    ]
    return 1 - len(set(bars)) / len(bars) if bars else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lies, the nearest one; 0 of nothing."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
