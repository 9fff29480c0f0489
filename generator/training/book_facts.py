"""What printed collections tell of a tune beside its notes: its type, and whether it is traditional.

The type follows from a book's words, chapters and meters.

The Nottingham database's ``S:`` field names whom a tune was had from (a book, a place, a team, a player)
and, in the same way, who wrote it (``By Hugh Barwell, via Phil Rowe``, ``Bob McQuillen Jan 1975``). A name
that is not known as a book, a place or a person who handed in old tunes may be a composer's; such a tune is
left out, though many of them will be traditional.
"""

import re
from typing import Final

from generator.music.dances import DANCES, METERS, Meter

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
_HANDED_ON: Final = re.compile(r"\bvia\b.*|\(\s*\d+\s*\)|/f\d.*")
_COMPOSED: Final = re.compile(
    r"\bby\b|\b(?:19|20)\d\d\b|\b\d?\d\.\d?\d\.\d\d\b|\b(?:arr|adapted|idea)\b", re.IGNORECASE
)
_TRADITIONAL: Final = re.compile(r"\btrad(?:itional)?\b|\banon\b|\bold[ -]time\b|\bplayford\b", re.IGNORECASE)
# Kerr's, Köhler's and the Athole collection; the Country Dance Manual, Fiddler's Tune Book, Community
# Dances Manual, Northumbrian Pipers' Tune Book; eighteenth-century prints.
_BOOK: Final = re.compile(
    r"(?:kcc|kmm|kerr|bsdb|cdm|ftb|nptb|athole|mhb|rscds|efdss|country dance manual|thompson 17|johnson 17"
    r"|o'?neill?s?|fiddler's fakebook|thomas hardy|h ?\\?& ?s|folk camps?|variations by o'neill)(?![a-z])",
    re.IGNORECASE,
)
_PLACES: Final = re.compile(
    r"(?:abingdon|adderbury|appalachian|ascot|bampton|bidford|birmg sdb|bledington|chicago|fieldtown"
    r"|french canadian|ilmington|ireland|irish|new england|oklahoma|orkney|russian|scotland|scottish"
    r"|sherbourne|shetland|sussex|swedish|symondsbury|upton|vancouver|whitby)?",
    re.IGNORECASE,
)
_KEEPERS: Final = frozenset(
    ("kevin briggs", "mick peat", "mccusker brothers", "mccuskers", "lesley dolman", "ms l dolman")
)


def is_traditional(source: str) -> bool:
    """Tell whether a tune with this ``S:`` field can be taken for traditional; one without any can."""
    if _TRADITIONAL.search(source) and not re.search(r"\bby\b", source, re.IGNORECASE):
        return True
    if _COMPOSED.search(source):
        return False
    plain = _HANDED_ON.sub("", source).strip(" ,.;?")
    return bool(_BOOK.match(plain) or _PLACES.fullmatch(plain) or plain.lower() in _KEEPERS)


def printed_dance(book: str, file: str, number: str, named: str, meter: Meter) -> str:
    """Return the type of a tune, one of :data:`DANCES` that comes in its meter, or ``""``.

    Args:
        book: name of the collection.
        file: name of the file without its ending.
        number: what stands after ``X:``.
        named: all words that may tell: rhythm fields and titles.
        meter: of the tune.
    """
    meter = meter.standard
    for guess in (*_named(named), _chapter(book, file, number, meter)):
        if guess and meter.abc in DANCES[guess].meters:
            return guess
    return ""


def _named(text: str) -> list[str]:
    """Return the types whose words are in a text, the most telling first."""
    return [d.name for d in sorted(DANCES.values(), key=lambda dance: dance.vague) if d.named_in(text)]


def _chapter(book: str, file: str, number: str, meter: Meter) -> str:
    usual = METERS[meter.abc].dance if meter.abc in METERS else ""
    if book == "oneill" and number.isdecimal():
        return next((dance for last, dance in _ONEILL if int(number) <= last), "")
    if book == "nottingham":
        if file.startswith("reels"):
            return "polka" if meter.abc == "2/4" else "reel" if meter.family == "4/4" else ""
        return _NOTTINGHAM.get(file) or usual
    if book == "aird" and meter.compound:
        return usual
    return "air" if book == "aird" and meter.abc == "3/4" else ""
