"""Training of the default model: large networks learn side by side, then the one that ships from them.

Printed tunes are few, and a network soon knows them by heart. Networks larger than the one that ships, with
much dropped, foresee new tunes better than it would, and their mean better still; the network that ships
learns from that mean as well as from the tunes. All networks of a stage read the same windows, so that JAX
steps through them at once: on a graphics processor the whole takes five minutes, on two cores days.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from generator.compose.model import VOCABULARY, WEIGHTS
from generator.errors import FriendlyError
from generator.network.keras_network import UNITS, build
from generator.training.side_by_side import BATCH, STEPS, Progress, Stage, Tree, in_keras_order, learn
from generator.training.train import HISTORY, Material

TEACHERS: Final = Stage(
    512, (0.4, 0.45, 0.5), (0.2, 0.25, 0.3), (0.05, 0.05, 0.05), (0.0, 0.0, 0.0), epochs=32
)
PUPILS: Final = Stage(
    UNITS, (0.15, 0.2, 0.25), (0.05, 0.1, 0.1), (0.02, 0.02, 0.02), (0.8, 0.8, 0.7), epochs=64, rate=0.004
)


class JaxMissingError(FriendlyError):
    """JAX is not installed."""


def distil(
    stuff: Material, out: Path, teachers: Stage = TEACHERS, pupils: Stage = PUPILS, **shape: Any
) -> Iterator[Progress]:
    """Train teachers, then pupils, and keep the pupil with the lowest held-out loss; yields after each epoch.

    Args:
        stuff: what to learn.
        out: folder for weights, vocabulary and history, made if it is not there.
        teachers: the first stage.
        pupils: the second one, of the size that ships.
        shape: see :func:`learn`.

    Raises:
        JaxMissingError: with what to install.
        CorpusError: if there is too little text.
    """
    try:
        import jax  # noqa: PLC0415
    except ImportError as error:
        raise JaxMissingError("This needs JAX; install it with: pip install jax") from error
    kept: list[list[Progress]] = []
    weights: Tree = None
    for stage in (teachers, pupils):
        kept.append([])
        before = weights
        for progress, newest in learn(stuff.learn, stuff.held_out, stuff.alphabet, stage, before, **shape):
            weights = newest
            kept[-1].append(progress)
            yield progress
    losses = kept[-1][-1].held_out[:-1]
    best = losses.index(min(losses))
    out.mkdir(parents=True, exist_ok=True)
    network = build(len(stuff.alphabet), 1, None, 0.0)
    network.set_weights(in_keras_order({name: np.asarray(array[best]) for name, array in weights.items()}))
    network.save_weights(out / WEIGHTS)
    (out / VOCABULARY).write_text(
        json.dumps(list(stuff.alphabet), ensure_ascii=False) + "\n", encoding="utf-8"
    )
    software = {"jax": jax.__version__, "device": jax.devices()[0].device_kind}
    history = history_of(stuff, (teachers, pupils), kept, best, software)
    (out / HISTORY).write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")


def history_of(
    stuff: Material,
    stages: tuple[Stage, Stage],
    epochs: Sequence[Sequence[Progress]],
    best: int,
    software: dict[str, str],
) -> dict[str, Any]:
    """Return what a training's history file holds: of the teachers the end, of the kept pupil every epoch."""
    return {
        "corpus": {
            "files": stuff.names,
            "tunes": stuff.tunes,
            "characters": stuff.characters,
            "sha256": stuff.sha256,
        },
        "stages": [asdict(stage) for stage in stages],
        "recipe": {"batch": BATCH, "steps": STEPS, "seed": 1, "keep": "last"},
        "software": software,
        "teachers": {
            "held_out_losses": [round(loss, 4) for loss in epochs[0][-1].held_out],
            "seconds": round(sum(epoch.seconds for epoch in epochs[0])),
        },
        "pupil": best,
        "epochs": [
            {
                "number": epoch.epoch,
                "loss": round(epoch.loss[best], 4),
                "held_out_loss": round(epoch.held_out[best], 4),
                "held_out_bits": round(epoch.held_out[best] / math.log(2), 4),
                "seconds": round(epoch.seconds, 1),
            }
            for epoch in epochs[1]
        ],
    }
