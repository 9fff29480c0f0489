"""Several tunes as one, each played on into the next, as players join them to a set.

Every tune is played with its repeats, and the next begins on the beat: its pickup belongs to the last bar of
the tune before, and goes at that one's tempo. Where the bar has no room for it the last notes give way, and
where there is more room than it needs a rest stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.notation import Bar, Change, Note, Tempo
from generator.music.tune import Tune
from generator.render.layout import bar_starts
from generator.render.pace import TempoMap, tempi

BETWEEN: Final = " / "  # two titles


@dataclass(frozen=True, slots=True)
class Medley:
    """Several tunes as one.

    Attributes:
        abc: all of them as one tune without repeats, to be played rather than read.
        starts: seconds at which each tune begins, its pickup included.
        seconds: that all of it plays.
    """

    abc: str
    starts: tuple[float, ...]
    seconds: float


def medley(tunes: Sequence[Tune]) -> Medley:
    """Play tunes one after the other without a gap.

    Args:
        tunes: at least one, in their order.
    """
    whole, starts = joined(tunes)
    clock = TempoMap.of(whole)
    return Medley(whole.abc(), tuple(map(clock.seconds, starts)), clock.seconds(whole.total_length))


def joined(tunes: Sequence[Tune]) -> tuple[Tune, tuple[Fraction, ...]]:
    """Write tunes out as one without repeats, and say where each of them begins, in whole notes.

    Args:
        tunes: at least one, in their order.
    """
    steps = _played_out(tunes[0])
    starts = [Fraction(0)]
    for before, tune in pairwise(tunes):
        room = _room(before)
        following = _played_out(tune)
        pickup = _pickup(following)
        if room is not None:
            _make_room(steps, pickup - room)
        last = steps[-1]
        steps[-1] = replace(last, bar=replace(last.bar, end="||", notes=_let_go(last.bar.notes)))
        if pickup:
            first = following[0]
            following[0] = _Step(replace(first.bar, meter=last.bar.meter), last.tempo)
        starts.append(sum((step.bar.length for step in steps), Fraction(0)))
        steps += following
    rhythms = {tune.rhythm for tune in tunes}
    whole = Tune(
        BETWEEN.join(tune.title for tune in tunes if tune.title),
        steps[0].bar.key,
        steps[0].bar.meter,
        tunes[0].unit,
        tuple(_written(steps)),
        steps[0].tempo,
        rhythms.pop() if len(rhythms) == 1 else "",
    )
    return whole, tuple(starts)


@dataclass(frozen=True, slots=True)
class _Step:
    """A bar as it is played, without signs of repeats, and the tempo at its first note."""

    bar: Bar
    tempo: Tempo


def _played_out(tune: Tune) -> list[_Step]:
    """List the bars in the order in which they are played."""
    before = tempi(tune)
    steps: list[_Step] = []
    for bar, place, _, _ in tune.played_bars():
        if steps and (bar.repeat_start or bar.part):  # so that a short bar is known as a pickup
            steps[-1] = replace(steps[-1], bar=replace(steps[-1].bar, end="||"))
        now = [change.value for change in bar.changes if not change.at and isinstance(change.value, Tempo)]
        tempo = now[-1] if now and place else before[place]
        steps.append(_Step(_plain(bar), tempo))
    return steps


def _plain(bar: Bar) -> Bar:
    """Return the bar without what matters on paper alone."""
    notes = tuple(
        replace(note, slurs_open=0, slurs_close=0, lyrics=())
        if note.slurs_open or note.slurs_close or note.lyrics
        else note
        for note in bar.notes
    )
    inside = tuple(change for change in bar.changes if change.at)
    return Bar(notes, bar.key, bar.meter, end="||" if bar.closes else "|", changes=inside)


def _written(steps: Sequence[_Step]) -> Iterator[Bar]:
    """Yield the bars with every key, meter and tempo where it changes as they are played."""
    first = steps[0]
    state: list[Key | Meter | Tempo] = [first.bar.key, first.bar.meter, first.tempo]
    for step in steps:
        wanted: list[Key | Meter | Tempo] = [step.bar.key, step.bar.meter, step.tempo]
        changes = [Change(0, value) for value, now in zip(wanted, state, strict=True) if value != now]
        state = wanted
        for change in step.bar.changes:
            state[(Key, Meter, Tempo).index(type(change.value))] = change.value
        yield replace(step.bar, changes=(*changes, *step.bar.changes))


def _room(tune: Tune) -> Fraction | None:
    """Return what the last bar of a tune leaves of a full one; None in free time."""
    bars = tuple(step.bar for step in _played_out(tune))
    last = bars[-1]
    if last.meter.free:
        return None
    start = bar_starts(replace(tune, bars=bars, parts=()))[-1]
    return max(Fraction(0), last.meter.bar - start - last.length)


def _pickup(steps: Sequence[_Step]) -> Fraction:
    """Return the length of what stands before the first full bar."""
    first = steps[0].bar
    short = len(steps) > 1 and not first.meter.free and first.length < first.meter.bar
    return first.length if short else Fraction(0)


def _make_room(steps: list[_Step], missing: Fraction) -> None:
    """Shorten the last bars by so much, in whole notes; lengthen them by a rest where it is less than 0."""
    if missing < 0:
        last = steps[-1]
        rest = Note((), -missing, -missing)
        steps[-1] = replace(last, bar=replace(last.bar, notes=(*last.bar.notes, rest)))
        return
    while len(steps) > 1 and missing >= steps[-1].bar.length:
        missing -= steps.pop().bar.length
    if 0 < missing < steps[-1].bar.length:
        steps[-1] = replace(steps[-1], bar=_shortened(steps[-1].bar, missing))


def _shortened(bar: Bar, by: Fraction) -> Bar:
    """Cut so much off the end of a bar, which is longer, in whole notes."""
    # What is cut may break a tuplet, or a pair of notes that share their lengths.
    notes = [replace(note, written=note.length, tuplet=None, broken=0) for note in bar.notes]
    while by >= notes[-1].length:
        by -= notes.pop().length
    left = notes[-1].length - by
    notes[-1] = replace(notes[-1], length=left, written=left)
    changes = tuple(change for change in bar.changes if change.at < len(notes))
    return replace(bar, notes=tuple(notes), changes=changes)


def _let_go(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Return the notes of a last bar, the last of which is not held on into the next tune."""
    return (*notes[:-1], replace(notes[-1], tie=False, tied=()))
