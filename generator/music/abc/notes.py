"""Writing single notes as ABC, with all that belongs to them."""

from fractions import Fraction

from generator.music.abc.tokens import MOST_GRACES, SIGN_OF, SIGNS_AS_LETTERS, time_of
from generator.music.keys import Key
from generator.music.notation import Note, Pitch


def length(ratio: Fraction) -> str:
    """Return a length as a multiple of the unit: ``""``, ``3``, ``/``, ``3/2``, ``/4``."""
    top, bottom = ratio.as_integer_ratio()
    if bottom == 1:
        return "" if top == 1 else str(top)
    return f"{'' if top == 1 else top}/{'' if (top, bottom) == (1, 2) else bottom}"


def clean(text: str) -> str:
    """Return a text that can stand in a field: one line, nothing that ABC would take up."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain.replace("\\", "").replace("%", "\\%")


class Accidentals:
    """What a reader may take to be in force: accidentals hold for a letter, or for one octave of it.

    Readers differ, and differ about those of grace notes; where it matters, an accidental is written.
    """

    def __init__(self, key: Key) -> None:
        self._signature = key.signature
        self._letters: dict[str, int] = {}
        self._octaves: dict[tuple[str, int], int] = {}

    def sign(self, pitch: Pitch, *, grace: bool = False) -> str:
        """Return the accidental to write before a note, ``""`` if none is needed."""
        letter, alter, octave = pitch.letter, pitch.alter, (pitch.letter, pitch.octave)
        own = self._signature.get(letter, 0)
        if not pitch.written and alter == self._letters.get(letter, own) == self._octaves.get(octave, own):
            return ""
        self._letters[letter] = alter
        if not grace:
            self._octaves[octave] = alter
        return SIGN_OF[alter]


def _name(pitch: Pitch) -> str:
    """Letter and octave marks: ``C,`` ``C`` ``c`` ``c'``."""
    if pitch.octave > 4:
        return pitch.letter.lower() + "'" * (pitch.octave - 5)
    return pitch.letter + "," * (4 - pitch.octave)


def write_note(
    note: Note, unit: Fraction, alters: Accidentals, broken: tuple[int, int], *, compound: bool
) -> str:
    """Return one note with everything that belongs to it."""
    value = note.written / unit
    for signs, first in zip(broken, (False, True), strict=True):
        if signs:
            bottom = 2 ** abs(signs)
            value /= Fraction(2 * bottom - 1 if first == (signs > 0) else 1, bottom)
    text = ""
    if note.tuplet and not note.tuplet.index:
        text = _tuplet(note.tuplet.p, note.tuplet.q, note.tuplet.r, compound=compound)
    if note.chord:
        text += f'"{note.chord.abc}"'
    for words in note.annotations:
        text += '"' + clean(words).replace('"', "'") + '"'
    for begin in range(0, len(note.grace), MOST_GRACES):
        some = note.grace[begin : begin + MOST_GRACES]
        text += "{" + "".join([alters.sign(pitch, grace=True) + _name(pitch) for pitch in some]) + "}"
    text += "(" * note.slurs_open
    for name in note.decorations:
        text += SIGNS_AS_LETTERS.get(name) or f"!{name}!"
    if len(note.pitches) == 1:
        text += alters.sign(note.pitches[0]) + _name(note.pitches[0])
    elif note.pitches:
        heads = [alters.sign(pitch) + _name(pitch) for pitch in note.pitches]
        text += "[" + "".join([head + "-" * (at in note.tied) for at, head in enumerate(heads)]) + "]"
    else:
        text += "z"
    text += length(value) + ("-" if note.tie and not note.tied else "") + ")" * note.slurs_close
    return text + (">" if broken[1] > 0 else "<") * abs(broken[1])


def _tuplet(p: int, q: int, r: int, *, compound: bool) -> str:
    if q == time_of(p, compound=compound) and p in (2, 3, 4, 6, 8):
        return f"({p}" if r == p else f"({p}:{q}:{r}"
    return f"({p}:{q}:{r}"
