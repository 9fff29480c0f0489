"""How fast a tune goes, and which of its notes are stressed."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter, itemgetter
from typing import Final

from generator.errors import RequestError
from generator.music.dances import default_tempo, read_dance
from generator.music.tune import Tempo, Tune
from generator.render.layout import bar_starts

PACES: Final[Mapping[str, float]] = {"slow": 0.75, "fast": 1.2}
"""What they make of a tempo."""
SLOWEST: Final = 30
FASTEST: Final = 300
"""Bounds of a tempo, in beats a minute."""

_DOWNBEAT: Final = 96  # MIDI velocities
_BEAT: Final = 88
_OFFBEAT: Final = 78


def tempo_of(tune: Tune) -> Tempo:
    """Return the tempo a tune begins with: its own, that of its type, or the usual one of its meter."""
    if tune.tempo is not None:
        return tune.tempo
    beats = default_tempo(tune.meter)
    if tune.rhythm:
        try:
            dance = read_dance(tune.rhythm)
        except RequestError:
            pass  # an unknown type
        else:
            if tune.meter.abc in dance.meters:
                beats = dance.tempo(tune.meter)
    return Tempo(tune.meter.beat, beats)


def at_tempo(tune: Tune, beats: int | None) -> Tune:
    """Set the tempo to ``beats`` a minute of the meter's beat; None leaves the tune as it is."""
    if beats is None:
        return tune
    text = tune.tempo.text if tune.tempo else ""
    return replace(tune, tempo=Tempo(tune.meter.beat, beats, text))


def at_pace(beats: int, pace: str) -> int:
    """Return so many beats a minute made ``slow`` or ``fast``, within the bounds of a tempo."""
    return max(SLOWEST, min(FASTEST, round(beats * PACES[pace])))


def tempo_changes(tune: Tune) -> Iterator[tuple[Fraction, Tempo]]:
    """Yield every tempo with its onset in whole notes, as the tune is played; the first at 0."""
    before = tempi(tune)
    tempo: Tempo | None = None
    for bar, index, onset, _ in tune.played_bars():
        onsets = bar.onsets if bar.changes else ()
        inside = [
            (onsets[change.at], change.value)
            for change in bar.changes
            if isinstance(change.value, Tempo) and (index or change.at)
        ]
        for offset, value in ((Fraction(0), before[index]), *inside):
            if value != tempo:
                tempo = value
                yield onset + offset, value


def tempi(tune: Tune) -> list[Tempo]:
    """Return the tempo in force at the beginning of each written bar."""
    tempo, found = tempo_of(tune), []
    for index, bar in enumerate(tune.bars):
        found.append(tempo)
        for change in bar.changes:
            if isinstance(change.value, Tempo) and (index or change.at):
                tempo = change.value
    return found


Turn = tuple[Fraction, float, float]
"""Where a tempo begins, in whole notes and in seconds, and the seconds of a whole note from there on."""


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Converts whole notes to seconds, through changes of tempo.

    Attributes:
        turns: where each tempo begins, ascending.
    """

    turns: tuple[Turn, ...]

    @classmethod
    def of(cls, tune: Tune) -> "TempoMap":
        """Make the map of a tune as it is played."""
        return cls.through(tempo_changes(tune))

    @classmethod
    def through(cls, changes: Iterable[tuple[Fraction, Tempo]]) -> "TempoMap":
        """Make the map of tempi, each with its onset in whole notes; the first at 0."""
        turns: list[Turn] = []
        for onset, tempo in changes:
            start = _seconds(turns[-1], onset) if turns else 0.0
            turns.append((onset, start, 60 / (max(1, tempo.per_minute) * float(tempo.beat))))
        return cls(tuple(turns))

    def seconds(self, onset: Fraction) -> float:
        """Return the time of an onset in seconds."""
        return _seconds(self.turns[bisect_right(self.turns, onset, key=itemgetter(0)) - 1], onset)


def _seconds(turn: Turn, onset: Fraction) -> float:
    at, start, pace = turn
    return start + float(onset - at) * pace


def stress(tune: Tune) -> Callable[[Fraction], int]:
    """Return a function from a note's onset to its MIDI velocity: first of the bar, on a beat, or off it."""
    starts = bar_starts(tune)
    played = list(tune.played_bars())

    def velocity(onset: Fraction) -> int:
        bar = played[bisect_right(played, onset, key=attrgetter("onset")) - 1]
        place = onset - bar.onset + starts[bar.place]  # in the full bar
        meter = bar.bar.meter
        if not (place if meter.free else place % meter.bar):
            return _DOWNBEAT
        return _OFFBEAT if place % meter.beat else _BEAT

    return velocity
