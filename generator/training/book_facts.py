"""Which tunes of the Nottingham database are traditional, by its ``S:`` field.

The field names whom a tune was had from: a book, a place, a team, a player; and, without any mark of
difference, who wrote it (``By Hugh Barwell, via Phil Rowe``, ``Bob McQuillen Jan 1975``). A name that is
not known to be a book, a place or one of the people who handed in repertoires of old tunes may be a
composer's; such a tune is left out, though many of them will be traditional.
"""

import re
from typing import Final

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
    """Whether a tune with this ``S:`` field can be taken for traditional; one without any can."""
    if _TRADITIONAL.search(source) and not re.search(r"\bby\b", source, re.IGNORECASE):
        return True
    if _COMPOSED.search(source):
        return False
    plain = _HANDED_ON.sub("", source).strip(" ,.;?")
    return bool(_BOOK.match(plain) or _PLACES.fullmatch(plain) or plain.lower() in _KEEPERS)
