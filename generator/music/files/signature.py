"""Keys of files that give a number of sharps or flats, or nothing at all."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from generator.music.files.sheet import SheetPitch
from generator.music.keys import LINE_OF_FIFTHS, MODES, SEMITONES, Key

_LETTERS: Final = LINE_OF_FIFTHS  # F C G D A E B
_FINALS: Final = ("major", "minor", "dorian", "mixolydian")


def key_of(fifths: int, mode: str, last: int) -> Key:
    """Return the key of a signature.

    Args:
        fifths: sharps, or flats as a negative number; -7 to 7.
        mode: its name; ``""`` to tell it from the last note.
        last: pitch class of that note.
    """
    if mode not in MODES:
        keys = [Key(_tonic(fifths, each), each) for each in _FINALS]
        return next((key for key in keys if key.pitch_class == last), keys[0])
    return Key(_tonic(fifths, mode), mode)


def _tonic(fifths: int, mode: str) -> str:
    place = fifths - MODES[mode] + 1  # on the line of fifths, F first
    turns, letter = divmod(place, 7)
    return _LETTERS[letter] + ("#" * turns if turns > 0 else "b" * -turns)


def guessed_fifths(classes: Sequence[int]) -> int:
    """Return the signature in whose scale most of the pitch classes lie."""
    counts = Counter(classes)
    scales = {fifths: Key(_tonic(fifths, "major"), "major").scale for fifths in range(-6, 7)}
    inside = {fifths: sum(counts[each] for each in scale) for fifths, scale in scales.items()}
    return max(inside, key=lambda fifths: (inside[fifths], -abs(fifths), fifths))


def spelled(midi: int, fifths: int) -> SheetPitch:
    """Spell a MIDI key number as a key of so many sharps would."""
    centre = fifths + 2  # of the seven notes of the scale on the line of fifths, C as 0
    place = (midi * 7) % 12
    place += 12 * round((centre - place) / 12)
    alter, letter = divmod(place + 1, 7)
    name = _LETTERS[letter]
    octave = (midi - alter - SEMITONES[name]) // 12 - 1
    return SheetPitch(name, alter, octave)
