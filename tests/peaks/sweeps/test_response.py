"""The response to a sweep, against the equation of motion integrated numerically."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spectra.plugins.peaks.sweeps.response import response

POLE = np.array([0.5 + 0.5j * 5e-5])  # MHz: Q = 10,000


@pytest.mark.parametrize("rate", [2e-9, -2e-9, 5e-10])
def test_a_fast_sweep_rings_as_the_equation_of_motion_says(rate):
    """Of the slowly varying amplitude y of an oscillator driven by exp(iφ), φ' = 2πf: y' = -2πi(f - p)y + 1."""
    first, last = (0.4992, 0.5015) if rate > 0 else (0.5008, 0.4985)
    duration = (last - first) / rate
    times = np.linspace(duration / 5, duration, 400)
    solved = solve_ivp(
        lambda t, y: -2j * np.pi * (first + rate * t - POLE[0]) * y + 1,
        (0, duration),
        np.array([1 / (2j * np.pi * (first - POLE[0]))]),
        t_eval=times,
        rtol=1e-9,
        atol=1e-9,
    )
    expected = 2j * np.pi * solved.y[0]
    found = response(first + rate * times, POLE, rate)[0][:, 0]
    assert np.abs(found - expected).max() < 1e-6 * np.abs(expected).max()
    assert np.argmax(np.abs(found)) != np.argmin(np.abs(first + rate * times - 0.5))  # the peak comes late


@pytest.mark.parametrize("rate", [0.0, 1e-9, -1e-9])
def test_derivatives_are_those_of_the_response(rate):
    x, step = np.linspace(0.4995, 0.5005, 301), 1e-9
    for direction in (1, 1j):
        above, below = (response(x, POLE + s * direction * step, rate, 1e-12)[0] for s in (1, -1))
        slopes = response(x, POLE, rate, 1e-12)[1]
        assert np.abs((above - below) / (2 * direction * step) - slopes).max() < 1e-6 * np.abs(slopes).max()


def test_a_slow_rate_is_none():
    x = np.linspace(0.4995, 0.5005, 301)
    assert response(x, POLE, 1e-14)[0] == pytest.approx(response(x, POLE)[0], rel=1e-4)


@pytest.mark.parametrize("rate", [0.0, 1e-9])
def test_blur_is_what_joining_points_does(rate):
    x = np.linspace(0.4995, 0.5005, 1000)
    step = x[1] - x[0]
    joined = response(x, POLE, rate)[0].reshape(200, 5).mean(axis=1)
    blurred = response(x.reshape(200, 5).mean(axis=1), POLE, rate, step**2)[0][:, 0]
    assert np.abs(blurred - joined).max() < 2e-4 * np.abs(joined).max()
