"""Notes and bars while they are being read: what may still change before they are final."""

from fractions import Fraction
from functools import lru_cache

from generator.music.abc.fields import read_text
from generator.music.abc.tokens import LETTERS_AS_SIGNS, SIGNS
from generator.music.chords import read_chord
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Change, Chord, Note, Pitch, Tempo, Tuplet


@lru_cache(4096)
def times(top: int, bottom: int, factor_top: int, factor_bottom: int) -> Fraction:
    """Return a product of fractions; few different ones occur, and making them is slow."""
    return Fraction(top * factor_top, bottom * factor_bottom)


class NoteDraft:
    """A note whose tie, slur, broken rhythm and tuplet may still follow."""

    __slots__ = (
        "broken",
        "lyrics",
        "pitches",
        "slurs_close",
        "slurs_open",
        "tie",
        "tied",
        "tuplet",
        "wear",
        "written",
    )

    def __init__(self, pitches: tuple[Pitch, ...], written: Fraction) -> None:
        self.pitches = pitches
        self.written = written
        self.tie = False
        self.tied: tuple[int, ...] = ()
        self.slurs_open = 0
        self.slurs_close = 0
        self.broken = 0
        self.tuplet: Tuplet | None = None
        self.wear: Wear | None = None
        self.lyrics: tuple[str, ...] = ()

    def break_rhythm(self, before: "NoteDraft", signs: int) -> None:
        """Apply broken rhythm: ``signs`` of ``>``, or of ``<`` if negative (section 4.4).

        Between notes of different lengths it means nothing certain, and is passed over.
        """
        if before.written == self.written:
            top, bottom = self.written.as_integer_ratio()
            part = 2 ** abs(signs)
            long, short = times(top, bottom, 2 * part - 1, part), times(top, bottom, 1, part)
            before.written, self.written = (long, short) if signs > 0 else (short, long)
            before.broken = signs

    def note(self) -> Note:
        """Return the finished note."""
        length = written = self.written
        tuplet, wear = self.tuplet, self.wear
        if tuplet:
            length = times(written.numerator, written.denominator, tuplet.q, tuplet.p)
        if wear or self.tied or self.lyrics:
            wear = wear or Wear()
            return Note(
                self.pitches, length, written, self.tie, self.slurs_open, self.slurs_close, self.broken,
                tuplet, wear.chord, tuple(wear.grace), wear.signs, tuple(wear.texts),
                self.tied if self.tie else (), self.lyrics,
            )  # fmt: skip
        return Note(
            self.pitches, length, written, self.tie, self.slurs_open, self.slurs_close, self.broken, tuplet
        )


class Wear:
    """What stands before a note and belongs to it."""

    __slots__ = ("chord", "grace", "signs", "slurs", "texts")

    def __init__(self) -> None:
        self.slurs = 0
        self.chord: Chord | None = None
        self.grace: list[Pitch] = []
        self.signs: tuple[str, ...] = ()
        self.texts: list[str] = []

    def quote(self, text: str) -> None:
        """Take a chord symbol, or another text with its place (sections 4.18 and 4.19)."""
        plain = read_text(text)[:60]
        chord = read_chord(plain)
        if chord:
            self.chord = self.chord or chord  # of "D""(A7)" the second is the one that may be left out
        elif plain.startswith("@"):
            self.texts.append("^" + plain.lstrip("@-+0123456789.,") or "^")
        elif plain:
            self.texts.append(plain if plain[0] in "^_<>" else "^" + plain)

    def sign(self, name: str) -> None:
        """Take a decoration by name; pass over unknown ones."""
        if name in SIGNS and name not in self.signs:
            self.signs += (name,)

    def letter(self, letter: str) -> None:
        """Take a decoration by letter; pass over letters that stand for nothing unless defined."""
        self.sign(LETTERS_AS_SIGNS.get(letter, ""))


class BarDraft:
    """A bar that is being filled, or still empty and collecting what will stand at its start."""

    __slots__ = (
        "changes", "end", "ending_stop", "endings", "key", "line_break", "meter", "notes", "part",
        "repeat_end", "repeat_start", "start",
    )  # fmt: skip

    def __init__(self, key: Key, meter: Meter) -> None:
        self.notes: list[NoteDraft] = []
        self.key = key
        self.meter = meter
        self.start = ""
        self.end = ""
        self.repeat_start = False
        self.repeat_end = 0
        self.endings: tuple[int, ...] = ()
        self.ending_stop = False
        self.part = ""
        self.line_break = False
        self.changes: list[Change] = []

    def change(self, value: Key | Meter | Tempo) -> None:
        """Note a change at the present place; it replaces one of its kind there."""
        at = len(self.notes)
        here = len(self.changes)
        while here and self.changes[here - 1].at == at:
            here -= 1
        others = [change for change in self.changes[here:] if type(change.value) is not type(value)]
        self.changes[here:] = [*others, Change(at, value)]

    def bar(self) -> Bar:
        """Return the finished bar."""
        return Bar(
            tuple([note.note() for note in self.notes]), self.key, self.meter, self.start, self.end,
            self.repeat_start, self.repeat_end, self.endings, self.ending_stop, self.part,
            self.line_break, tuple(self.changes),
        )  # fmt: skip
