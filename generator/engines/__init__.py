"""Engines: the network at work, one character at a time in many slots at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.engines.base import Drawn, Engine
from generator.errors import RequestError

ENGINES: Final = ("fast", "keras")
FAST_SLOTS: Final = 64
KERAS_SLOTS: Final = 8

__all__ = ["ENGINES", "Drawn", "Engine", "engine_maker"]


def engine_maker(name: str, weights: Path) -> Callable[[], Engine]:
    """Load a model once; the result makes engines over it, each with its own slots.

    Args:
        name: ``fast`` or ``keras``.
        weights: the model's ``.weights.h5``.

    Raises:
        RequestError: if there is no such engine.
        ModelError: if the weights are missing, damaged, or of another network.
        TrainingExtraMissing: if Keras is asked for and not installed.
    """
    if name == "fast":
        from generator.engines.fast import FastEngine, load_kernel  # noqa: PLC0415

        kernel = load_kernel(weights)
        return lambda: FastEngine(kernel, FAST_SLOTS)
    if name == "keras":
        from generator.engines.reference import KerasEngine  # noqa: PLC0415
        from generator.network import load_keras  # noqa: PLC0415

        load_keras()
        return lambda: KerasEngine(weights, KERAS_SLOTS)
    raise RequestError(f"I don't know the engine “{name[:20]}”; choose fast or keras.")
