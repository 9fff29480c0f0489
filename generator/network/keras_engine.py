"""The reference engine: the stateful Keras model itself, with the draw in NumPy."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.network.base import Drawn, Weigh
from generator.network.weights import Floats, read_weights


class KerasEngine:
    """The network as it was trained, one row of its batch for each slot."""

    name = "keras"

    def __init__(self, path: Path, slots: int) -> None:
        """Build the model and read its weights; this imports Keras and TensorFlow.

        Raises:
            ModelError: if the weights file is missing, damaged, or of another network.
            TrainingExtraMissing: if they are not installed.
        """
        self.vocabulary = read_weights(path).vocabulary
        self.slots = slots
        from generator.network.keras_network import build, load_keras  # noqa: PLC0415

        keras = load_keras()
        model = build(self.vocabulary, slots, 1)
        model.load_weights(str(path))
        # Without the softmax at its end, which the draw does itself.
        self._model: Any = keras.Model(model.inputs, model.layers[-2].output)
        self._states = [state for layer in model.layers for state in getattr(layer, "states", None) or ()]

    def state(self, slot: int) -> Floats:
        """Return a copy of what a slot remembers."""
        return np.stack([np.asarray(state)[slot] for state in self._states])

    def put(self, slot: int, state: Floats | None) -> None:
        """Give a slot a copied state, or a blank one."""
        for place, variable in enumerate(self._states):
            rows = np.array(variable)
            rows[slot] = 0 if state is None else state[place]
            variable.assign(rows)

    def step(self, slots: npt.ArrayLike, characters: npt.ArrayLike) -> Floats:
        """See :meth:`generator.network.base.Engine.step`."""
        rows = np.asarray(slots)
        batch = np.zeros((self.slots, 1), np.int32)
        batch[rows, 0] = characters
        before = [np.array(state) for state in self._states]
        logits: Floats = np.asarray(self._model.predict_on_batch(batch))[:, 0]
        for variable, old in zip(self._states, before, strict=True):  # the others did not read
            new = np.array(variable)
            old[rows] = new[rows]
            variable.assign(old)
        read: Floats = logits[rows]
        return read

    def advance(
        self,
        slots: npt.ArrayLike,
        characters: npt.ArrayLike,
        masks: npt.NDArray[np.bool_],
        inverse_temperature: npt.ArrayLike,
        uniforms: npt.ArrayLike,
        weigh: Weigh | None = None,
    ) -> Drawn:
        """See :meth:`generator.network.base.Engine.advance`."""
        logits = self.step(slots, characters)
        if weigh is not None:
            weigh(logits)
        return draw(logits, masks, np.asarray(inverse_temperature), np.asarray(uniforms))


def draw(
    logits: Floats,
    masks: npt.NDArray[np.bool_],
    inverse_temperature: npt.NDArray[Any],
    uniforms: npt.NDArray[Any],
) -> Drawn:
    """Draw one character for each of k rows, in double precision.

    Args:
        logits: (k, V).
        masks: (k, V), True for the characters that may come.
        inverse_temperature: (k,), 1 / temperature.
        uniforms: (k,), from 0 up to but not 1.
    """
    characters, probabilities, allowed = [], [], []
    for row, mask, power, uniform in zip(logits, masks, inverse_temperature, uniforms, strict=True):
        if not mask.any():
            characters.append(-1)
            probabilities.append(0.0)
            allowed.append(0.0)
            continue
        whole = np.exp(row.astype(np.float64) - row.max())
        above = np.where(mask, row.astype(np.float64), -np.inf) - row[mask].max()
        ladder = np.cumsum(np.exp(above * power))
        index = int(np.searchsorted(ladder, uniform * ladder[-1], side="right"))
        index = min(index, int(np.flatnonzero(mask)[-1]))
        characters.append(index)
        probabilities.append(np.exp(above[index]) / np.exp(above).sum())
        allowed.append(whole[mask].sum() / whole.sum())
    return Drawn(
        np.array(characters, np.int32), np.array(probabilities, np.float32), np.array(allowed, np.float32)
    )
