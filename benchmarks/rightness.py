"""Is every tune right? Draws tunes over all keys, modes, meters and forms, and has others judge them.

``python -m benchmarks.rightness [--model jigs] [--tunes 1000] [--temps 0.5 0.8 1.0 1.5]`` prints one
line a measure. Bars are counted by ``benchmarks.bar_counter``, which shares no code with the product's
reader; abc2midi (in symusic's wheel) and abcjs (``npm ci``, run by node) say what they think of each.
The last lines say how much of the model's own wish the grammar turns down, and what its masks cost
beside a step of the network.
"""

import argparse
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.bar_counter import count, form_of
from benchmarks.timing import least_times, repeated
from generator.dances import ASKED_METERS, DANCES
from generator.engines import engine_maker
from generator.errors import FriendlyError
from generator.grammar import Grammar
from generator.keys import ASKED_MODES, LETTERS, Key
from generator.models import Model, find_model
from generator.plan import HIGHEST, LOWEST, Plan, make_plan
from generator.request import TuneRequest
from generator.sampler import Job, Sampler

ROOT = Path(__file__).parent.parent
FORMS = ("AABB", "AB", "AABBCC")
BARS = (4, 8, 16)
SLOTS = 64


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


def all_keys() -> list[Key]:
    """Every key in the modes that can be asked for, with at most seven accidentals in its signature."""
    names = [letter + sign for letter in LETTERS for sign in ("", "#", "b")]
    keys = [Key(name, mode) for mode in ASKED_MODES for name in names]
    return [key for key in keys if abs(key.fifths) <= 7]


def requests(number: int, temp: float) -> Iterator[TuneRequest]:
    """Requests that go round all keys, meters, forms and sizes; every third one names a type."""
    random = Random(f"rightness {temp}")
    kinds = list(product(all_keys(), ASKED_METERS))
    random.shuffle(kinds)
    shapes = list(product(FORMS, BARS))
    for index in range(number):
        key, meter = kinds[index % len(kinds)]
        form, bars = shapes[index % len(shapes)]
        dances = [name for name, dance in DANCES.items() if meter in dance.meters]
        dance = random.choice(dances) if index % 3 == 0 else None
        values = {"key": key, "meter": meter, "form": form, "bars": bars, "temp": temp, "type": dance}
        yield TuneRequest.of(values | {"seed": index})


def draw(model: Model, wishes: Iterable[TuneRequest]) -> Iterator[tuple[TuneRequest, Plan, str]]:
    """Draw one tune for each request, many at once; gives the drawn texts as they end."""
    sampler = Sampler(engine_maker("fast", model.weights)(), Grammar(model.alphabet), model.alphabet)
    waiting = iter(wishes)
    jobs: dict[int, tuple[TuneRequest, Plan]] = {}
    more = True
    while more or sampler.busy:
        while more and sampler.free:
            wish = next(waiting, None)
            if wish is None:
                more = False
                break
            plan = make_plan(wish, model.lore)
            job = Job(plan.prompt, plan, wish.temp, wish.seed or 0, 1)
            jobs[id(job)] = (wish, plan)
            sampler.begin(job)
        for job in sampler.step():
            yield *jobs.pop(id(job)), job.finished[0].text


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
    """What abc2midi has to say, by kind, over all tunes; each tune goes in alone."""
    spec = find_spec("symusic")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "bin" / "abc2midi"
    said: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tune.abc"
        for abc in abcs:
            path.write_text(abc + "\n", encoding="utf-8")
            done = subprocess.run(
                [program, path, "-o", path.with_suffix(".mid")], capture_output=True, text=True, check=False
            )
            lines = (done.stdout + done.stderr).splitlines()
            said.update({re.sub(r"\d+", "0", line)[:90] for line in lines if re.match("Warning|Error", line)})
            said.update(["fell over"] if done.returncode else [])
    return said


_JUDGE = """
const abcjs = require(process.argv[1]);
const tunes = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = tunes.map((tune) => abcjs.parseOnly(tune).flatMap((read) => read.warnings || []));
console.log(JSON.stringify(said));
"""


def abcjs_complaints(
    abcs: list[str], package: Path = ROOT / "node_modules" / "abcjs"
) -> list[list[str]] | None:
    """The warnings of abcjs for each tune; None where node or abcjs is missing."""
    node = shutil.which("node")
    if node is None or not package.is_dir():
        return None
    done = subprocess.run(
        [node, "-e", _JUDGE, str(package)], input=json.dumps(abcs), capture_output=True, text=True, check=True
    )
    said: list[list[str]] = json.loads(done.stdout)
    return said


def turned_down(model: Model, temp: float, tunes: int = 60) -> tuple[float, float]:
    """The share of probability that the mask removes at this temperature, averaged over steps.

    Returns:
        Over tunes in the meter that the model learnt most, and over tunes in all meters.
    """
    learnt = max(model.lore.meters, key=model.lore.meters.__getitem__)
    own = [TuneRequest.of({"key": key, "meter": learnt}) for key in model.lore.keys]
    mixed = [
        TuneRequest.of({"key": key, "meter": meter}) for key, meter in product(model.lore.keys, ASKED_METERS)
    ]
    return _removed(model, own, temp, tunes), _removed(model, mixed, temp, tunes)


def _removed(model: Model, wishes: list[TuneRequest], temp: float, tunes: int) -> float:
    random = np.random.default_rng(5)
    engine, grammar = engine_maker("fast", model.weights)(), Grammar(model.alphabet)
    removed: list[float] = []
    for index in range(tunes):
        plan = make_plan(wishes[index % len(wishes)], model.lore)
        engine.put(0, None)
        state = np.array([grammar.enter(plan)])
        for character in plan.prompt:
            logits = engine.step([0], [model.alphabet.index(character)])[0]
        while not grammar.done(state)[0]:
            mask = grammar.masks(state)[0]
            weights = np.exp((logits - logits.max()).astype(np.float64) / temp)
            shares = weights / weights.sum()
            if mask.sum() > 1:  # text that is settled is no wish of the model
                removed.append(float(shares[~mask].sum()))
            shares = shares * mask
            character_number = random.choice(len(shares), p=shares / shares.sum())
            state = grammar.advance(state, np.array([character_number]))
            logits = engine.step([0], [character_number])[0]
    return float(np.mean(removed))


def cost(model: Model, rows: int, *, seconds: float = 4.0) -> float:
    """Time for masks and moves of so many rows, beside that of the network's step and draw for them."""
    grammar = Grammar(model.alphabet)
    plans = [make_plan(wish, model.lore) for wish in requests(rows, 0.8)]
    texts = {id(plan): text for _, plan, text in _texts(model, plans)}
    trails = [_trail(grammar, model, plan, texts[id(plan)]) for plan in plans]
    length = min(len(trail) for trail in trails)
    states = np.array([[state for state, _ in trail[:length]] for trail in trails]).T.copy()
    drawn = np.array([[c for _, c in trail[:length]] for trail in trails], np.int32).T.copy()
    engine = engine_maker("fast", model.weights)()
    slots, temps = np.arange(rows, dtype=np.int32), np.full(rows, 0.8, np.float32)
    chance = np.full(rows, 0.5, np.float32)
    masks = [grammar.masks(row) for row in states]

    def rules() -> None:
        for row, characters in zip(states, drawn, strict=True):
            grammar.masks(row)
            grammar.advance(row, characters)
            grammar.done(row)

    def network() -> None:
        for mask, characters in zip(masks, drawn, strict=True):
            engine.advance(slots, characters, mask, temps, chance)

    times = least_times({"rules": repeated(rules, 1), "network": repeated(network, 1)}, seconds=seconds)
    return times["rules"] / times["network"]


def _texts(model: Model, plans: list[Plan]) -> Iterator[tuple[None, Plan, str]]:
    sampler = Sampler(engine_maker("fast", model.weights)(), Grammar(model.alphabet), model.alphabet)
    jobs = {id(job): (job, plan) for plan in plans for job in [Job(plan.prompt, plan, 0.8, 1, 1)]}
    for job, _ in jobs.values():
        sampler.begin(job)
    while sampler.busy:
        for job in sampler.step():
            yield None, jobs[id(job)][1], job.finished[0].text


def _trail(grammar: Grammar, model: Model, plan: Plan, text: str) -> list[tuple[int, int]]:
    """The states that a text passes, each with the character that leaves it."""
    state, trail = grammar.enter(plan), []
    for character in text:
        number = model.alphabet.index(character)
        trail.append((state, number))
        state = int(grammar.advance(np.array([state]), np.array([number]))[0])
    return trail


def report(model: Model, number: int, temp: float) -> Verdict:
    """Draw and judge tunes at one temperature, and print what was found."""
    verdict = Verdict()
    for wish, plan, text in draw(model, requests(number, temp)):
        judge(wish, plan, text, verdict)
    print(f"temp {temp}: {verdict.tunes} tunes, faults: {dict(verdict.wrong) or 'none'}")
    inside = 1 - verdict.outside / max(verdict.notes, 1)
    print(
        f"temp {temp}: {inside:.2%} of {verdict.notes} notes in the key's scale;"
        f" {verdict.strayed} tunes below 95 %"
    )
    print(f"temp {temp}: abc2midi says: {dict(abc2midi_complaints(verdict.abcs)) or 'nothing'}")
    said = abcjs_complaints(verdict.abcs)
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
    arguments.add_argument("--model", default="jigs")
    arguments.add_argument("--tunes", type=int, default=1000)
    arguments.add_argument("--temps", type=float, nargs="*", default=[0.5, 0.8, 1.0, 1.5])
    given = arguments.parse_args()
    model = find_model(given.model)
    for temp in given.temps:
        report(model, given.tunes, temp)
    own, mixed = turned_down(model, 0.8)
    print(f"temp 0.8: the mask removes {own:.1%} of the probability in the learnt meter, {mixed:.1%} in all")
    for rows in (1, SLOTS):
        print(f"batch {rows}: the mask costs {cost(model, rows):.3f} of a step of the network")


if __name__ == "__main__":
    main()
