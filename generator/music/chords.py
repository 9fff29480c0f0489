"""Chord symbols: what people write over the notes, and which notes that means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from generator.music.keys import semitones
from generator.music.notation import Chord


@dataclass(frozen=True, slots=True)
class Quality:
    """The entry of a kind of chord.

    Attributes:
        tones: semitones above the root, the most telling four first.
        kind: what MusicXML calls it, as music21 spells that; ``""`` if it is printed as text.
        plainer: the quality to play where not everybody knows this one; None if all do.
    """

    tones: tuple[int, ...]
    kind: str = ""
    plainer: str | None = None


QUALITIES: Final[Mapping[str, Quality]] = {
    "": Quality((0, 4, 7), "major"),
    "m": Quality((0, 3, 7), "minor"),
    "7": Quality((0, 4, 7, 10), "dominant-seventh"),
    "m7": Quality((0, 3, 7, 10), "minor-seventh"),
    "maj7": Quality((0, 4, 7, 11), "major-seventh"),
    "dim": Quality((0, 3, 6), "diminished"),
    "dim7": Quality((0, 3, 6, 9), "diminished-seventh"),
    "m7b5": Quality((0, 3, 6, 10), "half-diminished-seventh"),
    "aug": Quality((0, 4, 8), "augmented"),
    "aug7": Quality((0, 4, 8, 10), "augmented-seventh"),
    "6": Quality((0, 4, 7, 9), "major-sixth"),
    "m6": Quality((0, 3, 7, 9), "minor-sixth"),
    "sus2": Quality((0, 2, 7), "suspended-second"),
    "sus4": Quality((0, 5, 7), "suspended-fourth"),
    "7sus4": Quality((0, 5, 7, 10)),
    "9": Quality((0, 4, 7, 10, 14), "dominant-ninth"),
    "m9": Quality((0, 3, 7, 10, 14), "minor-ninth"),
    "maj9": Quality((0, 4, 7, 11, 14), "major-ninth"),
    "add9": Quality((0, 4, 7, 14), plainer=""),
    "7b9": Quality((0, 4, 7, 10, 13), plainer="7"),
    "mmaj7": Quality((0, 3, 7, 11), "minor-major-seventh", plainer="m"),
    "11": Quality((0, 4, 7, 10, 14, 17), "dominant-11th"),
    "13": Quality((0, 4, 7, 10, 14, 21), "dominant-13th", plainer="7"),
    "5": Quality((0, 7), "power"),
}
"""The kinds of chord by what follows the root in our spelling."""

_SPELLINGS: Final = {
    "maj": "", "M": "", "major": "", "min": "m", "-": "m", "mi": "m", "minor": "m", "m-7": "m7",
    "min7": "m7", "-7": "m7", "mi7": "m7", "M7": "maj7", "ma7": "maj7", "Maj7": "maj7", "j7": "maj7",
    "d": "dim", "o": "dim", "°": "dim", "dim.": "dim", "o7": "dim7", "°7": "dim7", "d7": "dim7",
    "m7-5": "m7b5", "ø": "m7b5", "ø7": "m7b5", "a": "aug", "+": "aug", "aug.": "aug", "a7": "aug7",
    "+7": "aug7", "7+": "aug7", "7#5": "aug7", "min6": "m6", "-6": "m6", "sus": "sus4", "4": "sus4",
    "2": "sus2", "7sus": "7sus4", "dom7": "7", "min9": "m9", "M9": "maj9", "2add": "add9",
    "add2": "add9", "mM7": "mmaj7", "mMaj7": "mmaj7", "-9": "7b9",
}  # fmt: skip
_ROOT: Final = re.compile(r"\(?\s*([A-G])([#b♯♭]?)\s*([^/()]{0,8}?)\s*(?:/\s*([A-Ga-g])([#b+♯♭]?))?\s*\)?")
_SIGN: Final = {"": "", "#": "#", "+": "#", "♯": "#", "b": "b", "♭": "b"}


def read_quality(text: str) -> str | None:
    """Return the quality that ``text`` means, in our spelling; None if it is none."""
    quality = _SPELLINGS.get(text, text)
    return quality if quality in QUALITIES else None


@lru_cache(4096)
def read_chord(text: str) -> Chord | None:
    """Read a chord symbol; None if it is some other text.

    The Nottingham database's ways are understood: ``D/f+`` has F# in the bass, ``Ad`` is diminished,
    ``(E7)`` is a chord that may be left out.
    """
    match = _ROOT.fullmatch(text)
    quality = read_quality(match[3]) if match else None
    if match is None or quality is None:
        return None
    bass = match[4].upper() + _SIGN[match[5]] if match[4] else ""
    root = match[1] + _SIGN[match[2]]
    return Chord(root, quality, "" if bass == root else bass)


def chord_tones(chord: Chord) -> tuple[int, ...]:
    """Return the pitch classes of a chord, its root first; the note under the slash is not among them."""
    root = semitones(chord.root)
    return tuple([(root + up) % 12 for up in QUALITIES[chord.quality].tones])
