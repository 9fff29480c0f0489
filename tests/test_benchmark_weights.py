"""The weights of the score are found where real and drawn tunes differ."""

import numpy as np

from benchmarks.weights import fit
from generator.compose.score import PLAIN


def test_the_weight_goes_to_what_tells_real_tunes_from_drawn_ones():
    random = np.random.default_rng(1)
    real, made = random.random((2, 300, len(PLAIN.weights)))
    real[:, 1] += 0.5  # telling
    real[:, 2] -= 0.5  # telling the wrong way round: no candidate is better for having less of a virtue
    found = fit(real, made)
    assert np.argmax(found) == 1
    assert found[2] == 0
    assert found.min() == 0
    np.testing.assert_allclose(found.sum(), sum(PLAIN.weights.values()))
