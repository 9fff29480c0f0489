"""What type of tune a printed collection means: by its own words, its chapters, its meters."""

import re
from typing import Final

from generator.music.dances import DANCES, Meter

# Words in titles and rhythm fields, the more telling first.
_WORDS: Final = (
    (r"slip ?-?jig|hop jig", "slip jig"),
    (r"strathspeys?|highland fling", "strathspey"),
    (r"hornpipe|clog", "hornpipe"),
    (r"slide", "slide"),
    (r"polka", "polka"),
    (r"walt[zs]|valse", "waltz"),
    (r"mazurka|varsovian", "mazurka"),
    (r"barn ?dance|schottische", "barndance"),
    (r"(?:quick ?)?march|quickstep", "march"),
    (r"reel|walk ?around", "reel"),
    (r"jig", "jig"),
    (r"airs?|lament|minuet", "air"),
)
# The chapters of O'Neill's book, by the number of the tune.
_ONEILL: Final = (
    (700, "air"),
    (1115, "jig"),
    (1175, "slip jig"),
    (1555, "reel"),
    (1777, "hornpipe"),
    (1800, ""),
    (1850, "march"),
)
_NOTTINGHAM: Final = {"jigs": "jig", "slip": "slip jig", "hpps": "hornpipe", "waltzes": "waltz"}
# What a dance tune without a word about it is, where its meter leaves little doubt.
_BY_METER: Final = {"6/8": "jig", "9/8": "slip jig", "12/8": "slide", "3/4": "waltz", "3/2": "hornpipe"}


def dance_of(book: str, file: str, number: str, named: str, meter: Meter) -> str:
    """The type of a tune, one of :data:`generator.music.dances.DANCES` that comes in this meter, or ``""``.

    Args:
        book: name of the collection.
        file: name of the file without its ending.
        number: what stands after ``X:``.
        named: all words that may tell: rhythm fields and titles.
        meter: of the tune.
    """
    meter = Meter("C|") if meter.abc == "2/2" else meter
    for guess in (*_named(named), _chapter(book, file, number, meter)):
        if guess and meter.abc in DANCES[guess].meters:
            return guess
    return ""


def _named(text: str) -> list[str]:
    return [dance for words, dance in _WORDS if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]


def _chapter(book: str, file: str, number: str, meter: Meter) -> str:
    if book == "oneill" and number.isdecimal():
        return next((dance for last, dance in _ONEILL if int(number) <= last), "")
    if book == "nottingham":
        if file.startswith("reels"):
            return "polka" if meter.abc == "2/4" else "reel" if meter.abc in ("4/4", "C|", "C") else ""
        return _NOTTINGHAM.get(file) or _BY_METER.get(meter.abc, "")
    if book == "aird" and meter.abc in ("6/8", "9/8", "12/8"):
        return _BY_METER[meter.abc]
    return "air" if book == "aird" and meter.abc == "3/4" else ""
