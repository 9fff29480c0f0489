"""Accompanying a tune from its chord symbols: bass on the beat, the chord after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from generator.music.chords import chord_tones
from generator.music.dances import Meter
from generator.music.keys import semitones
from generator.music.tune import Bar, Chord, Tune
from generator.render.layout import bar_starts

_LOWEST_BASS: Final = 40  # a guitar's low E
_LOWEST_CHORD: Final = 52
_BASS_VELOCITY: Final = 58
_CHORD_VELOCITY: Final = 42
_MOST_TONES: Final = 4  # of a chord; a ninth chord is played without its ninth


@dataclass(frozen=True, slots=True)
class Strum:
    """Notes struck together: onset and length in whole notes, MIDI pitches, MIDI velocity."""

    onset: Fraction
    length: Fraction
    pitches: tuple[int, ...]
    velocity: int


def accompaniment(tune: Tune) -> tuple[Strum, ...]:
    """Accompany the tune as it is played, repeats included, from its first chord symbol on."""
    return tuple(_strums(tune))


def _strums(tune: Tune) -> Iterator[Strum]:
    starts = bar_starts(tune)
    chord: Chord | None = None
    basses = 0  # on the current chord
    for bar, index, onset, _ in tune.played_bars():
        symbols = _symbols(bar)
        due = 0  # how many of the symbols stand at the stroke or before it
        for at, length, on_beat in _strokes(bar, starts[index]):
            while due < len(symbols) and symbols[due][0] <= at:
                due += 1
            fresh = due > 0 and symbols[due - 1][1] != chord
            if fresh:
                chord, basses = symbols[due - 1][1], 0
            if chord is None:
                continue
            tones = chord_tones(chord)
            if on_beat or fresh:
                yield Strum(onset + at, length, (_bass(chord, tones, basses),), _BASS_VELOCITY)
                basses += 1
            if not on_beat:
                yield Strum(onset + at, length, _voiced(tones[:_MOST_TONES]), _CHORD_VELOCITY)
        if symbols:
            chord = symbols[-1][1] if symbols[-1][1] != chord else chord


def _symbols(bar: Bar) -> list[tuple[Fraction, Chord]]:
    at, found = Fraction(0), []
    for note in bar.notes:
        if note.chord:
            found.append((at, note.chord))
        at += note.length
    return found


def _strokes(bar: Bar, start: Fraction) -> Iterator[tuple[Fraction, Fraction, bool]]:
    """Yield onset in the bar, length, and whether it is a bass, of each stroke in a bar."""
    cycle, strokes = _pattern(bar.meter)
    lap = start // cycle
    while True:
        for offset, length, on_beat in strokes:
            at = lap * cycle + offset - start
            if at >= bar.length:
                return
            if at >= 0:
                yield at, min(length, bar.length - at), on_beat
        lap += 1


def _pattern(meter: Meter) -> tuple[Fraction, Sequence[tuple[Fraction, Fraction, bool]]]:
    """Return the length of a meter's pattern, and its strokes."""
    beat = meter.beat
    if meter.compound:  # bass, and the chord on the last third of the beat
        third = beat / 3
        return beat, ((Fraction(0), 2 * third, True), (2 * third, third, False))
    if meter.bar / beat == 3:  # bass, chord, chord
        return meter.bar, tuple((beat * place, beat, place == 0) for place in range(3))
    step = beat if beat == Fraction(1, 4) and meter.bar >= 1 else beat / 2
    return 2 * step, ((Fraction(0), step, True), (step, step, False))


def _bass(chord: Chord, tones: tuple[int, ...], turn: int) -> int:
    """Return the bass: the note under the slash, or root and fifth in turn."""
    fifth = tones[min(2, len(tones) - 1)]
    tone = semitones(chord.bass) if chord.bass else fifth if turn % 2 else tones[0]
    return _LOWEST_BASS + (tone - _LOWEST_BASS) % 12


def _voiced(tones: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(_LOWEST_CHORD + (tone - _LOWEST_CHORD) % 12 for tone in tones))
