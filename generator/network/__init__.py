"""Engines: the network at work, one character at a time in many slots at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.errors import RequestError, quoted
from generator.network.base import Drawn, Engine

SLOTS: Final = {"fast": 64, "keras": 8}  # of one engine, by its name

__all__ = ["SLOTS", "Drawn", "Engine", "engine_maker"]


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
        from generator.network.fast import FastEngine, load_kernel  # noqa: PLC0415

        kernel = load_kernel(weights)
        return lambda: FastEngine(kernel, SLOTS["fast"])
    if name == "keras":
        from generator.network.keras_engine import KerasEngine  # noqa: PLC0415
        from generator.network.keras_network import load_keras  # noqa: PLC0415

        load_keras()
        return lambda: KerasEngine(weights, SLOTS["keras"])
    raise RequestError(f"I don't know the engine {quoted(name)}; choose fast or keras.")
