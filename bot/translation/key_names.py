"""The names of keys in each language: E minor is e-Moll, mi mineur, mi menor, E mionúr."""

import re
from typing import Final

_KEY: Final = re.compile(r"([A-G])(#|b)? (major|minor|dorian|mixolydian|phrygian|lydian|locrian)")
_MODES: Final = {
    "de": ("Dur", "Moll", "dorisch", "mixolydisch", "phrygisch", "lydisch", "lokrisch"),
    "fr": ("majeur", "mineur", "dorien", "mixolydien", "phrygien", "lydien", "locrien"),
    "es": ("mayor", "menor", "dórico", "mixolidio", "frigio", "lidio", "locrio"),
    "ga": ("mór", "mionúr", "dóiriach", "mixilidiach", "frigiach", "lidiach", "locrach"),
}
_ENGLISH: Final = ("major", "minor", "dorian", "mixolydian", "phrygian", "lydian", "locrian")
_SYLLABLES: Final = {
    "fr": dict(zip("CDEFGAB", ("do", "ré", "mi", "fa", "sol", "la", "si"), strict=True)),
    "es": dict(zip("CDEFGAB", ("do", "re", "mi", "fa", "sol", "la", "si"), strict=True)),
}
_SIGNS: Final = {"fr": {"#": " dièse", "b": " bémol"}, "es": {"#": " sostenido", "b": " bemol"}}
_GERMAN_FLATS: Final = {"B": "B", "E": "Es", "A": "As"}


def key_name(text: str, language: str) -> str:
    """Say the English name of a key in another language; empty if it is no such name."""
    match = _KEY.fullmatch(text)
    if match is None or language not in _MODES:
        return ""
    letter, sign, mode = match[1], match[2] or "", _MODES[language][_ENGLISH.index(match[3])]
    if language == "de":
        tonic = _german(letter, sign)
        return f"{tonic.lower()}-{mode}" if mode == "Moll" else f"{tonic}-{mode}"
    if language in _SYLLABLES:
        return f"{_SYLLABLES[language][letter]}{_SIGNS[language].get(sign, '')} {mode}"
    return f"{letter}{sign} {mode}"


def _german(letter: str, sign: str) -> str:
    if sign == "b":
        return _GERMAN_FLATS.get(letter, f"{letter}es")
    name = "H" if letter == "B" else letter
    return f"{name}is" if sign else name
