"""How fast a tune goes."""

from dataclasses import replace

from generator.dances import default_tempo, read_dance
from generator.errors import RequestError
from generator.tune import Tempo, Tune


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
