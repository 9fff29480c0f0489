"""The critic: a small network that tells a model's own tunes from printed ones, to choose among candidates.

It was trained on the printed tunes that the model learnt and on what the model draws with their headers
(:mod:`generator.training.critic_fit`), and reads a tune in about a millisecond.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.critic_reading import CHOICES, Rows, read
from generator.errors import ModelError
from generator.music.tune import Tune

CRITIC: Final = "critic.npz"
DILATIONS: Final = (1, 2, 4, 8)  # notes from one input of a layer to the next
LONGEST: Final = 400  # notes that are read
_FORMAT: Final = 1

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Critic:
    """The weights of a critic.

    Attributes:
        table: (sum of choices, C) what each choice of each column adds.
        layers: for each dilation a kernel (3 C, C) and a bias (C,).
        heads: (3 C, H), (H,), (H,), (1,): from mean, maximum and last note to the verdict.
    """

    table: Floats
    layers: tuple[tuple[Floats, Floats], ...]
    heads: tuple[Floats, Floats, Floats, Floats]

    @classmethod
    def load(cls, file: Path) -> "Critic":
        """Load the critic that ships with a model.

        Raises:
            ModelError: if it is missing or damaged.
        """
        try:
            with np.load(file, allow_pickle=False) as found:
                if int(found["format"]) != _FORMAT:
                    raise ModelError(f"{file.name} is of another version of Tunesmith; get the model anew.")
                arrays = {name: found[name].astype(np.float32) for name in found.files if name != "format"}
            return cls.of(arrays)
        except OSError as error:
            raise ModelError(f"{file.name}, which chooses among candidates, is missing.") from error
        except (ValueError, KeyError, EOFError) as error:
            raise ModelError(f"{file.name}, which chooses among candidates, is damaged.") from error

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> "Critic":
        """Return a critic with these weights, by name; raises KeyError where one is missing."""
        numbers = range(len(DILATIONS))
        layers = tuple((arrays[f"kernel{n}"], arrays[f"bias{n}"]) for n in numbers)
        heads = arrays["head0"], arrays["head1"], arrays["head2"], arrays["head3"]
        return cls(arrays["table"], layers, heads)

    def save(self, file: Path) -> None:
        """Write the weights, half as long as they are reckoned with."""
        arrays = {"table": self.table}
        for number, (kernel, bias) in enumerate(self.layers):
            arrays |= {f"kernel{number}": kernel, f"bias{number}": bias}
        arrays |= {f"head{number}": head for number, head in enumerate(self.heads)}
        half = {name: array.astype(np.float16) for name, array in arrays.items()}
        np.savez_compressed(file, format=np.array(_FORMAT), **half)  # type: ignore[arg-type]

    def __call__(self, tune: Tune) -> float:
        """Return how much a tune is like print: the logarithm of the odds; 0 for a toss-up."""
        return self.of_rows(read(tune))

    def of_rows(self, rows: Rows) -> float:
        """Return the same of a tune that was read."""
        if not len(rows):
            return 0.0
        rows = rows[:LONGEST]
        line = np.maximum(self.table[rows + _STARTS].sum(axis=1), 0)
        for dilation, (kernel, bias) in zip(DILATIONS, self.layers, strict=True):
            padded = np.pad(line, ((dilation, dilation), (0, 0)))
            near = np.concatenate([padded[: len(line)], line, padded[2 * dilation :]], axis=1)
            line = line + np.maximum(near @ kernel + bias, 0)
        pooled = np.concatenate([line.mean(axis=0), line.max(axis=0), line[-1]])
        inner, inner_bias, outer, outer_bias = self.heads
        verdict = np.maximum(pooled @ inner + inner_bias, 0) @ outer + outer_bias
        return float(verdict.item())


_STARTS: Final = np.cumsum([0, *CHOICES[:-1]]).astype(np.int64)
