"""The fields of ABC: meter, unit length, tempo, key, order of the parts, and texts.

Each reader takes what stands after the colon, without comment, and raises AbcError with the reason
alone; the caller knows the line. Sections named here are those of the ABC standard 2.1.
"""

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from generator.errors import AbcError, RequestError
from generator.music.abc.tokens import ALTER
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Tempo

MAX_PARTS: Final = 200
_LONGEST_TEXT: Final = 2_000  # characters, of which 200 are kept
_MOST_BEATS, _FINEST_BEAT = 999, 9999  # what a fraction of ours can be written with
_FRACTION: Final = re.compile(r"(\d{1,3})\s*/\s*(\d{1,4})")
_ACCENT: Final = re.compile(r"\\([\"'`^~,c])\s?([A-Za-z])")
_MARK: Final = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", ",": "\u0327"}
_PART_ORDER: Final = re.compile(r"(?=[^A-Z]*[A-Z])[A-Z0-9().\s]+")
_KEY_EXTRA: Final = re.compile(
    r"\s+(?:clef\s*=\s*)?(?:treble|alto|tenor|bass|perc|none)[+\-\d]*\b|\s+(?:clef|middle|stafflines|staffscale|style)"
    r"\s*=\s*\S*"
)
_KEY_SIGNS: Final = re.compile(r"\s*(\^{1,2}|_{1,2}|=)([A-Ga-g])")


def read_text(text: str) -> str:
    r"""Return a text such as a title: accents like ``\'e`` made one letter, spaces single, 200 characters."""
    return _read_text(text[:_LONGEST_TEXT])


@lru_cache(2048)
def _read_text(text: str) -> str:
    text = _ACCENT.sub(lambda m: unicodedata.normalize("NFC", m[2] + _MARK.get(m[1], "\u030c")), text)
    text = text.replace("\\%", "%").replace("\\", "")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def read_meter(text: str) -> Meter:
    """Any meter, ``C|``, ``7/8``, ``(2+3)/8``, or ``none`` for a tune in free time (section 3.1.6)."""
    plain = "".join(text.split())
    if plain in ("C", "C|", "c", "c|"):
        return Meter(plain.upper())
    if plain.lower() in ("none", ""):
        return Meter("none")
    top, _, bottom = plain.replace("(", "").replace(")", "").partition("/")
    beats = top.split("+")
    if (
        all(beat.isdecimal() and len(beat) <= 2 for beat in beats)
        and bottom in ("1", "2", "4", "8", "16", "32")
        and 1 <= sum(map(int, beats)) <= 64
    ):
        return Meter(f"{sum(map(int, beats))}/{bottom}")
    raise AbcError(f"“M:{text[:20]}” is no meter; write something like M:6/8 or M:C|")


def read_unit(text: str) -> Fraction:
    """Return the unit note length (section 3.1.7)."""
    match = _FRACTION.fullmatch(text.strip())
    if text.strip() == "1":
        return Fraction(1)
    if match and match[1] == "1" and match[2] in ("1", "2", "4", "8", "16", "32", "64"):
        return Fraction(1, int(match[2]))
    raise AbcError(f"“L:{text[:20]}” is no note length; write L:1/8 or L:1/16")


def read_tempo(text: str, unit: Fraction) -> Tempo | None:
    """Return the tempo (section 3.1.8); None if there are words alone.

    A bare number counts quarter notes, as abc2midi has it; ``C=100`` and ``C3=40`` count units.
    """
    words = " ".join(re.findall(r'"([^"]*)"', text))
    rest = " ".join(re.sub(r'"[^"]*"', " ", text).split())
    left, equals, right = rest.rpartition("=")
    if not right.strip() and not equals:
        return None
    pace = re.fullmatch(r"\s*(\d{1,4})(?:\.\d*)?\s*", right)
    if pace is None or not 1 <= int(pace[1]) <= 999:
        raise AbcError(f"“Q:{text[:20]}” is no tempo; write something like Q:1/4=120")
    beat = Fraction(1, 4)
    units = re.fullmatch(r"\s*C\s*(\d{0,2})\s*", left)
    if units:
        beat = unit * int(units[1] or 1)
    elif left.strip():
        pieces = [_FRACTION.fullmatch(piece) for piece in re.sub(r"\s*/\s*", "/", left).split()]
        if not all(piece and int(piece[1]) and int(piece[2]) for piece in pieces):
            raise AbcError(f"“Q:{text[:20]}” is no tempo; write something like Q:1/4=120")
        beat = sum((Fraction(int(piece[1]), int(piece[2])) for piece in pieces if piece), Fraction(0))
    if not Fraction(1, 64) <= beat <= 4 or beat.numerator > _MOST_BEATS or beat.denominator > _FINEST_BEAT:
        raise AbcError(f"“Q:{text[:20]}” counts a beat that no foot can tap; write something like Q:1/4=120")
    return Tempo(beat, int(pace[1]), read_text(words)[:60])


def read_key(text: str) -> tuple[Key, Mapping[str, int]]:
    """Return the key, and what its signature alters (section 3.1.14).

    The two differ where a field names single accidentals (``K:D =c``); clefs are passed over.
    """
    plain = _KEY_EXTRA.sub("", " " + " ".join(text.split())).strip()
    signs = {}
    found = re.search(r"[\^_=]", plain)
    if found:
        plain, tail = plain[: found.start()], plain[found.start() :]
        if not re.fullmatch(rf"(?:{_KEY_SIGNS.pattern})+\s*", tail):
            raise AbcError(f"I can't read the key “K:{text[:20]}”; write something like K:G or K:Ador")
        signs = {letter.upper(): ALTER[sign] for sign, letter in _KEY_SIGNS.findall(tail)}
    plain = re.sub(r"\bexp\b", "", plain).strip()
    if plain in ("HP", "Hp"):  # the Highland pipes' scale: A mixolydian
        key = Key("A", "mixolydian")
    elif plain.lower() in ("none", ""):
        key = Key("C")
    else:
        try:
            key = Key.read(plain)
        except RequestError as error:
            raise AbcError(str(error)) from None
    if plain == "none" or (signs and "exp" in text):
        return key, signs
    return key, {**key.signature, **signs}


def read_parts(text: str) -> tuple[str, ...] | None:
    """Return the order of the parts, ``A(BC)2`` expanded (section 3.1.9); None if it is some other text.

    Raises:
        AbcError: if brackets do not match, or it comes to more than 200 parts.
    """
    if not _PART_ORDER.fullmatch(text):
        return None
    nests: list[list[str]] = [[]]
    last: list[str] = []
    for piece in re.findall(r"[A-Z()]|\d+", text):
        if piece == "(":
            nests.append([])
            last = []
        elif piece.isdecimal():
            times = int(piece[:4])
            if not last or not 1 <= times <= MAX_PARTS or times * len(last) > MAX_PARTS:
                raise AbcError(f"the order of parts “{text[:20]}” repeats nothing, or too much")
            nests[-1] += last * (times - 1)
            last = []
        else:
            if piece == ")":
                if len(nests) == 1:
                    raise AbcError(f"the order of parts “{text[:20]}” closes a bracket that is not open")
                last = nests.pop()
            else:
                last = [piece]
            nests[-1] += last
        if len(nests) > 8 or len(nests[-1]) > MAX_PARTS:
            raise AbcError(f"the order of parts “{text[:20]}” is too long or too deep")
    if len(nests) > 1:
        raise AbcError(f"the order of parts “{text[:20]}” has a bracket that is not closed")
    return tuple(nests[0])
