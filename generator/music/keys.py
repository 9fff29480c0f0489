"""Keys and modes: how people spell them, and their signatures.

A key is a tonic and a mode. ``fifths`` counts sharps (positive) or flats (negative) in its
signature, as in MIDI and MusicXML; a signature has at most seven of either (ABC 2.1, section 4.6).
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from generator.errors import RequestError, quoted
from generator.music.dances import listed
from generator.music.foreign_keys import in_english

LETTERS: Final = "CDEFGAB"
SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ALTERS: Final = {"": 0, "#": 1, "b": -1}
"""Semitones by which the sign of a note name alters its letter."""
LINE_OF_FIFTHS: Final = "FCGDAEB"

# Modes by the number of fifths that separate their signature from the major one on the same tonic.
MODES: Final = {
    "major": 0,
    "minor": -3,
    "dorian": -2,
    "mixolydian": -1,
    "phrygian": -4,
    "lydian": 1,
    "locrian": -5,
}
ASKED_MODES: Final = ("major", "minor", "dorian", "mixolydian")
_ABC_SUFFIX: Final = {
    "major": "",
    "minor": "m",
    "dorian": "dor",
    "mixolydian": "mix",
    "phrygian": "phr",
    "lydian": "lyd",
    "locrian": "loc",
}
_MODE_WORDS: Final = {
    "": "major",
    "maj": "major",
    "major": "major",
    "ionian": "major",
    "ion": "major",
    "m": "minor",
    "min": "minor",
    "minor": "minor",
    "moll": "minor",
    "aeolian": "minor",
    "aeo": "minor",
    "dor": "dorian",
    "dorian": "dorian",
    "mix": "mixolydian",
    "mixo": "mixolydian",
    "myx": "mixolydian",
    "mixolydian": "mixolydian",
    "phr": "phrygian",
    "phrygian": "phrygian",
    "lyd": "lydian",
    "lydian": "lydian",
    "loc": "locrian",
    "locrian": "locrian",
}
_LONGEST_NAME: Final = 40  # characters of a key, with room to spare
_SHORTEST_MODE: Final = 3  # letters of a mode that stands by itself
_KEY: Final = re.compile(
    r"\s*([A-Ga-g])\s*(#|b|♯|♭|-?\s*sharp|-?\s*flat)?[\s-]*([A-Za-z]*)\s*", re.IGNORECASE
)


def read_mode(text: str) -> str:
    """Read a mode by itself: ``minor``, ``Dorian``, ``mix``.

    Raises:
        RequestError: with the list of modes.
    """
    word = text.strip().lower()
    if len(word) < _SHORTEST_MODE or word not in _MODE_WORDS:
        raise RequestError(f"I don't know the mode {quoted(text)}; choose {listed(MODES)}.")
    return _MODE_WORDS[word]


def semitones(name: str) -> int:
    """Return the semitones of a note name above the C under its letter: 6 for F#, -1 for Cb, 12 for B#."""
    return SEMITONES[name[0]] + ALTERS[name[1:]]


def place_in_fifths(name: str) -> int:
    """Return the place of a note name on the line of fifths: C is 0, G 1, F -1, F# 6, Bb -2."""
    return LINE_OF_FIFTHS.index(name[0]) - 1 + 7 * ALTERS[name[1:]]


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic such as ``F#`` and a mode such as ``minor``."""

    tonic: str
    mode: str = "major"

    @property
    def fifths(self) -> int:
        """Count the sharps (positive) or flats (negative) in the signature, -7 to 7 for real keys."""
        return place_in_fifths(self.tonic) + MODES[self.mode]

    @property
    def signature(self) -> dict[str, int]:
        """Return the letters that the signature alters: ``{"F": 1, "C": 1}`` for D major."""
        count = self.fifths
        if count >= 0:
            return dict.fromkeys(LINE_OF_FIFTHS[:count], 1)
        return dict.fromkeys(LINE_OF_FIFTHS[::-1][:-count], -1)

    @property
    def pitch_class(self) -> int:
        """Return the tonic in semitones above C, 0 to 11."""
        return semitones(self.tonic) % 12

    @property
    def scale(self) -> frozenset[int]:
        """Return the pitch classes of the seven notes of the scale."""
        signature = self.signature
        return frozenset((SEMITONES[letter] + signature.get(letter, 0)) % 12 for letter in LETTERS)

    @property
    def abc(self) -> str:
        """Return the text of a ``K:`` field: ``F#m``, ``Bb``, ``Edor``."""
        return self.tonic + _ABC_SUFFIX[self.mode]

    @property
    def name(self) -> str:
        """Return what a person says: ``F# minor``."""
        return f"{self.tonic} {self.mode}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Read a key in any of the usual spellings: ``Em``, ``e minor``, ``Edor``, ``F sharp m``, ``e-Moll``.

        Raises:
            RequestError: if it is no key, or its signature would need more than seven accidentals.
        """
        text = in_english(text[:_LONGEST_NAME]) or text
        match = _KEY.fullmatch(" ".join(text.split()))  # of many spaces the pattern tries every division
        word = match[3].lower() if match else ""
        if match is None or word not in _MODE_WORDS:
            hint = get_close_matches(word, [w for w in _MODE_WORDS if len(w) > 2], 1, 0.6) if match else []
            if match and hint:
                near = f"{match[1].upper()} {_MODE_WORDS[hint[0]]}"
                raise RequestError(f"I don't know the key {quoted(text)}; did you mean {near}?")
            raise RequestError(
                f"I don't know the key {quoted(text)}; a key is a letter A to G with an optional b"
                " or #, and a mode: G, Em, F#m, Bb, Edor, Amix."
            )
        sign = (match[2] or "").lower()
        accidental = "#" if sign in ("#", "♯") or "sharp" in sign else "b" if sign else ""
        key = cls(match[1].upper() + accidental, _MODE_WORDS[word])
        if abs(key.fifths) > 7:
            raise RequestError(
                f"{key.name} would need more than seven accidentals in its signature;"
                f" try {key.respelled().name}, which sounds the same."
            )
        return key

    def of_mode(self, mode: str) -> "Key":
        """Return the key of another mode on this tonic, or on the one that sounds the same."""
        key = Key(self.tonic, mode)
        return key if abs(key.fifths) <= 7 else key.respelled()

    def respelled(self) -> "Key":
        """Return the key that sounds the same with the fewest accidentals: Ab major for G# major."""
        spellings = [
            Key(letter + accidental, self.mode) for letter in LETTERS for accidental in ("", "#", "b")
        ]
        same = [key for key in spellings if key.pitch_class == self.pitch_class]
        return min(same, key=lambda key: (abs(key.fifths), key.fifths))


def keys_of(mode: str) -> list[Key]:
    """List all keys of a mode, as they stand on a keyboard from C up, the flatter before the sharper."""
    keys = [Key(letter + sign, mode) for letter in LETTERS for sign in ALTERS]
    able = [key for key in keys if abs(key.fifths) <= 7]
    return sorted(able, key=lambda key: (key.pitch_class, key.fifths))
