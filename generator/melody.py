"""A tune as a line of notes apart from key, meter and spelling: what comparing tunes needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.tune import Tune

REST = -128
_EXACT = 1e-9  # whole notes; floats are many times as fast as fractions here, and as good


@dataclass(frozen=True, slots=True)
class Line:
    """The notes of a tune as written, repeats not expanded, ties merged, the highest of a chord.

    Attributes:
        pitches: int16 (N,), semitones above the tonic in the octave of middle C; ``REST`` for rests.
        lengths: int16 (N,), in twelfths of the unit that goes with the meter, so that a reel in 2/4 and one
            in 4/4 are the same.
        bars: float32 (N,), the same in bars.
        beats: int16, pitch at each beat, for telling settings of one tune that are ornamented differently.
    """

    pitches: NDArray[np.int16]
    lengths: NDArray[np.int16]
    bars: NDArray[np.float32]
    beats: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.pitches)


def line_of(tune: Tune) -> Line:
    """The line of a tune."""
    tonic = 60 + tune.key.pitch_class
    pitches: list[int] = []
    lengths: list[float] = []
    shares: list[float] = []
    beats: list[int] = []
    tied = False
    for bar in tune.bars:
        full, beat, unit = (float(length) for length in (bar.meter.bar, bar.meter.beat, bar.meter.unit))
        short = not pitches and bar.length < bar.meter.bar
        at = full - float(bar.length) if short else 0.0
        for note in bar.notes:
            pitch = max([p.midi for p in note.pitches]) - tonic if note.pitches else REST
            over, under = note.length.as_integer_ratio()
            length = over / under
            if abs(at - beat * round(at / beat)) < _EXACT:
                beats.append(pitch)
            at += length
            if tied and pitches and pitches[-1] == pitch:
                lengths[-1] += length / unit
                shares[-1] += length / full
            else:
                pitches.append(pitch)
                lengths.append(length / unit)
                shares.append(length / full)
            tied = note.tie
    return Line(
        np.array(pitches, np.int16),
        np.array([round(12 * length) for length in lengths], np.int16),
        np.array(shares, np.float32),
        np.array(beats, np.int16),
    )
