"""What is measured of tunes of which some is held: how far the new is from the old, chords, bits."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import fmean

import numpy as np

from generator.compose.held_text import SECOND
from generator.compose.holding import Held
from generator.compose.kept_chords import chord_places
from generator.compose.loaded_model import LoadedModel
from generator.compose.model import MODELS, find_model
from generator.grammar.bar_signs import is_forced, unforced
from generator.grammar.part_marks import ALL, COUNTDOWN
from generator.music.chords import chord_tones
from generator.music.dances import dance_of
from generator.music.keys import LETTERS
from generator.music.notation import Bar, Note, Pitch
from generator.music.parts import parts_of
from generator.music.tune import Tune
from generator.network import engine_maker
from generator.training.training_text import STYLES, Lesson, written

Sounds = list[tuple[tuple[int, ...], object]]


def keyed(held: Held, tune: Tune) -> dict[int, Bar]:
    """Return the bars of a tune of the form of another one, by key; a pickup's is below 0."""
    found: dict[int, Bar] = {}
    for index, part in enumerate(parts_of(tune)):
        main, first = list(part.bars), index * held.bars
        if part.pickup:
            found[-1 - index] = main.pop(0)
        found |= dict(enumerate((*main, *part.first), first))
        found |= dict(enumerate(part.second, first + len(main) + SECOND))
    return found


def sounds(bar: Bar) -> Sounds:
    """Return the notes of a bar as pitches and lengths."""
    return [(tuple(pitch.midi for pitch in note.pitches), note.length) for note in bar.notes]


def rhythm(bar: Bar) -> list[tuple[bool, object]]:
    """Return the lengths of a bar's notes, and which are rests."""
    return [(note.is_rest, note.length) for note in bar.notes]


def chords_of(tune: Tune) -> list[object]:
    """List the chords of each bar with their places."""
    return [chord_places(bar) for bar in tune.bars]


def distance(held: Held, new: Tune) -> float:
    """Return how many notes are changed, put in or taken out for each beat, from old to new."""
    old, there = keyed(held, held.tune), keyed(held, new)
    edits = sum(_edits(sounds(bar), sounds(there[key]) if key in there else []) for key, bar in old.items())
    return edits / sum(float(bar.length / bar.meter.beat) for bar in old.values())


def same_beats(held: Held, new: Tune) -> float:
    """Return the share of the old tune's beats on which the same note begins in the new one."""
    old, there = keyed(held, held.tune), keyed(held, new)
    beats = [(key, *each) for key, bar in old.items() for each in _on_beats(bar)]
    new_beats = {(key, *each) for key, bar in there.items() for each in _on_beats(bar)}
    return sum(beat in new_beats for beat in beats) / max(len(beats), 1)


def at_home(tune: Tune) -> float:
    """Return the share of the notes on beats that are in the chord over them."""
    found, chord = [], None
    for bar in tune.bars:
        for at, note in zip(bar.onsets, bar.notes, strict=False):
            chord = note.chord or chord
            if chord and note.pitches and at % bar.meter.beat == 0:
                found.append(note.pitches[-1].midi % 12 in chord_tones(chord))
    return fmean(found) if found else math.nan


def _on_beats(bar: Bar) -> list[tuple[object, int]]:
    pairs = zip(bar.onsets, bar.notes, strict=False)
    return [(at, n.pitches[-1].midi) for at, n in pairs if n.pitches and at % bar.meter.beat == 0]


def _edits(one: Sounds, other: Sounds) -> int:
    row = list(range(len(other) + 1))
    for index, note in enumerate(one, 1):
        before, row[0] = row[0], index
        for place, there in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (note != there))
    return row[-1]


class Bits:
    """How unexpected bars are to the network, given all before them."""

    def __init__(self, model: LoadedModel) -> None:
        found = find_model(model.name, MODELS)
        self._numbers = {character: number for number, character in enumerate(found.alphabet)}
        self._engine = engine_maker("fast", found.weights)()

    def of_bars(self, tune: Tune, bars: Sequence[int]) -> float | None:
        """Return the bits of some bars of a tune, each; None for a tune that the network cannot spell."""
        head, _, music = written(Lesson(tune, dance_of(tune.rhythm), ""), STYLES["counted"], Random(0))
        text = unforced(head + music)
        if not set(text) <= self._numbers.keys():
            return None
        self._engine.put(0, None)
        bits, number = dict.fromkeys(bars, 0.0), -1
        for at, (character, after) in enumerate(pairwise(text), 1 - len(head)):
            logits = self._engine.step([0], [self._numbers[character]])[0].astype(np.float64)
            if at < 0:
                continue
            number += after in COUNTDOWN
            if number in bits and after not in ALL and not is_forced(music[at]):
                chances = logits - logits.max()
                bits[number] -= float(
                    chances[self._numbers[after]] - np.log(np.exp(chances).sum())
                ) / math.log(2)
        return fmean(bits.values())


def at_random(tune: Tune, bars: Sequence[int], random: Random) -> Tune:
    """Return a tune in which some bars have their rhythm, and any notes of the scale."""
    signature = tune.key.signature
    steps = [pitch.step for bar in tune.bars for note in bar.notes for pitch in note.pitches]

    def note(old: Note) -> Note:
        octave, letter = divmod(random.randint(min(steps), max(steps)), 7)
        pitch = Pitch(LETTERS[letter], signature.get(LETTERS[letter], 0), octave)
        return replace(old, pitches=(pitch,) if old.pitches else (), tie=False, grace=(), tied=())

    return _with(tune, {index: tuple(map(note, tune.bars[index].notes)) for index in bars})


def from_another(tune: Tune, bars: Sequence[int], others: Sequence[Tune], random: Random) -> Tune | None:
    """Return a tune in which some bars are those of another in its meter and mode; None if there is none."""
    able = [
        other.transposed(tune.key).fitted()
        for other in random.sample(others, len(others))[:60]
        if other.meter == tune.meter and other.key.mode == tune.key.mode and other is not tune
    ]
    for other in able:
        full = [bar for bar in other.bars if bar.length == bar.meter.bar and not bar.changes]
        if len(full) > bars[-1]:
            notes = {index: _untied(full[place].notes) for place, index in enumerate(bars, bars[0])}
            return _with(tune, notes)
    return None


def _untied(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return (*notes[:-1], replace(notes[-1], tie=False, tied=()))


def _with(tune: Tune, notes: dict[int, tuple[Note, ...]]) -> Tune:
    bars = [
        replace(bar, notes=notes[index]) if index in notes else bar for index, bar in enumerate(tune.bars)
    ]
    return replace(tune, bars=tuple(bars))
