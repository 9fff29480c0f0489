"""The benchmark of the engine runs and says what it measured."""

import json
import os
import subprocess
import sys

from tests.generator.cli.test_sample import models

__all__ = ["models"]  # the fixture


def test_the_benchmark_prints_rows_with_figures(models):
    words = ["--json", "--model", "toy", "--models", str(models), "--seconds", "0.01", "--only", "steps"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.engine", *words],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    rows = json.loads(done.stdout)
    assert len(rows) >= 2
    assert all(row["value"] > 0 and row["measure"] and row["detail"] for row in rows)
    assert all(row["reached"] in (True, False) for row in rows if row["reach"])
