"""What stands on the staff: pitches, notes, bars and their attributes.

All lengths are exact fractions of a whole note. ABC text is unknown here: ``generator.music.abc`` reads
and writes it, and ``generator.music.tune`` joins bars into a tune.
"""

from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import lcm
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from generator.music.dances import Meter
from generator.music.keys import LETTERS, SEMITONES, Key

T = TypeVar("T")
Rhythm = tuple[tuple[int, int], ...]
DOUBLE_LINES: Final = ("||", "|]", "[|")


@lru_cache(2**12)  # bars have few rhythms
def _sum(ratios: Rhythm) -> Fraction:
    """Return the exact sum of ratios; many times as fast as ``sum`` on a bar's notes."""
    bottom = lcm(*[b for _, b in ratios])
    return Fraction(sum([a * (bottom // b) for a, b in ratios]), bottom)


def pickled_by_arguments(kind: type[T]) -> type[T]:
    """Pickle a frozen dataclass as its constructor's arguments, which takes half the time."""
    parts = attrgetter(*[part.name for part in fields(cast("Any", kind)) if part.init])
    cast("Any", kind).__reduce__ = lambda thing: (kind, parts(thing))
    return kind


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Pitch:
    """A written pitch, accidentals resolved through bar and key.

    Attributes:
        letter: ``C`` to ``B``.
        alter: semitones by which the sounding pitch differs from the letter, -2 to 2.
        octave: 4 from middle C up to the B above it, as in scientific notation.
        written: whether an accidental stands before the note; not compared.
    """

    letter: str
    alter: int
    octave: int
    written: bool = field(default=False, compare=False)

    @property
    def midi(self) -> int:
        """Return the MIDI note number: 60 for middle C."""
        return 12 * self.octave + 12 + SEMITONES[self.letter] + self.alter

    @property
    def step(self) -> int:
        """Return the place on the staff in diatonic steps above C0."""
        return 7 * self.octave + LETTERS.index(self.letter)


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Tuplet:
    """A note's place in a tuplet: ``p`` notes in the time of ``q``, for ``r`` notes.

    Attributes:
        p: the number printed over the group.
        q: how many of the same value it takes the time of.
        r: how many notes (or chords or rests) belong to it.
        index: which of them this one is, 0 to r - 1.
    """

    p: int
    q: int
    r: int
    index: int


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Chord:
    """A chord symbol such as ``F#m7/C#``.

    Attributes:
        root: a letter with an optional ``#`` or ``b``.
        quality: what follows it, ``""`` for a major triad: ``m``, ``7``, ``maj7``, ``dim``...
        bass: the note under the slash, ``""`` if there is none.
    """

    root: str
    quality: str = ""
    bass: str = ""

    @property
    def abc(self) -> str:
        """Return the symbol as ABC writes it between quotes."""
        return self.root + self.quality + (f"/{self.bass}" if self.bass else "")


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Note:
    """A note, a chord of notes, or a rest.

    Attributes:
        pitches: empty for a rest; several for a chord.
        length: how long it sounds, in whole notes, tuplet and broken rhythm included.
        written: the value drawn: as ``length`` but without the tuplet (3/16 is a dotted eighth).
        tie: whether it is tied to the next note.
        slurs_open: how many slurs begin on it.
        slurs_close: how many slurs end on it.
        broken: how many ``>`` (positive) or ``<`` (negative) stand between it and the next note; only for
            writing, since both lengths include it.
        tuplet: its place in a tuplet.
        chord: the chord symbol over it.
        grace: the grace notes before it.
        decorations: names of ornaments and signs: ``trill``, ``roll``, ``fermata``, ``upbow``...
        annotations: other text at the note, the sign of its position first: ``^Fine``, ``_slow``.
        tied: indices of the pitches that the tie holds, if not all of a chord's.
        lyrics: a syllable for each verse, ``""`` for none; ``-`` at its end where the word goes on, ``_``
            where the syllable before is held.
    """

    pitches: tuple[Pitch, ...]
    length: Fraction
    written: Fraction
    tie: bool = False
    slurs_open: int = 0
    slurs_close: int = 0
    broken: int = 0
    tuplet: Tuplet | None = None
    chord: Chord | None = None
    grace: tuple[Pitch, ...] = ()
    decorations: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    tied: tuple[int, ...] = ()
    lyrics: tuple[str, ...] = ()

    @property
    def tied_pitches(self) -> tuple[Pitch, ...]:
        """Return the pitches that go on in the next note."""
        if not self.tie:
            return ()
        return tuple([self.pitches[index] for index in self.tied]) if self.tied else self.pitches

    @property
    def is_rest(self) -> bool:
        """Tell whether nothing sounds."""
        return not self.pitches

    def sounding(self, pitches: tuple[Pitch, ...], grace: tuple[Pitch, ...], chord: Chord | None) -> "Note":
        """Return the note with other pitches, grace notes and chord symbol; faster than ``replace``."""
        return Note(
            pitches, self.length, self.written, self.tie, self.slurs_open, self.slurs_close, self.broken,
            self.tuplet, chord, grace, self.decorations, self.annotations, self.tied, self.lyrics,
        )  # fmt: skip


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo: ``per_minute`` beats of ``beat`` whole notes each, and a ``text`` such as ``Slow``."""

    beat: Fraction
    per_minute: int
    text: str = ""


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Change:
    """A new key, meter or tempo before the note with index ``at`` of its bar.

    ``at`` is 0 at the bar line, and the number of notes after the last note.
    """

    at: int
    value: Key | Meter | Tempo


@pickled_by_arguments
@dataclass(frozen=True, slots=True)
class Bar:
    """The music between two bar lines.

    Attributes:
        notes: in order; never empty.
        key: signature in force at its first note.
        meter: meter in force at its first note.
        start: the bar line before it; only the first bar of a tune can have one.
        end: the bar line after it: ``|``, ``||``, ``|]``, ``[|``, or ``""`` if there is none.
        repeat_start: whether a repeat begins here, ``|:``.
        repeat_end: how many times the passage ending here is played again: 1 for ``:|``.
        endings: the passes in which the ending that begins here is played, as in ``[1``; otherwise empty.
        ending_stop: whether the bracket of an ending closes at the end of this bar.
        part: label of the part that begins here, ``""`` if none does.
        line_break: whether the line of music ends after it; not compared.
        changes: of key, meter and tempo, including those at its start.
        length: of all its notes, in whole notes.
    """

    notes: tuple[Note, ...]
    key: Key
    meter: Meter
    start: str = ""
    end: str = "|"
    repeat_start: bool = False
    repeat_end: int = 0
    endings: tuple[int, ...] = ()
    ending_stop: bool = False
    part: str = ""
    line_break: bool = field(default=False, compare=False)
    changes: tuple[Change, ...] = ()
    length: Fraction = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", _sum(self.rhythm))

    @property
    def rhythm(self) -> Rhythm:
        """Return the lengths of its notes as ratios, which are quick to compare and to look up."""
        return tuple([note.length.as_integer_ratio() for note in self.notes])

    @property
    def closes(self) -> bool:
        """Tell whether a passage ends with this bar: at the end of a repeat or at a double bar line."""
        return self.repeat_end > 0 or self.end in DOUBLE_LINES

    @property
    def onsets(self) -> tuple[Fraction, ...]:
        """Return where each note begins, in whole notes from the bar line; at the end, where the bar ends."""
        return tuple(accumulate((note.length for note in self.notes), initial=Fraction(0)))

    def sounding(self, notes: tuple[Note, ...], key: Key, changes: tuple[Change, ...]) -> "Bar":
        """Return the bar with other notes, key and changes; faster than ``replace``."""
        return Bar(
            notes, key, self.meter, self.start, self.end, self.repeat_start, self.repeat_end, self.endings,
            self.ending_stop, self.part, self.line_break, changes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note as it sounds, repeats expanded and ties merged.

    Attributes:
        onset: whole notes since the beginning.
        length: in whole notes.
        pitches: MIDI note numbers, ascending.
        bar: index of the bar in which it begins.
        part: label of the part that is played, ``""`` if the tune has none.
    """

    onset: Fraction
    length: Fraction
    pitches: tuple[int, ...]
    bar: int
    part: str
