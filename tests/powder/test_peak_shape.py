"""Shapes of lines: the Voigt function that they stand for, and derivatives that match differences."""

import numpy as np
import pytest
from scipy.special import voigt_profile

from spectra.plugins.powder.patterns.peak_shape import curves, shape_of

X = np.linspace(29, 31, 2001)
FWHM = 2 * np.sqrt(2 * np.log(2))


@pytest.mark.parametrize("lorentzian", [0.001, 0.03, 0.1, 0.3])
def test_lines_are_voigtians_within_about_a_per_cent_of_their_height(lorentzian):
    shape = shape_of(np.array([0.1]), np.array([lorentzian]))
    line = curves(X, np.array([30.0]), shape.width, shape.mixing).values.toarray()[:, 0]
    exact = voigt_profile(X - 30, 0.1 / FWHM, lorentzian / 2)
    assert np.abs(line - exact).max() < 0.013 * exact.max()  # Thompson, Cox & Hastings: about 1 %


def test_slopes_match_differences():
    given = np.array([30.03, 0.1, 0.05])

    def values(point):
        shape = shape_of(point[1:2], point[2:3])
        return curves(X, point[:1], shape.width, shape.mixing).values.toarray()[:, 0]

    shape = shape_of(given[1:2], given[2:3])
    parts = curves(X, given[:1], shape.width, shape.mixing)
    width, mixing = parts.by_width.toarray()[:, 0], parts.by_mixing.toarray()[:, 0]
    slopes = [
        parts.by_centre.toarray()[:, 0],
        width * shape.width_by_gaussian + mixing * shape.mixing_by_gaussian,
        width * shape.width_by_lorentzian + mixing * shape.mixing_by_lorentzian,
    ]
    for slope, step in zip(slopes, 1e-6 * np.eye(3), strict=True):
        difference = (values(given + step) - values(given - step)) / 2e-6
        inside = np.abs(X - 30.03) < 0.5  # where a line ends moves with its width
        np.testing.assert_allclose(slope[inside], difference[inside], atol=1e-5 * np.abs(difference).max())
