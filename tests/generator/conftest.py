"""What the tests of the music share."""

import pytest

from tests.generator.stand_ins import Hall, write_weights


@pytest.fixture
def keras():
    """Keras, or a visible skip where the train extra is not installed."""
    pytest.importorskip("keras", reason="the train extra is not installed")
    from generator.network.keras_network import load_keras

    return load_keras()


@pytest.fixture(scope="session")
def hall(tmp_path_factory):
    """Services on stand-ins that share one weights file."""
    return Hall(write_weights(tmp_path_factory.mktemp("weights") / "model.weights.h5"))
