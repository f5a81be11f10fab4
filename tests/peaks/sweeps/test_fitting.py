"""The fit of lines against scipy's least squares over all parameters, with a model that is written out."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from spectra.plugins.peaks.sweeps.fitting import Piece, doubled, fit

X = np.linspace(0.30, 0.31, 400)
POLES = np.array([0.3031, 0.3038, 0.3062]) + 0.5j * np.array([4e-4, 5e-4, 3e-4])
RESIDUES = np.array([2e-4, 1.5e-4j, 3e-5 + 3e-5j])
NOISE = 0.02


def model(parameters, real):
    """Return Σ A/(x - p) and a straight background, as real numbers."""
    f, half, a, b = parameters[:12].reshape(4, 3)
    lines = ((a + 1j * b) / (X[:, None] - f - 1j * half)).sum(axis=1)
    t = np.linspace(-1, 1, len(X))
    if real:
        return lines.real + parameters[12] + parameters[13] * t
    lines = lines + parameters[12] + parameters[13] * t + 1j * (parameters[14] + parameters[15] * t)
    return np.concatenate([lines.real, lines.imag])


@pytest.mark.parametrize("real", [False, True])
def test_lines_and_their_errors_are_those_of_least_squares_over_all_parameters(real):
    truth = np.concatenate(
        [POLES.real, POLES.imag, RESIDUES.real, RESIDUES.imag, [0.1, 0.05] if real else [0.1, 0.05, -0.2, 0.02]]
    )
    rng = np.random.default_rng(4)
    data = model(truth, real) + NOISE * rng.standard_normal(len(X) * (1 if real else 2))
    y = data if real else data[: len(X)] + 1j * data[len(X) :]
    weights = np.full(len(X), 1 / NOISE if real else 1 / (NOISE * np.sqrt(2)))

    found = fit(Piece(x=X, y=y, weights=weights), POLES * (1 + 1e-5), iterations=40, errors=True)

    scale = np.abs(truth) + 1e-5
    other = least_squares(
        lambda p: (model(p * scale, real) - data) / NOISE, truth / scale, xtol=1e-14, ftol=1e-14, gtol=1e-14
    )
    deviations = scale * np.sqrt(np.diagonal(np.linalg.inv(other.jac.T @ other.jac)))
    expected, deviations = (v[:12].reshape(4, 3) for v in (other.x * scale, deviations))
    got = np.array([found.poles.real, found.poles.imag, found.residues.real, found.residues.imag])
    assert np.abs((got - expected) / deviations).max() < 0.05
    excess = max(1.0, np.sqrt(2 * other.cost / (len(data) - len(truth))))
    assert found.errors.T / deviations == pytest.approx(np.full((4, 3), excess), rel=0.02)
    assert found.cost * (1 if real else 2) == pytest.approx(2 * other.cost, rel=1e-6)


@pytest.mark.parametrize("real", [False, True])
def test_one_line_that_is_two_says_so_and_how_far_apart_they_are(real):
    apart = 0.06e-3 + 0.01e-3j
    response = (1e-3 / (X[:, None] - 0.305 - 2e-4j - np.array([-apart, apart]))).sum(axis=1)
    piece = Piece(x=X, y=response.real if real else response, weights=np.full(len(X), 1e3))
    one = fit(piece, np.array([0.305 + 2e-4j]), iterations=40)
    gains, offsets = doubled(piece, one.poles)
    two = fit(piece, one.poles[0] + offsets[0] * np.array([-1, 1]), iterations=20)
    assert gains[0] == pytest.approx((one.cost - two.cost) / (2 if real else 1), rel=0.15)
    assert np.sort(two.poles.real) == pytest.approx(0.305 + np.array([-apart.real, apart.real]), abs=1e-9)
    single = Piece(x=X, y=(1e-3 / (X - 0.305 - 2e-4j)).real, weights=np.full(len(X), 1e3))
    assert doubled(single, fit(single, np.array([0.305 + 2e-4j])).poles)[0][0] < 1e-3
