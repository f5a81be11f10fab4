"""The dense network: NumPy trains and evaluates it as Keras does, and training repeats itself."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.learning.networks import epochs
from spectra.plugins.learning.networks.dense import DenseNetwork, DenseParameters


class Line:
    """Noise whose size depends on the input: y = x0 + (0.02 + 0.2 x1) noise."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.features = rng.random((4000, 2), dtype=np.float32)
        self.validation = (self.features[:1000], self.values(self.features[:1000], rng))

    def values(self, features, rng):
        noise = (0.02 + 0.2 * features[:, 1]) * rng.standard_normal(len(features))
        return (features[:, 0] + noise)[:, None].astype(np.float64)

    def __len__(self):
        return len(self.features)

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


# The paper's recipe


class Counting(Line):
    def __init__(self):
        super().__init__()
        self.drawn = 0

    def draw(self, rng):
        self.drawn += 1
        return super().draw(rng)


def test_fixed_copies_are_drawn_once_and_the_spread_is_the_validation_error():
    data = Counting()
    parameters = DenseParameters(hidden=(16,), loss="mse", copies=7, epochs=12, batch=60, learning_rate=5e-3)
    network = DenseNetwork(parameters).fit(data, rng=np.random.default_rng(1), progress=Silent())

    assert data.drawn == 7
    assert network.layers_[-1][0].shape == (16, 1)
    features, values = data.validation
    estimate = network.predict(features)
    error = estimate.mean - values
    assert estimate.spread == pytest.approx(np.full_like(values, np.sqrt(np.mean(error**2))))
    assert network.history_["validation_loss"][-1] == pytest.approx(np.mean(error**2), rel=1e-4)
    # the noise of the data is all that is left: y - x0 has the variance of (0.02 + 0.2 x1) noise
    assert np.mean(error**2) == pytest.approx(np.mean((0.02 + 0.2 * features[:, 1]) ** 2), rel=0.15)
    restored = DenseNetwork(parameters).set_state(network.get_state())
    assert np.array_equal(restored.predict(features).mean, estimate.mean)
    assert np.array_equal(restored.predict(features).spread, estimate.spread)


class Misleading(Line):
    """Whatever is learned makes the validation loss worse: the bias rises, where -1 is right."""

    def __init__(self):
        super().__init__()
        self.validation = (np.zeros((10, 2), dtype=np.float32), np.full((10, 1), -1.0))


def test_training_stops_where_the_validation_loss_stands_still():
    parameters = DenseParameters(hidden=(4,), loss="mse", schedule="plateau", copies=1, learning_rate=2e-6, patience=1)
    network = DenseNetwork(parameters).fit(Misleading(), rng=np.random.default_rng(1), progress=Silent())
    # the first is the best, the second lowers the rate to its end, the third is one too many
    assert len(network.history_["loss"]) == 3


class TooMany(Line):
    """Comes in batches alone."""

    def draw(self, rng):
        raise AssertionError("too many to be drawn at once")

    def batches(self, rng, size):
        order = rng.permutation(len(self))
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            yield self.features[rows], self.values(self.features[rows], rng)


def test_features_that_are_too_many_are_learned_from_in_blocks(trained, monkeypatch):
    monkeypatch.setattr(epochs, "_MOST", 2 * 4000 - 1)
    monkeypatch.setattr(epochs, "_AT_ONCE", 2 * 1050)  # ten batches of 100
    network = DenseNetwork(trained.parameters).fit(TooMany(), rng=np.random.default_rng(1), progress=Silent())
    features = np.array([[0.2, 0.1], [0.5, 0.5], [0.8, 0.9]], dtype=np.float32)
    estimate = network.predict(features)
    assert estimate.mean[:, 0] == pytest.approx([0.2, 0.5, 0.8], abs=0.05)
    assert estimate.spread[:, 0] == pytest.approx([0.04, 0.12, 0.20], rel=0.25)
