"""The tunes of the model that ships, judged as ``python -m benchmarks.rightness`` judges them."""

import pytest

from benchmarks.every_request import requests
from benchmarks.rightness import Verdict, abc2midi_complaints, draw, judge
from generator.compose.model import MODELS, find_model
from generator.evaluation.other_readers import abcjs_says


@pytest.mark.skipif(not (MODELS / "jigs").is_dir(), reason="the model jigs is not here")
@pytest.mark.parametrize("temp", [0.8, 1.5])
def test_every_tune_is_right_in_any_key_meter_and_form_at_any_temperature(temp):
    verdict = Verdict()
    for wish, plan, candidate in draw(find_model("jigs"), requests(27, temp)):
        judge(wish, plan, candidate.text, verdict)
    assert verdict.tunes == 27
    assert not verdict.wrong, verdict.examples
    assert temp > 1 or verdict.outside <= 0.05 * verdict.notes
    said = abc2midi_complaints(verdict.abcs)
    assert not [words for words in said if "Error" in words or "time units" in words]
    warnings = abcjs_says(verdict.abcs)
    if warnings is None:
        pytest.skip("abcjs or node is not here")
    assert not any(warnings)
