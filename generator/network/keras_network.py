"""The network, in Keras: characters in, a distribution over the next character out.

Keras and its backend are imported when a network is built, never before: serving needs neither.
"""

import os
from typing import TYPE_CHECKING, Any, Final

from generator.errors import FriendlyError

if TYPE_CHECKING:
    import keras

EMBEDDING: Final = 512
UNITS: Final = 256
LAYERS: Final = 3
DROPOUT: Final = 0.2
BATCH: Final = 16
STEPS: Final = 64
SEED_VOCABULARY: Final = 86


class TrainingExtraMissingError(FriendlyError):
    """Keras or its backend is not installed."""


def load_keras() -> Any:
    """Import Keras quietly, on TensorFlow unless ``KERAS_BACKEND`` says otherwise.

    Raises:
        TrainingExtraMissingError: with what to install.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        import keras  # noqa: PLC0415
    except ImportError as error:
        raise TrainingExtraMissingError(
            "This needs Keras and TensorFlow; install them with: pip install -e '.[train]'"
        ) from error
    return keras


def build(
    vocabulary: int, batch: int = BATCH, steps: int | None = STEPS, dropout: float = DROPOUT
) -> "keras.Model":
    """Build the stateful network.

    Args:
        vocabulary: number of distinct characters, V.
        batch: number of streams, B, fixed because the layers keep their state.
        steps: characters in a window, T; None lets it vary.
        dropout: share of a layer's outputs dropped in training.

    Returns:
        A model from int32 (B, T) to probabilities float32 (B, T, V). Weights fit any B and T.
    """
    keras = load_keras()
    layers = keras.layers
    model = keras.Sequential(name="tunesmith")
    model.add(keras.Input(batch_shape=(batch, steps), dtype="int32"))
    model.add(layers.Embedding(vocabulary, EMBEDDING))
    lstm = _lstm(keras)
    for _ in range(LAYERS):
        model.add(lstm(UNITS, return_sequences=True, stateful=True))
        model.add(layers.Dropout(dropout))
    model.add(layers.TimeDistributed(layers.Dense(vocabulary)))
    model.add(layers.Activation("softmax"))
    return model


def _lstm(keras: Any) -> Any:
    """Keras's LSTM layer, under PyTorch the one with a loop of its own."""
    if keras.backend.backend() == "torch":
        from generator.network.torch_lstm import LSTM  # noqa: PLC0415

        return LSTM
    return keras.layers.LSTM


def reset_state(model: "keras.Model") -> None:
    """Forget what every stream has read so far."""
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
