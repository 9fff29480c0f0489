"""A tune without a meter (ABC 2.1, section 3.1.6) comes in every form, as any other."""

from xml.etree import ElementTree as ET

import pytest

from generator.music.tune import Tune
from generator.render.midi import midi_bytes
from generator.render.musicxml import musicxml
from generator.render.sheet import svg
from tests.generator.render.tunes import free

MIXED = "X:1\nM:4/4\nL:1/8\nK:G\nGABc d2e2|[M:none]gfe d2B abc|[M:3/4]G6|\nM:\nGAB|]"


@pytest.mark.parametrize("meter", ["", "M:none\n", "M:\n"])
def test_a_tune_without_a_meter_is_drawn_and_written(meter: str) -> None:
    tune = Tune.read(f"X:1\n{meter}L:1/8\nK:G\nGAB d2e|gfe d2B|")
    assert midi_bytes(tune).startswith(b"MThd")
    root = ET.fromstring(musicxml(tune))
    assert [time.find("senza-misura") is not None for time in root.iter("time")] == [True]
    assert svg(tune).count("notehead") >= 10


def test_a_meter_may_end_and_begin_in_mid_tune() -> None:
    root = ET.fromstring(musicxml(Tune.read(MIXED)))
    times = [time.findtext("beats") or "none" for time in root.iter("time")]
    assert times == ["4", "none", "3", "none"]


def test_no_bar_in_free_time_is_a_pickup_or_short() -> None:
    measures = ET.fromstring(musicxml(free())).findall("part/measure")
    assert not any(measure.get("implicit") == "yes" for measure in measures)
