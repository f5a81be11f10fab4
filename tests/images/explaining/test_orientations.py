"""Importance against orientation: shares and ratios of made-up maps."""

import numpy as np
import pytest

from spectra.plugins.images.explaining.orientations import against_orientation


def axes(phi, theta):
    """c-axes of angles in degrees, φ to the left of the vertical."""
    phi, theta = np.radians(phi), np.radians(theta)
    return np.stack([-np.sin(theta) * np.sin(phi), np.sin(theta) * np.cos(phi), np.cos(theta)], -1).astype(np.float32)


def test_equal_importance_is_frequency():
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(50_000, 3)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    found = against_orientation(np.full(50_000, 0.3), directions)

    np.testing.assert_allclose(found.importance, found.frequency, atol=1e-12)
    np.testing.assert_allclose(found.ratio[np.isfinite(found.ratio)], 1.0)
    # the surface of a sphere between two angles from its pole
    shares = np.diff(-np.cos(np.radians(found.theta)))
    np.testing.assert_allclose(found.frequency.sum(axis=0), shares, atol=0.01)


def test_a_rare_orientation_that_matters_stands_out():
    directions = axes(np.r_[np.full(900, 12.0), np.full(100, -33.0)], np.r_[np.full(900, 62.0), np.full(100, 11.0)])
    found = against_orientation(np.r_[np.ones(900), np.full(100, 3.0)], directions)

    common, rare = (
        (np.searchsorted(found.phi, p) - 1, np.searchsorted(found.theta, t) - 1) for p, t in [(12, 62), (-33, 11)]
    )
    assert found.frequency[common] == pytest.approx(0.9)
    assert found.importance[rare] == pytest.approx(300 / 1200)
    assert found.ratio[rare] == pytest.approx(2.5)
    assert np.isfinite(found.ratio).sum() == 2
