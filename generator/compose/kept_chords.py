"""Chords that stand while the notes under them are drawn anew."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from generator.compose.held_text import Harmony
from generator.errors import AbcError
from generator.grammar.lengths import NOTATABLE, WHOLE
from generator.music.chords import chord_tones
from generator.music.notation import Bar, Chord, Note
from generator.music.tune import Tune

ChordPlaces = tuple[tuple[Fraction, Chord], ...]
_IN_THE_WAY: Final = "a note lies under a change of chord"


def chord_places(bar: Bar) -> ChordPlaces:
    """Return the chords of a bar, with where they stand in whole notes from its beginning."""
    return tuple([(at, note.chord) for at, note in zip(bar.onsets, bar.notes, strict=False) if note.chord])


def harmonies(places: Sequence[ChordPlaces], ticks: Fraction) -> list[Harmony]:
    """Return for each bar which pitch classes are at home from where on.

    Args:
        places: the chords of each bar, in order; a chord holds until the next one.
        ticks: of a whole note.
    """
    found, now = [], frozenset[int]()
    for chords in places:
        bar = [(0, now)] if now else []
        for at, chord in chords:
            now = frozenset(chord_tones(chord))
            bar.append((int(at * ticks), now))
        found.append(tuple(bar))
    return found


def with_chords(tune: Tune, places: Sequence[ChordPlaces]) -> Tune:
    """Return a tune with these chords and no others; a note that goes on under a new one is tied to itself.

    Raises:
        AbcError: a note cannot be divided so.
    """
    bars = [_with(bar, chords) for bar, chords in zip(tune.without_chords().bars, places, strict=True)]
    return replace(tune, bars=tuple(bars))


def _with(bar: Bar, chords: ChordPlaces) -> Bar:
    for at, chord in chords:
        bar = _divided(bar, at)
        index = bar.onsets.index(at)
        notes = list(bar.notes)
        notes[index] = replace(notes[index], chord=chord)
        bar = replace(bar, notes=tuple(notes))
    return bar


def _divided(bar: Bar, at: Fraction) -> Bar:
    """Return a bar in which a note begins at a place."""
    onsets = bar.onsets
    if at in onsets[:-1]:
        return bar
    if at >= bar.length:
        raise AbcError(_IN_THE_WAY)
    index = max(number for number, onset in enumerate(onsets) if onset < at)
    note = bar.notes[index]
    first, second = at - onsets[index], onsets[index + 1] - at
    if note.tuplet or not (_writable(first) and _writable(second)):
        raise AbcError(_IN_THE_WAY)
    before = replace(note, length=first, written=first, tie=bool(note.pitches), broken=0)
    after = Note(note.pitches, second, second, note.tie)
    earlier = [replace(each, broken=0) for each in bar.notes[index - 1 : index]] if index else []
    return replace(
        bar, notes=(*bar.notes[: max(index - 1, 0)], *earlier, before, after, *bar.notes[index + 1 :])
    )


def _writable(length: Fraction) -> bool:
    ticks = length * WHOLE
    return ticks.denominator == 1 and int(ticks) in NOTATABLE
