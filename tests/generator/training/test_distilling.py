"""Large networks learn first, and the one that ships from them."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.compose.model import VOCABULARY, WEIGHTS
from generator.evaluation.held_out import surprise
from generator.grammar.bar_signs import forced, is_forced
from generator.training.distilling import PUPILS, TEACHERS, distil
from generator.training.side_by_side import first_weights, in_keras_order
from generator.training.train import HISTORY, Material

ALPHABET = "\nABCDEFG|"
LEARN = ["ABC|DEF|" + forced("ABC") + "|GGG|\n", "GFE|DCB|" + forced("GFE") + "|AAA|\n"] * 6
SHAPE = (2, 16)


def small(stage, **changes):
    kept = {name: getattr(stage, name)[:2] for name in ("dropout", "recurrent", "characters", "softness")}
    return replace(stage, **kept, epochs=3, warm_up=2, rate=0.01, **changes)


def test_both_stages_learn_and_the_better_pupil_is_kept_as_keras_reads_it(tmp_path: Path, keras: object):
    del keras
    out = tmp_path / "distilled"
    stuff = Material(("ours",), 14, 300, "0" * 64, ALPHABET, lambda _: LEARN, LEARN[:4])
    epochs = list(distil(stuff, out, small(TEACHERS, units=16), small(PUPILS), shape=SHAPE))
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3, 1, 2, 3]
    assert all(len(epoch.loss) == 2 and len(epoch.held_out) == 3 for epoch in epochs)
    for first, last in ((epochs[0], epochs[2]), (epochs[3], epochs[5])):
        assert all(after < before for before, after in zip(first.loss, last.loss, strict=True))
    history = json.loads((out / HISTORY).read_text())
    losses = epochs[-1].held_out[:2]
    assert history["pupil"] == losses.index(min(losses))
    assert history["epochs"][-1]["held_out_loss"] == round(min(losses), 4)
    assert "".join(json.loads((out / VOCABULARY).read_text())) == ALPHABET
    # The streams of the check are short here: two rows, two windows each, read one after the other.
    text = "".join(LEARN[:4])
    count = (len(text) - 1) // (SHAPE[0] * SHAPE[1]) * SHAPE[1]
    rows = [text[row * count : (row + 1) * count + 1] for row in range(SHAPE[0])]
    found = surprise(out / WEIGHTS, ALPHABET, [(row[0], row[1:]) for row in rows])
    learnt = sum(not is_forced(character) for row in rows for character in row[1:])
    nats = sum(float(bits.sum()) for bits in found) * math.log(2) / learnt
    assert nats == pytest.approx(min(losses), rel=1e-3)


def test_first_weights_are_those_of_keras_in_shape_and_spread(keras: object):
    del keras
    from generator.network.keras_network import UNITS, build

    weights = first_weights(9, UNITS, 1)
    ours, theirs = in_keras_order(weights), build(9, 1, None).get_weights()
    assert [array.shape for array in ours] == [array.shape for array in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.std() == pytest.approx(other.std(), rel=0.1, abs=1e-6)
    recurrent = weights["recurrent0"]
    assert np.allclose(recurrent @ recurrent.T, np.eye(UNITS), atol=1e-4)
