"""In CI a skipped test is a failure, with few exceptions."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKIPPING = {
    "called": "def test_page():\n    pytest.skip('no chromium')\n",
    "marked": "@pytest.mark.skipif(True, reason='no chromium')\ndef test_page():\n    pass\n",
    "fixture": "@pytest.fixture\ndef page():\n    pytest.skip('no chromium')\n"
    "def test_page(page):\n    pass\n",
    "module": "pytest.importorskip('no_such_module', reason='no chromium')\n",
}
ALLOWED = "def test_torch():\n    pytest.skip('PyTorch is not here')\n"
EXPECTED = "@pytest.mark.xfail(reason='known')\ndef test_fault():\n    assert False\n"


@pytest.fixture
def results(tmp_path: Path) -> Callable[[str], str]:
    """What pytest prints about one module for each way to skip, by what CI is set to."""
    for name, text in {**SKIPPING, "allowed": ALLOWED, "expected": EXPECTED}.items():
        (tmp_path / f"test_{name}.py").write_text("import pytest\n" + text)

    def run(ci: str) -> str:
        options = ["-p", "tests.no_skips", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, "."],
            cwd=tmp_path,
            env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    return run


def test_a_skip_fails_in_ci_unless_it_may_be(results: Callable[[str], str]):
    said = results("true")
    assert "1 failed, 1 skipped, 1 xfailed, 3 errors" in said
    assert said.count("In CI nothing may be missing, but this was skipped: no chromium") >= len(SKIPPING)


def test_elsewhere_it_skips(results: Callable[[str], str]):
    assert f"{len(SKIPPING) + 1} skipped, 1 xfailed" in results("")
