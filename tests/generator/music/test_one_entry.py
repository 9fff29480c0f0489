"""A meter and a type of tune are one entry each: toy ones arrive wherever the others are."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_toy_meter_and_a_toy_dance_are_read_drawn_played_engraved_and_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.generator.music.toy_dance"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "5/4" in found["choices"]["meter"]
    assert "kitedance" in found["choices"]["type"]
    assert "5/4" in found["readme"]
    assert "kitedance" in found["readme"]
    assert (found["meter"], found["dance"], found["wrong bars"]) == ("5/4", "kitedance", 0)
    assert (found["beats a minute"], found["beats"] % 5) == (150, 0)
    assert (found["MIDI"], found["time signature"]) == ("MThd", True)
    assert found["air"] == 70
