"""Keys as they are named in German, French, Spanish and Irish: cis-Moll, ré mineur, sol mayor, mi mionúr."""

import re
from typing import Final

_MODES: Final = {
    "dur": "major", "moll": "minor", "dorisch": "dorian", "mixolydisch": "mixolydian",
    "phrygisch": "phrygian", "lydisch": "lydian", "lokrisch": "locrian",
    "majeur": "major", "mineur": "minor", "dorien": "dorian", "mixolydien": "mixolydian",
    "phrygien": "phrygian", "lydien": "lydian", "locrien": "locrian",
    "mayor": "major", "menor": "minor", "dórico": "dorian", "dorico": "dorian", "mixolidio": "mixolydian",
    "frigio": "phrygian", "lidio": "lydian", "locrio": "locrian",
    "mór": "major", "mor": "major", "mionúr": "minor", "mionur": "minor", "dóiriach": "dorian",
    "mixilidiach": "mixolydian", "frigiach": "phrygian", "lidiach": "lydian", "locrach": "locrian",
}  # fmt: skip
_GERMAN: Final = frozenset(("dur", "moll", "dorisch", "mixolydisch", "phrygisch", "lydisch", "lokrisch"))
_SYLLABLES: Final = {
    "do": "C", "ut": "C", "re": "D", "ré": "D", "mi": "E", "fa": "F", "sol": "G", "la": "A", "si": "B",
}  # fmt: skip
_SIGNS: Final = {"dièse": "#", "diese": "#", "sostenido": "#", "bémol": "b", "bemol": "b", "#": "#", "b": "b"}
_FLATS: Final = {"b": "Bb", "es": "Eb", "as": "Ab", "hes": "Bb"}
_NAME: Final = re.compile(
    r"([a-zé]+|[a-g][#b]?)[\s-]+(?:(dièse|diese|sostenido|bémol|bemol|#|b)[\s-]+)?([a-zéúóá]+)"
)


def in_english(text: str) -> str:
    """Return the English name of a key named in another language: ``C# minor``; empty if it is none."""
    word = " ".join(text.lower().split())
    if word == "h":
        return "B major"
    match = _NAME.fullmatch(word)
    if match is None or match[3] not in _MODES:
        return ""
    name, sign, mode = match[1], _SIGNS.get(match[2] or "", ""), _MODES[match[3]]
    if name in _SYLLABLES:
        return f"{_SYLLABLES[name]}{sign} {mode}"
    tonic = (
        _german(name)
        if match[3] in _GERMAN
        else name.capitalize()
        if re.fullmatch("[a-g][#b]?", name)
        else ""
    )
    return f"{tonic}{sign} {mode}" if tonic else ""


def _german(name: str) -> str:
    """Return the English name of a German note: Cis, Es, H, B; also with English signs."""
    if name in _FLATS:
        return _FLATS[name]
    letter = "B" if name[0] == "h" else name[0].upper()
    sign = {"": "", "is": "#", "es": "b", "#": "#", "b": "b"}.get(name[1:])
    return "" if sign is None or letter not in "ABCDEFG" else letter + sign
