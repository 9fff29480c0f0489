"""How fast the network learns under each of Keras's backends, on one core.

    python -m benchmarks.training

Each backend that is installed learns the same windows in a process of its own, with one thread. The table
has characters a second, and how many times those of the first.
"""

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import Final

import numpy as np

from generator.network.keras_network import BATCH, STEPS, build, load_keras

BACKENDS: Final = ("tensorflow", "jax", "torch")
VOCABULARY: Final = 82
WINDOWS: Final = 60
_ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def main() -> None:
    """Ask every backend and print the table."""
    if "--one" in sys.argv:
        print(speed())
        return
    found: dict[str, float] = {}
    for name in filter(find_spec, BACKENDS):
        environment = {**os.environ, **_ONE_THREAD, "KERAS_BACKEND": name}
        command = [sys.executable, "-m", "benchmarks.training", "--one"]
        told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        found[name] = float(told.stdout.split()[-1])
    first = next(iter(found.values()))
    print("| backend | characters a second | times the first |\n|---|---|---|")
    for name, characters in found.items():
        print(f"| {name} | {characters:.0f} | {characters / first:.1f} |")


def speed() -> float:
    """Characters a second in training, the first two windows not counted."""
    keras = load_keras()
    model = build(VOCABULARY)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    text = np.random.default_rng(1).integers(0, VOCABULARY, (BATCH, STEPS), dtype=np.int32)
    for _ in range(2):
        model.train_on_batch(text, text)
    began = time.perf_counter()
    for _ in range(WINDOWS):
        model.train_on_batch(text, text)
    return WINDOWS * text.size / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
