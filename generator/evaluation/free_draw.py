"""Drawing as others draw from the seed network: no grammar, and the text ends where the network ends it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.compose.sampler import Job, Sampler
from generator.compose.sampler_rows import Integers
from generator.errors import AbcError
from generator.music.tune import Tune
from generator.network import engine_maker

LONGEST: Final = 1500  # characters, more than any tune that it learnt


class _Anything:
    """Rules that forbid nothing; an empty line is the end. A state counts, negative after a line break."""

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


def draw_freely(weights: Path, alphabet: str, prompts: Iterable[str], temp: float) -> list[Tune | None]:
    """One tune for each prompt of headers, seeds from 1; None for a text that cannot be read."""
    sampler = Sampler(engine_maker("fast", weights)(), _Anything(alphabet), alphabet)
    jobs = [Job(prompt, None, temp, seed, 1) for seed, prompt in enumerate(prompts, 1)]
    waiting = jobs[::-1]
    while waiting or sampler.busy:
        while waiting and sampler.free:
            sampler.begin(waiting.pop())
        sampler.step()
    return [_read(job.prompt + job.finished[0].text) for job in jobs]


def _read(text: str) -> Tune | None:
    try:
        return Tune.read(text.rstrip("\n") + "\n")
    except AbcError:
        return None
