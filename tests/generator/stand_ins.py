"""Small stand-ins for tests of the engine, the sampler and the service."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from generator.compose.loaded_model import LoadedModel
from generator.compose.novelty import Likeness
from generator.compose.request import TuneRequest
from generator.compose.sampler import Sampler
from generator.compose.score import Score
from generator.errors import AbcError, ModelError, RequestError
from generator.music.dances import Meter
from generator.music.keys import Key
from generator.music.tune import Tune
from generator.network.fast import FastEngine, load_kernel
from generator.serving.service import Service

ALPHABET = "\n !\"#'()+,-./0123456789:<=>ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_abcdefghijklmnopqrstuvwxyz{|"


def write_weights(path: Path, vocabulary: int = len(ALPHABET), seed: int = 1, spread: float = 0.12) -> Path:
    """A weights file as Keras writes it, with random weights lively enough to differ."""
    random = np.random.default_rng(seed)
    shapes = {"embedding/vars/0": (vocabulary, 512)}
    for name, width in (("lstm", 512), ("lstm_1", 256), ("lstm_2", 256)):
        for part, shape in enumerate([(width, 1024), (256, 1024), (1024,)]):
            shapes[f"{name}/cell/vars/{part}"] = shape
    shapes["time_distributed/layer/vars/0"] = (256, vocabulary)
    shapes["time_distributed/layer/vars/1"] = (vocabulary,)
    with h5py.File(path, "w") as file:
        for name, shape in shapes.items():
            scale = 0.5 if name.startswith(("embedding", "time")) else spread
            file[f"layers/{name}"] = random.normal(0, scale, shape).astype(np.float32)
    return path


class FreeRules:
    """A grammar that allows every character of the alphabet, and ends at a blank line or ``longest``.

    A state counts the characters, and doubles as the memory of a line break: it is negative right
    after one.
    """

    def __init__(self, alphabet: str = ALPHABET, longest: int = 60) -> None:
        self.longest = longest
        self.width = len(alphabet)
        self.line_break = alphabet.index("\n")

    def enter(self, plan: Any) -> int:  # noqa: ARG002
        return 1

    def compute_mask(self, states: np.ndarray) -> np.ndarray:
        return np.ones((len(states), self.width), np.bool_)

    def consume(self, states: np.ndarray, characters: np.ndarray) -> np.ndarray:
        broken = characters == self.line_break
        ended = broken & (states < 0)
        count = np.abs(states) + 1
        return np.where(ended, self.longest + 1, np.where(broken, -count, count))

    def trimmed(self, states: np.ndarray) -> np.ndarray:
        return states

    def is_accepting(self, states: np.ndarray) -> np.ndarray:
        return np.abs(states) > self.longest

    def bound(self, plan: Any) -> int:  # noqa: ARG002
        return self.longest


class FragileRules(FreeRules):
    """Fails once in the life of a process."""

    broken = True

    def compute_mask(self, states: np.ndarray) -> np.ndarray:
        broken, FragileRules.broken = FragileRules.broken, False
        return np.full((len(states), self.width), not broken)


@dataclass(frozen=True)
class TextPlan:
    """A plan whose tune keeps the drawn text where titles and music are not judged."""

    prompt: str = "X:1\nK:G\n"

    def finish(self, text: str) -> Tune:
        return Tune("", Key("G"), Meter("6/8"), Fraction(1, 8), (), composer=text)


@dataclass(frozen=True)
class Song(TextPlan):
    """A plan whose tune has notes, with or without chords."""

    music: str = "GBd gdB|"

    def finish(self, text: str) -> Tune:  # noqa: ARG002
        return Tune.read(f"X:1\nT:Song\nM:6/8\nL:1/8\nK:G\n{self.music}\n")


class Picky(TextPlan):
    """A plan of which half the draws are no tunes."""

    def finish(self, text: str) -> Tune:
        if ord(text[-5]) % 2:
            raise AbcError("odd")
        return super().finish(text)


def refuse() -> TextPlan:
    """No plan at all."""
    raise RequestError("A jig is in 6/8.")


_prompts = iter(["\u00dc", "X"])


def unreadable_once() -> TextPlan:
    """A plan with a prompt that no model can read, the first time in the life of a process."""
    return TextPlan(next(_prompts, "X"))


@dataclass(frozen=True)
class Memory:
    """Finds some texts repeat 2.1 bars of a known tune, others ``others`` bars, and 1 more per letter."""

    known: frozenset[str] = frozenset()
    others: float = 2.0
    letter: float = 0.0
    titles: frozenset[str] = frozenset()

    def nearest(self, tune: Tune) -> Likeness:
        text = tune.composer
        bars = 2.1 if text in self.known else self.others + self.letter * len(set(text))
        return Likeness(9, bars, "The Old One")


def own_opinion(draft: Any) -> float:
    """The network's: a measure that needs no music."""
    return 1 / (1 - draft.log_probability)


@dataclass(frozen=True)
class ToyLoader:
    """Loads the model “toy”; a worker gets a pickle of it."""

    weights: Path
    slots: int = 64
    longest: int = 60
    plan: Callable[[], Any] = TextPlan
    rules: Callable[..., FreeRules] = FreeRules
    pause: float = 0.0  # seconds before each step
    novelty: Any = None
    harmoniser: Any = None

    def __call__(self, name: str) -> LoadedModel:
        if name != "toy":
            raise ModelError(f"I don't know the model “{name}”.")
        return LoadedModel(
            "toy",
            self.slots,
            lambda request, seed: request.settled(seed, (Key("G"),), ("jig",)),
            lambda _: self.plan(),
            self._sampler,
            self.novelty,
            self.harmoniser() if self.harmoniser else None,
            Score({own_opinion: 1.0}),
        )

    def _sampler(self) -> Sampler:
        engine = FastEngine(load_kernel(self.weights), self.slots)
        advance = engine.advance

        def slow(*args: Any) -> Any:
            time.sleep(self.pause)
            return advance(*args)

        engine.advance = slow  # type: ignore[method-assign]
        return Sampler(engine, self.rules(longest=self.longest), ALPHABET)


def fail_to_load(name: str) -> LoadedModel:
    """A fault that is no user's."""
    raise RuntimeError(f"no room for {name}")


@dataclass(frozen=True)
class Hall:
    """Makes services on stand-ins."""

    weights: Path

    def service(self, *, workers: int = 1, **toy: Any) -> Service:
        return Service(ToyLoader(self.weights, **toy), "toy", Random(1), workers=workers)


def wish(seed: int = 7, n: int = 1, **more: Any) -> TuneRequest:
    """A request for a tune of one candidate."""
    return TuneRequest(seed=seed, n=n, **more)


async def soon(true: Callable[[], bool]) -> bool:
    """Whether something becomes true within half a minute."""
    for _ in range(3000):
        if true():
            return True
        await asyncio.sleep(0.01)
    return False


async def idle(service: Service) -> bool:
    """Whether all slots become free."""
    return await soon(lambda: service.load == (0, 0))
