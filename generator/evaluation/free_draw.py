"""Drawing outside the service: many jobs at once, or without a grammar, as others use the seed network."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.compose.sampler import Job, Sampler
from generator.compose.sampler_rows import Integers
from generator.music.tune import Tune
from generator.network import engine_maker

LONGEST: Final = 1500  # characters, more than any tune that it learnt


class _Anything:
    """Rules that forbid nothing until an empty line; a state counts characters, negative after a break."""

    def __init__(self, alphabet: str) -> None:
        self._width, self._break = len(alphabet), alphabet.index("\n")

    def enter(self, plan: object) -> int:  # noqa: ARG002
        return 1

    def compute_mask(self, states: Integers) -> npt.NDArray[np.bool_]:
        return np.ones((len(states), self._width), np.bool_)

    def consume(self, states: Integers, characters: Integers) -> Integers:
        broken, count = characters == self._break, np.abs(states) + 1
        ended = np.where(broken & (states < 0), LONGEST + 1, count)
        return np.where(broken & (states > 0), -count, ended)

    def trimmed(self, states: Integers) -> Integers:
        return states

    def is_accepting(self, states: Integers) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = np.abs(states) > LONGEST
        return found

    def bound(self, plan: object) -> int:  # noqa: ARG002
        return LONGEST


def finished(sampler: Sampler, jobs: Iterable[Job]) -> Iterator[Job]:
    """Draw as many jobs at a time as the sampler takes; yield each one when it is done."""
    waiting = iter(jobs)
    job = next(waiting, None)
    while job is not None or sampler.busy:
        while job is not None and sampler.free:
            sampler.begin(job)
            job = next(waiting, None)
        yield from sampler.step()


def draw_freely(weights: Path, alphabet: str, prompts: Iterable[str], temp: float) -> list[Tune | None]:
    """Draw one tune for each prompt of headers, seeds from 1; None for a text that cannot be read."""
    sampler = Sampler(engine_maker("fast", weights)(), _Anything(alphabet), alphabet)
    jobs = [Job(prompt, None, temp, seed, 1) for seed, prompt in enumerate(prompts, 1)]
    texts = {job.seed: job.prompt + job.finished[0].text for job in finished(sampler, jobs)}
    return [Tune.read_or_none(texts[job.seed].rstrip("\n") + "\n") for job in jobs]
