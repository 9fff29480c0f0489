"""A bar's text in canonical spelling, note by note: where each begins, what is pitch in it, what is time."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from generator.grammar.lengths import NOTATABLE, TUPLETS

TICK: Final = 12  # times are counted in twelfths of a tick, so that those in tuplets are whole
LINE: Final = "|:]"
_NOTE: Final = re.compile(r"(\(\d)?([\^_=]?[A-Ga-gz][,']*)((\d*)(/?)(\d*)([<>]?)-?)")


class NoteText(NamedTuple):
    """A note as it is spelt.

    Attributes:
        text: all of it.
        before: the sign of a tuplet, ``""`` for none.
        pitch: with accidental and octave marks; ``z`` for a rest.
        after: its length, a broken pair's sign, a tie.
        at: where it begins, in twelfths of a tick from the bar line.
    """

    text: str
    before: str
    pitch: str
    after: str
    at: int

    @property
    def is_rest(self) -> bool:
        """Tell whether nothing sounds."""
        return self.pitch == "z"


class Spot(NamedTuple):
    """How far a bar has been written.

    Attributes:
        unit: ticks of a bare letter.
        done: notes that are complete.
        at: where the note being written begins, in twelfths of a tick.
        text: of it so far; it may be complete as well, which only the next character tells.
        left: notes that still belong to a tuplet, this one included.
        tuplet: its number.
        pair: the sign between the note before and this one.
        over: whether the bar line has begun.
    """

    unit: int
    done: int = 0
    at: int = 0
    text: str = ""
    left: int = 0
    tuplet: int = 0
    pair: str = ""
    over: bool = False

    @property
    def lacks_letter(self) -> bool:
        """Tell whether the note's letter is still to come."""
        return not self.text or self.text[-1] in "(^_=" or (self.text[0] == "(" and len(self.text) == 2)

    @property
    def length(self) -> int:
        """Return how long the note is if it is complete, in twelfths of a tick."""
        found = _NOTE.fullmatch(self.text)
        if found is None:
            return 0
        tuplet, _, _, top, slash, bottom, sign = found.groups()
        length = TICK * self.unit * int(top or 1) // (int(bottom or 2) if slash else 1)
        number = int(tuplet[1]) if tuplet else self.tuplet if self.left else 0
        if number:
            return length * TUPLETS.get(number, 2) // number
        if sign or self.pair:
            longer = sign == ">" or self.pair == "<"
            return length * 3 // 2 if longer else length // 2
        return length

    def written(self, character: str) -> "Spot":
        """Return the spot after one more character."""
        if self.over:
            return self
        if character in LINE:
            return self._completed()._replace(over=True)
        if not self.lacks_letter and (character in "(^_=" or (character.isalpha() and character.isascii())):
            return self._completed()._replace(text=character)
        return self._replace(text=self.text + character)

    def after(self, text: str) -> "Spot":
        """Return the spot after some more text."""
        spot = self
        for character in text:
            spot = spot.written(character)
        return spot

    def _completed(self) -> "Spot":
        if self.lacks_letter:
            return self
        tuplet = int(self.text[1]) if self.text[0] == "(" else 0
        left = (tuplet or self.left) - 1
        pair = next((sign for sign in "<>" if sign in self.text), "")
        return Spot(
            self.unit,
            self.done + 1,
            self.at + self.length,
            left=max(left, 0),
            tuplet=(tuplet or self.tuplet) if left > 0 else 0,
            pair=pair,
        )


@lru_cache(2**14)
def notes_of(text: str, unit: int) -> tuple[NoteText, ...]:
    """Return the notes of a bar, or of its beginning.

    Args:
        text: in canonical spelling.
        unit: ticks of a bare letter.
    """
    found, spot = [], Spot(unit)
    for match in _NOTE.finditer(text):
        after = spot.after(match[0])
        found.append(NoteText(match[0], match[1] or "", match[2], match[3], after.at))
        spot = after
    return tuple(found)


def rhythm_of(text: str, unit: int) -> tuple[tuple[str, bool, str], ...]:
    """Return the notes of a bar without their pitches: what stands before and after, and which are rests."""
    return tuple([(note.before, note.is_rest, note.after) for note in notes_of(text, unit)])


def rests(ticks: int, unit: int) -> str:
    """Return a bar of so many ticks in which nothing sounds."""
    text = ""
    while ticks > 0:
        piece = max(n for n in NOTATABLE if n <= ticks)
        top, bottom = Fraction(piece, unit).as_integer_ratio()
        text += "z" + ("" if top == 1 else str(top)) + {1: "", 2: "/"}.get(bottom, f"/{bottom}")
        ticks -= piece
    return text
