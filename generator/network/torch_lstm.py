"""Keras's LSTM layer on PyTorch's own loop, for training on a CPU under ``KERAS_BACKEND=torch``.

Keras runs one step after the other there, and multiplies in single precision. PyTorch's fused loop takes
whole windows, and multiplies in bfloat16: on one core about twice as many characters a second as JAX
(``python -m benchmarks.training``). Weights stay in single precision, in the
same shapes and under the same names, so that every backend reads the file.
"""

from typing import Any

import keras
import torch


@keras.saving.register_keras_serializable(package="tunesmith")
class LSTM(keras.layers.LSTM):  # type: ignore[misc]  # keras is untyped
    """The same layer; with a mask, or on another device than a processor, it does as Keras does."""

    def inner_loop(self, sequences: Any, initial_state: Any, mask: Any, training: bool = False) -> Any:
        """Run a window: sequences (B, T, D), two states (B, U) -> last output, outputs (B, T, U), states."""
        if mask is not None or sequences.device.type != "cpu":
            return super().inner_loop(sequences, initial_state, mask, training)
        cell = self.cell  # PyTorch wants the gates' weights transposed, and two biases
        bias = cell.bias.value
        weights = (
            cell.kernel.value.T,
            cell.recurrent_kernel.value.T,
            bias,
            torch.zeros_like(bias),
        )
        state = tuple(part.clone().unsqueeze(0) for part in initial_state)  # Keras writes into its own
        with torch.autocast("cpu", torch.bfloat16, enabled=training):
            outputs, hidden, carry = torch.lstm(
                sequences,
                state,
                weights,
                has_biases=True,
                num_layers=1,
                dropout=0.0,
                train=training,
                bidirectional=False,
                batch_first=True,
            )
        outputs, hidden, carry = (found.float() for found in (outputs, hidden[0], carry[0]))
        return outputs[:, -1], outputs, [hidden, carry]
