"""A tune as the critic reads it: a row of small numbers for each note, each a choice among so many.

What repeats is told by comparison with the bars before, since a line of notes alone does not show it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
    _PITCHES, 4, 2 * _FAR + 2, 14, 56, 8, _BARS, _BARS, 6, 8, 16, 16, 16, *(7 for _ in range(len(LAGS) + 1)),
    2 * _FAR + 2, 2 * _FAR + 2, 14,
)  # fmt: skip

_INTERVAL, _LENGTH = 2, 3  # columns
_AFTER: Final = -2  # likewise: the interval to the next note
_AROUND: Final = 10  # the column that has whether the bars before and after return

Rows = NDArray[np.int16]
Notes = list[tuple[int, int, int]]


class _Bar(NamedTuple):
    """A bar: its notes as onset, length and pitch, and where it stands."""

    notes: Notes
    starts: dict[int, int]
    number: int
    left: int
    part: int


def read(tune: Tune, form: tuple[int, int] | None = None, tonic: int | None = None, dance: str = "") -> Rows:
    """Return (N, columns) the notes of a tune, each part once through; ties and rests are as good as none.

    Args:
        tune: as written.
        form: how many parts it will have, and the bars of each, where it is a beginning; None for all of it.
        tonic: the one next to middle C, as a MIDI number, where it is not that of the tune's key.
        dance: type of tune, where the tune does not say.
    """
    return read_by_bar(tune, form, tonic, dance)[0]


def read_by_bar(
    tune: Tune, form: tuple[int, int] | None = None, tonic: int | None = None, dance: str = ""
) -> tuple[Rows, NDArray[np.int16]]:
    """Return the same, and (N,) the number of each note's bar, from 1; a pickup has its next bar's."""
    parts = parts_of(tune)
    if form and parts[-1].count < form[1] and not parts[-1].first:  # no room is left for a pickup there yet
        parts = (*parts[:-1], replace(parts[-1], bars=(*parts[-1].bars[:-1], tune.bars[-1])))
    bars = [bar for number, part in enumerate(parts) for bar in _bars(part, number, form)]
    if tonic is None:
        tonic = 60 + tune.key.pitch_class - 12 * (tune.key.pitch_class > 6)
    mode = _MODES.get(tune.key.mode, 3)
    meter = _METERS.get(tune.meter.standard.family, 7)
    kind = _DANCES.get(dance_of(tune.rhythm or dance), len(_DANCES))
    last_part = (form[0] if form else len(parts)) - 1
    returns = _returns(bars)
    rows, places = [], []
    before, full = None, 0
    for at, bar in enumerate(bars):
        full += bar.number > 0
        places += [full + (not bar.number)] * len(bar.notes)
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
                    8 * (not number) + 4 * (number == final) + around,
                    min(final, 15),
                    kind,
                    *(_compared(onset, pitch, starts) for starts in earlier),
                )
            )
            before = pitch
    return _beside(np.array(rows, np.int16).reshape(-1, len(CHOICES) - 3)), np.array(places, np.int16)


def _beside(rows: Rows) -> Rows:
    """Add to each note the intervals before and after its own, and the length of the note before."""
    if not len(rows):
        return np.empty((0, len(CHOICES)), np.int16)
    intervals, lengths = rows[:, _INTERVAL], rows[:, _LENGTH]
    none = np.array([CHOICES[_INTERVAL] - 1], np.int16)
    before, after = np.concatenate([none, intervals[:-1]]), np.concatenate([intervals[1:], none])
    return np.column_stack(
        [rows, before, after, np.concatenate([[CHOICES[_LENGTH] - 1], lengths[:-1]])]
    ).astype(np.int16)


def beginning(rows: Rows, places: NDArray[np.int16], bars: int) -> Rows:
    """Return what is read of a tune of which no more than some bars are there yet."""
    kept = rows[places <= bars].copy()
    kept[places[places <= bars] == bars, _AROUND] &= ~1  # whether the next bar returns is not known
    kept[-1:, _AFTER] = CHOICES[_INTERVAL] - 1
    return kept


def _bars(part: Part, number: int, form: tuple[int, int] | None) -> Iterator[_Bar]:
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
        left = max(0, form[1] - at) if form else len(bars) + first - 1 - at
        yield _Bar(notes, {start: pitch for start, _, pitch in notes}, at, left, number)


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
