"""A minute in which everything around the bot goes wrong: everybody is answered or told."""

import asyncio
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not (ROOT / "models" / "session").is_dir(), reason="no model in models/session")
async def test_everybody_is_answered_or_told_and_nothing_kept_is_lost() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.bad_days", "--minutes", "1", "--seed", "2"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), 500)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said, said.decode()
