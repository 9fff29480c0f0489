"""PyTorch's loop gives what Keras's gives: the same outputs, states and weights' names."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from generator.network.weights import read_weights

pytestmark = pytest.mark.skipif(
    not (find_spec("torch") and find_spec("keras")), reason="PyTorch, with which one may train, is not here"
)

CHECK = """
import sys
import keras, torch
import numpy as np
from generator.network.keras_network import build

torch.manual_seed(1)
keras.utils.set_random_seed(1)
ours = build(20, 4, 16, 0.0)
layers = [layer for layer in ours.layers if isinstance(layer, keras.layers.LSTM)]
assert all(type(layer) is not keras.layers.LSTM for layer in layers)
text = np.arange(64, dtype=np.int32).reshape(4, 16) % 20

def run():
    for layer in layers:
        layer.reset_state()
    return [np.array(keras.ops.convert_to_numpy(ours(text))) for _ in range(2)]

quick = run()
states = [keras.ops.convert_to_numpy(s) for layer in layers for s in layer.states]
ours.save_weights(sys.argv[1])
for layer in layers:
    layer.__class__ = keras.layers.LSTM
slow = run()
others = [keras.ops.convert_to_numpy(s) for layer in layers for s in layer.states]
for one, other in zip(quick + states, slow + others, strict=True):
    np.testing.assert_allclose(one, other, atol=2e-6)

ours.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
grads = []
for kind in (keras.layers.LSTM, type(build(20, 4, 16, 0.0).layers[1])):
    for layer in layers:
        layer.__class__ = kind
        layer.stateful = False
    for weight in ours.trainable_weights:
        weight.value.grad = None
    foreseen = ours(text, training=True)
    keras.ops.mean(keras.losses.sparse_categorical_crossentropy(np.roll(text, -1, 1), foreseen)).backward()
    grads.append([weight.value.grad.clone() for weight in ours.trainable_weights])
for one, other in zip(*grads, strict=True):
    assert float((one - other).norm()) < 0.02 * float(one.norm())  # bfloat16 has eight bits
"""


def test_the_loop_gives_the_same_outputs_states_and_gradients_and_the_engine_reads_the_file(tmp_path):
    file = tmp_path / "model.weights.h5"
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(file)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert read_weights(file).embedding.shape == (20, 512)
