"""Chords for those who accompany, found for a tune that has none.

A hidden Markov model over half bars: how chords follow each other, at a bar line and within a bar, and
which notes stand over them, by length. Its figures were counted on the chord symbols of the traditional
tunes of the Nottingham database (:mod:`generator.training.harmony_fit`) and are all that ships.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Chord, Rhythm
from generator.music.tune import Tune

TABLE: Final = Path(__file__).with_name("harmony_table.json")
MELODY_WEIGHT: Final = 1.5  # of the notes against the habits of chords; see python -m benchmarks.chords
_FIFTHS: Final = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: 6, 7: 1, 8: -4, 9: 3, 10: -2, 11: 5}
_LINE: Final = "FCGDAEB"

Floats: TypeAlias = NDArray[np.float64]
Degree = tuple[int, str]  # semitones of the root above the tonic, and "", "m" or "7"


@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch of a tune that has one chord: half a bar, or a bar in 3/4.

    Attributes:
        bar, note: where it begins.
        at: how far into its bar, in whole notes; 0 at the bar line.
        notes: pitch classes relative to the tonic, with lengths in beats.
        last: whether the tune or a part ends with it.
        home: whether its last note is the tonic, and the last of a part.
    """

    bar: int
    note: int
    at: Fraction
    notes: tuple[tuple[int, float], ...]
    last: bool
    home: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """What was counted for one mode; C chords.

    Attributes:
        degrees: the chords.
        start: (C,) probability of each at the beginning.
        across, within: (C, C) probability of the next one at a bar line, and within a bar.
        into: (C, C) probability of the last one of a part, whatever the place.
        notes: (C, 12) probability of each pitch class, relative to the tonic.
    """

    degrees: tuple[Degree, ...]
    start: tuple[float, ...]
    across: tuple[tuple[float, ...], ...]
    within: tuple[tuple[float, ...], ...]
    into: tuple[tuple[float, ...], ...]
    notes: tuple[tuple[float, ...], ...]


class Harmoniser:
    """Puts chord symbols over tunes."""

    def __init__(self, habits: Mapping[str, Habits], weight: float = MELODY_WEIGHT) -> None:
        """Take what was counted, by mode."""
        self._habits, self._weight = habits, weight
        self._logs = {mode: _logs(habits_of) for mode, habits_of in habits.items()}

    @classmethod
    def load(cls, table: Path = TABLE) -> "Harmoniser":
        """Return the harmoniser with the figures that ship."""
        found = json.loads(table.read_text(encoding="utf-8"))
        return cls({mode: _habits(figures) for mode, figures in found.items()})

    def dressed(self, tune: Tune) -> Tune:
        """Return the tune with chord symbols: those that it has, or ours if it has none."""
        own = any(note.chord for bar in tune.bars for note in bar.notes)
        return tune if own else self.over(tune)

    def over(self, tune: Tune) -> Tune:
        """Return the tune with a chord symbol wherever the chord changes, its own chords taken away."""
        frames = frames_of(tune)
        bars = tune.without_chords().bars
        chords: dict[int, dict[int, Chord]] = {}  # by bar and note
        before: Degree | None = None
        for frame, degree in zip(frames, self.degrees(tune, frames), strict=True):
            if degree != before:
                chords.setdefault(frame.bar, {})[frame.note] = chord_at(tune.key, degree)
            before = degree
        return replace(tune, bars=tuple([_under(bar, chords.get(i, {})) for i, bar in enumerate(bars)]))

    def degrees(self, tune: Tune, frames: Sequence[Frame]) -> list[Degree]:
        """Return the most probable chord of each frame, all together (Viterbi's algorithm)."""
        if not frames:
            return []
        mode = tune.key.mode if tune.key.mode in self._habits else _kin(tune.key)
        habits, logs = self._habits[mode], self._logs[mode]
        best = logs.start + self._fit(logs, frames[0])
        ways = []
        for frame in frames[1:]:
            move = logs.into if frame.last else logs.within if frame.at else logs.across
            reached = best[:, None] + move
            ways.append(reached.argmax(axis=0))
            best = reached.max(axis=0) + self._fit(logs, frame)
        path = [int(best.argmax())]
        for way in reversed(ways):
            path.append(int(way[path[-1]]))
        return [habits.degrees[c] for c in reversed(path)]

    def _fit(self, logs: "_Logs", frame: Frame) -> Floats:
        """Rate how each chord goes with the notes of a frame; added note by note, the same on any machine."""
        fit = np.zeros(len(logs.start))
        for pitch, length in frame.notes:
            fit += length * logs.notes[:, pitch]
        fit *= self._weight
        if frame.home:  # under its tonic at the end a tune has its tonic chord
            fit[~logs.tonic] = -np.inf
        return fit


class _Logs(NamedTuple):
    """The logarithms of a mode's habits, (C,), (C, C) and (C, 12), and which chords are on the tonic."""

    start: Floats
    across: Floats
    within: Floats
    into: Floats
    notes: Floats
    tonic: NDArray[np.bool_]


def _logs(habits: Habits) -> _Logs:
    return _Logs(
        _log(habits.start),
        _log(habits.across),
        _log(habits.within),
        _log(habits.into),
        _log(habits.notes),
        np.array([root == 0 for root, _ in habits.degrees]),
    )


def _log(table: object) -> Floats:
    found: Floats = np.vectorize(log, otypes=[np.float64])(np.array(table, np.float64))
    return found


def frames_of(tune: Tune) -> list[Frame]:
    """Return the stretches of a tune that have a chord each; a pickup has none."""
    tonic, frames = tune.key.pitch_class, list[Frame]()
    for index, bar in enumerate(tune.bars):
        full = bar.meter.bar
        after = tune.bars[index + 1] if index + 1 < len(tune.bars) else None
        ends = after is None or bar.closes
        if bar.length < full and not ends:
            continue
        frames += _of_bar(index, bar, tonic, ends=ends)
    return frames


def _under(bar: Bar, chords: Mapping[int, Chord]) -> Bar:
    """Return a bar with chord symbols over some of its notes."""
    if not chords:
        return bar
    notes = list(bar.notes)
    for number, chord in chords.items():
        notes[number] = notes[number].sounding(notes[number].pitches, notes[number].grace, chord)
    return bar.sounding(tuple(notes), bar.key, bar.changes)


def _of_bar(index: int, bar: Bar, tonic: int, *, ends: bool) -> list[Frame]:
    places, stretches, weights = _layout(bar.rhythm, bar.meter, ends=ends)
    notes: list[list[tuple[int, float]]] = [[] for _ in places]
    for note, stretch, weight in zip(bar.notes, stretches, weights, strict=True):
        if note.pitches:
            notes[stretch].append(((max([p.midi for p in note.pitches]) - tonic) % 12, weight))
    last = len(places) - 1
    home = ends and bool(notes[last]) and notes[last][-1][0] == 0
    return [
        Frame(index, number, at, tuple(notes[order]), ends and order == last, home and order == last)
        for order, (number, at) in enumerate(places)
    ]


@lru_cache(2**12)  # bars have few rhythms
def _layout(
    rhythm: Rhythm, meter: Meter, *, ends: bool = False
) -> tuple[tuple[tuple[int, Fraction], ...], tuple[int, ...], tuple[float, ...]]:
    """Return where the stretches of a bar begin (note, time), which each note is in, and what it weighs.

    In a bar that ends a part the chord may change at each beat, so that the last note has its own.
    """
    beat = meter.beat
    step = beat if ends else _step(meter)
    places: list[tuple[int, Fraction]] = []
    stretches, weights = [], []
    at = Fraction(0)
    for number, ratio in enumerate(rhythm):
        if not places or (at % step == 0 and at > 0):
            places.append((number, at))
        length = Fraction(*ratio)
        stretches.append(len(places) - 1)
        weights.append((1.5 if at % beat == 0 else 1.0) * float(length / beat))
        at += length
    return tuple(places), tuple(stretches), tuple(weights)


def _step(meter: Meter) -> Fraction:
    """Return how far apart chords may change."""
    full, beat = meter.bar, meter.beat
    beats = full / beat
    if beats == 3 and beat == Fraction(1, 4):
        return full
    return full / 2 if beats % 2 == 0 else beat


def chord_at(key: Key, degree: Degree) -> Chord:
    """Return the chord symbol for a degree of a key: ``D7`` for (7, "7") in G."""
    tonic = _LINE.index(key.tonic[0]) + {"": 0, "#": 7, "b": -7}[key.tonic[1:]]
    place = tonic + _FIFTHS[degree[0]]
    place += -12 if place > 12 else 12 if place < -7 else 0  # no double accidentals
    root = _LINE[place % 7] + {-1: "b", 0: "", 1: "#"}[place // 7]
    return Chord(root, degree[1])


def degree_of(key: Key, chord: Chord) -> Degree:
    """Return where a chord stands in a key, its quality as far as accompanists care."""
    root = (Key(chord.root).pitch_class - key.pitch_class) % 12
    if chord.quality.startswith("m") and not chord.quality.startswith("maj"):
        return root, "m"
    return root, "7" if chord.quality[:1] in ("7", "9") else ""


def _kin(key: Key) -> str:
    return "minor" if key.mode in ("phrygian", "locrian") else "major"


def _habits(figures: Mapping[str, Any]) -> Habits:
    return Habits(
        tuple((int(root), str(quality)) for root, quality in figures["degrees"]),
        tuple(figures["start"]),
        tuple(tuple(row) for row in figures["across"]),
        tuple(tuple(row) for row in figures["within"]),
        tuple(tuple(row) for row in figures["into"]),
        tuple(tuple(row) for row in figures["notes"]),
    )
