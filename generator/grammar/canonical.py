"""The music of a tune as the session model writes it: one line, nothing in it that can be said shorter.

The line is canonical: the same notes always give the same text, so that the network spends nothing on
how a transcriber happened to write. Ornaments, slurs and annotations are left out, of notes struck
together the highest is kept, and one and the same sign stands wherever parts meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from generator.grammar.bar_signs import EarlierBars
from generator.grammar.lengths import NOTATABLE, TUPLETS, WHOLE
from generator.music.keys import Key
from generator.music.notation import Bar, Note, Pitch
from generator.music.parts import Part

_SIGNS: Final = {-1: "_", 0: "=", 1: "^"}


class BodyError(ValueError):
    """The music has something that the line cannot show; the text says what."""


@dataclass(frozen=True, slots=True)
class _WrittenNote:
    """A note ready to be written: its letters, its length in units, and what hangs on it."""

    chord: str
    head: str
    length: Fraction
    tie: bool
    tuplet: bool


def body_of(
    parts: Sequence[Part], key: Key, unit: Fraction, *, chords: bool = False, returns: bool = False
) -> str:
    """Write the music of a tune in one line, without spaces and line breaks.

    Args:
        parts: of the tune.
        key: the signature to write under; other signatures in the tune become accidentals.
        unit: length of a bare letter, in whole notes.
        chords: whether to write the chord symbols.
        returns: whether a bar that was there before is written as a sign;
            see :mod:`generator.grammar.bar_signs`.

    Raises:
        BodyError: if there is a length off the grid of 1/32, an unusual tuplet or a double accidental.
    """
    known, first = EarlierBars(), 0

    def line(bars: Sequence[Bar], number: int) -> str:
        texts = [_bar(bar, key, unit, chords=chords) for bar in bars]
        return "|".join(known.add(number + i, text) if returns else text for i, text in enumerate(texts))

    text = "|:" if parts[0].twice else ""
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        pickup = 1 if part.pickup else 0
        if pickup:
            text += _bar(part.bars[0], key, unit, chords=chords) + "|"
        text += line(part.bars[pickup:], first)
        turn = after is not None and after.twice
        if part.first:
            ending = first + len(part.bars) - pickup
            text += "|1" + line(part.first, ending) + ":|2" + line(part.second, ending)
        elif part.twice:
            text += "::" if turn else ":|"
        if part.first or not part.twice:
            text += "|]" if after is None else "|:" if turn else "||"
        first += part.count
    return text


def _bar(bar: Bar, key: Key, unit: Fraction, *, chords: bool) -> str:
    notes = list(_written_notes(bar.notes, key, unit, chords=chords))
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
    """``>`` or ``<`` for a dotted pair that lasts two units, ``""`` for anything else."""
    if two is None or one.tuplet or two.tuplet or one.tie or "z" in one.head + two.head:
        return ""
    return (
        {(3, 1): ">", (1, 3): "<"}.get((int(2 * one.length), int(2 * two.length)), "")
        if (one.length + two.length == 2)
        else ""
    )


def _written_notes(
    notes: Iterable[Note], key: Key, unit: Fraction, *, chords: bool
) -> Iterable[_WrittenNote]:
    """Notes with their accidentals settled, lengths that no one head can show split by ties."""
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
                head = _SIGNS[pitch.alter] + head
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
    """A length as lengths that one head can show, the longest first."""
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
    """A length in units as ABC writes it: ``""``, ``2``, ``/``, ``3/``, ``3/4``."""
    top, bottom = length.numerator, length.denominator
    return ("" if top == 1 else str(top)) + {1: "", 2: "/"}.get(bottom, f"/{bottom}")


def _letter(pitch: Pitch) -> str:
    if pitch.octave >= 5:
        return pitch.letter.lower() + "'" * (pitch.octave - 5)
    return pitch.letter + "," * (4 - pitch.octave)
