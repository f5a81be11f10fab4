"""Profiles whose truth is known: a Gaussian line that moves and broadens, beside one that does not."""

import numpy as np

from spectra.core.signals import Profile

X = np.linspace(30.0, 90.0, 60)


def profiles(targets, rng=None, x=X):
    """Draw the lines of ``targets`` (n, 2): place and width, each from 0 to 1; with noise if ``rng`` is given."""
    place, width = targets.T[:, :, None]
    moving = np.exp(-0.5 * ((x - 45 - 10 * place) / (3 + 2 * width)) ** 2)
    y = moving + 0.5 * np.exp(-0.5 * ((x - 75) / 4) ** 2)
    if rng is not None:
        y = y + rng.normal(0, 0.002, y.shape)
    return Profile(x=x, y=y, x_unit="deg", y_unit="1")


class Examples:
    """Training data as a regressor is handed it, with a test set beside."""

    def __init__(self, training=300, validation=100, test=200, seed=0, copies=1):
        rng = np.random.default_rng(seed)
        targets = rng.random((training + validation + test, 2))
        features = profiles(targets, rng).y.astype(np.float32)
        self.sizes = (features.shape[1],) * copies
        features = np.tile(features, (1, copies))
        first, second = training, training + validation
        self._training = features[:first], targets[:first]
        self.validation = features[first:second], targets[first:second]
        self.test = features[second:], targets[second:]

    def ideal(self):
        return self._training

    def draw(self, rng):
        return self._training
