"""What a file of one voice says, before it is ABC: bars of notes, with their signature and bar lines."""

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class SheetPitch:
    """A pitch: a letter, sharps (positive) or flats in semitones, and an octave (4 begins at middle C)."""

    letter: str
    alter: int
    octave: int


@dataclass(slots=True)
class SheetNote:
    """A note, a chord, or a rest.

    Attributes:
        pitches: empty for a rest.
        length: as it sounds, in whole notes.
        tie: whether it is tied to the next one.
        chord: the symbol over it, ``""`` for none.
        grace: the grace notes before it.
    """

    pitches: tuple[SheetPitch, ...]
    length: Fraction
    tie: bool = False
    chord: str = ""
    grace: tuple[SheetPitch, ...] = ()


@dataclass(slots=True)
class SheetBar:
    """A bar.

    Attributes:
        notes: in order.
        key: a new signature at its start, as ``K:`` has it; ``""`` for none.
        meter: a new meter likewise, as ``M:`` has it.
        repeat_start: whether a repeat begins here.
        end: the bar line after it: ``|``, ``||``, ``|]``, ``:|``.
        ending: the passes of the ending that begins here, as in ``1`` or ``1,2``; ``""`` for none.
    """

    notes: list[SheetNote] = field(default_factory=list)
    key: str = ""
    meter: str = ""
    repeat_start: bool = False
    end: str = "|"
    ending: str = ""


@dataclass(slots=True)
class Sheet:
    """A tune of one voice.

    Attributes:
        title: ``""`` if there is none.
        key: as ``K:`` has it.
        meter: as ``M:`` has it.
        tempo: quarter notes a minute; 0 if that is not known.
        bars: in order.
        remarks: sentences on what was left out or guessed.
    """

    title: str
    key: str
    meter: str
    tempo: int
    bars: list[SheetBar]
    remarks: list[str] = field(default_factory=list)
