"""Transposing: to another key, to another mode on the same tonic, or by octaves."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Final

from generator.music.chords import QUALITIES, chord_tones
from generator.music.keys import (
    ALTERS,
    LETTERS,
    LINE_OF_FIFTHS,
    MODES,
    SEMITONES,
    Key,
    place_in_fifths,
    semitones,
)
from generator.music.notation import Bar, Change, Chord, Note, Pitch

_NAMES: Final = {alter: sign for sign, alter in ALTERS.items()}


def name_at(fifths: int) -> str:
    """Return the note name at a place on the line of fifths, respelled to at most one accidental."""
    while fifths > 12:
        fifths -= 12
    while fifths < -8:
        fifths += 12
    letter = LINE_OF_FIFTHS[(fifths + 1) % 7]
    return letter + _NAMES[(fifths + 1) // 7]


def nearest_octave(old: Key, new: Key) -> int:
    """Return the octaves to add so that the letters of one tonic move to the other by the nearest way."""
    steps = LETTERS.index(new.tonic[0]) - LETTERS.index(old.tonic[0])
    return -1 if steps > 3 else 1 if steps < -3 else 0


def moved_key(key: Key, shift: int) -> Key:
    """Move a key along the line of fifths; respell it if its signature gets too large."""
    signature = place_in_fifths(key.tonic) + shift + MODES[key.mode]
    turn = -12 if signature > 7 else 12 if signature < -7 else 0
    return Key(name_at(place_in_fifths(key.tonic) + shift + turn), key.mode)


class Mover:
    """Moves notes from one key to another of the same mode, ``octave`` octaves higher."""

    def __init__(self, old: Key, new: Key, octave: int) -> None:
        self.letters = LETTERS.index(new.tonic[0]) - LETTERS.index(old.tonic[0]) + 7 * octave
        self.fifths = place_in_fifths(new.tonic) - place_in_fifths(old.tonic)
        self._before, self._after = old.signature, new.signature

    def pitch(self, pitch: Pitch) -> Pitch:
        """Move a pitch; keep its spelling relative to the signature."""
        octave, index = divmod(pitch.step + self.letters, 7)
        letter = LETTERS[index]
        relative = pitch.alter - self._before.get(pitch.letter, 0)
        moved = Pitch(letter, self._after.get(letter, 0) + relative, octave, pitch.written)
        return moved if abs(moved.alter) <= 2 else respelled(moved)

    def chord(self, chord: Chord) -> Chord:
        """Move a chord symbol."""
        bass = name_at(place_in_fifths(chord.bass) + self.fifths) if chord.bass else ""
        return Chord(name_at(place_in_fifths(chord.root) + self.fifths), chord.quality, bass)


def respelled(pitch: Pitch) -> Pitch:
    """Respell a pitch of three sharps or flats on the next letter."""
    up = 1 if pitch.alter > 0 else -1
    octave, index = divmod(pitch.step + up, 7)
    bare = Pitch(LETTERS[index], 0, octave, written=True)
    return replace(bare, alter=pitch.midi - bare.midi)


def with_notes(
    bars: tuple[Bar, ...],
    pitch: Callable[[Pitch, Key], Pitch],
    chord: Callable[[Chord, Key], Chord],
    key: Callable[[Key], Key],
) -> tuple[Bar, ...]:
    """Replace all pitches, chord symbols and keys; each function is given the old key as well."""
    met: dict[tuple[object, ...], Pitch] = {}  # tunes have few different notes

    def there(p: Pitch, now: Key) -> Pitch:
        this = (p.letter, p.alter, p.octave, p.written, now.tonic, now.mode)
        if this not in met:
            met[this] = pitch(p, now)
        return met[this]

    done = []
    for bar in bars:
        now = bar.key
        changes = {c.at: c.value for c in bar.changes if isinstance(c.value, Key)}
        notes: list[Note] = []
        for index, note in enumerate(bar.notes):
            now = changes.get(index, now)
            pitches = tuple([there(p, now) for p in note.pitches])
            grace = tuple([there(p, now) for p in note.grace])
            notes.append(note.sounding(pitches, grace, note.chord and chord(note.chord, now)))
        moved = tuple(
            [Change(c.at, key(c.value) if isinstance(c.value, Key) else c.value) for c in bar.changes]
        )
        done.append(bar.sounding(tuple(notes), key(bar.key), moved))
    return tuple(done)


def transposed(bars: tuple[Bar, ...], old: Key, new: Key, octave: int) -> tuple[Bar, ...]:
    """Move bars from one tonic to another by the nearest way, and by ``octave`` octaves."""
    shift = place_in_fifths(new.tonic) - place_in_fifths(old.tonic)
    wanted = 12 * (octave + nearest_octave(old, new)) + semitones(new.tonic) - semitones(old.tonic)

    @cache
    def mover(key: Key) -> Mover:
        target = moved_key(key, shift)
        reached = semitones(target.tonic) - semitones(key.tonic)
        return Mover(key, target, (wanted - reached) // 12)

    return with_notes(
        bars,
        lambda pitch, key: mover(key).pitch(pitch),
        lambda chord, key: mover(key).chord(chord),
        lambda key: moved_key(key, shift),
    )


def under(bars: tuple[Bar, ...], old: Key, new: Key) -> tuple[Bar, ...]:
    """Put bars in ``old`` under the signature of ``new`` with the same letters; leave other keys.

    A note outside the old scale keeps its sound: the raised sixth of a minor tune is simply the sixth
    in dorian.
    """
    before, after = old.signature, new.signature

    def pitch(pitch: Pitch, key: Key) -> Pitch:
        if key != old:
            return pitch
        own = after.get(pitch.letter, 0)
        alter = own if pitch.alter == before.get(pitch.letter, 0) else pitch.alter
        return replace(pitch, alter=alter, written=pitch.written and alter != own)

    return with_notes(
        bars,
        pitch,
        lambda chord, key: under_chord(chord, old, new) if key == old else chord,
        lambda key: new if key == old else key,
    )


def under_chord(chord: Chord, old: Key, new: Key) -> Chord:
    """Return the chord on the same letters of the new scale: D7 in G major is Dm7 in G mixolydian.

    Chord notes outside the old scale keep their sound. If the result has no name, its triad is taken, and
    failing that the quality stays.
    """
    before, after = old.signature, new.signature
    sounds = {(SEMITONES[x] + before.get(x, 0)) % 12: (SEMITONES[x] + after.get(x, 0)) % 12 for x in LETTERS}

    def name(text: str) -> str:
        letter, alter = text[0], ALTERS[text[1:]]
        return letter + _NAMES[after.get(letter, 0)] if alter == before.get(letter, 0) else text

    root, bass = name(chord.root), name(chord.bass) if chord.bass else ""
    low = semitones(root)
    moved = [(sounds.get(tone, tone) - low) % 12 for tone in chord_tones(chord)]
    for wanted in (moved, moved[:3]):
        for name_of, quality in QUALITIES.items():
            if {up % 12 for up in quality.tones} == set(wanted):
                return Chord(root, name_of, bass)
    return Chord(root, chord.quality, bass)


def best_octave(pitches: Iterable[int], low: int, high: int) -> int:
    """Return the octaves to move by so that as many of these MIDI numbers as possible lie in the range.

    Of equal moves the smallest is taken.
    """
    found = list(pitches)
    if not found or low <= min(found) <= max(found) <= high:
        return 0
    return min(range(-5, 6), key=lambda up: (sum(not low <= p + 12 * up <= high for p in found), abs(up), up))
