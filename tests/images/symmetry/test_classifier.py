"""The shipped network on pictures that it never saw, and how it was made."""

import numpy as np
import pytest

from spectra.plugins.images.symmetry.classifier import WEIGHTS, Classifier, shipped
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import atoms_motif, pattern
from spectra.plugins.images.symmetry.generator.textures import filled, random_texture
from spectra.plugins.images.symmetry.signatures.shades import flattened
from spectra.plugins.images.symmetry.signatures.signature import signature
from spectra.plugins.images.symmetry.training import _loss, calibrated, fitted, train

KINDS = {
    "fourier": (lambda group, rng: pattern(group, rng)[0], 0.95),
    "noise of half the contrast": (lambda group, rng: pattern(group, rng, noise=0.5)[0], 0.93),
    "atoms": (lambda group, rng: pattern(group, rng, motif=atoms_motif)[0], 0.88),
    "textures, never trained on": (lambda group, rng: filled(group, random_texture(rng), rng)[0], 0.84),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_group_is_right_as_often_as_it_should_be(kind):
    make, least = KINDS[kind]
    rng = np.random.default_rng(2026)
    labels = np.arange(68) % 17
    rows = np.array([signature(*flattened(make(PLANE_GROUPS[label], rng))) for label in labels])
    assert np.mean(shipped().probabilities(rows).argmax(axis=1) == labels) >= least


def test_highest_symmetries_are_told_by_hand_made_pictures():
    """cos x + cos y is p4mm; three cosines are p6mm; so are their negatives, and cos x + 0.5 cos y is p2mm."""
    columns, rows = np.meshgrid(np.arange(64), np.arange(64))
    angles = np.radians([10, 70, 130])
    six = sum(np.cos(2 * np.pi * (np.cos(t) * columns + np.sin(t) * rows) / 9) for t in angles)
    four = np.cos(2 * np.pi * columns / 10) + np.cos(2 * np.pi * rows / 10)
    two = np.cos(2 * np.pi * columns / 10) + 0.5 * np.cos(2 * np.pi * rows / 14)
    for shown, symbol in ((six, "p6mm"), (-six, "p6mm"), (four, "p4mm"), (two, "p2mm")):
        probabilities = shipped().probabilities(signature(*flattened(shown))[np.newaxis])[0]
        assert SYMBOLS[np.argmax(probabilities)] == symbol
        assert probabilities.sum() == pytest.approx(1)


def test_the_weights_are_small():
    from importlib import resources

    content = resources.files("spectra.plugins.images.symmetry").joinpath(WEIGHTS).read_bytes()
    assert len(content) < 100_000
    assert Classifier.from_bytes(content).to_bytes() == content


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(0)
    shapes = [(5, 4), (4,), (4, 3), (3,)]
    numbers, rows, wanted = rng.normal(size=39), rng.normal(size=(20, 5)), np.eye(3)[rng.integers(3, size=20)]
    _, gradient = _loss(numbers, shapes, rows, wanted)
    step = 1e-6 * np.eye(39)
    differences = [
        (_loss(numbers + s, shapes, rows, wanted)[0] - _loss(numbers - s, shapes, rows, wanted)[0]) / 2e-6 for s in step
    ]
    assert np.allclose(gradient, differences, atol=1e-6)


def test_calibration_makes_probabilities_as_large_as_they_are_often_right():
    """Classes that overlap by construction: the network must not be surer than the overlap allows."""
    rng = np.random.default_rng(1)
    labels = rng.integers(17, size=1500)
    rows = 2.0 * np.eye(17)[labels] + rng.normal(size=(1500, 17))
    network = fitted(rows[:500], labels[:500], seed=0)
    before, after = network.probabilities(rows[1000:]), calibrated(network, rows[500:1000], labels[500:1000])
    probabilities = after.probabilities(rows[1000:])
    right = np.mean(probabilities.argmax(axis=1) == labels[1000:])
    assert abs(probabilities.max(axis=1).mean() - right) < 0.05 < before.max(axis=1).mean() - right


@pytest.mark.slow
def test_training_again_gives_the_same_network():
    """To what rounding on another machine may change: answers, not bytes."""
    rng = np.random.default_rng(3)
    rows = np.array([signature(*flattened(pattern(group, rng)[0])) for group in PLANE_GROUPS])
    again, kept = train().probabilities(rows), shipped().probabilities(rows)
    assert np.abs(again - kept).max() < 0.05
