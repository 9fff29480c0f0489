"""Moving a tune to another key, another mode on the same tonic, or another octave."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Final

from generator.music.chords import QUALITIES
from generator.music.keys import LETTERS, MODES, SEMITONES, Key
from generator.music.notation import Bar, Change, Chord, Note, Pitch

_FIFTHS: Final = "FCGDAEB"
_ALTERS: Final = {"": 0, "#": 1, "b": -1}
_NAMES: Final = {0: "", 1: "#", -1: "b"}


def place(name: str) -> int:
    """Place of a note name on the line of fifths: C is 0, G 1, F -1, F# 6, Bb -2."""
    return _FIFTHS.index(name[0]) - 1 + 7 * _ALTERS[name[1:]]


def name_at(fifths: int) -> str:
    """The note name at a place of the line of fifths, at most one accidental; others respelled."""
    while fifths > 12:
        fifths -= 12
    while fifths < -8:
        fifths += 12
    letter = _FIFTHS[(fifths + 1) % 7]
    return letter + _NAMES[(fifths + 1) // 7]


def nearest_octave(old: Key, new: Key) -> int:
    """Octaves to add so that moving letters from one tonic to the other goes the nearest way."""
    steps = LETTERS.index(new.tonic[0]) - LETTERS.index(old.tonic[0])
    return -1 if steps > 3 else 1 if steps < -3 else 0


def moved_key(key: Key, shift: int) -> Key:
    """A key moved along the line of fifths, respelled if its signature got too large."""
    signature = place(key.tonic) + shift + MODES[key.mode]
    turn = -12 if signature > 7 else 12 if signature < -7 else 0
    return Key(name_at(place(key.tonic) + shift + turn), key.mode)


class Mover:
    """Moves notes from one key to another of the same mode, ``octave`` octaves higher."""

    def __init__(self, old: Key, new: Key, octave: int) -> None:
        self.letters = LETTERS.index(new.tonic[0]) - LETTERS.index(old.tonic[0]) + 7 * octave
        self.fifths = place(new.tonic) - place(old.tonic)
        self._before, self._after = old.signature, new.signature

    def pitch(self, pitch: Pitch) -> Pitch:
        """The pitch, spelled as it was relative to the signature."""
        octave, index = divmod(pitch.step + self.letters, 7)
        letter = LETTERS[index]
        relative = pitch.alter - self._before.get(pitch.letter, 0)
        moved = Pitch(letter, self._after.get(letter, 0) + relative, octave, pitch.written)
        return moved if abs(moved.alter) <= 2 else respelled(moved)

    def chord(self, chord: Chord) -> Chord:
        """The chord symbol, moved."""
        bass = name_at(place(chord.bass) + self.fifths) if chord.bass else ""
        return Chord(name_at(place(chord.root) + self.fifths), chord.quality, bass)


def respelled(pitch: Pitch) -> Pitch:
    """The same sound on the next letter, for one with three sharps or flats."""
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
    """The bars with all pitches, chord symbols and keys exchanged; each function is told the old key."""
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


def _semitones(key: Key) -> int:
    """The tonic above the C under its letter: -1 for Cb, 12 for B#."""
    return SEMITONES[key.tonic[0]] + _ALTERS[key.tonic[1:]]


def transposed(bars: tuple[Bar, ...], old: Key, new: Key, octave: int) -> tuple[Bar, ...]:
    """Bars moved from the tonic of ``old`` to that of ``new`` by the nearest way, and ``octave`` octaves."""
    shift = place(new.tonic) - place(old.tonic)
    wanted = 12 * (octave + nearest_octave(old, new)) + _semitones(new) - _semitones(old)

    @cache
    def mover(key: Key) -> Mover:
        target = moved_key(key, shift)
        reached = _semitones(target) - _semitones(key)
        return Mover(key, target, (wanted - reached) // 12)

    return with_notes(
        bars,
        lambda pitch, key: mover(key).pitch(pitch),
        lambda chord, key: mover(key).chord(chord),
        lambda key: moved_key(key, shift),
    )


def under(bars: tuple[Bar, ...], old: Key, new: Key) -> tuple[Bar, ...]:
    """Bars in ``old`` with the same letters under the signature of ``new``; other keys stay.

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
    """The chord on the same letters of the new scale: D7 in G major is Dm7 in G mixolydian.

    Chord notes outside the old scale keep their sound; where what results has no name, the triad
    is taken, and failing that the quality stays.
    """
    before, after = old.signature, new.signature
    sounds = {(SEMITONES[x] + before.get(x, 0)) % 12: (SEMITONES[x] + after.get(x, 0)) % 12 for x in LETTERS}

    def name(text: str) -> str:
        letter, alter = text[0], _ALTERS[text[1:]]
        return letter + _NAMES[after.get(letter, 0)] if alter == before.get(letter, 0) else text

    root, bass = name(chord.root), name(chord.bass) if chord.bass else ""
    low, new_low = _sound(chord.root), _sound(root)
    tones = [(low + up) % 12 for up in QUALITIES[chord.quality]]
    moved = [(sounds.get(tone, tone) - new_low) % 12 for tone in tones]
    for wanted in (moved, moved[:3]):
        for quality, ups in QUALITIES.items():
            if {up % 12 for up in ups} == set(wanted):
                return Chord(root, quality, bass)
    return Chord(root, chord.quality, bass)


def _sound(name: str) -> int:
    return SEMITONES[name[0]] + _ALTERS[name[1:]]


def best_octave(pitches: Iterable[int], low: int, high: int) -> int:
    """Octaves to move by so that as many of these MIDI numbers as can lie within ``low`` to ``high``.

    Of equal moves the smallest is taken.
    """
    found = list(pitches)
    if not found or low <= min(found) <= max(found) <= high:
        return 0
    return min(range(-5, 6), key=lambda up: (sum(not low <= p + 12 * up <= high for p in found), abs(up), up))
