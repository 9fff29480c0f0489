"""Bars of printed tunes that are held while others are drawn: whether they stand, and what it costs.

    python -m benchmarks.holding [--nottingham FOLDER] [--cases 200]

The tunes are those that no model learnt. "stand": held bars are there note for note; "right": all bars are;
"kept": key, meter and form are those of the print; "no tune": nothing came of the only candidate. "bits
drawn" is how unexpected the network itself finds each character, held ones included. The last row compares
the time of a varied tune with that of a new one, in one run.
"""

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Final

from generator.compose.choice import Judge, log_probability
from generator.compose.holding import Held
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.request import TuneRequest
from generator.compose.sampler import Candidate, Job
from generator.errors import FriendlyError
from generator.music.parts import form_of, parts_of
from generator.music.tune import Tune
from generator.training.default_recipe import prepare

KINDS: Final = {
    "part A": "A",
    "part B": "B",
    "gap of two": "!5-6",
    "gap of four": "!3-6",
    "halves": "1-4,9-12",
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.holding")
    parser.add_argument("--nottingham", type=Path)
    parser.add_argument("--cases", type=int, default=200, help="of each kind (%(default)s)")
    given = parser.parse_args()
    lessons = prepare(given.nottingham).tunes.held_out
    model = open_model("session", "fast")
    print(f"{'held':12} {'cases':>6} {'stand':>6} {'right':>6} {'kept':>6} {'no tune':>8} {'bits drawn':>11}")
    for kind, keep in KINDS.items():
        print(_row(model, kind, keep, [lesson.tune for lesson in lessons], given.cases), flush=True)
    _told_times(model, [lesson.tune for lesson in lessons])


def _row(model: LoadedModel, kind: str, keep: str, tunes: Sequence[Tune], cases: int) -> str:
    stand = right = kept = none = done = 0
    bits: list[float] = []
    for seed, tune in enumerate(tunes):
        if done == cases:
            break
        try:
            held = Held.read(f"{keep}\n{tune.abc()}")
            request = TuneRequest.of({"hold": f"{keep}\n{tune.abc()}", "n": 1})
            settled = model.settle(request, seed)
            plan = model.plan(settled)
        except FriendlyError:  # of another form, or out of reach
            continue
        done += 1
        candidate, new = _drawn(model, settled, seed)
        if new is None:
            none += 1
            continue
        bits.append(-log_probability(candidate) / math.log(2) / max(1, len(candidate.probabilities)))
        stand += _held_bars(held, new) == _held_bars(held, held.tune)
        right += not new.wrong_bars()
        same_form = form_of(parts_of(new)) == form_of(held.parts)
        kept += (new.key, new.meter) == (held.tune.key, held.tune.meter) and same_form
        assert plan.form == (len(held.parts), held.bars)
    drawn = fmean(bits) if bits else math.nan
    return f"{kind:12} {done:6} {stand:6} {right:6} {kept:6} {none:8} {drawn:11.3f}"


def _drawn(model: LoadedModel, settled: TuneRequest, seed: int) -> tuple[Candidate, Tune | None]:
    plan = model.plan(settled)
    sampler, judge = model.new_sampler(), Judge(model, plan, settled)
    job = Job(plan.prompt, plan, settled.temp, seed, settled.n)
    sampler.begin(job)
    while not job.done:
        sampler.step()
    try:
        return job.finished[0], judge.choose(job.finished).tune
    except FriendlyError:
        return job.finished[0], None


def _held_bars(held: Held, tune: Tune) -> list[object]:
    """List the held bars of a tune of the same form as pitches and lengths."""
    found: list[object] = []
    for index, part in enumerate(parts_of(tune)):
        for number, bar in enumerate(part.bars[part.pickup > 0 :], index * held.bars):
            if number in held.numbers:
                found.append([([pitch.midi for pitch in note.pitches], note.length) for note in bar.notes])
    return found


def _told_times(model: LoadedModel, tunes: Sequence[Tune]) -> None:
    """Compare the time of a varied tune with that of a new one of its type, in turn."""
    ratios = []
    for seed, tune in enumerate(tunes):
        if len(ratios) == 40:
            break
        try:
            vary = model.settle(TuneRequest.of({"hold": f"A\n{tune.abc()}"}), seed)
            model.plan(vary)
        except FriendlyError:
            continue
        fresh = TuneRequest.of({"key": vary.key, "meter": vary.meter, "type": vary.type, "form": vary.form})
        times = []
        for settled in (vary, model.settle(fresh, seed)):
            begun = time.perf_counter()
            _drawn(model, settled, seed)
            times.append(time.perf_counter() - begun)
        ratios.append(times[0] / times[1])
    print(f"time of /vary over that of /tune, part A kept, median of {len(ratios)}: {median(ratios):.2f}")


if __name__ == "__main__":
    main()
