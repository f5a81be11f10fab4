"""Stacked Gaussian processes against the best weights of independent measurements."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.learning.gaussian_process import GaussianProcessParameters
from spectra.plugins.learning.stacked import StackedGaussianProcesses, _shares

NOISE = 0.05, 0.1


class Measured:
    """Two quantities, each seen in either of two parts with another noise, and in a third part not at all."""

    sizes = (2, 3, 2)

    def __init__(self, seed=0, training=300, validation=200, test=400):
        rng = np.random.default_rng(seed)
        targets = rng.random((training + validation + test, 2))
        less, more = (targets + rng.normal(scale=scale, size=targets.shape) for scale in NOISE)
        nothing = rng.normal(size=targets.shape)
        features = np.concatenate([less, more, targets[:, :1] * 0, nothing], axis=1).astype(np.float32)
        self._training = features[:training], targets[:training]
        self.validation = features[training : training + validation], targets[training : training + validation]
        self.test = features[training + validation :], targets[training + validation :]

    def draw(self, rng):
        return self._training


@pytest.fixture(scope="module")
def data():
    return Measured()


@pytest.fixture(scope="module")
def stacked(data):
    regressor = StackedGaussianProcesses(GaussianProcessParameters(components=3))
    return regressor.fit(data, rng=np.random.default_rng(0), progress=Silent())


def test_weights_are_those_of_independent_errors():
    rng = np.random.default_rng(1)
    truth = rng.random(20_000)
    answers = np.stack([truth + rng.normal(scale=scale, size=truth.shape) for scale in (*NOISE, 5.0)])
    inverse = 1 / np.array([*NOISE, 5.0]) ** 2
    assert _shares(answers, truth) == pytest.approx(inverse / inverse.sum(), abs=0.01)


def test_parts_that_see_the_same_are_better_together_than_the_better_one(data, stacked):
    features, truth = data.test
    estimate = stacked.predict(features)
    error = np.sqrt(np.mean((estimate.mean - truth) ** 2, axis=0))
    possible = 1 / np.sqrt(sum(1 / scale**2 for scale in NOISE))
    assert (error < 0.97 * NOISE[0]).all()
    assert error == pytest.approx(np.full(2, possible), rel=0.1)
    assert (stacked.shares_[2] < 0.02).all()
    assert stacked.shares_.sum(axis=0) == pytest.approx(np.ones(2))
    assert np.mean(np.abs(estimate.mean - truth) < estimate.spread) == pytest.approx(0.68, abs=0.06)


def test_its_state_holds_everything_and_nothing_large(data, stacked):
    state = stacked.get_state()
    assert max(array.size for array in state.values()) < 3000
    again = StackedGaussianProcesses(GaussianProcessParameters(components=3)).set_state(state)
    one, other = again.predict(data.test[0]), stacked.predict(data.test[0])
    assert np.allclose(one.mean, other.mean, atol=1e-9)
    assert np.allclose(one.spread, other.spread, atol=1e-9)
