"""When each part of a tune begins and ends, for a player who practises along."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase
from typing import Final

from generator.music.bar_numbers import bar_numbers
from generator.music.part_starts import part_starts
from generator.music.playing import PlayedBar
from generator.music.tune import Tune
from generator.render.layout import bar_starts
from generator.render.pace import TempoMap, tempo_of

_FEWEST_BARS: Final = 2  # fewer are a pickup or a tag


@dataclass(frozen=True, slots=True)
class PartTime:
    """A part of a tune, played through once.

    Attributes:
        label: ``A``, ``B``, or as the tune has it.
        start: seconds from the beginning of the tune.
        end: seconds from the beginning of the tune.
    """

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """A tune in time, at its own tempo.

    Attributes:
        seconds: how long it plays, repeats included.
        beats: a minute, of the beat that its tempo counts.
        parts: in the order in which they are first played; empty if the tune has only one.
        bars: as they are played: where each begins, in seconds, and how much of the full bar is over there,
            in seconds too: not 0 after a pickup.
        count: beats of a full bar, 0 in free time.
        beat: seconds from one of them to the next.
        numbers: by which people name the bars as they are written; 0 for a pickup.
    """

    seconds: float
    beats: int
    parts: tuple[PartTime, ...]
    bars: tuple[tuple[float, float], ...] = ()
    count: int = 0
    beat: float = 0.0
    numbers: tuple[int, ...] = ()


def timeline(tune: Tune) -> Timeline:
    """Return when the parts of a tune are played."""
    beats = tempo_of(tune).per_minute
    played = list(tune.played_bars())
    if not played:  # nothing but second endings, say
        return Timeline(0.0, beats, ())
    clock, last = TempoMap.of(tune), played[-1]
    times = [clock.seconds(bar.onset) for bar in played] + [clock.seconds(last.onset + last.bar.length)]
    parts = tuple(_parts(tune, played, times))
    places, tempo, meter = bar_starts(tune), tempo_of(tune), tune.meter
    whole = 60 / (max(1, tempo.per_minute) * float(tempo.beat))  # seconds of a whole note, where it begins
    bars = tuple((time, float(places[bar.place]) * whole) for time, bar in zip(times, played, strict=False))
    count = 0 if meter.free else int(meter.bar / meter.beat)
    beat = float(meter.beat) * whole
    return Timeline(
        times[-1], beats, parts if len(parts) > 1 else (), bars, count, beat, numbers=bar_numbers(tune)
    )


def _parts(tune: Tune, played: list[PlayedBar], times: list[float]) -> Iterator[PartTime]:
    names = iter(ascii_uppercase)
    order = [bar.place for bar in played]
    begins = {place: index for index, place in reversed(list(enumerate(order)))}  # when first played
    for first, last in pairwise([*part_starts(tune.bars), len(tune.bars)]):
        if last - first < _FEWEST_BARS or first not in begins:
            continue
        begin = end = begins[first]
        # Once through: until the bars go back, or on into another part.
        while (
            end < len(order) and first <= order[end] < last and (end == begin or order[end] > order[end - 1])
        ):
            end += 1
        label = tune.bars[first].part or next(names, "")
        if label:
            yield PartTime(label, times[begin], times[end])
