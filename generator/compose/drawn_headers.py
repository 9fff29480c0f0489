"""What a model is told of a tune: its type and a meter that it learnt; and how bars are divided."""

from collections.abc import Mapping

from generator.compose.home_keys import RARE
from generator.compose.model_facts import ModelFacts
from generator.compose.request import TuneRequest
from generator.grammar.lengths import WHOLE, Grid
from generator.music.dance_habits import habit_of
from generator.music.dances import DANCES, METERS, Meter


def divided(request: TuneRequest, meter: Meter, facts: ModelFacts) -> tuple[Meter, int]:
    """Return the meter to draw in, and how many of its bars make one of the asked meter.

    That is the asked one, but where a model hardly knows it and knows another that it is made of. Bars that
    stand already, or the user's own first notes, need not go with it.
    """
    smaller, count = METERS[meter.abc].made_of
    least = RARE * sum(facts.meters.values())
    known = facts.meters.get(meter.abc, 0) >= least or facts.meters.get(smaller, 0) < least
    if not smaller or known or request.hold or request.start:
        return meter, 1
    return Meter(smaller), count


def grid(request: TuneRequest, meter: Meter, within: Meter) -> Grid:
    """Return how bars are divided: into no shorter notes than print has, unless some stand already."""
    dance = request.type
    if dance is None or request.hold:
        return Grid.of(within)
    return Grid.of(within, int(dance.shortest_in(meter) * WHOLE), habit_of(dance.name, meter.abc))


def drawn_meter(meter: Meter, of_type: Mapping[str, int], learnt: Mapping[str, int]) -> str:
    """Return the meter to name in the prompt: the asked one, or the learnt one that is most like it.

    Args:
        meter: to draw in.
        of_type: how many tunes of the type that is named the model learnt in each meter, where it knows.
        learnt: how many of any type.
    """
    for counts in (of_type, learnt):
        total = sum(counts.values())
        known = {name: count for name, count in counts.items() if count >= RARE * total}
        alike = [name for name in known if Meter(name).family == meter.family]
        if alike:
            return meter.abc if meter.abc in known else max(alike, key=known.__getitem__)
    alike = [name for name in known if Meter(name).beat == meter.beat]
    return max(alike, key=known.__getitem__) if alike else meter.abc


def drawn_type(request: TuneRequest, meter: Meter, learnt: Mapping[str, int]) -> str:
    """Return the type of tune to name in the prompt."""
    dance = request.type
    if dance and dance.like in learnt and learnt.get(dance.name, 0) < RARE * sum(learnt.values()):
        return dance.like
    if dance and (dance.name in learnt or not learnt):
        return dance.name
    fitting = [name for name in learnt if name in DANCES and meter.abc in DANCES[name].meters]
    if fitting:
        return max(fitting, key=learnt.__getitem__)
    return dance.name if dance else max(learnt, key=learnt.__getitem__, default="tune")
