"""What other programs say of our tunes: abc2midi (in symusic's wheel) and abcjs (``npm ci``, run by node)."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ABCJS: Final = Path(__file__).parents[2] / "node_modules" / "abcjs"
_PARSE: Final = """
const abcjs = require(process.argv[1]);
const tunes = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = tunes.map((tune) => abcjs.parseOnly(tune).flatMap((read) => read.warnings || []));
console.log(JSON.stringify(said));
"""


def abc2midi_says(abcs: Sequence[str]) -> list[list[str]] | None:
    """Warnings and errors for each tune, digits made 0; None where the program is not here."""
    spec = find_spec("symusic")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "bin" / "abc2midi"
    said = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tune.abc"
        for abc in abcs:
            path.write_text(abc + "\n", encoding="utf-8")
            command = [str(program), str(path), "-o", str(path.with_suffix(".mid"))]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            lines = (done.stdout + done.stderr).splitlines()
            words = [re.sub(r"\d+", "0", line)[:90] for line in lines if re.match("Warning|Error", line)]
            said.append(words + ["fell over"] * bool(done.returncode))
    return said


def abcjs_says(abcs: Sequence[str], package: Path = ABCJS) -> list[list[str]] | None:
    """Warnings for each tune; None where node or abcjs is not here."""
    node = shutil.which("node")
    if node is None or not package.is_dir():
        return None
    command = [node, "-e", _PARSE, str(package)]
    done = subprocess.run(command, input=json.dumps(abcs), capture_output=True, text=True, check=True)  # noqa: S603
    said: list[list[str]] = json.loads(done.stdout)
    return said


def clean(abcs: Sequence[str]) -> list[bool] | None:
    """Tell whether neither has anything to say of a tune; None where one of them is not here."""
    one, other = abc2midi_says(abcs), abcjs_says(abcs)
    if one is None or other is None:
        return None
    return [not (a or b) for a, b in zip(one, other, strict=True)]
