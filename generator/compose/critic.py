"""The critic: tells a model's own tunes from printed ones, to choose among candidates.

It weighs every pair of things that can be said of a note (pitch and place, interval and whether the bar
returns): a linear model, trained on the printed tunes that the model learnt and on what it draws with
their headers (:mod:`generator.training.critic_fit`). It reads a tune in less than a millisecond.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.compose.critic_reading import CHOICES, Rows, read
from generator.errors import ModelError
from generator.music.tune import Tune

CRITIC: Final = "critic.npz"
_FORMAT: Final = 2
_CHOICES: Final = np.array(CHOICES, np.int32)
_ONE, _OTHER = np.triu_indices(len(CHOICES))
_SIZES: Final = _CHOICES[_ONE] * _CHOICES[_OTHER]
_STARTS: Final = (np.cumsum(_SIZES) - _SIZES).astype(np.int32)
PLACES: Final = int(_SIZES.sum())  # weights in all

Floats = NDArray[np.float32]


def places(rows: Rows) -> NDArray[np.int32]:
    """Return (N, pairs) the number of the weight of each pair of things said of each note."""
    codes = rows.astype(np.int32)
    found: NDArray[np.int32] = codes[:, _ONE] * _CHOICES[_OTHER] + codes[:, _OTHER] + _STARTS
    return found


@dataclass(frozen=True)
class Critic:
    """The weights of a critic.

    Attributes:
        weights: float32 (PLACES,), of each pair.
        bias: added to their mean over the notes.
    """

    weights: Floats
    bias: float

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
                weights, bias = found["weights"].astype(np.float32), float(found["bias"])
        except OSError as error:
            raise ModelError(f"{file.name}, which chooses among candidates, is missing.") from error
        except (ValueError, KeyError, EOFError) as error:
            raise ModelError(f"{file.name}, which chooses among candidates, is damaged.") from error
        if weights.shape != (PLACES,):
            raise ModelError(f"{file.name}, which chooses among candidates, is damaged.")
        return cls(weights, bias)

    def save(self, file: Path) -> None:
        """Write the weights, half as long as they are reckoned with."""
        np.savez_compressed(
            file, format=np.array(_FORMAT), weights=self.weights.astype(np.float16), bias=np.array(self.bias)
        )

    def __call__(self, tune: Tune) -> float:
        """Return how much a tune is like print: the logarithm of the odds; 0 for a toss-up."""
        return self.of_rows(read(tune))

    def of_rows(self, rows: Rows) -> float:
        """Return the same of a tune that was read."""
        if not len(rows):
            return self.bias
        return float(self.weights.take(places(rows)).sum()) / len(rows) + self.bias
