"""A tune as the critic reads it: a row of small numbers for each note, each a choice among so many.

What repeats is told by comparison with the bars before, since a line of notes alone does not show it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from generator.music.dances import DANCES, dance_of
from generator.music.notation import Bar
from generator.music.parts import Part, parts_of
from generator.music.tune import Tune

LAGS: Final = (1, 2, 4, 8)  # bars back
_TICKS: Final = 24  # to a quarter, or to the beat of a compound meter
_LENGTHS: Final = {ticks: code for code, ticks in enumerate((3, 4, 6, 8, 12, 16, 18, 24, 32, 36, 40, 48, 72))}
_WITHIN: Final = {ticks: code for code, ticks in enumerate((0, 6, 8, 12, 16, 18))}
_MODES: Final = {"major": 0, "mixolydian": 1, "dorian": 2}
_METERS: Final = {
    meter: code for code, meter in enumerate(("4/4", "2/4", "3/4", "6/8", "9/8", "12/8", "3/2"))
}
_DANCES: Final = {dance: code for code, dance in enumerate(DANCES)}
_LOWEST, _PITCHES = -14, 48  # semitones above the tonic
_FAR: Final = 13  # semitones
_BARS: Final = 16

# How many choices each column has.
CHOICES: Final = (
    _PITCHES, 4, 2 * _FAR + 2, 14, 56, 8, _BARS, _BARS, 6, 8, 16, 16, 16, *(7 for _ in range(len(LAGS) + 1))
)  # fmt: skip

Rows = NDArray[np.int16]
Notes = list[tuple[int, int, int]]


class _Bar(NamedTuple):
    """A bar: its notes as onset, length and pitch, and where it stands."""

    notes: Notes
    starts: dict[int, int]
    number: int
    left: int
    part: int


def read(tune: Tune) -> Rows:
    """Return (N, columns) the notes of a tune, each part once through; ties and rests are as good as none."""
    parts = parts_of(tune)
    bars = [bar for number, part in enumerate(parts) for bar in _bars(part, number)]
    tonic = 60 + tune.key.pitch_class
    tonic -= 12 * (tonic > 66)
    mode = _MODES.get(tune.key.mode, 3)
    meter = _METERS.get(tune.meter.standard.family, 7)
    dance = _DANCES.get(dance_of(tune.rhythm), len(_DANCES))
    last_part = len(parts) - 1
    returns = _returns(bars)
    rows = []
    before = None
    for at, bar in enumerate(bars):
        earlier = [bars[at - lag].starts if at >= lag else None for lag in LAGS]
        earlier.append(_rhyming(bars, bar))
        around = 2 * bool(at and returns[at - 1]) + bool(at + 1 < len(bars) and returns[at + 1])
        place = min(bar.part, 2) * 2 + (bar.part == last_part)
        final = len(bar.notes) - 1
        for number, (onset, length, pitch) in enumerate(bar.notes):
            interval = 2 * _FAR + 1 if before is None else max(-_FAR, min(_FAR, pitch - before)) + _FAR
            rows.append(
                (
                    max(0, min(_PITCHES - 1, pitch - tonic - _LOWEST)),
                    mode,
                    interval,
                    _LENGTHS.get(length, 13),
                    7 * min(onset // _TICKS + 1, 7) + _WITHIN.get(onset % _TICKS, 6),
                    meter,
                    min(bar.number, _BARS - 1),
                    min(bar.left, _BARS - 1),
                    place,
                    returns[at],
                    around * 4 + 2 * (not number) + (number == final),
                    min(final, 15),
                    dance,
                    *(_compared(onset, pitch, starts) for starts in earlier),
                )
            )
            before = pitch
    return np.array(rows, np.int16).reshape(-1, len(CHOICES))


def _bars(part: Part, number: int) -> Iterator[_Bar]:
    """Yield the bars of a part; a pickup counts as its bar 0, and the first full one as bar 1."""
    bars: Sequence[Bar] = (*part.bars, *part.first)
    first = 0 if part.pickup else 1
    for at, bar in enumerate(bars, first):
        beat = bar.meter.beat if bar.meter.compound else None
        over, under = (beat.numerator, beat.denominator) if beat else (1, 4)
        notes: Notes = []
        onset = 0
        if not at:
            room = bar.meter.bar - bar.length
            onset = room.numerator * _TICKS * under // (room.denominator * over)
            onset -= bar.meter.bar.numerator * _TICKS * under // (bar.meter.bar.denominator * over)
        for note in bar.notes:
            length = note.length.numerator * _TICKS * under // (note.length.denominator * over)
            if note.pitches:
                notes.append((onset, length, note.pitches[-1].midi))
            onset += length
        yield _Bar(notes, {start: pitch for start, _, pitch in notes}, at, len(bars) + first - 1 - at, number)


def _returns(bars: Sequence[_Bar]) -> list[int]:
    """Return for each bar 0 if it is new, otherwise a code for how many bars ago it was there last."""
    known = {1: 1, 2: 2, 4: 3, 8: 4, 12: 5, 16: 6}
    seen: dict[tuple[tuple[int, int, int], ...], int] = {}
    found = []
    for at, bar in enumerate(bars):
        key = tuple(bar.notes)
        found.append(known.get(at - seen[key], 7) if key in seen else 0)
        seen[key] = at
    return found


def _rhyming(bars: Sequence[_Bar], bar: _Bar) -> dict[int, int] | None:
    """Return the bar of the first part that is as far from its end; None in the first part."""
    if not bar.part:
        return None
    return next((other.starts for other in bars if other.left == bar.left and other.number), None)


def _compared(onset: int, pitch: int, starts: dict[int, int] | None) -> int:
    """Return a code for what an earlier bar has where a note begins: no bar, no note, or its difference."""
    if starts is None:
        return 0
    there = starts.get(onset)
    if there is None:
        return 1
    step = pitch - there
    if not step:
        return 2
    return (3 if step > 0 else 4) + 2 * (abs(step) > 2)
