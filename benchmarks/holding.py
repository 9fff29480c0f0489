"""Printed tunes of which some is held while the rest is drawn: whether it stands, how good the new is.

    python -m benchmarks.holding [--nottingham FOLDER] [--cases 200] [--tables held,gap,chords,like,time]

The tunes are those that no model learnt. Table "held": "stand": what is held is there, note for note (of the
rhythm every length, of the chords each at its place); "right": all bars fill their meter; "kept": key, meter
and form are those of the print; "no tune": nothing came of the only candidate. Table "gap": bits by which the
network is surprised by a bar of the gap, and by each of the two bars after it. Table "chords": notes on beats
that are in the chord over them. Table "like": notes changed, put in or taken out for each beat, and beats
that begin with the old note. Table "time": a varied tune's time over that of a new one, in one run.
"""

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from statistics import fmean, median
from typing import Final

from benchmarks.holding_measures import (
    Bits,
    at_home,
    at_random,
    chords_of,
    distance,
    from_another,
    keyed,
    rhythm,
    same_beats,
    sounds,
)
from generator.compose.choice import Judge
from generator.compose.hold_words import ANSWER, NEXT
from generator.compose.holding import Held
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job
from generator.errors import FriendlyError
from generator.music.melody import ends_home
from generator.music.parts import parts_of
from generator.music.tune import Tune
from generator.serving.draws import Draws
from generator.serving.messages import Answer, Given, Opening, Order
from generator.training.default_recipe import prepare

KINDS: Final = {
    "part A": "A",
    "part B": "B",
    "gap of two": "!5-6",
    "gap of four": "!3-6",
    "halves": "1-4,9-12",
    "rhythm": "rhythm",
    "chords": "chords",
    "A and chords": "A,chords",
    "next part": NEXT,
    "answer": ANSWER,
}
LIKES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
TABLES: Final = ("held", "gap", "chords", "like", "time")
_MOST_TIMED: Final = 40
_ROUNDS: Final = 8  # in which each tune takes part with another seed, where there are fewer tunes than cases


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.holding")
    parser.add_argument("--nottingham", type=Path)
    parser.add_argument("--cases", type=int, default=200, help="of each kind (%(default)s)")
    parser.add_argument("--tables", default=",".join(TABLES), help="which (%(default)s)")
    given = parser.parse_args()
    tunes = [lesson.tune for lesson in prepare(given.nottingham).tunes.held_out]
    Random(1).shuffle(tunes)
    model = open_model("session", "fast")
    tables: dict[str, Callable[[LoadedModel, Sequence[Tune], int], None]] = {
        "held": _held, "gap": _gap, "chords": _chords, "like": _like, "time": _time,
    }  # fmt: skip
    for name in given.tables.split(","):
        tables[name](model, tunes, given.cases)


def _cases(model: LoadedModel, tunes: Sequence[Tune], line: str) -> Iterator[tuple[int, Held, TuneRequest]]:
    """Yield what can be held: a seed, the tune, and the request."""
    for seed, tune in enumerate(chain.from_iterable([tunes] * _ROUNDS)):
        text = f"{line}\n{tune.abc()}"
        try:
            request = model.settle(TuneRequest.of({"hold": text, "n": 1}), seed)
            model.plan(request)
        except FriendlyError:  # of another form, or out of reach
            continue
        yield seed, Held.read(text), request


def _drawn(model: LoadedModel, settled: TuneRequest, seed: int) -> Tune | None:
    plan = model.plan(settled)
    sampler, judge = model.new_sampler(), Judge(model, plan, settled)
    job = Job(plan.prompt, plan, settled.temp, seed, settled.n)
    sampler.begin(job)
    while not job.done:
        sampler.step()
    try:
        return judge.finish(judge.choose(job.finished))
    except FriendlyError:
        return None


def _held(model: LoadedModel, tunes: Sequence[Tune], cases: int) -> None:
    print(f"{'held':13} {'cases':>6} {'stand':>6} {'right':>6} {'kept':>6} {'no tune':>8} {'endings':>8}")
    for kind, line in KINDS.items():
        counts = dict.fromkeys(("done", "stand", "right", "kept", "none", "endings"), 0)
        for seed, held, request in _cases(model, tunes, line):
            counts["done"] += 1
            new = _drawn(model, request, seed)
            if new is None:
                counts["none"] += 1
            else:
                counts["stand"] += _stands(held, new)
                counts["right"] += not new.wrong_bars()
                counts["kept"] += _form_kept(held, new)
                counts["endings"] += held.endings
            if counts["done"] == cases:
                break
        done, stand, right, kept, none, endings = counts.values()
        print(f"{kind:13} {done:6} {stand:6} {right:6} {kept:6} {none:8} {endings:8}", flush=True)


def _stands(held: Held, new: Tune) -> bool:
    """Tell whether what is held of a tune is there in a new one."""
    if held.hold.grows == ANSWER:
        pairs = zip(held.tune.bars, new.bars, strict=False)
        return all(sounds(bar) == sounds(other)[: len(bar.notes)] for bar, other in pairs) and ends_home(new)
    old, there = keyed(held, held.tune), keyed(held, new)
    stand = all(sounds(bar) == sounds(there[key]) for key, bar in old.items() if key % 1000 in held.numbers)
    if held.hold.rhythm:
        stand &= all(rhythm(bar) == rhythm(there[key]) for key, bar in old.items())
    if held.hold.chords:
        stand &= chords_of(held.tune) == chords_of(new)
    return stand


def _form_kept(held: Held, new: Tune) -> bool:
    if (new.key, new.meter) != (held.tune.key, held.tune.meter):
        return False
    old, there = parts_of(held.tune), parts_of(new)
    if held.hold.grows == ANSWER:
        return [(part.count, part.twice) for part in there] == [(2 * held.bars, False)]
    shapes = [(part.count, part.twice, len(part.first)) for part in there]
    asked = [(part.count, part.twice, len(part.first)) for part in old]
    if held.hold.grows == NEXT:
        asked.append((held.bars, old[0].twice, 0))
    return shapes == asked


def _gap(model: LoadedModel, tunes: Sequence[Tune], cases: int) -> None:
    bits, random = Bits(model), Random(1)
    print(f"{'gap':12} {'filled by':16} {'tunes':>6} {'bits a bar':>11} {'bits after':>11}")
    for kind in ("gap of two", "gap of four"):
        first, last = (int(word) for word in KINDS[kind][1:].split("-"))
        bars, after = range(first - 1, last), range(last, last + 2)
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for seed, held, request in _cases(model, tunes, KINDS[kind]):
            if held.endings:
                continue
            places = [number + (held.pickup > 0) for number in bars]
            ways = {
                "the print": held.tune,
                "the network": _drawn(model, request, seed),
                "another tune": from_another(held.tune, places, tunes, random),
                "random notes": at_random(held.tune, places, random),
            }
            rows: dict[str, tuple[float, float]] = {}
            for way, tune in ways.items():
                inside = bits.of_bars(tune, bars) if tune else None
                beyond = bits.of_bars(tune, after) if tune else None
                if inside is not None and beyond is not None:
                    rows[way] = inside, beyond
            if len(rows) == len(ways):
                for way, row in rows.items():
                    found[way].append(row)
            if len(found["the print"]) == cases:
                break
        for way, rows_of in found.items():
            inside, beyond = (fmean(column) for column in zip(*rows_of, strict=True))
            print(f"{kind:12} {way:16} {len(rows_of):6} {inside:11.1f} {beyond:11.1f}", flush=True)


def _chords(model: LoadedModel, tunes: Sequence[Tune], cases: int) -> None:
    shares: dict[str, list[float]] = defaultdict(list)
    for seed, held, request in _cases(model, tunes, KINDS["chords"]):
        free = model.settle(request.model_copy(update={"hold": f"like=0\n{held.tune.abc()}"}), seed)
        kept, other = _drawn(model, request, seed), _drawn(model, free, seed)
        if kept is None or other is None:
            continue
        try:
            under = held.dressed(other)
        except FriendlyError:
            continue
        for way, tune in (("print", held.tune), ("drawn to them", kept), ("drawn without them", under)):
            shares[way].append(at_home(tune))
        if len(shares["print"]) == cases:
            break
    print(f"{'notes on beats in the chord':28} {'tunes':>6} {'share':>7}")
    for way, found in shares.items():
        print(f"{way:28} {len(found):6} {fmean(found):7.3f}", flush=True)


def _like(model: LoadedModel, tunes: Sequence[Tune], cases: int) -> None:
    print(f"{'like':>5} {'tunes':>6} {'edits a beat':>13} {'same beats':>11} {'the same':>9} {'no tune':>8}")
    for like in LIKES:
        edits, beats, same, none = list[float](), list[float](), 0, 0
        for seed, held, request in _cases(model, tunes, f"like={like:g}"):
            new = _drawn(model, request, seed)
            if new is None:
                none += 1
                continue
            edits.append(distance(held, new))
            beats.append(same_beats(held, new))
            same += not edits[-1]
            if len(edits) == cases:
                break
        print(
            f"{like:5} {len(edits):6} {fmean(edits):13.3f} {fmean(beats):11.3f} {same:9} {none:8}", flush=True
        )


def _time(model: LoadedModel, tunes: Sequence[Tune], cases: int) -> None:
    """Compare the times of a varied tune and of a new one of its type, in turn, as a worker draws them."""
    given: list[Answer] = []
    draws = Draws(Opening(lambda _: model, model.name), given.append)
    print(f"{'time over that of /tune':24} {'tunes':>6} {'median':>7}")
    for kind in ("part A", "gap of two", "rhythm", "chords", "like=0.7", "next part", "answer"):
        ratios: list[float] = []
        for seed, held, request in _cases(model, tunes, KINDS.get(kind, kind)):
            fresh = TuneRequest.of(
                {"key": held.tune.key, "meter": request.meter, "type": request.type, "form": request.form}
            )
            wishes = (request.model_copy(update={"n": 4}), fresh.model_copy(update={"bars": request.bars}))
            times = []
            for wish in wishes:
                given.clear()
                begun = time.perf_counter()
                draws.hear(Order(1, wish.model_copy(update={"seed": seed}), followed=False))
                while draws.busy:
                    draws.step()
                times.append(time.perf_counter() - begun)
                if not isinstance(given[-1], Given):
                    times.append(math.nan)
            if not math.isnan(sum(times)):
                ratios.append(times[0] / times[1])
            if len(ratios) == min(cases, _MOST_TIMED):
                break
        print(f"{kind:24} {len(ratios):6} {median(ratios):7.2f}", flush=True)


if __name__ == "__main__":
    main()
