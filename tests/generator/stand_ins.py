"""Small stand-ins for tests of the engine, the sampler and the service."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np

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

    def masks(self, states: np.ndarray) -> np.ndarray:
        return np.ones((len(states), self.width), np.bool_)

    def advance(self, states: np.ndarray, characters: np.ndarray) -> np.ndarray:
        broken = characters == self.line_break
        ended = broken & (states < 0)
        count = np.abs(states) + 1
        return np.where(ended, self.longest + 1, np.where(broken, -count, count))

    def trimmed(self, states: np.ndarray) -> np.ndarray:
        return states

    def done(self, states: np.ndarray) -> np.ndarray:
        return np.abs(states) > self.longest

    def bound(self, plan: Any) -> int:  # noqa: ARG002
        return self.longest
