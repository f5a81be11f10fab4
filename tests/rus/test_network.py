"""The dense network: what NumPy evaluates is what Keras trained, and training repeats itself."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.rus.network import DenseNetwork, DenseParameters, _keras, _Training


class Line:
    """Noise whose size depends on the input: y = x0 + (0.02 + 0.2 x1) noise."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.features = rng.random((4000, 2), dtype=np.float32)
        self.validation = (self.features[:1000], self.values(self.features[:1000], rng))

    def values(self, features, rng):
        noise = (0.02 + 0.2 * features[:, 1]) * rng.standard_normal(len(features))
        return (features[:, 0] + noise)[:, None].astype(np.float64)

    def draw(self, rng):
        return self.features, self.values(self.features, rng)


@pytest.fixture(scope="module")
def trained():
    parameters = DenseParameters(hidden=(32, 32), epochs=60, batch=100, learning_rate=5e-3)
    return DenseNetwork(parameters).fit(Line(), rng=np.random.default_rng(1), progress=Silent())


def test_the_mean_and_the_spread_of_noisy_data_are_learned(trained):
    features = np.array([[0.2, 0.1], [0.5, 0.5], [0.8, 0.9]], dtype=np.float32)
    estimate = trained.predict(features)
    assert estimate.mean[:, 0] == pytest.approx([0.2, 0.5, 0.8], abs=0.05)
    assert estimate.spread[:, 0] == pytest.approx([0.04, 0.12, 0.20], rel=0.25)


def test_numpy_evaluates_the_network_as_keras_does():
    keras = _keras(seed=3)
    training = _Training(keras, DenseParameters(hidden=(64, 16), dropout=0.1), 20, 3, 100)
    network = DenseNetwork(DenseParameters())
    network.layers_, network.calibration_ = training.weights(), np.ones(3)
    features = np.random.default_rng(2).random((50, 20), dtype=np.float32)

    ours = network.predict(features)

    mean, log_spread = np.split(np.asarray(training._network(features, training=False)), 2, axis=1)
    assert ours.mean == pytest.approx(mean, abs=1e-6)
    assert np.log(ours.spread) == pytest.approx(log_spread, abs=1e-5)


def test_the_same_seed_gives_the_same_network(trained):
    again = DenseNetwork(trained.parameters).fit(Line(), rng=np.random.default_rng(1), progress=Silent())
    for (kernel, bias), (kernel_again, bias_again) in zip(trained.layers_, again.layers_, strict=True):
        assert np.array_equal(kernel, kernel_again)
        assert np.array_equal(bias, bias_again)


def test_a_restored_network_predicts_alike(trained):
    features = Line().features[:10]
    restored = DenseNetwork(trained.parameters).set_state(trained.get_state())
    assert np.array_equal(restored.predict(features).mean, trained.predict(features).mean)
    assert np.array_equal(restored.predict(features).spread, trained.predict(features).spread)
