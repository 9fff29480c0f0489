"""Is every tune right? Draws tunes over all keys, modes, meters and forms, and has others judge them.

``python -m benchmarks.rightness [--model session] [--tunes 1000] [--temps 0.5 0.8 1.0 1.5]`` prints one
line a measure. Bars are counted by ``benchmarks.bar_counter``, which shares no code with the product's
reader; abc2midi (in symusic's wheel) and abcjs (``npm ci``, run by node) say what they think of each.
The last lines say how much of the model's own wish the grammar turns down, and what its masks cost
beside a step of the network.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.bar_counter import count, form_of
from benchmarks.every_request import requests
from benchmarks.mask import SLOTS, cost, cost_of_new, turned_down
from generator.compose.model import Model, find_model
from generator.compose.plan import HIGHEST, LOWEST, Plan, make_plan
from generator.compose.request import TuneRequest
from generator.compose.sampler import Candidate, Job, Sampler
from generator.errors import FriendlyError
from generator.evaluation.free_draw import finished
from generator.evaluation.other_readers import abc2midi_says, abcjs_says
from generator.grammar.automaton import Grammar
from generator.network import engine_maker


@dataclass
class Verdict:
    """What was found in a number of tunes.

    Attributes:
        tunes: how many there were.
        wrong: how many tunes have each fault.
        notes, outside: written notes, and how many of them are outside the key's scale.
        strayed: tunes in which more than 1 note in 20 is.
        abcs: the texts.
        examples: one text for each fault.
    """

    tunes: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    outside: int = 0
    strayed: int = 0
    abcs: list[str] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)

    def blame(self, faults: Iterable[str], text: str) -> None:
        """Count each kind of fault once for a tune."""
        for fault in set(faults):
            self.wrong[fault] += 1
            self.examples.setdefault(fault, text)


def draw(model: Model, wishes: Iterable[TuneRequest]) -> Iterator[tuple[TuneRequest, Plan, Candidate]]:
    """Draw one tune for each request, many at once; gives the candidates as they end."""
    sampler = Sampler(engine_maker("fast", model.weights)(), Grammar(model.alphabet), model.alphabet)
    plans: dict[int, tuple[TuneRequest, Plan]] = {}

    def jobs() -> Iterator[Job]:
        for wish in wishes:
            plan = make_plan(wish, model.facts)
            job = Job(plan.prompt, plan, wish.temp, wish.seed or 0, 1)
            plans[id(job)] = (wish, plan)
            yield job

    for job in finished(sampler, jobs()):
        yield *plans.pop(id(job)), job.finished[0]


def judge(wish: TuneRequest, plan: Plan, text: str, verdict: Verdict) -> None:
    """Read, write and count one drawn tune."""
    assert wish.key is not None
    assert wish.meter is not None
    verdict.tunes += 1
    try:
        abc = plan.finish(text).abc()
    except FriendlyError as error:
        verdict.blame([f"not read: {error}"], text)
        return
    counted = count(abc)
    faults = ["a bar is wrong"] if counted.faults else []
    faults += ["another key"] if counted.headers["K"] != wish.key.abc else []
    faults += ["another meter"] if counted.headers["M"] != wish.meter.abc else []
    faults += ["another form"] if form_of(counted) != (wish.form, wish.bars) else []
    faults += ["out of range"] if counted.lowest < LOWEST or counted.highest > HIGHEST else []
    faults += [] if re.search(r"(:\||\|\])\n*$", abc) else ["no final bar line"]
    verdict.blame(faults, abc)
    verdict.notes += counted.notes
    verdict.outside += counted.outside
    verdict.strayed += counted.outside * 20 > counted.notes
    verdict.abcs.append(abc)


def abc2midi_complaints(abcs: list[str]) -> Counter[str]:
    """What abc2midi has to say, by kind, in how many tunes."""
    said = abc2midi_says(abcs)
    assert said is not None
    return Counter(words for tune in said for words in set(tune))


def report(model: Model, number: int, temp: float) -> Verdict:
    """Draw and judge tunes at one temperature, and print what was found."""
    verdict = Verdict()
    for wish, plan, candidate in draw(model, requests(number, temp)):
        judge(wish, plan, candidate.text, verdict)
    print(f"temp {temp}: {verdict.tunes} tunes, faults: {dict(verdict.wrong) or 'none'}")
    inside = 1 - verdict.outside / max(verdict.notes, 1)
    print(
        f"temp {temp}: {inside:.2%} of {verdict.notes} notes in the key's scale;"
        f" {verdict.strayed} tunes below 95 %"
    )
    print(f"temp {temp}: abc2midi says: {dict(abc2midi_complaints(verdict.abcs)) or 'nothing'}")
    said = abcjs_says(verdict.abcs)
    if said is None:
        print(f"temp {temp}: abcjs or node is not here")
    else:
        kinds = Counter(re.sub(r"<[^>]*>|\d+", "", words)[:90] for warnings in said for words in warnings)
        print(f"temp {temp}: abcjs says: {dict(kinds.most_common(5)) or 'nothing'}")
    for fault, text in list(verdict.examples.items())[:3]:
        print(f"--- {fault}\n{text}\n---")
    return verdict


def main() -> None:
    """Print everything."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", default="session")
    arguments.add_argument("--tunes", type=int, default=1000)
    arguments.add_argument("--temps", type=float, nargs="*", default=[0.5, 0.8, 1.0, 1.5])
    given = arguments.parse_args()
    model = find_model(given.model)
    for temp in given.temps:
        report(model, given.tunes, temp)
    own, mixed = turned_down(model, 0.8)
    print(f"temp 0.8: the mask removes {own:.1%} of the probability in the learnt meter, {mixed:.1%} in all")
    for rows in (1, SLOTS):
        warm, new = cost(model, rows), cost_of_new(model, rows)
        print(
            f"batch {rows}: the mask costs {warm:.3f} of a step of the network, {new:.3f} on tunes never met"
        )


if __name__ == "__main__":
    main()
