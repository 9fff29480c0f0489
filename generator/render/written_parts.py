"""A tune as players of B-flat and E-flat instruments read it, who sound lower than they read."""

from dataclasses import dataclass
from typing import Final

from generator.errors import RequestError, quoted
from generator.music.dances import listed
from generator.music.transposing import moved_key
from generator.music.tune import Tune


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """What players of a kind of instrument read.

    Attributes:
        name: of the note that sounds where they read a C.
        shown: the same as it is printed.
        fifths: by which their key lies further along the line of fifths.
    """

    name: str
    shown: str
    fifths: int


PARTS: Final = {part.name: part for part in (WrittenPart("Bb", "B♭", 2), WrittenPart("Eb", "E♭", 3))}
"""Trumpet, clarinet and tenor saxophone are in B-flat, alto and baritone saxophone in E-flat."""
_LOW, _HIGH = 58, 84  # written notes that all of them have: B flat below the staff to C above it


@dataclass(frozen=True, slots=True)
class Shift:
    """How far what sounds lies from what is written: in steps of letters, and in semitones."""

    steps: int
    semitones: int


def read_part(text: str) -> str:
    """Return the name of the part that a user means; empty for one at concert pitch.

    Raises:
        RequestError: with those that there are.
    """
    plain = text.strip().replace("♭", "b").replace("-flat", "b").replace(" flat", "b").lower()
    if plain in ("", "c", "concert"):
        return ""
    for name in PARTS:
        if plain == name.lower():
            return name
    raise RequestError(f"There is no part in {quoted(text)}; choose {listed(['C', *PARTS])}.")


def written(tune: Tune, part: str) -> Tune:
    """Write a tune for a part, in the octave that fits its instruments; empty leaves it at concert pitch."""
    if not part:
        return tune
    return tune.transposed(moved_key(tune.key, PARTS[part].fifths)).fitted(_LOW, _HIGH)


def shift(concert: Tune, part: Tune) -> Shift:
    """Return how far a tune at concert pitch lies from what was written of it for a part."""
    pairs = zip(concert.bars, part.bars, strict=True)
    notes = (both for one, other in pairs for both in zip(one.notes, other.notes, strict=True))
    for sounds, reads in notes:
        for heard, read in zip(sounds.pitches, reads.pitches, strict=True):
            return Shift(heard.step - read.step, heard.midi - read.midi)
    return Shift(0, 0)
