"""What is held of a tune, in words: bars, their rhythm, the chords; how like the old notes new ones are."""

import re
from dataclasses import dataclass
from typing import Final, Self

from generator.errors import RequestError, quoted

ALL_BUT: Final = "!"
RHYTHM, CHORDS, NEXT, ANSWER = "rhythm", "chords", "next", "answer"
LETTERS: Final = "ABC"
_LIKE: Final = "like="
_WORDS: Final = {
    **dict.fromkeys(("RHYTHM", "RHYTHMS"), RHYTHM),
    **dict.fromkeys(("CHORDS", "CHORD", "HARMONY"), CHORDS),
}
_DASH: Final = re.compile(r"\s*[-–]\s*")
_BETWEEN: Final = re.compile(r"(?:[,;+&\s]|\bAND\b)+")
_SPAN: Final = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?", re.ASCII)


def read_bars(text: str) -> str:
    """Return bars in one spelling: ``A``, ``A,C``, ``1-4,9-12``.

    Raises:
        RequestError: it says no bars.
    """
    pieces = _pieces(text)
    if not pieces or not all(map(_is_bars, pieces)):
        raise RequestError(f"{quoted(text)} says no bars; say something like 5-8, or B.")
    return ",".join(pieces)


def read_keep(text: str) -> str:
    """Return what is kept in one spelling: bars, ``rhythm``, ``chords``, or several of these.

    Raises:
        RequestError: it is none of these.
    """
    pieces = _pieces(text)
    if not pieces:
        raise RequestError(
            f"{quoted(text)} can't be kept; say keep=A, keep=1-4,9-12, keep=rhythm or keep=chords."
        )
    return ",".join(pieces)


def _pieces(text: str) -> list[str]:
    """Return the pieces in one spelling; nothing if one of them is none."""
    found = []
    for piece in [piece for piece in _BETWEEN.split(_DASH.sub("-", text.upper())) if piece]:
        span = _SPAN.fullmatch(piece)
        if piece in LETTERS and len(piece) == 1:
            found.append(piece)
        elif piece in _WORDS:
            found.append(_WORDS[piece])
        elif span and 1 <= int(span[1]) <= int(span[2] or span[1]):
            found.append(span[1] if span[2] in (None, span[1]) else f"{int(span[1])}-{int(span[2])}")
        else:
            return []
    return list(dict.fromkeys(found))


def _is_bars(piece: str) -> bool:
    return piece not in (RHYTHM, CHORDS)


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held of a tune; as text, the first line of what a request holds.

    Attributes:
        bars: in one spelling, ``""`` for none.
        others: whether those are drawn and all others held.
        rhythm: whether the others have the rhythm that they had.
        chords: whether all chords stand.
        like: how like the old notes the new ones are to be, 0 to 1; None leaves it open.
        grows: ``next`` for one part more, ``answer`` for an answer to the first four bars; all are held.
    """

    bars: str = ""
    others: bool = False
    rhythm: bool = False
    chords: bool = False
    like: float | None = None
    grows: str = ""

    @classmethod
    def kept(cls, keep: str, like: float | None = None) -> Self:
        """Return what is held where somebody says what is kept.

        Raises:
            RequestError: it says nothing that can be.
        """
        pieces = read_keep(keep).split(",") if keep else []
        bars = ",".join(filter(_is_bars, pieces))
        return cls(bars, rhythm=RHYTHM in pieces, chords=CHORDS in pieces, like=like)

    @classmethod
    def read(cls, line: str) -> Self:
        """Read what :meth:`line` has written.

        Raises:
            RequestError: it was not.
        """
        if line in (NEXT, ANSWER):
            return cls(grows=line)
        keep, like = line.partition(_LIKE)[::2]
        keep = keep.rstrip(",")
        held = cls.kept(keep.removeprefix(ALL_BUT), _like(like) if like else None)
        return cls(held.bars, keep.startswith(ALL_BUT), held.rhythm, held.chords, held.like)

    @property
    def line(self) -> str:
        """Return it as a request has it: ``A,rhythm``, ``!5-8``, ``chords,like=0.7``."""
        if self.grows:
            return self.grows
        pieces = [self.bars, RHYTHM if self.rhythm else "", CHORDS if self.chords else ""]
        like = "" if self.like is None else f"{_LIKE}{self.like:g}"
        return ALL_BUT * self.others + ",".join(filter(None, (*pieces, like)))

    @property
    def loosely(self) -> bool:
        """Tell whether something is held beside whole bars, so that none of these need be."""
        return self.rhythm or self.chords or self.like is not None


def _like(text: str) -> float:
    try:
        like = float(text)
    except ValueError:
        like = -1
    if not 0 <= like <= 1:
        raise RequestError(f"{quoted(text)} won't do for like; like is a number from 0 to 1.")
    return like


def numbers(which: str, parts: int, bars: int) -> frozenset[int]:
    """Return the numbers of bars, from 0.

    Args:
        which: bars in one spelling.
        parts: that the tune has.
        bars: of each.

    Raises:
        RequestError: it has no such bars.
    """
    found: set[int] = set()
    for piece in filter(None, which.split(",")):
        if piece in LETTERS:
            first, last = LETTERS.index(piece) * bars + 1, (LETTERS.index(piece) + 1) * bars
        else:
            ends = piece.split("-")
            first, last = int(ends[0]), int(ends[-1])
        if last > parts * bars:
            there = f"has {parts} parts" if piece in LETTERS else f"has {parts * bars} bars"
            raise RequestError(f"That tune {there}; there is no {piece}.")
        found.update(range(first - 1, last))
    return frozenset(found)
