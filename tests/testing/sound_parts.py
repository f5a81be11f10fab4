"""Parts that use what is optional in the interface, and pass every check."""

import numpy as np
from toy_technique.parts import Ridge, Values

from spectra.core.errors import InputError


class Projected(Values):
    """Features that are chosen by the targets and a generator, and written as pictures of 4 by 2."""

    def fit(self, signal, *, targets, rng, progress):
        super().fit(signal)
        progress.say("Projecting.")
        self.axes_ = rng.normal(size=(len(self.mean_), 8))
        self.axes_[:, 0] = super().encode(signal).T @ (targets - targets.mean(axis=0))[:, 0] / len(targets)
        return self

    def encode(self, signal):
        return (super().encode(signal) @ self.axes_).astype(np.float32)

    def shapes(self):
        return ((4, 2, 1),)

    def get_state(self):
        return super().get_state() | {"axes": self.axes_}

    def set_state(self, state):
        self.axes_ = state["axes"]
        return super().set_state(state)


class OfPictures(Ridge):
    """Learns from batches of pictures alone, and from the darkness of their rows and columns."""

    def fit(self, data, *, rng, progress):
        if len(data.shapes) != 1 or len(data.shapes[0]) != 3:
            raise InputError("This regressor learns from pictures.")
        self.shape_ = data.shapes[0]
        drawn = [batch for _ in range(5) for batch in data.batches(rng, 64)]
        features, targets = (np.concatenate(arrays) for arrays in zip(*drawn, strict=True))
        matrix = self._expanded(features)
        self.weights_ = np.linalg.solve(matrix.T @ matrix + 1e-2 * np.eye(matrix.shape[1]), matrix.T @ targets)
        held_out = [(self._expanded(seen) @ self.weights_ - truth) for seen, truth in data.validation_batches(64)]
        self.spread_ = np.sqrt(np.mean(np.concatenate(held_out) ** 2, axis=0))
        return self

    def get_state(self):
        return super().get_state() | {"shape": np.array(self.shape_)}

    def set_state(self, state):
        self.shape_ = tuple(state["shape"])
        return super().set_state(state)

    def _expanded(self, features):
        pictures = features.reshape(-1, *self.shape_)
        return super()._expanded(np.concatenate([pictures.mean(axis=1), pictures.mean(axis=2)], axis=1)[:, :, 0])
