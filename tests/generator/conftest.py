"""What the tests of the music share."""

import pytest


@pytest.fixture
def keras():
    """Keras, or a visible skip where the train extra is not installed."""
    pytest.importorskip("keras", reason="the train extra is not installed")
    from generator.network import load_keras

    return load_keras()
