"""Keeping a drawn tune to its key: most notes are in the scale, and those outside have a reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from generator.music.chords import chord_tones
from generator.music.keys import SEMITONES
from generator.music.notation import Bar, Note, Pitch
from generator.music.tune import Tune

MOST_OUTSIDE: Final = 20  # one note in so many may be outside the scale


class _Bend(NamedTuple):
    """A letter altered in a bar."""

    bar: int
    letter: str
    alter: int


def within_scale(tune: Tune, low: int, high: int, kept: int = 0) -> Tune:
    """Return a tune in which at most 1 note in 20 is outside the scale of its key; grace notes do not count.

    Where there are more, whole bars lose an accidental: first one that no chord symbol asks for, and
    that the tune has seldom. Leading notes and passing notes that come again and again stay longest.

    Args:
        tune: in one key.
        low: the lowest note that it may get, as a MIDI number.
        high: the highest.
        kept: so many of its first notes and rests are the user's own, and stay as they are.
    """
    total = sum(len(note.pitches) for bar in tune.bars for note in bar.notes)
    bends, fixed = _bends(tune, low, high, kept)
    surplus = bends.total() + fixed - total // MOST_OUTSIDE
    if surplus <= 0:
        return tune
    often = Counter[tuple[str, int]]()
    for bend, notes in bends.items():
        often[bend[1:]] += notes
    asked = {bend for bend in bends if _asked(tune.bars[bend.bar], bend)}
    dropped: set[_Bend] = set()
    for bend in sorted(bends, key=lambda bend: (bend in asked, often[bend[1:]], -bend.bar, bend)):
        if surplus <= 0:
            break
        dropped.add(bend)
        surplus -= bends[bend]
    if not dropped:
        return tune
    bars = tuple([_straightened(bar, index, tune, dropped) for index, bar in enumerate(tune.bars)])
    return within_scale(replace(tune, bars=bars), low, high, kept)  # two notes of a chord may have become one


def _bends(tune: Tune, low: int, high: int, kept: int) -> tuple[Counter[_Bend], int]:
    """Return the altered notes of each bar that may be straightened, and how many others there are."""
    signature = tune.key.signature
    found: Counter[_Bend] = Counter()
    stuck: set[_Bend] = set()
    for place, (index, note, tied) in enumerate(_notes(tune)):
        for pitch in note.pitches:
            plain = signature.get(pitch.letter, 0)
            if pitch.alter != plain:
                bend = _Bend(index, pitch.letter, pitch.alter)
                found[bend] += 1
                if place < kept or tied or not low <= pitch.midi + plain - pitch.alter <= high:
                    stuck.add(bend)
    return Counter({bend: n for bend, n in found.items() if bend not in stuck}), sum(found[b] for b in stuck)


def _notes(tune: Tune) -> Iterator[tuple[int, Note, bool]]:
    """Yield every note with the number of its bar, and whether a tie leads to it or from it."""
    joined = False
    for index, bar in enumerate(tune.bars):
        for note in bar.notes:
            yield index, note, joined or note.tie
            joined = note.tie


def _asked(bar: Bar, bend: _Bend) -> bool:
    """Tell whether a chord symbol of the bar has the altered note in it."""
    sound = (SEMITONES[bend.letter] + bend.alter) % 12
    return any(note.chord and sound in chord_tones(note.chord) for note in bar.notes)


def _straightened(bar: Bar, index: int, tune: Tune, dropped: set[_Bend]) -> Bar:
    if not any(bend.bar == index for bend in dropped):
        return bar
    signature = tune.key.signature

    def pitch(old: Pitch) -> Pitch:
        if _Bend(index, old.letter, old.alter) not in dropped:
            return old
        return Pitch(old.letter, signature.get(old.letter, 0), old.octave)

    notes = tuple(
        [replace(note, pitches=tuple(dict.fromkeys(map(pitch, note.pitches)))) for note in bar.notes]
    )
    return replace(bar, notes=notes)
