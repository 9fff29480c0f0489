"""Models of what follows what, counted on printed tunes that are not judged; measures are in bits."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log2
from typing import Final, NamedTuple

from benchmarks.judge.reckoning import Figures, mean, spread
from benchmarks.judge.sheet import Sheet

_START: Final = "start"


@dataclass
class Model:
    """Counts of what comes after the last few things, mixed by Witten and Bell's rule.

    Attributes:
        order: how many things before are looked at.
        counts: of what comes after each context.
        totals: of each context.
    """

    order: int
    counts: dict[Hashable, Counter[Hashable]] = field(default_factory=lambda: defaultdict(Counter))
    seen: set[Hashable] = field(default_factory=set)

    def learn(self, before: Sequence[Hashable], thing: Hashable) -> None:
        """Count one thing after what stands before it."""
        self.seen.add(thing)
        for size in range(self.order + 1):
            self.counts[self._context(before, size)][thing] += 1

    def bits(self, before: Sequence[Hashable], thing: Hashable) -> float:
        """Return how unexpected a thing is."""
        chance = 1 / (len(self.seen) + 1)
        for size in range(self.order + 1):
            counts = self.counts.get(self._context(before, size))
            if counts:
                total, kinds = counts.total(), len(counts)
                chance = (counts[thing] + kinds * chance) / (total + kinds)
        return -log2(chance)

    def _context(self, before: Sequence[Hashable], size: int) -> Hashable:
        return tuple(before[len(before) - size :]) if size else ()

    def settled(self) -> "Model":
        """Return the model without what was met but once in long contexts, to save room."""
        kept = {c: n for c, n in self.counts.items() if len(c) < 3 or n.total() > 1}  # type: ignore[arg-type]
        return Model(self.order, kept, self.seen)


class Event(NamedTuple):
    """One thing that a model foresees: where it stands, what stands before, and what it is."""

    section: int
    bar: int
    before: tuple[Hashable, ...]
    thing: Hashable
    first: bool


def _pitch_events(sheet: Sheet) -> Iterator[tuple[int, int, int, int]]:
    """Yield (section, bar, onset, pitch above the tonic) of every note but pickups."""
    tonic = 60 + sheet.key.pitch_class
    for number, section in enumerate(sheet.sections):
        for at, bar in enumerate(section.bars):
            for note in bar.notes:
                yield number, at, note.onset, (note.pitch or 0) - tonic


def _minor(sheet: Sheet) -> str:
    return sheet.key.mode if sheet.key.mode in ("major", "mixolydian") else "minor"


def pitches(sheet: Sheet) -> Iterator[Event]:
    """Foresee pitches by the five before."""
    before: list[Hashable] = [_START] * 5
    last = (-1, -1)
    for number, at, _, pitch in _pitch_events(sheet):
        yield Event(number, at, tuple(before), (_minor(sheet), pitch), last != (number, at))
        before = [*before[1:], (_minor(sheet), pitch)]
        last = (number, at)


def intervals(sheet: Sheet) -> Iterator[Event]:
    """Foresee intervals by the four before."""
    before: list[Hashable] = [_START] * 4
    events = list(_pitch_events(sheet))
    for (_, _, _, a), (number, at, onset, b) in pairwise(events):
        yield Event(number, at, tuple(before), b - a, onset == 0)
        before = [*before[1:], b - a]


def degrees_in_bar(sheet: Sheet) -> Iterator[Event]:
    """Foresee notes of the scale by meter, place in the bar and the two before."""
    before: list[Hashable] = [_START] * 2
    for number, at, onset, pitch in _pitch_events(sheet):
        thing = (_minor(sheet), pitch % 12)
        yield Event(number, at, (*before, (sheet.meter, onset)), thing, onset == 0)
        before = [before[1], thing]


def rhythms(sheet: Sheet) -> Iterator[Event]:
    """Foresee the rhythm of beats by type, meter and the three before."""
    before: list[Hashable] = [_START] * 3
    for number, section in enumerate(sheet.sections):
        for at, bar in enumerate(section.bars):
            for beat, cell in enumerate(bar.cells):
                yield Event(number, at, ((sheet.dance, sheet.meter), beat, *before), cell, beat == 0)
                before = [*before[1:], cell]


def notes(sheet: Sheet) -> Iterator[Event]:
    """Foresee interval and length together by the three before and the meter."""
    before: list[Hashable] = [_START] * 3
    above = 0
    for number, section in enumerate(sheet.sections):
        for at, bar in enumerate(section.bars):
            for note in bar.notes:
                thing = ((note.pitch or 0) - above if above else 0, note.length)
                yield Event(number, at, (sheet.meter, *before), thing, note.onset == 0)
                above = note.pitch or 0
                before = [*before[1:], thing]


def beats(sheet: Sheet) -> Iterator[Event]:
    """Foresee what sounds on the beats by the four before."""
    before: list[Hashable] = [_START] * 4
    tonic = 60 + sheet.key.pitch_class
    for number, section in enumerate(sheet.sections):
        for at, bar in enumerate(section.bars):
            for beat, pitch in enumerate(bar.heard):
                thing = None if pitch is None else (_minor(sheet), pitch - tonic)
                yield Event(number, at, tuple(before), thing, beat == 0)
                before = [*before[1:], thing]


def first_beats(sheet: Sheet) -> Iterator[Event]:
    """Foresee the first note of bars by place in the part and the two first notes before."""
    before: list[Hashable] = [_START] * 2
    for number, section in enumerate(sheet.sections):
        for at, bar in enumerate(section.bars):
            pitch = bar.heard[0]
            thing = None if pitch is None else (_minor(sheet), sheet.above_tonic(pitch))
            left = len(section.bars) - at
            yield Event(number, at, (min(number, 1), left, *before), thing, True)
            before = [before[1], thing]


FORESEERS: Final = {
    "pitch": (pitches, 5),
    "interval": (intervals, 4),
    "degree by place in the bar": (degrees_in_bar, 3),
    "rhythm": (rhythms, 5),
    "note": (notes, 4),
    "beat": (beats, 4),
    "first beat": (first_beats, 4),
}


class Foresight:
    """All models, counted on some printed tunes."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.models = {name: Model(order) for name, (_, order) in FORESEERS.items()}
        for sheet in sheets:
            for name, (events, _) in FORESEERS.items():
                model = self.models[name]
                for event in events(sheet):
                    model.learn(event.before, event.thing)
        self.models = {name: model.settled() for name, model in self.models.items()}

    def measured(self, sheet: Sheet) -> Figures:
        """Return how unexpected a tune is to each model: altogether, and in places."""
        found: Figures = {}
        for name, (events, _) in FORESEERS.items():
            model = self.models[name]
            heard = [(event, model.bits(event.before, event.thing)) for event in events(sheet)]
            found |= _by_place(name, sheet, heard)
        return found


def _by_place(name: str, sheet: Sheet, heard: Sequence[tuple[Event, float]]) -> Figures:
    by_bar: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    firsts: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for event, bits in heard:
        by_bar[event.section, event.bar].append(bits)
        if event.first:
            firsts[event.section, event.bar].append(bits)
    every = [bits for _, bits in heard]
    back = _returning(sheet)
    new = {place for place in back if not back[place]}
    old = set(back) - new
    after_old = {(s, b) for s, b in new if (s, b - 1) in old}
    into_old = {(s, b) for s, b in old if (s, b - 1) in new}
    ends = {(s, len(section.bars) - 1) for s, section in enumerate(sheet.sections)}
    bars = [mean(bits) for bits in by_bar.values()]
    title = f"surprise, {name}"
    return {
        f"{title}: all": mean(every),
        f"{title}: spread of bars": spread(bars),
        f"{title}: the most surprising bar": max(bars, default=0.0),
        f"{title}: the least surprising bar": min(bars, default=0.0),
        f"{title}: more than 6 bits, share": mean(bits > 6 for bits in every),
        f"{title}: new bars": mean(b for place in new for b in by_bar[place]),
        f"{title}: returning bars": mean(b for place in old for b in by_bar[place]),
        f"{title}: first of bars": mean(b for own in firsts.values() for b in own),
        f"{title}: first of a new bar after a returning one": mean(b for p in after_old for b in firsts[p]),
        f"{title}: first of a returning bar after a new one": mean(b for p in into_old for b in firsts[p]),
        f"{title}: last bars of parts": mean(b for place in ends for b in by_bar[place]),
        f"{title}: last bars but one": mean(b for s, at in ends for b in by_bar[s, at - 1]),
        f"{title}: first bars of parts": mean(b for s, _ in ends for b in by_bar[s, 0]),
    }


def _returning(sheet: Sheet) -> dict[tuple[int, int], bool]:
    places = [(s, b) for s, section in enumerate(sheet.sections) for b in range(len(section.bars))]
    return dict(zip(places, sheet.returns, strict=True))
