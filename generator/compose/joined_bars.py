"""Bars of a meter that a model knows, joined to bars of one that it does not: two of 6/8 to one of 12/8."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from generator.grammar.lengths import NOTATABLE, WHOLE
from generator.music.dances import Meter
from generator.music.notation import Bar, Note
from generator.music.part_starts import part_starts


def joined(bars: Sequence[Bar], meter: Meter) -> tuple[Bar, ...]:
    """Return the same music in bars of a meter each of which is some of these; pickups stay as they are.

    A note that is tied to the next bar becomes one where it can be written so.
    """
    found: list[Bar] = []
    for start, end in pairwise([*part_starts(bars), len(bars)]):
        begun: list[Bar] = []
        for index in range(start, end):
            bar = bars[index]
            if begun and bar.endings:
                found.append(_one(begun, meter))
                begun = []
            begun.append(bar)
            pickup = index == start and bar.length < bar.meter.bar
            if pickup or sum(each.meter.bar for each in begun) == meter.bar:
                found.append(_one(begun, meter))
                begun = []
        if begun:
            found.append(_one(begun, meter))
    return tuple(found)


def _one(bars: Sequence[Bar], meter: Meter) -> Bar:
    """Return one bar with the notes of all."""
    notes: list[Note] = []
    for note in (note for bar in bars for note in bar.notes):
        paired = len(notes) > 1 and notes[-2].broken  # its length is written by the note before it
        if notes and not paired and (longer := _held(notes[-1], note)) is not None:
            notes[-1] = longer
        else:
            notes.append(note)
    first, last = bars[0], bars[-1]
    return replace(
        first,
        notes=tuple(notes),
        meter=meter,
        end=last.end,
        repeat_end=last.repeat_end,
        ending_stop=last.ending_stop,
    )


def _held(note: Note, after: Note) -> Note | None:
    """Return a note tied to the next as one note; None if they are not tied, or it can't be written."""
    length = note.length + after.length
    plain = not (note.tuplet or after.tuplet or note.broken or after.broken or note.tied)
    if (
        note.tie
        and plain
        and note.pitches == after.pitches
        and not after.chord
        and length * WHOLE in NOTATABLE
    ):
        return replace(note, length=length, written=length, tie=after.tie, slurs_close=after.slurs_close)
    return None
