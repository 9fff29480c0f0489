"""Chord symbols: reading what people write over the notes."""

import re
from functools import lru_cache
from typing import Final

from generator.music.notation import Chord

# Semitones above the root, by quality as we write it.
QUALITIES: Final = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "aug": (0, 4, 8),
    "aug7": (0, 4, 8, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "9": (0, 4, 7, 10, 14),
    "m9": (0, 3, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "add9": (0, 4, 7, 14),
    "7b9": (0, 4, 7, 10, 13),
    "mmaj7": (0, 3, 7, 11),
    "11": (0, 4, 7, 10, 14, 17),
    "13": (0, 4, 7, 10, 14, 21),
    "5": (0, 7),
}
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


@lru_cache(4096)
def read_chord(text: str) -> Chord | None:
    """The chord symbol that ``text`` is, in our spelling; None if it is some other text.

    Also reads the Nottingham database's ways: ``D/f+`` has F# in the bass, ``Ad`` is diminished,
    ``(E7)`` is a chord that may be left out.
    """
    match = _ROOT.fullmatch(text)
    if match is None:
        return None
    quality = _SPELLINGS.get(match[3], match[3])
    if quality not in QUALITIES:
        return None
    bass = match[4].upper() + _SIGN[match[5]] if match[4] else ""
    root = match[1] + _SIGN[match[2]]
    return Chord(root, quality, "" if bass == root else bass)
