"""How fast a tune goes, and where it leans."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from generator.errors import RequestError
from generator.music.dances import default_tempo, read_dance
from generator.music.playing import played_order
from generator.music.tune import Tempo, Tune
from generator.render.layout import bar_starts

_DOWNBEAT: Final = 96  # MIDI velocities
_BEAT: Final = 88
_OFFBEAT: Final = 78


def tempo_of(tune: Tune) -> Tempo:
    """The tempo a tune begins with: its own, that of its type, or the usual one of its meter."""
    if tune.tempo is not None:
        return tune.tempo
    if tune.rhythm:
        try:
            dance = read_dance(tune.rhythm)
            return Tempo(tune.meter.beat, dance.tempo(tune.meter))
        except (RequestError, ValueError):
            pass  # a type we know nothing about, or in a meter unusual for it
    return Tempo(tune.meter.beat, default_tempo(tune.meter))


def at_tempo(tune: Tune, beats: int | None) -> Tune:
    """The tune at ``beats`` a minute, counted in the beat of its meter; None leaves it as it is."""
    if beats is None:
        return tune
    text = tune.tempo.text if tune.tempo else ""
    return replace(tune, tempo=Tempo(tune.meter.beat, beats, text))


def tempi(tune: Tune) -> list[Tempo]:
    """The tempo in force where each bar begins, by index of the bar."""
    tempo, found = tempo_of(tune), []
    for index, bar in enumerate(tune.bars):
        found.append(tempo)
        for change in bar.changes:
            if isinstance(change.value, Tempo) and (index or change.at):
                tempo = change.value
    return found


def stress(tune: Tune) -> Callable[[Fraction], int]:
    """The MIDI velocity of a note by its onset as it is played: first of the bar, on a beat, or off."""
    starts = bar_starts(tune)
    strong: dict[Fraction, int] = {}
    now = Fraction(0)
    for index, _ in played_order(tune.bars, tune.parts):
        bar = tune.bars[index]
        place = -starts[index]
        while place < bar.length:
            if place >= 0:
                first = (place + starts[index]) % bar.meter.bar == 0
                strong[now + place] = _DOWNBEAT if first else _BEAT
            place += bar.meter.beat
        now += bar.length
    return lambda onset: strong.get(onset, _OFFBEAT)
