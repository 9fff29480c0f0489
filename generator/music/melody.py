"""Comparing tunes: a line of notes apart from key, meter and spelling."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generator.music.dances import Meter
from generator.music.notation import Rhythm
from generator.music.tune import Tune

REST = -128
_EXACT = 1e-9  # whole notes; floats are many times as fast as fractions here, and as good


@dataclass(frozen=True, slots=True)
class Line:
    """The notes of a tune as written: repeats not expanded, ties merged, the highest note of a chord.

    Attributes:
        pitches: int16 (N,), semitones above the tonic in the octave of middle C; ``REST`` for rests.
        lengths: int16 (N,), in twelfths of the meter's unit, so that a reel in 2/4 and one in 4/4 are the
            same.
        bars: float32 (N,), the lengths in bars.
        beats: int16, pitch at each beat, to recognise settings of one tune with different ornaments.
    """

    pitches: NDArray[np.int16]
    lengths: NDArray[np.int16]
    bars: NDArray[np.float32]
    beats: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.pitches)


def line_of(tune: Tune) -> Line:
    """Return the line of a tune."""
    tonic = 60 + tune.key.pitch_class
    pitches: list[int] = []
    lengths: list[float] = []
    shares: list[float] = []
    beats: list[int] = []
    tied = False
    for bar in tune.bars:
        short = not pitches and bar.length < bar.meter.bar
        for note, (length, share, on_beat) in zip(
            bar.notes, _layout(bar.rhythm, bar.meter, short), strict=True
        ):
            pitch = max([p.midi for p in note.pitches]) - tonic if note.pitches else REST
            if on_beat:
                beats.append(pitch)
            if tied and pitches and pitches[-1] == pitch:
                lengths[-1] += length
                shares[-1] += share
            else:
                pitches.append(pitch)
                lengths.append(length)
                shares.append(share)
            tied = note.tie
    return Line(
        np.array(pitches, np.int16),
        np.array([round(12 * length) for length in lengths], np.int16),
        np.array(shares, np.float32),
        np.array(beats, np.int16),
    )


def ends_home(tune: Tune) -> bool:
    """Tell whether the last note is the tonic, in any octave."""
    sounding = [int(p) for p in line_of(tune).pitches if p != REST]
    return bool(sounding) and sounding[-1] % 12 == 0


@lru_cache(2**12)  # bars have few rhythms
def _layout(rhythm: Rhythm, meter: Meter, short: bool) -> tuple[tuple[float, float, bool], ...]:
    """Return for each note of a bar its length in units and in bars, and whether it begins on a beat.

    A short bar is a pickup: it ends where the full bar would.
    """
    full, beat, unit = (float(length) for length in (meter.bar, meter.beat, meter.unit))
    lengths = [over / under for over, under in rhythm]
    at = full - sum(lengths) if short else 0.0
    found = []
    for length in lengths:
        found.append((length / unit, length / full, abs(at - beat * round(at / beat)) < _EXACT))
        at += length
    return tuple(found)
