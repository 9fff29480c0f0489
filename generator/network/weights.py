"""Reads a weights file as Keras writes it (``model.save_weights``), without Keras."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from generator.errors import ModelError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LstmWeights:
    """One LSTM layer of H units that reads X values; gates in Keras's order i, f, c, o.

    Attributes:
        kernel: (X, 4H), for the input.
        recurrent: (H, 4H), for the layer's own last output.
        bias: (4H,).
    """

    kernel: Floats
    recurrent: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class NetworkWeights:
    """A whole network over V characters.

    Attributes:
        embedding: (V, E).
        lstms: the layers, first to last, all of H units.
        dense: (H, V).
        dense_bias: (V,).
    """

    embedding: Floats
    lstms: tuple[LstmWeights, ...]
    dense: Floats
    dense_bias: Floats

    @property
    def vocabulary(self) -> int:
        """Number of characters, V."""
        return int(self.embedding.shape[0])

    @property
    def parameters(self) -> int:
        """Return how many numbers the network has learnt."""
        lstms = (array for layer in self.lstms for array in (layer.kernel, layer.recurrent, layer.bias))
        return sum(array.size for array in (self.embedding, *lstms, self.dense, self.dense_bias))

    @property
    def units(self) -> int:
        """Units in each LSTM layer, H."""
        return int(self.dense.shape[0])


def read_weights(path: Path) -> NetworkWeights:
    """Read and check a ``.weights.h5`` file.

    Raises:
        ModelError: if it is missing, damaged, or of another network.
    """
    try:
        with h5py.File(path) as file:
            found = _arrays(file)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise ModelError(f"The weights file {path.name} is missing or damaged.") from error
    try:
        network = _network(found)
    except (KeyError, ValueError) as error:
        raise ModelError(f"The weights file {path.name} does not hold one of our networks.") from error
    if not all(np.isfinite(array).all() for array in found.values()):
        raise ModelError(f"The weights file {path.name} holds numbers that are not finite.")
    return network


def _arrays(file: Any) -> dict[str, Floats]:
    found: dict[str, Floats] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and name.startswith("layers/"):
            found[name.removeprefix("layers/")] = np.asarray(item, np.float32)

    file.visititems(visit)
    return found


def _network(found: dict[str, Floats]) -> NetworkWeights:
    pattern = re.compile(r"(lstm(?:_(\d+))?)/cell/vars/0")
    names = sorted((int(m[2] or 0), m[1]) for m in map(pattern.fullmatch, found) if m)
    lstms = tuple(LstmWeights(*(found[f"{name}/cell/vars/{part}"] for part in range(3))) for _, name in names)
    dense = "time_distributed/layer/vars/"
    network = NetworkWeights(found["embedding/vars/0"], lstms, found[dense + "0"], found[dense + "1"])
    width, units = network.embedding.shape[1], network.units
    for lstm in lstms:
        shapes = [part.shape for part in (lstm.kernel, lstm.recurrent, lstm.bias)]
        if shapes != [(width, 4 * units), (units, 4 * units), (4 * units,)]:
            raise ValueError("shapes that do not fit")
        width = units
    if not lstms or network.dense.shape[1] != network.vocabulary or units % 16:
        raise ValueError("shapes that do not fit")
    if network.dense_bias.shape != (network.vocabulary,):
        raise ValueError("shapes that do not fit")
    return network
