"""A MIDI file of one voice as a sheet: onsets drawn to the nearest sixteenth, triplet or finer."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from generator.errors import FileError
from generator.music.files.midi_events import DAMAGED, MidiEvents, midi_events
from generator.music.files.sheet import Sheet, SheetBar, SheetNote
from generator.music.files.signature import guessed_fifths, key_of, spelled
from generator.music.keys import Key

_NO_NOTES: Final = "There are no notes in that MIDI file."
_CHORDAL: Final = (
    "Several notes sound against each other in that MIDI file; I read one melody, so send its track alone."
)
_TOO_LONG: Final = "That MIDI file is too long for one tune; {:,} bars are the most I read."
_GUESSED: Final = "No key stands in the file; from its notes it is read as {}."
_NO_DRUMS: Final = "The drums are left out."
_ROUNDED: Final = "Played a little freely, so I moved its notes to the nearest note values."
_MOST_BARS: Final = 600
_GRIDS: Final = (1, 2, 4, 3, 6, 8)  # parts of a quarter note, the likeliest first
_NEAR: Final = 0.04  # quarter notes that a note may be off and still fit a grid
_SHORTEST_REST: Final = Fraction(1, 4)  # quarter notes; a shorter silence is how a note was played
_OVERLAP: Final = 0.15  # share of the notes that may sound against others, as a slur is played

_Notes = list[tuple[Fraction, Fraction, tuple[int, ...]]]  # onset and end in quarter notes, key numbers


def several_voices(count: int) -> str:
    """Say that a file is for more than one."""
    return f"There are {count} voices in that file; I read one melody, so please send its voice alone."


def midi_sheet(data: bytes) -> Sheet:
    """Read a MIDI file of one voice.

    Raises:
        FileError: it is damaged, or has no notes, or several voices.
    """
    events = midi_events(data)
    voices = [notes for notes in events.voices.values() if notes]
    if not voices:
        raise FileError(_NO_NOTES)
    if len(voices) > 1:
        raise FileError(several_voices(len(voices)))
    remarks = [_NO_DRUMS] if events.drums else []
    notes, moved = _quantised(voices[0], events.ticks)
    if moved:
        remarks.append(_ROUNDED)
    fifths, key = _key(events, notes)
    if not events.keys:
        remarks.append(_GUESSED.format(key.name))
    meter = events.meters[0][1] if events.meters else "4/4"
    tempo = round(60_000_000 / events.tempo) if events.tempo else 0
    title = next((name for name in events.names if name), "")
    bars = _bars(notes, events, fifths)
    return Sheet(title, key.abc, meter, tempo if 20 <= tempo <= 400 else 0, bars, remarks)


def _key(events: MidiEvents, notes: _Notes) -> tuple[int, Key]:
    last = notes[-1][2][0] % 12
    if events.keys:
        _, fifths, minor = events.keys[0]
        return fifths, key_of(fifths, "minor" if minor else "", last)
    fifths = guessed_fifths([pitch % 12 for _, _, pitches in notes for pitch in pitches])
    return fifths, key_of(fifths, "", last)


def _quantised(voice: Sequence[tuple[int, int, int]], ticks: int) -> tuple[_Notes, bool]:
    """Draw notes to a grid of their beat, and join those that begin together; say whether any was far off."""
    onsets = {onset / ticks for onset, _, _ in voice} | {end / ticks for _, end, _ in voice}
    grids = _beat_grids([onset / ticks for onset, _, _ in voice])
    drawn = {time: _drawn(time, grids) for time in onsets}
    moved = any(abs(float(drawn[onset / ticks]) - onset / ticks) > _NEAR for onset, _, _ in voice)
    chords: dict[Fraction, tuple[Fraction, list[int]]] = {}
    for onset, stop, pitch in voice:
        at, until = drawn[onset / ticks], drawn[stop / ticks]
        latest, pitches = chords.setdefault(at, (until, []))
        chords[at] = (max(latest, until), [*pitches, pitch])
    times: list[Fraction] = [*sorted(chords), Fraction(10**9)]
    notes: _Notes = []
    against = 0
    for at, after in pairwise(times):
        until, pitches = chords[at]
        against += until - after > Fraction(1, 8)
        end = after if until > after or after - until < _SHORTEST_REST else until
        end = max(end, min(after, at + Fraction(1, 8)))
        notes.append((at, end, tuple(sorted(set(pitches)))))
    if against > _OVERLAP * len(notes) + 1:
        raise FileError(_CHORDAL)
    return notes, moved


def _beat_grids(onsets: Sequence[float]) -> dict[int, int]:
    """Choose for each quarter note into how many parts it is divided."""
    beats: dict[int, list[float]] = {}
    for onset in onsets:
        beats.setdefault(math.floor(onset + 1 / 16), []).append(onset)
    return {beat: _grid(times) for beat, times in beats.items()}


def _grid(times: Sequence[float]) -> int:
    def off(grid: int) -> float:
        return max(abs(time * grid - round(time * grid)) / grid for time in times)

    fits = next((grid for grid in _GRIDS if off(grid) <= _NEAR), 0)
    return fits or min(_GRIDS[:4], key=off)


def _drawn(time: float, grids: dict[int, int]) -> Fraction:
    grid = grids.get(math.floor(time + 1 / 16), 4)
    return Fraction(round(time * grid), grid)


def _bars(notes: _Notes, events: MidiEvents, fifths: int) -> list[SheetBar]:
    """Part notes at the bar lines; a note over one is tied."""
    meters = [(Fraction(tick, events.ticks), meter) for tick, meter in events.meters]
    meters = meters or [(Fraction(0), "4/4")]
    keys = [(Fraction(tick, events.ticks), sharps) for tick, sharps, _ in events.keys]
    end = notes[-1][1]
    bars: list[SheetBar] = []
    at, meter, signature, last = Fraction(0), meters[0][1], fifths, notes[-1][2][0] % 12
    index = 0
    while at < end:
        if len(bars) >= _MOST_BARS:
            raise FileError(_TOO_LONG.format(_MOST_BARS))
        bar = SheetBar()
        new = [each for onset, each in meters if onset <= at][-1:] or [meter]
        if new[0] != meter:
            meter = bar.meter = new[0]
        written = [each for onset, each in keys if onset <= at][-1:] or [signature]
        if written[0] != signature:
            signature = written[0]
            bar.key = key_of(signature, "", last).abc
        top, bottom = (int(number) for number in meter.split("/"))
        later = [onset for onset, _ in meters if onset > at]
        until = min([at + Fraction(4 * top, bottom), *later[:1]])
        index = _fill(bar, notes, index, (at, until), signature)
        bars.append(bar)
        at = until
    if not bars:
        raise FileError(DAMAGED)
    first = next(number for number, bar in enumerate(bars) if any(note.pitches for note in bar.notes))
    bars = bars[first:]
    bars[-1].end = "|]"
    if len(bars[-1].notes) > 1 and not bars[-1].notes[-1].pitches:
        del bars[-1].notes[-1]  # the silence after the last note
    if bars[0].notes and not bars[0].notes[0].pitches and len(bars[0].notes) > 1:
        del bars[0].notes[0]  # the silence before a pickup
    return bars


def _fill(bar: SheetBar, notes: _Notes, index: int, span: tuple[Fraction, Fraction], fifths: int) -> int:
    """Put what sounds between two times into a bar; return the first note that goes on after it."""
    at, until = span
    while at < until:
        if index == len(notes):
            bar.notes.append(SheetNote((), (until - at) / 4))
            break
        onset, end, pitches = notes[index]
        if onset > at:
            rest = min(onset, until) - at
            bar.notes.append(SheetNote((), rest / 4))
            at += rest
            continue
        stop = min(end, until)
        tied = end > until
        bar.notes.append(SheetNote(tuple(spelled(pitch, fifths) for pitch in pitches), (stop - at) / 4, tied))
        at = stop
        index += not tied
    return index
