"""The nearest spectra, against a search that compares with every one."""

import numpy as np
import pytest

from spectra.core.progress import Silent
from spectra.plugins.learning.nearest import Nearest, NearestParameters


class Plane:
    """y = x0 + x1 + noise."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.features = rng.random((3000, 2), dtype=np.float32)
        validation = rng.random((500, 2), dtype=np.float32)
        self.targets = self.values(self.features, rng)
        self.validation = (validation, self.values(validation, rng))

    def values(self, features, rng):
        return (features.sum(axis=1) + 0.1 * rng.standard_normal(len(features)))[:, None].astype(np.float64)

    def ideal(self):
        return self.features, self.targets


@pytest.fixture(scope="module")
def fitted():
    return Nearest(NearestParameters(neighbours=5)).fit(Plane(), rng=np.random.default_rng(1), progress=Silent())


def test_the_answer_is_the_mean_of_the_nearest(fitted):
    shown = np.random.default_rng(2).random((300, 2), dtype=np.float32)  # more than one batch
    data = Plane()
    distances = np.linalg.norm(shown[:, None] - data.features, axis=2)
    expected = data.targets[np.argsort(distances, axis=1)[:, :5]].mean(axis=1)
    assert fitted.predict(shown).mean == pytest.approx(expected, abs=1e-12)


def test_the_spread_matches_the_errors_on_the_validation_set(fitted):
    features, values = Plane().validation
    estimate = fitted.predict(features)
    assert np.sqrt(np.mean(((values - estimate.mean) / estimate.spread) ** 2)) == pytest.approx(1.0)


def test_a_restored_one_predicts_alike(fitted):
    shown = np.random.default_rng(2).random((10, 2), dtype=np.float32)
    restored = Nearest(fitted.parameters).set_state(fitted.get_state())
    assert np.array_equal(restored.predict(shown).mean, fitted.predict(shown).mean)
    assert np.array_equal(restored.predict(shown).spread, fitted.predict(shown).spread)


def test_no_error_on_the_validation_set_promises_none_for_ever():
    data = Plane()
    data.targets = np.zeros_like(data.targets)
    data.validation = (data.validation[0], np.zeros((500, 1)))
    fitted = Nearest(NearestParameters()).fit(data, rng=np.random.default_rng(1), progress=Silent())
    assert fitted.predict(data.validation[0]).spread.min() == pytest.approx(1e-3)  # of the range


def test_the_candidates_are_the_nearest_in_their_order():
    shown, data = np.random.default_rng(3).random((40, 2), dtype=np.float32), Plane()
    few = Nearest(NearestParameters(neighbours=5, candidates=9))
    found = few.fit(data, rng=np.random.default_rng(1), progress=Silent()).predict(shown).candidates
    order = np.argsort(np.linalg.norm(shown[:, None] - data.features, axis=2), axis=1)
    assert found == pytest.approx(data.targets[order[:, :9]], abs=1e-12)
