"""What a player needs who practises along: where each part begins and ends in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_uppercase
from typing import Final

from generator.music.playing import played_order
from generator.music.tune import Tune
from generator.render.audio import timeline as sounding_time
from generator.render.pace import tempo_of

_FEWEST_BARS: Final = 2  # fewer are no part, but a pickup or a tag


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a tune, played through once.

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
    """

    seconds: float
    beats: int
    parts: tuple[Part, ...]


def timeline(tune: Tune) -> Timeline:
    """Where the parts of a tune lie in time.

    A part begins at a repeat sign, at a labelled part, or after a double bar or a repeat.
    """
    order = [index for index, _ in played_order(tune.bars, tune.parts)]
    if not order:  # nothing but second endings, say
        return Timeline(0.0, tempo_of(tune).per_minute, ())
    onsets = [Fraction(0)]
    for index in order:
        onsets.append(onsets[-1] + tune.bars[index].length)
    sound = sounding_time(tune)
    times = [sound.seconds(onset) for onset in onsets]
    parts = tuple(_parts(tune, order, times))
    return Timeline(times[-1], tempo_of(tune).per_minute, parts if len(parts) > 1 else ())


def _parts(tune: Tune, order: list[int], times: list[float]) -> Iterator[Part]:
    starts = _starts(tune)
    names = iter(ascii_uppercase)
    for number, first in enumerate(starts):
        last = starts[number + 1] if number + 1 < len(starts) else len(tune.bars)
        if last - first < _FEWEST_BARS or first not in order:
            continue
        begin = end = order.index(first)
        # Once through: until the bars go back, or on into another part.
        while (
            end < len(order) and first <= order[end] < last and (end == begin or order[end] > order[end - 1])
        ):
            end += 1
        label = tune.bars[first].part or next(names, "")
        if label:
            yield Part(label, times[begin], times[end])


def _starts(tune: Tune) -> list[int]:
    starts = [0]
    for index, bar in enumerate(tune.bars[1:], 1):
        before = tune.bars[index - 1]
        closed = before.repeat_end or before.end in ("||", "|]", "[|")
        if bar.repeat_start or bar.part or (closed and not bar.endings):
            starts.append(index)
    return starts
