"""Guessing the key of music that names none."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from generator.music.abc.tokens import multiplier
from generator.music.keys import Key

_QUIET: Final = re.compile(r'"[^"]*"|![^!|\n]{1,60}!|\{[^{}]*\}|\[[A-Za-z]:[^\]]*\]|%[^\n]*')
_NOTE: Final = re.compile(r"(\^{1,2}|_{1,2}|=)?([A-Ga-g])[,']*(\d*/*\d*)")
# The keys that players use, and how likely each is before a note is heard.
_KEYS: Final = {
    "G": 3, "D": 3, "A": 1, "C": 2, "Em": 2, "Am": 2, "Dm": 0, "Bm": 0, "Gm": -1, "F": 0, "Bb": -1,
}  # fmt: skip


def guess_key(music: str) -> tuple[str, str]:
    """Return a key as ``K:`` has it, and the words that say so.

    Notes with accidentals of their own are taken to need no signature; among bare letters, the chord
    of the key lasts longest, and the tune ends on its tonic.
    """
    weights: dict[str, float] = dict.fromkeys("CDEFGAB", 0.0)
    altered, last, first = set(), "C", ""
    for match in _NOTE.finditer(_QUIET.sub("", music)):
        sign, letter, length = match[1], match[2].upper(), multiplier(match[3])
        weights[letter] += float(length or Fraction(1))
        first, last = first or letter, letter
        if sign and sign != "=":
            altered.add(letter)
    if len(altered) > 1:
        return (
            "C",
            "with accidentals of their own the notes need no key, so they are read without sharps or flats",
        )
    best = max(_KEYS, key=lambda name: (_fit(name, weights, first, last), -list(_KEYS).index(name)))
    return best, f"from its notes it is read as {Key.read(best).name}"


def _fit(name: str, weights: Mapping[str, float], first: str, last: str) -> float:
    letters = "CDEFGAB"
    tonic = letters.index(name[0])
    third, fifth = letters[(tonic + 2) % 7], letters[(tonic + 4) % 7]
    whole = sum(weights.values()) or 1.0
    chord = 1.2 * weights[name[0]] + weights[fifth] + 0.8 * weights[third]
    return 20 * chord / whole + 4 * (last == name[0]) + 4 * (first == name[0]) + _KEYS[name]
