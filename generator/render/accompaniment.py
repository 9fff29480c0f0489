"""Bass and chords under a tune, from its chord symbols: bass on the beat, the chord after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from generator.music.dances import Meter
from generator.music.keys import SEMITONES
from generator.music.playing import played_order
from generator.music.tune import Bar, Chord, Tune
from generator.render.layout import bar_starts

_LOWEST_BASS: Final = 40  # a guitar's low E
_LOWEST_CHORD: Final = 52
_BASS_VELOCITY: Final = 58
_CHORD_VELOCITY: Final = 42
_THIRDS: Final = re.compile(
    r"(?P<minor>m(?!aj)|min|-)|(?P<dim>dim|o|°|d(?!im))|(?P<aug>aug|\+)|(?P<sus>sus[24]?)"
)


@dataclass(frozen=True, slots=True)
class Strum:
    """Notes struck together: when and how long in whole notes, MIDI pitches, MIDI velocity."""

    onset: Fraction
    length: Fraction
    pitches: tuple[int, ...]
    velocity: int


def accompaniment(tune: Tune) -> tuple[Strum, ...]:
    """What accompanies the tune as it is played, repeats included; nothing before its first chord."""
    return tuple(_strums(tune))


def _strums(tune: Tune) -> Iterator[Strum]:
    starts = bar_starts(tune)
    chord: Chord | None = None
    now = Fraction(0)
    basses = 0  # on the present chord
    for index, _ in played_order(tune.bars, tune.parts):
        bar = tune.bars[index]
        symbols = _symbols(bar)
        for at, length, on_beat in _strokes(bar, starts[index]):
            due = [symbol for place, symbol in symbols if place <= at]
            fresh = bool(due) and due[-1] != chord
            if fresh:
                chord, basses = due[-1], 0
            if chord is None:
                continue
            tones = chord_tones(chord)
            if not tones:
                continue
            if on_beat or fresh:
                yield Strum(now + at, length, (_bass(chord, tones, basses),), _BASS_VELOCITY)
                basses += 1
            if not on_beat:
                yield Strum(now + at, length, _voiced(tones), _CHORD_VELOCITY)
        if symbols:
            chord = symbols[-1][1] if symbols[-1][1] != chord else chord
        now += bar.length


def _symbols(bar: Bar) -> list[tuple[Fraction, Chord]]:
    at, found = Fraction(0), []
    for note in bar.notes:
        if note.chord:
            found.append((at, note.chord))
        at += note.length
    return found


def _strokes(bar: Bar, start: Fraction) -> Iterator[tuple[Fraction, Fraction, bool]]:
    """Onset in the bar, length, and whether it is a bass, of each stroke in a bar."""
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
    """How long the pattern of a meter is, and its strokes."""
    beat = meter.beat
    if beat.numerator == 3:  # bass, and the chord on the last third of the beat
        third = beat / 3
        return beat, ((Fraction(0), 2 * third, True), (2 * third, third, False))
    if meter.bar / beat == 3:  # bass, chord, chord
        return meter.bar, tuple((beat * place, beat, place == 0) for place in range(3))
    step = beat if beat == Fraction(1, 4) and meter.bar >= 1 else beat / 2
    return 2 * step, ((Fraction(0), step, True), (step, step, False))


def chord_tones(chord: Chord) -> tuple[int, ...]:
    """Pitch classes of a chord symbol, its root first; empty for one that cannot be read."""
    root = _pitch_class(chord.root)
    if root is None:
        return ()
    found = _THIRDS.match(chord.quality)
    kind = found.lastgroup if found else None
    third, fifth = {"minor": (3, 7), "dim": (3, 6), "aug": (4, 8), "sus": (5, 7)}.get(kind or "", (4, 7))
    if chord.quality.startswith("sus2"):
        third = 2
    if "b5" in chord.quality:
        fifth = 6
    steps = [0, third, fifth]
    if "maj7" in chord.quality or "M7" in chord.quality:
        steps.append(11)
    elif re.match(r"(dim|o|°)7", chord.quality):
        steps.append(9)
    elif re.search(r"7|9|11|13", chord.quality):
        steps.append(10)
    elif "6" in chord.quality:
        steps.append(9)
    return tuple((root + step) % 12 for step in steps)


def _pitch_class(name: str) -> int | None:
    if not re.fullmatch("[A-Ga-g][#b+]?", name):
        return None
    return (SEMITONES[name[0].upper()] + {"": 0, "#": 1, "+": 1, "b": -1}[name[1:]]) % 12


def _bass(chord: Chord, tones: tuple[int, ...], turn: int) -> int:
    """The bass: the note under the slash, or root and fifth in turn."""
    under = _pitch_class(chord.bass) if chord.bass else None
    tone = under if under is not None else tones[2] if turn % 2 else tones[0]
    return _LOWEST_BASS + (tone - _LOWEST_BASS) % 12


def _voiced(tones: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(_LOWEST_CHORD + (tone - _LOWEST_CHORD) % 12 for tone in tones))
