"""Text cut into named values and bare words."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

_PIECE: Final = re.compile(
    r"""
    (?P<name>[A-Za-z_]+)\s*(?P<sign>[=:])\s*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>\S*))
    | (?<!\S)"(?P<phrase>[^"]*)"
    | (?P<word>\S+)
    """,
    re.VERBOSE,
)
_QUOTES: Final = str.maketrans("“”„‟″＂‘’‚", '""""""\'\'\'')
_TAIL: Final = ".,;:!?)]}…\"'*_"
_HEAD: Final = "([{\"'*_…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A named value (``name`` set) or a bare word (``name`` empty)."""

    name: str
    text: str
    quoted: bool = False

    @property
    def plain(self) -> str:
        """Return a bare word without the punctuation around it; empty if there is nothing else."""
        text = self.text.lstrip(_HEAD).rstrip(_TAIL)
        if text[:1] == "/" and text[1:2].isalpha():
            text = text[1:]
        return text if any(map(str.isalnum, text)) else ""


def split(text: str, names: Collection[str]) -> list[Piece]:
    """Cut a text into pieces.

    Args:
        text: ``key = G "a slip jig" temp: 0.8``.
        names: of options, in small letters; before a colon no other word is a name.
    """
    return list(_pieces(text.translate(_QUOTES), names))


def _pieces(text: str, names: Collection[str]) -> Iterator[Piece]:
    before = ""  # the bare word before
    for match in _PIECE.finditer(text):
        name, phrase = match["name"], match["phrase"]
        if phrase is not None and before.lower() in names:
            yield Piece("", phrase, quoted=True)
            before = ""
        elif name is None or (match["sign"] == ":" and name.lower() not in names):
            for word in (match[0] if phrase is None else phrase).split():
                yield Piece("", word)
                before = word
        else:
            quoted = match["double"] if match["double"] is not None else match["single"]
            yield Piece(name, quoted if quoted is not None else match["plain"], quoted is not None)
            before = ""
