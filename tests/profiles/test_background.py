"""Backgrounds that are known, found and subtracted."""

import numpy as np
import pytest

from spectra.core.signals import Profile
from spectra.plugins.profiles.background import background, subtract_background


def profile(x, *y):
    return Profile(x=np.asarray(x, float), y=np.array(y, float), x_unit="° 2θ", y_unit="counts")


def test_a_known_background_is_found_within_its_noise():
    rng = np.random.default_rng(2)
    x = np.linspace(10, 100, 8282)
    smooth = 400 + 2000 * np.exp(-(x - 10) / 25) + 150 * np.exp(-(((x - 30) / 12) ** 2))
    positions, heights = rng.uniform(12, 98, 40), rng.uniform(500, 9000, 40)
    lines = (heights[:, None] * np.exp(-(((x - positions[:, None]) / 0.06) ** 2))).sum(axis=0)
    found = background(x, rng.poisson(smooth + lines).astype(float), 20)
    inside = (x > 15) & (x < 95)
    assert np.abs(found - smooth)[inside].max() < np.sqrt(smooth.min())
    assert abs((found - smooth).mean()) < 0.2 * np.sqrt(smooth.mean())


def test_a_straight_background_is_found_exactly():
    x = np.linspace(30, 90, 3000)
    assert background(x, 5 + 2 * x, 20) == pytest.approx(5 + 2 * x, rel=1e-5)


@pytest.mark.parametrize("width", [0.2, 1.0, 2.0])
def test_a_line_keeps_its_counts_when_the_background_goes(width):
    rng = np.random.default_rng(3)
    x = np.linspace(30, 90, 6000)
    line = 40000 * np.exp(-4 * np.log(2) * ((x - 60) / width) ** 2)
    measured = profile(x, rng.poisson(line + 400 + 600 * np.exp(-(x - 30) / 25)))
    assert subtract_background(measured).y.sum() == pytest.approx(line.sum(), rel=0.03)
