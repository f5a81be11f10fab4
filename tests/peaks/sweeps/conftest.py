"""Simulated sweeps: exact responses of damped oscillators."""

import numpy as np
import pytest


def oscillators(x, frequencies, quality, amplitudes):
    """Return Σ a f²/Q / (f² - x² + i x f/Q): the amplitude at resonance has the modulus a."""
    widths = frequencies / quality
    response = frequencies * widths / (frequencies**2 - x[:, None] ** 2 + 1j * x[:, None] * widths)
    return response @ amplitudes


@pytest.fixture
def sweep():
    """Return frequencies, noisy response, and what it was made of: twelve lines, two of them close together."""
    return simulated(np.random.default_rng(3))


FREQUENCIES = np.array([0.231, 0.262, 0.291, 0.3, 0.325, 0.3256, 0.36, 0.381, 0.4, 0.425, 0.45, 0.48])
QUALITY = 1200.0
NOISE = 0.01


def simulated(rng, noise=NOISE, points=8000):
    x = np.linspace(0.2, 0.5, points)
    amplitudes = np.linspace(0.5, 2, 12) * np.exp(1j * rng.normal(0, 0.3, 12))
    clean = oscillators(x, FREQUENCIES, QUALITY, amplitudes) + 0.05 + 0.02j + 0.1 * x
    clean = clean + oscillators(x, np.array([0.35]), 8.0, np.array([0.3]))  # a transducer
    return x, clean + noise * (rng.standard_normal(points) + 1j * rng.standard_normal(points)), amplitudes
