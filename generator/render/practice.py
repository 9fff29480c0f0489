"""How a tune is played to one who practises: its tempo, faster each time through, counted in, with clicks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from generator.errors import RequestError, quoted
from generator.music.tune import Tempo, Tune
from generator.render.layout import bar_starts
from generator.render.pace import FASTEST, SLOWEST, tempo_changes, tempo_of

MOST_BARS: Final = 4
"""Bars that are counted before a tune, at most."""
MOST_STEP: Final = 50
USUAL_STEP: Final = 5
"""Beats a minute by which each time through is faster, at most and where nothing is said."""
MOST_TIMES: Final = 40
"""How often a tune goes round in one file, at most."""
_NUMBER_LENGTH: Final = 4  # digits that a number can have here


@dataclass(frozen=True, slots=True)
class Practice:
    """How a tune is played to one who practises it.

    Attributes:
        tempo: beats a minute of the beat that the tune's own tempo counts; None as it goes.
        to: beats a minute up to which each time through is faster; None to play it once.
        step: by how many beats a minute.
        count: bars that are counted first.
        metronome: whether each beat clicks.
    """

    tempo: int | None = None
    to: int | None = None
    step: int = USUAL_STEP
    count: int = 0
    metronome: bool = False

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Practice":
        """Read ``tempo``, ``to``, ``step``, ``count`` and ``metronome``; other names are left out.

        Raises:
            RequestError: with what to type instead.
        """
        tempo = _number("tempo", values, SLOWEST, FASTEST)
        to = _number("to", values, SLOWEST, FASTEST)
        step = _number("step", values, 1, MOST_STEP) or USUAL_STEP
        if to is not None and tempo is not None and (to - tempo) > MOST_TIMES * step:
            raise RequestError(
                f"From {tempo} to {to} in such small steps it would go round more than"
                f" {MOST_TIMES} times; take a larger step."
            )
        return cls(
            tempo,
            to,
            step,
            _number("count", values, 0, MOST_BARS) or 0,
            values.get("metronome", "") not in ("", "0", "off"),
        )

    def tempi(self, own: int) -> tuple[int, ...]:
        """List the beats a minute of each time through; the last is ``to``, if that is faster.

        Args:
            own: beats a minute that the tune says itself.
        """
        first = self.tempo or own
        if self.to is None or self.to <= first:
            return (first,)
        return (*range(first, self.to, self.step), self.to)[:MOST_TIMES]


PLAIN: Final = Practice()
"""A tune as it goes, once."""


@dataclass(frozen=True, slots=True)
class Click:
    """A click of the metronome: onset in whole notes, and whether a bar begins there."""

    onset: Fraction
    strong: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A tune in the time of one who practises.

    Attributes:
        starts: where each time through begins, in whole notes; the first is not 0 after a count-in.
        tempi: every tempo and where it begins, in whole notes; the first at 0.
        clicks: of the count-in and the metronome.
        end: where all is over, in whole notes.
    """

    starts: tuple[Fraction, ...]
    tempi: tuple[tuple[Fraction, Tempo], ...]
    clicks: tuple[Click, ...]
    end: Fraction


def course(tune: Tune, practice: Practice = PLAIN) -> Course:
    """Lay a tune out in time: counted in, and as often as it goes round."""
    own, length = tempo_of(tune).per_minute, tune.total_length
    times = practice.tempi(own)
    lead = _lead(tune, practice.count)
    starts = tuple(lead + length * time for time in range(len(times)))
    tempi = [
        (start + onset if start > lead or onset else Fraction(0), _scaled(tempo, beats, own))
        for start, beats in zip(starts, times, strict=True)
        for onset, tempo in tempo_changes(tune)
    ]
    clicks = list(_count_in(tune, lead))
    if practice.metronome:
        beats_of_tune = tuple(_beats(tune))
        clicks += [replace(click, onset=start + click.onset) for start in starts for click in beats_of_tune]
    return Course(starts, tuple(tempi), tuple(clicks), starts[-1] + length)


def _count_in(tune: Tune, lead: Fraction) -> Iterator[Click]:
    """Yield a click for each beat before a tune, whole bars first."""
    meter, at = tune.bars[0].meter, Fraction(0)
    while at < lead:
        yield Click(at, not at % meter.bar)
        at += meter.beat


def _lead(tune: Tune, bars: int) -> Fraction:
    """Return how long so many bars and what is missing before a pickup last; 0 in free time."""
    meter = tune.bars[0].meter
    if not bars or meter.free:
        return Fraction(0)
    return bars * meter.bar + bar_starts(tune)[0]


def _beats(tune: Tune) -> Iterator[Click]:
    """Yield a click for each beat of a tune as it is played."""
    starts = bar_starts(tune)
    for bar, index, onset, _ in tune.played_bars():
        if bar.meter.free:
            continue
        beat, place = bar.meter.beat, starts[index]
        at = -(-place // beat) * beat  # the first beat that is not before the bar
        while at < place + bar.length:
            yield Click(onset + at - place, not at % bar.meter.bar)
            at += beat


def _scaled(tempo: Tempo, beats: int, own: int) -> Tempo:
    """Return a tempo of a tune as it is where the tune goes at ``beats`` a minute and not at its ``own``."""
    if beats == own:
        return tempo
    return replace(tempo, per_minute=max(1, round(tempo.per_minute * beats / max(1, own))))


def _number(name: str, values: Mapping[str, str], least: int, most: int) -> int | None:
    text = values.get(name)
    if text is None:
        return None
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _NUMBER_LENGTH):
        raise RequestError(
            f"{quoted(text)} won't do for {name}; it is a whole number from {least} to {most}."
        )
    if not least <= int(plain) <= most:
        raise RequestError(
            f"{quoted(text)} won't do for {name}; it is a whole number from {least} to {most}."
        )
    return int(plain)
