"""The network is the seed network, layer by layer."""

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("keras", reason="the train extra is not installed")

from generator.network.keras_network import BATCH, SEED_VOCABULARY, STEPS, build, reset_state

LAYERS = [
    ("Embedding", (16, 64, 512), 44_032),
    ("LSTM", (16, 64, 256), 787_456),
    ("Dropout", (16, 64, 256), 0),
    ("LSTM", (16, 64, 256), 525_312),
    ("Dropout", (16, 64, 256), 0),
    ("LSTM", (16, 64, 256), 525_312),
    ("Dropout", (16, 64, 256), 0),
    ("TimeDistributed", (16, 64, 86), 22_102),
    ("Activation", (16, 64, 86), 0),
]


@pytest.fixture(scope="module")
def model():
    return build(SEED_VOCABULARY)


def test_every_layer_has_the_seed_networks_shape_and_parameters(model):
    found = [(type(layer).__name__, layer.output.shape, layer.count_params()) for layer in model.layers]
    assert found == LAYERS


def test_all_parameters_are_trainable_and_add_up(model):
    assert model.count_params() == 1_904_214
    assert sum(np.prod(weight.shape) for weight in model.trainable_weights) == 1_904_214


def test_dropout_is_a_fifth_and_the_lstms_keep_their_state(model):
    assert [layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"] == [0.2] * 3
    lstms = [layer for layer in model.layers if type(layer).__name__ == "LSTM"]
    assert all(layer.stateful and layer.return_sequences for layer in lstms)
    assert model.layers[-1].activation.__name__ == "softmax"


def test_state_is_carried_until_it_is_reset(model):
    text = np.arange(BATCH * STEPS, dtype=np.int32).reshape(BATCH, STEPS) % SEED_VOCABULARY
    reset_state(model)
    fresh = np.asarray(model(text))
    carried = np.asarray(model(text))
    reset_state(model)
    again = np.asarray(model(text))
    np.testing.assert_allclose(fresh.sum(axis=-1), 1, rtol=1e-5)
    assert np.abs(fresh - carried).max() > 1e-6
    np.testing.assert_array_equal(fresh, again)


def test_weights_fit_any_batch_shape(model):
    other = build(SEED_VOCABULARY, 1, None)
    other.set_weights(model.get_weights())
    text = np.arange(BATCH * STEPS, dtype=np.int32).reshape(BATCH, STEPS) % SEED_VOCABULARY
    reset_state(model)
    np.testing.assert_allclose(np.asarray(other(text[:1, :7]))[0], np.asarray(model(text))[0, :7], atol=1e-6)


def test_the_summary_command_shows_the_figures():
    shown = subprocess.run(
        [sys.executable, "-m", "generator", "summary"], capture_output=True, text=True, check=True
    ).stdout
    for figure in ("44,032", "787,456", "525,312", "22,102", "1,904,214", "(16, 64, 512)"):
        assert figure in shown
