"""A tune as the judge reads it: each part once through, note by note, nothing but pitch and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

from generator.music.keys import Key
from generator.music.notation import Bar
from generator.music.parts import parts_of
from generator.music.tune import Tune

REST: Final = None
_TICKS: Final = 24  # to the beat


@dataclass(frozen=True, slots=True)
class Sound:
    """A note, or a rest; tied notes are one.

    Attributes:
        pitch: MIDI number of the highest note, None for a rest.
        onset: ticks from the beginning of its bar, 24 to the beat.
        length: in ticks.
    """

    pitch: int | None
    onset: int
    length: int


@dataclass(frozen=True)
class Measure:
    """A bar.

    Attributes:
        sounds: that begin in it.
        beats: how many the meter has.
        full: False for a pickup.
    """

    sounds: tuple[Sound, ...]
    beats: int
    full: bool = True

    @cached_property
    def notes(self) -> tuple[Sound, ...]:
        """Return the sounds without rests."""
        return tuple(sound for sound in self.sounds if sound.pitch is not None)

    @cached_property
    def pitches(self) -> tuple[int, ...]:
        """Return the MIDI numbers of the notes."""
        return tuple(sound.pitch for sound in self.sounds if sound.pitch is not None)

    @cached_property
    def rhythm(self) -> tuple[tuple[int, int], ...]:
        """Return onsets and lengths."""
        return tuple((sound.onset, sound.length) for sound in self.sounds)

    @cached_property
    def on_beats(self) -> tuple[int | None, ...]:
        """Return what begins on each beat, None where nothing does."""
        starts = {sound.onset: sound.pitch for sound in self.sounds}
        return tuple(starts.get(beat * _TICKS) for beat in range(self.beats))

    @cached_property
    def heard(self) -> tuple[int | None, ...]:
        """Return what sounds on each beat, begun there or before."""
        return tuple(self._at(beat * _TICKS) for beat in range(self.beats))

    @cached_property
    def cells(self) -> tuple[tuple[int, ...], ...]:
        """Return the rhythm of each beat: onsets of the notes that begin in it, in ticks."""
        found: list[list[int]] = [[] for _ in range(self.beats)]
        for sound in self.notes:
            beat = sound.onset // _TICKS
            if 0 <= beat < self.beats:
                found[beat].append(sound.onset % _TICKS)
        return tuple(map(tuple, found))

    def _at(self, tick: int) -> int | None:
        return next((s.pitch for s in reversed(self.sounds) if s.onset <= tick < s.onset + s.length), None)


@dataclass(frozen=True)
class Section:
    """A part of a tune.

    Attributes:
        pickup: notes before its first bar.
        bars: full bars, first ending included; the last is shorter where a pickup follows.
    """

    pickup: tuple[Sound, ...]
    bars: tuple[Measure, ...]


@dataclass(frozen=True)
class Sheet:
    """A tune.

    Attributes:
        sections: its parts.
        key: as printed or asked.
        dance, meter: likewise; the meters of four quarters are one.
    """

    sections: tuple[Section, ...]
    key: Key
    dance: str
    meter: str

    @cached_property
    def bars(self) -> tuple[Measure, ...]:
        """Return the bars of all parts."""
        return tuple(bar for section in self.sections for bar in section.bars)

    @cached_property
    def notes(self) -> tuple[Sound, ...]:
        """Return all notes, pickups included, without rests."""
        return tuple(
            sound
            for section in self.sections
            for sound in (*section.pickup, *(s for bar in section.bars for s in bar.sounds))
            if sound.pitch is not None
        )

    @cached_property
    def pitches(self) -> tuple[int, ...]:
        """Return the MIDI numbers of the notes."""
        return tuple(sound.pitch for sound in self.notes if sound.pitch is not None)

    @cached_property
    def returns(self) -> tuple[bool, ...]:
        """Tell of each bar whether it was there before, note for note."""
        seen: set[tuple[Sound, ...]] = set()
        found = []
        for bar in self.bars:
            found.append(bar.sounds in seen)
            seen.add(bar.sounds)
        return tuple(found)

    def above_tonic(self, pitch: int) -> int:
        """Return the semitones above the tonic, octave folded away."""
        return (pitch - self.key.pitch_class) % 12


def sheet_of(tune: Tune, dance: str) -> Sheet | None:
    """Return a tune as the judge reads it; None if a part of it has fewer than two full bars."""
    plain = tune.without_chords().fitted()
    sections = []
    for part in parts_of(plain):
        bars = [*part.bars, *part.first]
        pickup: tuple[Sound, ...] = ()
        if part.pickup and len(bars) > 1:
            pickup = _sounds([bars[0]])[0]
            pickup = tuple(
                Sound(s.pitch, s.onset - _ticks(bars[0], bars[0].length), s.length) for s in pickup
            )
            bars = bars[1:]
        if len(bars) < 2:
            return None
        measures = [Measure(sounds, _beats(bar)) for sounds, bar in zip(_sounds(bars), bars, strict=True)]
        sections.append(Section(pickup, tuple(measures)))
    return Sheet(tuple(sections), plain.key, dance, plain.meter.standard.family)


def _ticks(bar: Bar, length: Fraction) -> int:
    return round(length / _beat(bar) * _TICKS)


def _beat(bar: Bar) -> Fraction:
    """Return the length of a beat: a quarter in all meters of two, three and four quarters, halves or not."""
    return bar.meter.beat if bar.meter.compound else Fraction(1, 4)


def _beats(bar: Bar) -> int:
    return int(bar.meter.bar / _beat(bar))


def _sounds(bars: Sequence[Bar]) -> list[tuple[Sound, ...]]:
    """Return the sounds of each bar; a tied note belongs to the bar in which it begins."""
    found: list[list[Sound]] = []
    tied = False
    for bar in bars:
        found.append([])
        at = 0
        for note in bar.notes:
            pitch = max(p.midi for p in note.pitches) if note.pitches else None
            length = _ticks(bar, note.length)
            home = found[-1] or (found[-2] if len(found) > 1 else [])
            if tied and home and home[-1].pitch == pitch:
                home[-1] = Sound(pitch, home[-1].onset, home[-1].length + length)
            else:
                found[-1].append(Sound(pitch, at, length))
            tied = note.tie
            at += length
    return [tuple(sounds) for sounds in found]
