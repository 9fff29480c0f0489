"""The canonical spelling of music, which the session model learns: one line that says nothing twice.

The same notes always give the same text, so that the network spends nothing on how a transcriber happened to
write. Ornaments, slurs and annotations are left out, of notes struck together the highest is kept, and one
and the same sign stands wherever parts meet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from generator.grammar.bar_signs import EarlierBars
from generator.grammar.lengths import NOTATABLE, TUPLETS, WHOLE, Grid
from generator.grammar.part_marks import END_SIGNS, PICKUP, countdown, end_of, last_bars, says_end
from generator.music.keys import Key
from generator.music.notation import Bar, Note, Pitch
from generator.music.parts import Part

_ACCIDENTALS: Final = {-1: "_", 0: "=", 1: "^"}


class BodyError(ValueError):
    """The music has something that the spelling cannot show; the text says what."""


@dataclass(frozen=True, slots=True)
class _WrittenNote:
    """A note ready to be written; ``length`` is in units."""

    chord: str
    head: str
    length: Fraction
    tie: bool
    tuplet: bool


def body_of(
    parts: Sequence[Part],
    key: Key,
    unit: Fraction,
    *,
    chords: bool = False,
    returns: bool = False,
    marked: bool = False,
) -> str:
    """Spell the music of a tune in one line, without spaces and line breaks.

    Args:
        parts: of the tune.
        key: the signature to write under; other signatures in the tune become accidentals.
        unit: length of a bare letter, in whole notes.
        chords: whether to write the chord symbols.
        returns: whether a bar that was there before is written as a copy sign;
            see :mod:`generator.grammar.bar_signs`.
        marked: whether bars are counted down (:mod:`generator.grammar.part_marks`), and what returns is
            written after its sign, as read but not learnt; not with ``chords``.

    Raises:
        BodyError: if there is a length off the grid of 1/32, an unusual tuplet or a double accidental.
    """
    speller = _Speller(key, unit, chords=chords, returns=returns)
    first, text = 0, "|:" if parts[0].twice else ""
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        if marked:
            speller.begin(part, parts[0], last=after is None)
        text += speller.line(part.bars, first, pickup=part.pickup > 0)
        turn = after is not None and after.twice
        if part.first:
            ending = first + len(part.bars) - (part.pickup > 0)
            text += "|1" + speller.line(part.first, ending) + ":|2" + speller.line(part.second, ending)
        elif part.twice:
            text += "::" if turn else ":|"
        if part.first or not part.twice:
            text += "|]" if after is None else "|:" if turn else "||"
        first += part.count
    return text


def first_bars_of(
    bars: Sequence[Bar], key: Key, unit: Fraction, *, pickup: bool, twice: bool, returns: bool = False
) -> str:
    """Spell the first bars of a tune as :func:`body_of` spells them in the whole tune.

    Args:
        bars: up to where the tune goes on; the last one may be incomplete.
        key: as for :func:`body_of`.
        unit: likewise.
        pickup: whether the first bar is one, so that it is complete.
        twice: whether the part that they begin is played twice.
        returns: as for :func:`body_of`.

    Raises:
        BodyError: as for :func:`body_of`.
    """
    text = _Speller(key, unit, returns=returns).line(bars, 0, pickup=pickup)
    complete = bars[-1].length == bars[-1].meter.bar
    return ("|:" if twice else "") + text + ("|" if complete else "")


def bar_texts(bars: Sequence[Bar], key: Key, unit: int) -> list[str]:
    """Spell bars one by one, as they stand in a tune that brings none back.

    Args:
        bars: to spell.
        key: as for :func:`body_of`.
        unit: ticks of a bare letter.

    Raises:
        BodyError: as for :func:`body_of`.
    """
    speller = _Speller(key, Fraction(unit, WHOLE))
    return [speller.bar(bar) for bar in bars]


class _Speller:
    """Spells bars one after the other, and remembers them."""

    def __init__(self, key: Key, unit: Fraction, *, chords: bool = False, returns: bool = False) -> None:
        self._key, self._unit, self._chords, self._returns = key, unit, chords, returns
        self._known = EarlierBars()
        self._end = ""  # the sign of how the present part ends; "" where bars are not marked
        self._left = 0  # bars left in it
        self._opens = False  # whether it is about to begin

    def begin(self, part: Part, first: Part, *, last: bool) -> None:
        """Mark the bars of a part from here on; ``first`` is the tune's first part, perhaps this one."""
        rhymes = part is not first and self.bar(last_bars(part)[-1]) == self.bar(last_bars(first)[-1])
        self._end = END_SIGNS[last][end_of(part, self._key, rhymes=rhymes)]
        self._left, self._opens = part.count, True

    def line(self, bars: Sequence[Bar], number: int, *, pickup: bool = False) -> str:
        """Spell bars that are numbered from ``number``; a pickup before them has no number."""
        texts = [self.bar(bar) for bar in bars]
        if self._end:
            return self._marked_line(bars, texts, number, pickup=pickup)
        before = texts[:1] if pickup else []
        full = texts[len(before) :]
        if self._returns:
            full = [self._known.add(number + i, text) for i, text in enumerate(full)]
        return "".join(text + "|" for text in before) + "|".join(full)

    def _marked_line(self, bars: Sequence[Bar], texts: Sequence[str], number: int, *, pickup: bool) -> str:
        grid, unit = Grid.of(bars[0].meter), int(self._unit * WHOLE)
        if not self._opens:  # an ending: as many bars are left as it has
            self._left = len(bars)
        marked = []
        for index, text in enumerate(texts):
            left = None if pickup and index == 0 else self._left
            end = self._end if says_end(left, opens=self._opens and index == 0) else ""
            if left is None:
                marked.append(end + PICKUP + text)
                continue
            heard = self._known.add_heard(number + index - pickup, text, grid, unit)
            marked.append(end + countdown(left) + heard)
            self._left -= 1
        self._opens = False
        return "|".join(marked)

    def bar(self, bar: Bar) -> str:
        """Spell one bar."""
        notes = list(_written_notes(bar.notes, self._key, self._unit, chords=self._chords))
        text, index = "", 0
        while index < len(notes):
            one = notes[index]
            two = notes[index + 1] if index + 1 < len(notes) else None
            sign = _broken(one, two)
            if sign and two is not None:
                text += f"{one.chord}{one.head}{sign}{two.chord}{two.head}{'-' * two.tie}"
                index += 2
                continue
            text += f"{one.chord}{one.head}{_number(one.length)}{'-' * one.tie}"
            index += 1
        return text


def _broken(one: _WrittenNote, two: _WrittenNote | None) -> str:
    """Return ``>`` or ``<`` for a dotted pair that lasts two units, ``""`` for anything else."""
    if two is None or one.tuplet or two.tuplet or one.tie or "z" in one.head + two.head:
        return ""
    return (
        {(3, 1): ">", (1, 3): "<"}.get((int(2 * one.length), int(2 * two.length)), "")
        if (one.length + two.length == 2)
        else ""
    )


def _written_notes(
    notes: Sequence[Note], key: Key, unit: Fraction, *, chords: bool
) -> Iterator[_WrittenNote]:
    """Yield the notes of a bar with their accidentals, lengths that no one head can show split by ties."""
    signature = key.signature
    near: dict[tuple[str, int], int] = {}  # by letter and octave
    far: dict[str, int] = {}  # by letter alone: some read an accidental so
    for note in notes:
        symbol = f'"{note.chord.abc}"' if chords and note.chord else ""
        if note.tuplet and note.tuplet.index == 0:
            usual = note.tuplet.r == note.tuplet.p and TUPLETS.get(note.tuplet.p) == note.tuplet.q
            if not usual:
                raise BodyError("an unusual tuplet")
            symbol = f"({note.tuplet.p}{symbol}"
        head = "z"
        if note.pitches:
            pitch = max(note.pitches, key=lambda pitch: pitch.midi)
            plain = signature.get(pitch.letter, 0)
            place = (pitch.letter, pitch.octave)
            head = _letter(pitch)
            if pitch.alter != near.get(place, plain) or pitch.alter != far.get(pitch.letter, plain):
                if abs(pitch.alter) > 1:
                    raise BodyError("a double accidental")
                head = _ACCIDENTALS[pitch.alter] + head
                near[place] = far[pitch.letter] = pitch.alter
        pieces = _pieces(note.written if note.tuplet else note.length)
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            tie = bool(note.pitches) and (note.tie if last else True)
            yield _WrittenNote(
                "" if number else symbol,
                head.lstrip("^_=") if number else head,
                piece / unit,
                tie,
                note.tuplet is not None,
            )


def _pieces(length: Fraction) -> list[Fraction]:
    """Cut a length into lengths that one head can show, the longest first."""
    ticks = length * WHOLE
    if ticks.denominator != 1:
        raise BodyError("a length off the grid")
    pieces, left = [], int(ticks)
    while left:
        piece = max(n for n in NOTATABLE if n <= left)
        pieces.append(Fraction(piece, WHOLE))
        left -= piece
    return pieces


def _number(length: Fraction) -> str:
    """Return a length in units as ABC writes it: ``""``, ``2``, ``/``, ``3/``, ``3/4``."""
    top, bottom = length.numerator, length.denominator
    return ("" if top == 1 else str(top)) + {1: "", 2: "/"}.get(bottom, f"/{bottom}")


def _letter(pitch: Pitch) -> str:
    if pitch.octave >= 5:
        return pitch.letter.lower() + "'" * (pitch.octave - 5)
    return pitch.letter + "," * (4 - pitch.octave)
