"""``python -m benchmarks.engine``: the sampler against the limits of the machine and against peers.

Every row is a ratio to something measured in the same run, interleaved with it (or, where a row
says so, a plain figure). Peers that are not installed are shown as missing. The weights are a
trained model's, or random ones where none is found: the time is the same.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks import engine_many, engine_start, engine_steps, engine_tunes
from benchmarks.row import Row

MODELS = Path(__file__).resolve().parent.parent / "models"


def rows(model: str, models: Path, seconds: float, only: str) -> Iterator[Row]:
    """Take all measures, or those of one part: ``steps``, ``tunes``, ``many`` or ``start``."""
    parts: dict[str, Callable[[str, Path, float], Iterator[Row]]] = {
        "steps": engine_steps.rows,
        "many": engine_many.rows,
        "start": engine_start.rows,
        "tunes": engine_tunes.rows,  # last, since it fills the process with Keras and peers
    }
    for name, part in parts.items():
        if only in ("", name):
            yield from part(model, models, seconds)


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--model", default="session", help="which model's weights (%(default)s)")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each comparison (%(default)s)")
    parser.add_argument("--only", default="", choices=["steps", "many", "start", "tunes"], help="one part")
    args = parser.parse_args()
    if not args.json:
        print(f"{'measure':58} {'figure':>9} {'reach':>9}")
    found = []
    for row in rows(args.model, args.models, args.seconds, args.only):
        found.append(row)
        if not args.json:
            value = "missing" if row.value is None else f"{row.value:.3g}"
            mark = {True: "", False: "  not reached", None: ""}[row.reached]
            print(f"{row.measure:58} {value:>9} {row.reach:>9}{mark}\n    {row.detail}", flush=True)
    if args.json:
        print(json.dumps([asdict(row) for row in found], indent=1))
    return 0


if __name__ == "__main__":
    # One thread for every BLAS, before NumPy is imported.
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if any(os.environ.get(name) != value for name, value in alone.items()):
        os.execve(
            sys.executable, [sys.executable, "-m", "benchmarks.engine", *sys.argv[1:]], os.environ | alone
        )
    sys.exit(main())
