"""Lyrics: the syllables of a ``w:`` line under their notes, and back (ABC 2.1, section 5)."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from generator.music.abc.drafts import NoteDraft
from generator.music.abc.fields import read_text
from generator.music.notation import Bar

MOST_VERSES: Final = 8
_LONGEST: Final = 40  # characters of a syllable
_PIECE: Final = re.compile(r"[|*_]|-+|(?:\\-|[^\s|*_-])+|\s+")


def set_lyrics(bars: Sequence[Sequence[NoteDraft]], text: str, verse: int) -> None:
    """Put the syllables of one verse under notes; rests have none.

    Args:
        bars: the notes of one line of music, by bars.
        text: what stands after ``w:``.
        verse: how many verses the line has already.
    """
    notes = [[note for note in bar if note.pitches] for bar in bars]
    bar = at = lines = 0
    before = ""
    for piece in _PIECE.findall(text):
        if piece == "|":
            lines += 1
            if bar < lines:
                bar, at = lines, 0
        elif piece[0] == "-" and before and before[0] not in " |*_-":
            _mark(notes, bar, at, verse)
            piece = piece[1:]  # noqa: PLW2901 - each further one is an empty syllable
        syllables = [piece] if piece[:1] not in ("", "-", " ", "|") else [""] * piece.count("-")
        for syllable in syllables:
            while bar < len(notes) and at >= len(notes[bar]):
                bar, at = bar + 1, 0
            if bar >= len(notes):
                return
            _put(notes[bar][at], syllable, verse)
            at += 1
        before = piece or "-"


def _put(note: NoteDraft, syllable: str, verse: int) -> None:
    plain = syllable if syllable in "*_" else read_text(syllable.replace("~", " "))[:_LONGEST].strip()
    if plain and plain != "*":
        note.lyrics = (*note.lyrics, *[""] * (verse - len(note.lyrics)), plain)


def _mark(notes: list[list[NoteDraft]], bar: int, at: int, verse: int) -> None:
    """Mark the syllable before a place as one after which the word goes on."""
    while bar and not at:
        bar -= 1
        at = len(notes[bar])
    note = notes[bar][at - 1] if at else None
    if note is not None and len(note.lyrics) > verse and note.lyrics[verse] != "_":
        note.lyrics = (*note.lyrics[:verse], note.lyrics[verse] + "-")


def written_lyrics(bars: Iterable[Bar]) -> list[str]:
    """Write the lyrics of one line of music, a ``w:`` line for each verse."""
    under = [note.lyrics for bar in bars for note in bar.notes if note.pitches]
    verses = max(map(len, under), default=0)
    rows = [[(*syllables, *[""] * verses)[verse] for syllables in under] for verse in range(verses)]
    return ["w: " + " ".join(map(_written, row)).rstrip("* ") for row in rows if any(row)]


def _written(syllable: str) -> str:
    if syllable in ("", "_"):
        return syllable or "*"
    goes_on = syllable.endswith("-")
    plain = syllable.removesuffix("-").replace("%", r"\%").replace("-", r"\-").replace(" ", "~")
    return plain + "-" * goes_on
