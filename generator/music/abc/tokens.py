"""The smallest pieces of a line of ABC music, as patterns, and the values they stand for.

Sections named here are those of the ABC standard 2.1.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

from generator.music.notation import Pitch

MOST_GRACES: Final = 16  # in one pair of braces
NOTE: Final = r"(\^{1,2}|_{1,2}|=)?([A-Ga-g])([,']*)(\d*/*\d*)"
PITCH: Final = re.compile(NOTE + r"(-?)")

# Tried in this order at each place of a line; the name says which method of the reader takes it.
TOKEN: Final = re.compile(
    "|".join(
        (
            rf"(?P<note>{NOTE})",
            r"(?P<space>[ \t`]+)",
            r'(?P<quoted>"[^"]*")',
            r"(?P<field>\[[A-Za-z]:[^\]]*\])",
            r"(?P<line>\.?(?:\[\||\[(?=:)|[|:])(?:[|:\]]|\[\|)*(?:[ \t]*\d+(?:[,-]\d+)*)?)",
            r"(?P<ending>\[[ \t]*\d+(?:[,-]\d+)*)",
            r'(?P<named>\["[^"|\]]*"(?![^\[\]|]*\]))',
            r"(?P<broken>>+|<+)",
            r"(?P<rest>[zxZX]\d*/*\d*)",
            r"(?P<tuplet>\(\d(?::\d?(?::\d{0,2})?)?)",
            r"(?P<slur>\.?\(|\))",
            r"(?P<tie>\.?-)",
            r"(?P<chord>\[[^\]|:]*\]\d*/*\d*)",
            r"(?P<grace>\{[^}]*\})",
            r"(?P<plus>\+(?:(?:\^{1,2}|_{1,2}|=)?[A-Ga-g][,']*\d*/*\d*){2,8}\+\d*/*\d*)",
            r"(?P<sign>!(?:[^!\s|]{1,24}|[^!|\n]{1,60})!|\+[a-zA-Z.()<>]{2,24}\+)",
            r"(?P<letter>[.~H-Wh-w])",
            r"(?P<gap>y\d*/*\d*)",
            r"(?P<newline>[!$])",
            r"(?P<number>\d+(?:[,-]\d+)*/*\d*|/+\d*)",
            r"(?P<odd>[\s\S])",
        )
    )
)

# Section 4.14 for the single letters; the names are those of section 4.14 between the !signs!.
LETTERS_AS_SIGNS: Final = {
    ".": "staccato",
    "~": "roll",
    "H": "fermata",
    "L": "accent",
    "M": "lowermordent",
    "O": "coda",
    "P": "uppermordent",
    "S": "segno",
    "T": "trill",
    "u": "upbow",
    "v": "downbow",
}
SIGNS_AS_LETTERS: Final = {name: letter for letter, name in LETTERS_AS_SIGNS.items()}
# Names between !signs! that are kept; others are passed over.
SIGNS: Final = frozenset(LETTERS_AS_SIGNS.values()) | frozenset(
    [
        "mordent",
        "pralltriller",
        "turn",
        "turnx",
        "invertedturn",
        "arpeggio",
        ">",
        "emphasis",
        "fine",
        "D.C.",
        "D.S.",
        "dacapo",
        "dacoda",
        "tenuto",
        "wedge",
        "breath",
        "shortphrase",
        "mediumphrase",
        "longphrase",
        "snap",
        "slide",
        "open",
        "plus",
        "thumb",
        "pp",
        "p",
        "mp",
        "mf",
        "f",
        "ff",
        "sfz",
        "ppp",
        "fff",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "crescendo(",
        "crescendo)",
        "diminuendo(",
        "diminuendo)",
        "trill(",
        "trill)",
        "<(",
        "<)",
        ">(",
        ">)",
    ]
)
MOST_PASSES: Final = 16
_LONGEST: Final = 12  # characters of a length, or of the marks of an octave; what is longer is not kept
_LONGEST_ENDING: Final = 40  # as in 1,2,3 and so on up to 16
_LENGTH: Final = re.compile(r"(\d*)(/*)(\d*)")


def multiplier(text: str) -> Fraction | None:
    """Return the number that a length such as ``3/2`` or ``//`` stands for (section 4.3); None if bad.

    The bounds leave room for any length that :func:`notated` allows, in any unit.
    """
    return _multiplier(text) if len(text) <= _LONGEST else None


@lru_cache(4096)
def _multiplier(text: str) -> Fraction | None:
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    top = int(match[1] or 1)
    slashes = len(match[2])
    bottom = int(match[3]) * 2 ** (slashes - 1) if match[3] else 2**slashes
    if not top or not bottom or bottom > 2**16 or top > 2**16 or not _is_smooth(bottom):
        return None
    return Fraction(top, bottom)


def _is_smooth(number: int) -> bool:
    """Tell whether no prime number above 7 divides a number, as in all lengths that music has.

    The sums of many other fractions, such as 1/997, have thousands of digits.
    """
    for prime in (2, 3, 5, 7):
        while number % prime == 0:
            number //= prime
    return number == 1


@lru_cache(4096)
def notated(value: Fraction) -> bool:
    """Tell whether a length in whole notes can be drawn: made of 1024ths, or of thirds of them."""
    bottom = value.denominator
    return value <= 64 and bottom <= 1024 and bottom // (bottom & -bottom) in (1, 3)


def pitch(letter: str, marks: str, alter: int, written: bool) -> Pitch | None:
    """Return a pitch from its letter (``c`` is an octave above ``C``) and marks; None if out of all reach."""
    return _pitch(letter, marks, alter, written) if len(marks) <= _LONGEST else None


@lru_cache(4096)
def _pitch(letter: str, marks: str, alter: int, written: bool) -> Pitch | None:
    octave = (5 if letter >= "a" else 4) + marks.count("'") - marks.count(",")
    return Pitch(letter.upper(), alter, octave, written) if 0 <= octave <= 8 else None


ALTER: Final = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
SIGN_OF: Final = {alter: sign for sign, alter in ALTER.items()}


def time_of(p: int, *, compound: bool) -> int:
    """Return how many notes' time ``p`` of them take when a tuplet does not say (section 4.13)."""
    return {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(p, 3 if compound else 2)


def passes(text: str) -> tuple[int, ...]:
    """Return the numbers of an ending: ``1``, ``1,3``, ``1-3`` (section 4.10); empty if out of bounds."""
    return _passes(text) if len(text) <= _LONGEST_ENDING else ()


@lru_cache(256)
def _passes(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()) or len(first) > 2 or len(last) > 2:
            return ()
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found) if found and all(1 <= number <= MOST_PASSES for number in found) else ()
