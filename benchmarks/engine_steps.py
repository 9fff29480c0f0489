"""A single step, against the limits of one core."""

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import numpy as np

from benchmarks.row import Row, at_least, at_most
from benchmarks.timing import least_times, repeated
from generator.compose.loaded_model import LoadedModel, open_model
from generator.compose.model import find_model
from generator.compose.request import TuneRequest
from generator.compose.sampler import Job
from generator.network.fast import FastEngine, load_kernel
from generator.network.weights import NetworkWeights, read_weights

BATCH = 64
STEPS = 24  # of the whole sampler at a time, so that bar lines, joining and leaving are in the mean


def rows(model: str, models: Path, seconds: float) -> Iterator[Row]:
    """The step at batch 1 and 64, bare and with the grammar, and NumPy's for comparison."""
    path = find_model(model, models).weights
    network, kernel = read_weights(path), load_kernel(path)
    engine = FastEngine(kernel, BATCH)
    characters = np.random.default_rng(1).integers(0, network.vocabulary, BATCH).astype(np.int32)
    slots = np.arange(BATCH, dtype=np.int32)
    size = sum(lstm.recurrent.size + lstm.kernel.size for lstm in network.lstms[1:])
    size += network.lstms[0].recurrent.size + network.dense.size
    things = {
        "one": repeated(lambda: engine.step(slots[:1], characters[:1]), 10),
        "many": lambda: engine.step(slots, characters),
        "numpy one": repeated(numpy_step(network, characters[:1]), 10),
        "numpy many": numpy_step(network, characters),
        "tunes": repeated(full_sampler(model, models), STEPS),
    }
    reads = sgemvs(size)
    products = sgemms()
    best = least_times(
        {**things, **reads, **{name: call for name, (call, _) in products.items()}},
        seconds=3 * seconds,
        clock=time.thread_time,
    )
    read_name, read = min(((name, best[name] / 10) for name in reads), key=lambda pair: pair[1])
    rate_name, rate = max(
        ((name, flop / best[name]) for name, (_, flop) in products.items()), key=lambda pair: pair[1]
    )
    one, many, flop = best["one"] / 10, best["many"], 2.0 * size * BATCH
    yield at_most(
        "step at batch 1 / one read of the weights",
        one / read,
        2.5,
        f"{one * 1e6:.0f} us; fastest read of {4 * size / 1e6:.2f} MB: {read_name}, {read * 1e6:.0f} us",
    )
    yield at_least(
        "characters a second at batch 64 / sgemm ceiling",
        flop / many / rate,
        0.75,
        f"{many * 1e6:.0f} us, {flop / many / 1e9:.0f} GFLOPS; ceiling {rate_name}, {rate / 1e9:.0f} GFLOPS",
    )
    yield at_least(
        "the same with the grammar's mask and sampling",
        flop * STEPS / best["tunes"] / rate,
        0.6,
        f"{best['tunes'] / STEPS * 1e6:.0f} us for a whole step of the sampler with 64 tunes in it",
    )
    for name, ours, batch in (("numpy one", one * 10, 1), ("numpy many", many, BATCH)):
        detail = (
            f"{best[name] / ours * (one if batch == 1 else many) * 1e6:.0f} us; its rows depend on the batch"
        )
        yield Row(f"NumPy with folded weights, batch {batch} / ours", best[name] / ours, detail=detail)


def sgemvs(size: int) -> dict[str, Callable[[], None]]:
    """Ways to read ``size`` floats once by a product with a vector, ten times each."""
    found: dict[str, Callable[[], None]] = {}
    buffer = np.random.default_rng(2).random(size, np.float32)
    for width in (256, 512, 1024, 2048, 4096):
        matrix = buffer[: size // width * width].reshape(-1, width)
        right, left = np.ones(width, np.float32), np.ones(len(matrix), np.float32)
        found[f"sgemv {len(matrix)} x {width}"] = repeated(lambda m=matrix, v=right: m @ v, 10)
        found[f"sgemv of the transpose, {width} x {len(matrix)}"] = repeated(
            lambda m=matrix, v=left: v @ m, 10
        )
    return found


def sgemms() -> dict[str, tuple[Callable[[], object], float]]:
    """Matrix products and their floating point operations, to find the fastest a core can do."""
    found: dict[str, tuple[Callable[[], object], float]] = {}
    random = np.random.default_rng(3)
    for rows, inner, columns in (
        (64, 512, 1024),
        (64, 256, 1024),
        (256, 512, 1024),
        (512, 512, 512),
        (768, 768, 768),
        (1024, 1024, 1024),
    ):
        a, b = random.random((rows, inner), np.float32), random.random((inner, columns), np.float32)
        out = np.empty((rows, columns), np.float32)
        call = lambda a=a, b=b, out=out: np.dot(a, b, out)  # noqa: E731
        found[f"sgemm {rows} x {inner} x {columns}"] = (call, 2.0 * rows * inner * columns)
    return found


def numpy_step(network: NetworkWeights, characters: np.ndarray) -> Callable[[], np.ndarray]:
    """The same step in NumPy, folded as far as it goes."""
    first, *deeper = network.lstms
    table = network.embedding @ first.kernel + first.bias
    stacked = [np.vstack([lstm.kernel, lstm.recurrent]) for lstm in deeper]
    units, n = network.units, len(characters)
    hidden = [np.zeros((n, units), np.float32) for _ in network.lstms]
    cells = [np.zeros((n, units), np.float32) for _ in network.lstms]

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-x))

    def step() -> np.ndarray:
        for layer in range(len(hidden)):
            if layer:
                both = np.concatenate([hidden[layer - 1], hidden[layer]], axis=1)
                gates = both @ stacked[layer - 1] + deeper[layer - 1].bias
            else:
                gates = table[characters] + hidden[0] @ first.recurrent
            i, f, c, o = np.split(gates, 4, axis=1)
            cells[layer] = sigmoid(f) * cells[layer] + sigmoid(i) * np.tanh(c)
            hidden[layer] = sigmoid(o) * np.tanh(cells[layer])
        return hidden[-1] @ network.dense + network.dense_bias

    return step


def full_sampler(model: str, models: Path) -> Callable[[], object]:
    """A step of a sampler that is kept full: whoever finishes makes room for another tune."""
    loaded = open_model(model, "fast", models)
    sampler, jobs = loaded.new_sampler(), endless_jobs(loaded)

    def step() -> None:
        while sampler.free:
            sampler.begin(next(jobs))
        sampler.step()

    return step


def endless_jobs(loaded: LoadedModel) -> Iterator[Job]:
    """Requests for single tunes as people make them: any key and meter that the model learnt."""
    plans = []
    for seed in range(32):
        request = loaded.settle(TuneRequest(n=1), seed)
        plans.append((loaded.plan(request), request.temp))
    for seed, (plan, temperature) in enumerate(cycle(plans)):
        yield Job(plan.prompt, plan, temperature, seed, 1)
