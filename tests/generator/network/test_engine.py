"""The engines agree with each other, and a row of the fast one knows nothing of the others."""

import subprocess
import sys

import h5py
import numpy as np
import pytest

from generator.errors import ModelError, RequestError
from generator.network import engine_maker
from generator.network.emitter import KernelShape
from generator.network.fast import FastEngine, load_kernel
from generator.network.keras_engine import KerasEngine, draw
from tests.generator.stand_ins import ALPHABET, write_weights

V = len(ALPHABET)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "model.weights.h5")


@pytest.fixture(scope="module")
def kernel(weights):
    return load_kernel(weights)


def texts(rows, steps, seed=5):
    return np.random.default_rng(seed).integers(0, V, (steps, rows))


def test_fast_and_keras_logits_agree_over_200_characters(weights, kernel):
    fast, keras = FastEngine(kernel, 2), KerasEngine(weights, 2)
    largest = 0.0
    for characters in texts(2, 200):
        ours, theirs = (engine.step([0, 1], characters) for engine in (fast, keras))
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)
        largest = max(largest, float(np.abs(theirs).max()))
    assert largest > 1  # the network said something


def test_weights_that_keras_saved_are_read(tmp_path):
    from generator.network.keras_network import build

    model = build(V, 1, 1)
    path = tmp_path / "model.weights.h5"
    model.save_weights(path)
    fast, keras = FastEngine(load_kernel(path), 1), KerasEngine(path, 1)
    for character in range(0, V, 5):
        np.testing.assert_allclose(
            fast.step([0], [character]), keras.step([0], [character]), rtol=0, atol=1e-5
        )


def test_rows_are_bit_equal_at_every_batch_size(kernel):
    alone = FastEngine(kernel, 64)
    characters = texts(64, 3)
    expected = np.stack([[alone.step([s], [line[s]])[0] for s in range(64)] for line in characters])
    for size in range(1, 65):
        engine = FastEngine(kernel, 64)
        for line, rows in zip(characters, expected, strict=True):
            assert engine.step(range(size), line[:size]).tobytes() == rows[:size].tobytes()


def test_rows_are_bit_equal_in_any_order_and_company(kernel):
    random = np.random.default_rng(3)
    calm, shuffled = FastEngine(kernel, 64), FastEngine(kernel, 64)
    seats = random.permutation(64)  # where each row's state lies in the other engine
    for line in texts(64, 12):
        expected = calm.step(range(64), line)
        order = random.permutation(64)
        cut = int(random.integers(1, 64))
        for part in (order[:cut], order[cut:]):
            got = shuffled.step(seats[part], line[part])
            assert got.tobytes() == expected[part].tobytes()


def test_draws_are_bit_equal_in_any_order_and_number(kernel):
    random = np.random.default_rng(4)
    characters = texts(64, 1)[0]
    masks = random.random((64, V)) < 0.3
    masks[:, 7] = True
    inverse_temperature = (1 / random.uniform(0.2, 1.5, 64)).astype(np.float32)
    uniforms = random.random(64).astype(np.float32)

    def drawn(rows):
        engine = FastEngine(kernel, 64)
        got = engine.advance(rows, characters[rows], masks[rows], inverse_temperature[rows], uniforms[rows])
        return {int(row): [part[place].tobytes() for part in got] for place, row in enumerate(rows)}

    expected = drawn(np.arange(64))
    for size in (1, 2, 3, 5, 8, 13, 21, 34, 55, 63):
        rows = random.permutation(64)[:size]
        assert drawn(rows) == {int(row): expected[int(row)] for row in rows}


@pytest.mark.parametrize("temperature", [0.2, 0.8, 1.5])
def test_the_draw_inverts_the_distribution_as_numpy_does(kernel, temperature):
    random = np.random.default_rng(6)
    engine, probe = FastEngine(kernel, 64), FastEngine(kernel, 64)
    different = 0
    for line in texts(64, 20):
        masks = random.random((64, V)) < 0.5
        masks[np.arange(64), random.integers(0, V, 64)] = True
        uniforms = random.random(64).astype(np.float32)
        inverse_temperature = np.full(64, 1 / temperature, np.float32)
        ours = engine.advance(range(64), line, masks, inverse_temperature, uniforms)
        theirs = draw(probe.step(range(64), line), masks, inverse_temperature, uniforms)
        assert masks[np.arange(64), ours.characters].all()
        same = ours.characters == theirs.characters
        different += int((~same).sum())  # a uniform within a rounding error of a border
        np.testing.assert_allclose(ours.probabilities[same], theirs.probabilities[same], rtol=1e-4)
        np.testing.assert_allclose(ours.allowed, theirs.allowed, rtol=1e-4)
    assert different <= 2


def test_uniforms_at_the_ends_stay_within_the_mask(kernel):
    engine = FastEngine(kernel, 2)
    masks = np.zeros((2, V), np.bool_)
    masks[:, [3, 40]] = True
    lowest, highest = 0.0, float(np.nextafter(np.float32(1), np.float32(0)))
    drawn = engine.advance([0, 1], [1, 1], masks, [1.0, 1.0], [lowest, highest])
    assert drawn.characters.tolist() == [3, 40]


def test_a_mask_that_allows_nothing_is_reported(kernel):
    drawn = FastEngine(kernel, 1).advance([0], [1], np.zeros((1, V), np.bool_), [1.0], [0.5])
    assert drawn.characters.tolist() == [-1]
    nothing = draw(np.zeros((1, V), np.float32), np.zeros((1, V), np.bool_), np.ones(1), np.ones(1) / 2)
    assert nothing.characters.tolist() == [-1]


@pytest.mark.parametrize("make", ["fast", "keras"])
def test_a_state_can_be_kept_and_put_into_another_slot(weights, kernel, make):
    engine = FastEngine(kernel, 3) if make == "fast" else KerasEngine(weights, 3)
    for character in (5, 6, 7):
        engine.step([1], [character])
    kept = engine.state(1)
    expected = engine.step([1], [8])
    engine.put(2, kept)
    engine.put(0, None)
    again, fresh = engine.step([2, 0], [8, 8])
    np.testing.assert_allclose(again, expected[0], rtol=0, atol=0 if make == "fast" else 1e-5)
    assert np.abs(fresh - again).max() > 1e-3


def test_another_width_of_vectors_gives_the_same_bytes(weights, kernel, monkeypatch):
    """So a seed gives the same tune on another CPU: only the grouping of lanes changes."""
    from llvmlite import binding

    if kernel.shape.lanes == 4:
        pytest.skip("this CPU has no wider vectors to compare with")
    features = dict(binding.get_host_cpu_features())
    monkeypatch.setattr(
        binding,
        "get_host_cpu_features",
        lambda: binding.FeatureMap(
            {**features, "avx512f": False} if kernel.shape.lanes == 16 else {"fma": True}
        ),
    )
    narrow = load_kernel(weights)
    assert narrow.shape.lanes < kernel.shape.lanes
    wide_engine, narrow_engine = FastEngine(kernel, 7), FastEngine(narrow, 7)
    masks = np.random.default_rng(9).random((7, V)) < 0.4
    masks[:, 0] = True
    for line in texts(7, 30):
        assert wide_engine.step(range(7), line).tobytes() == narrow_engine.step(range(7), line).tobytes()
        both = [
            e.advance(range(7), line, masks, [1.25] * 7, [0.37] * 7) for e in (wide_engine, narrow_engine)
        ]
        assert [part.tobytes() for part in both[0]] == [part.tobytes() for part in both[1]]


@pytest.mark.parametrize(("vocabulary", "panels"), [(1, 1), (64, 1), (86, 2), (129, 3)])
def test_any_vocabulary_fits_into_whole_panels(vocabulary, panels):
    shape = KernelShape(256, 3, vocabulary, 16, 6)
    assert shape.dense_panels == panels
    assert vocabulary <= shape.padded < vocabulary + 16 * panels
    assert shape.dense_vectors <= 4


def test_a_small_vocabulary_works(tmp_path):
    path = write_weights(tmp_path / "small.weights.h5", vocabulary=20)
    fast, keras = FastEngine(load_kernel(path), 1), KerasEngine(path, 1)
    np.testing.assert_allclose(fast.step([0], [19]), keras.step([0], [19]), rtol=0, atol=1e-4)


def test_damaged_and_foreign_files_are_refused(tmp_path):
    missing, noise, foreign, odd = (tmp_path / f"{name}.weights.h5" for name in "abcd")
    noise.write_bytes(b"not a weights file")
    with h5py.File(foreign, "w") as file:
        file["layers/conv/vars/0"] = np.zeros((3, 3))
    write_weights(odd)
    with h5py.File(odd, "r+") as file:
        file["layers/lstm_1/cell/vars/2"][7] = np.nan
    said = {missing: "missing", noise: "damaged", foreign: "one of our networks", odd: "finite"}
    for path, words in said.items():
        with pytest.raises(ModelError, match=words):
            load_kernel(path)


def test_an_unknown_engine_is_refused(weights):
    with pytest.raises(RequestError, match="choose fast or keras"):
        engine_maker("steam", weights)


def test_the_fast_engine_imports_no_tensorflow(weights):
    code = (
        "import sys, pathlib; from generator.network import engine_maker;"
        "engine_maker('fast', pathlib.Path(sys.argv[1]))().step([0], [0]);"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'onnxruntime')))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(weights)], check=False).returncode == 0
