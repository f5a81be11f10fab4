"""Ridge and Gaussian processes against least squares, textbook densities and profiles of known truth."""

import numpy as np
import pytest
from scipy.linalg import cholesky
from scipy.stats import multivariate_normal

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import NoParameters
from spectra.core.progress import Silent
from spectra.plugins.learning import gaussian_process as module
from spectra.plugins.learning.gaussian_process import GaussianProcess, GaussianProcessParameters, _negative_likelihood
from spectra.plugins.learning.ridge import Ridge
from tests.learning.synthetic import Examples


def fitted(regressor, data):
    return regressor.fit(data, rng=np.random.default_rng(0), progress=Silent())


def gaussian_process(components=4):
    return GaussianProcess(GaussianProcessParameters(components=components))


def rms(errors):
    return np.sqrt(np.mean(errors**2, axis=0))


class Linear:
    """Targets that are linear in five features, with noise that is large for few examples."""

    def __init__(self, noise):
        rng = np.random.default_rng(1)
        features = rng.normal(size=(260, 5)).astype(np.float32)
        self.slopes = np.array([[1.0, 0.0], [0.0, 2.0], [0.5, 0.5], [0.0, 0.0], [-1.0, 1.0]])
        targets = 3.0 + features @ self.slopes + noise * rng.normal(size=(260, 2))
        self.sizes = (5,)
        self._training, self.validation = (features[:60], targets[:60]), (features[60:], targets[60:])

    def draw(self, rng):
        return self._training


def test_ridge_finds_the_law_of_data_without_noise():
    ridge = fitted(Ridge(NoParameters()), data := Linear(noise=0.0))
    assert ridge.coefficients_ == pytest.approx(data.slopes, abs=1e-5)
    assert ridge.intercepts_ == pytest.approx([3, 3], abs=1e-5)


def test_ridge_chooses_a_penalty_that_validates_no_worse_than_least_squares():
    ridge = fitted(Ridge(NoParameters()), data := Linear(noise=5.0))
    features, targets = data.draw(None)
    held_out, truth = data.validation
    with_one = np.column_stack([features, np.ones(len(features))])
    plain = np.linalg.lstsq(with_one, targets, rcond=None)[0]
    errors = np.column_stack([held_out, np.ones(len(held_out))]) @ plain - truth
    assert np.all(ridge.spread_ < rms(errors))
    assert ridge.predict(held_out).spread[0] == pytest.approx(rms(ridge.predict(held_out).mean - truth))


def test_ridge_solves_the_penalised_normal_equations_with_the_penalty_that_validates_best():
    """Hoerl and Kennard 1970, eq. 2.1: (XᵀX + λ 1) b = Xᵀ y."""
    ridge = fitted(Ridge(NoParameters()), data := Linear(noise=5.0))
    features, targets = (array.astype(np.float64) for array in data.draw(None))
    held_out, truth = data.validation
    centred, level = features - features.mean(axis=0), targets.mean(axis=0)
    for place, found in enumerate(ridge.coefficients_.T):
        right = centred.T @ (targets[:, place] - level[place])

        def solved(penalty, right=right):
            return np.linalg.solve(centred.T @ centred + penalty * np.eye(5), right)

        penalties = np.logspace(-3, 5, 400)
        answers = [level[place] + (held_out - features.mean(axis=0)) @ solved(penalty) for penalty in penalties]
        errors = [rms(answer - truth[:, place]) for answer in answers]
        penalty = (right - centred.T @ centred @ found) @ found / (found @ found)
        assert found == pytest.approx(solved(penalty), rel=1e-6)
        assert 1 / 1.8 < penalty / penalties[np.argmin(errors)] < 1.8
        assert ridge.spread_[place] == pytest.approx(min(errors), rel=1e-3)


def test_ridge_answers_alike_whatever_unit_the_features_are_in():
    data = Linear(noise=5.0)
    expected = fitted(Ridge(NoParameters()), data).predict(data.validation[0]).mean
    features, targets = data._training
    data._training, data.validation = (1e4 * features, targets), (1e4 * data.validation[0], data.validation[1])
    assert fitted(Ridge(NoParameters()), data).predict(data.validation[0]).mean == pytest.approx(expected, abs=1e-4)


def test_the_marginal_likelihood_is_the_density_of_a_normal_distribution_and_its_gradient_is_right():
    rng = np.random.default_rng(0)
    scores, values = [rng.normal(size=(30, 3)), rng.normal(size=(30, 2))], rng.normal(size=30)
    logarithms = np.array([0.4, 0.7, -0.2, -0.5, 0.3, -1.0])  # lengths, slopes, curved term, noise
    squares = [((part[:, None] - part) ** 2).sum(axis=2) for part in scores]
    covariance = np.exp(0.6) * np.exp(-0.5 * (squares[0] / np.exp(0.8) + squares[1] / np.exp(1.4)))
    covariance += np.exp(-0.4) * scores[0] @ scores[0].T + np.exp(-1.0) * scores[1] @ scores[1].T
    covariance += (np.exp(-2.0) + 1e-6 * np.exp(0.6)) * np.eye(30)
    expected = -multivariate_normal(np.zeros(30), covariance).logpdf(values) - 15 * np.log(2 * np.pi)

    assert _negative_likelihood(logarithms, scores, values)[0] == pytest.approx(expected, rel=1e-9)
    steps = 1e-5 * np.eye(6)
    above, below = ([_negative_likelihood(logarithms + h, scores, values)[0] for h in sign * steps] for sign in (1, -1))
    slopes = (np.array(above) - below) / 2e-5
    assert _negative_likelihood(logarithms, scores, values)[1] == pytest.approx(slopes, rel=1e-6)


@pytest.fixture(scope="module")
def data():
    return Examples()


def test_gaussian_processes_beat_ridge_where_a_line_moves(data):
    features, truth = data.test
    estimate = fitted(gaussian_process(), data).predict(features)
    linear = fitted(Ridge(NoParameters()), data).predict(features)
    assert np.all(rms(linear.mean - truth) < 0.5 * truth.std(axis=0))
    place, width = rms(estimate.mean - truth) / rms(linear.mean - truth)
    assert place < 0.1  # far from linear
    assert width < 1.0


@pytest.mark.parametrize("regressor", [Ridge(NoParameters()), gaussian_process()], ids=["ridge", "gaussian-process"])
def test_spreads_cover_and_the_state_survives(data, regressor):
    features, truth = data.test
    estimate = fitted(regressor, data).predict(features)
    errors = np.abs(estimate.mean - truth) / estimate.spread
    assert np.all(np.mean(errors < 1, axis=0) > 0.55)
    assert np.all(np.mean(errors < 2, axis=0) > 0.88)
    state = unpack_arrays(pack_arrays(regressor.get_state()), what="state")
    again = type(regressor)(regressor.parameters).set_state(state).predict(features)
    assert np.array_equal(again.mean, estimate.mean)
    assert np.array_equal(again.spread, estimate.spread)


def test_predictions_are_those_of_a_normal_distribution_conditioned_by_solving_its_equations(data):
    """Rasmussen and Williams 2006, eqs. 2.25 and 2.26, with a covariance matrix of this test's own."""
    regressor = fitted(gaussian_process(), data)
    features, _ = data.test
    known, asked = regressor.scores_, (features[:5] - regressor.origin_) @ regressor.axes_.T
    estimate = regressor.predict(features[:5])
    for place, (length, slope, curved, noise) in enumerate(np.exp(2 * regressor.logarithms_)):
        both = np.concatenate([known, asked])
        squares = ((both[:, None] - both) ** 2).sum(axis=2)
        noise = noise + 1e-6 * curved
        covariance = curved * np.exp(-0.5 * squares / length) + slope * both @ both.T + noise * np.eye(len(both))
        n = len(known)
        gain = np.linalg.solve(covariance[:n, :n], covariance[:n, n:]).T
        level, width = regressor.level_[:, place]
        assert estimate.mean[:, place] == pytest.approx(level + width * gain @ regressor.targets_[:, place], rel=1e-6)
        left = np.diag(covariance[n:, n:] - gain @ covariance[:n, n:])
        spread = regressor.calibration_[place] * width * np.sqrt(left)
        assert estimate.spread[:, place] == pytest.approx(spread, rel=1e-5)


def test_a_stored_model_is_not_factored_again_and_one_of_before_once_for_all_predictions(data, monkeypatch):
    regressor = fitted(gaussian_process(), data)
    features, _ = data.test
    estimate, state = regressor.predict(features), regressor.get_state()
    of_before = {name: array for name, array in state.items() if name not in ("weights", "factors")}
    factored = []
    monkeypatch.setattr(module, "cholesky", lambda *args, **kwargs: factored.append(1) or cholesky(*args, **kwargs))
    for stored, times in ((state, 0), (of_before, 2)):
        factored.clear()
        again = gaussian_process().set_state(stored)
        for _ in range(2):
            assert np.array_equal(again.predict(features).mean, estimate.mean)
            assert np.array_equal(again.predict(features).spread, estimate.spread)
        assert len(factored) == times  # one for each of two quantities
