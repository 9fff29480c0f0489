"""Writing a sheet out as ABC."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from generator.errors import FileError
from generator.music.files.sheet import Sheet, SheetBar, SheetNote, SheetPitch
from generator.music.keys import Key

_UNIT: Final = Fraction(1, 8)
_SIGNS: Final = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}
_TUPLETS: Final = {3: 2, 5: 4, 7: 4, 9: 8}  # so many notes in the time of so many
_BARS_IN_A_LINE: Final = 4
_LONGEST_TITLE: Final = 100
_ODD_RHYTHM: Final = (
    "There is a rhythm in that file that I can't write down; try one with simpler note values."
)


def sheet_abc(sheet: Sheet) -> str:
    """Write a sheet out as one tune in ABC.

    Raises:
        FileError: a rhythm cannot be written.
    """
    title = " ".join(sheet.title.replace("%", " ").split())[:_LONGEST_TITLE]
    head = ["X:1", *([f"T:{title}"] if title else []), f"M:{sheet.meter}", "L:1/8"]
    head += [f"Q:1/4={sheet.tempo}"] if sheet.tempo else []
    lines, line = [*head, f"K:{sheet.key}"], ""
    key = Key.read(sheet.key)
    for number, bar in enumerate(sheet.bars, 1):
        if bar.key:
            key = Key.read(bar.key)
        line += _bar_abc(bar, key)
        if number % _BARS_IN_A_LINE == 0:
            lines, line = [*lines, line], ""
    return "\n".join([*lines, *([line] if line else [])]) + "\n"


def _bar_abc(bar: SheetBar, key: Key) -> str:
    start = "|:" if bar.repeat_start else ""
    start += f"[{bar.ending} " if bar.ending else ""
    start += f"[M:{bar.meter}]" if bar.meter else ""
    start += f"[K:{bar.key}]" if bar.key else ""
    return start + " ".join(_notes_abc(bar.notes, key)) + f" {bar.end} "


def _notes_abc(notes: list[SheetNote], key: Key) -> Iterator[str]:
    """Write the notes of a bar; an accidental stands at each note of a letter that was altered before."""
    altered: set[str] = set()
    for count, factor, group in _groups(notes):
        if factor != 1:
            yield f"({count}:{_TUPLETS[count]}:{len(group)}"
        for note in group:
            grace = "".join(_pitch_abc(pitch, key, altered) for pitch in note.grace)
            pitches = [_pitch_abc(pitch, key, altered) for pitch in note.pitches]
            body = f"[{''.join(pitches)}]" if len(pitches) > 1 else "".join(pitches) or "z"
            chord = f'"{note.chord}"' if note.chord else ""
            before = chord + (f"{{{grace}}}" if grace else "")
            yield before + body + _length_abc(note.length * factor) + ("-" if note.tie else "")


def _pitch_abc(pitch: SheetPitch, key: Key, altered: set[str]) -> str:
    usual = key.signature.get(pitch.letter, 0)
    sign = _SIGNS[pitch.alter] if pitch.alter != usual or pitch.letter in altered else ""
    if pitch.alter != usual:
        altered.add(pitch.letter)
    if pitch.octave >= 5:
        return sign + pitch.letter.lower() + "'" * (pitch.octave - 5)
    return sign + pitch.letter + "," * (4 - pitch.octave)


def _length_abc(length: Fraction) -> str:
    units = length / _UNIT
    if units == 1:
        return ""
    over = f"/{units.denominator}" if units.denominator > 1 else ""
    return f"{units.numerator if units.numerator > 1 or not over else ''}{over}"


def _groups(notes: list[SheetNote]) -> Iterator[tuple[int, Fraction, list[SheetNote]]]:
    """Part notes into plain ones and tuplets: number over them, written over sounding length, notes."""
    at = 0
    while at < len(notes):
        if _plain(notes[at].length):
            yield 1, Fraction(1), notes[at : at + 1]
            at += 1
            continue
        end, total = at, Fraction(0)
        while end < len(notes) and (end == at or not _plain(total)):
            total += notes[end].length
            end += 1
        group = notes[at:end]
        for count, time in _TUPLETS.items():
            factor = Fraction(count, time)
            if len(group) < 10 and all(_plain(note.length * factor) for note in group):
                yield count, factor, group
                break
        else:
            raise FileError(_ODD_RHYTHM)
        at = end


def _plain(length: Fraction) -> bool:
    """Tell whether a length needs no tuplet."""
    return length.denominator & (length.denominator - 1) == 0
