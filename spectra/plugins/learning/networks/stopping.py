"""When training is over, and which weights count: what watches the validation loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

# On a plateau the learning rate is divided by this, and no further than to this (Liu et al. 2023).
_DIVISOR = 5.0
_LOWEST_RATE = 1e-6


class Watch(Protocol):
    """Follows the validation loss."""

    def is_over(self, loss: float) -> bool:
        """Take note of the loss after an epoch; say if that was the last one."""

    def why(self) -> str:
        """Say why it is over, as the end of a sentence."""

    def finish(self) -> None:
        """Bring back the weights that count."""


class ToTheEnd:
    """Never over; the last weights count."""

    def is_over(self, loss: float) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def why(self) -> str:
        """Return nothing."""
        return ""

    def finish(self) -> None:
        """Do nothing."""


class Best:
    """Over after ``patience`` epochs without progress; the best weights count."""

    def __init__(self, variables: Sequence[Any], patience: int) -> None:
        self._variables, self._patience = variables, patience
        self._lowest, self._weights = np.inf, [variable.numpy() for variable in variables]
        self._epoch, self._best_epoch = 0, 1

    def is_over(self, loss: float) -> bool:
        """Keep the weights if they are the best; count epochs."""
        self._epoch += 1
        if loss < self._lowest:
            self._lowest, self._best_epoch = loss, self._epoch
            self._weights = [variable.numpy() for variable in self._variables]
        return self._epoch - self._best_epoch >= self._patience

    def why(self) -> str:
        """Name the best epoch."""
        return f"; the best was {self._best_epoch}"

    def finish(self) -> None:
        """Bring back the weights of the best epoch."""
        for variable, value in zip(self._variables, self._weights, strict=True):
            variable.assign(value)


class Plateaus:
    """Lowers the learning rate after ``patience`` epochs without progress; over where it was lowest already.

    The last weights count.
    """

    def __init__(self, optimizer: Any, patience: int) -> None:
        self._optimizer, self._patience = optimizer, patience
        self._lowest, self._waited = np.inf, 0

    def is_over(self, loss: float) -> bool:
        """Count epochs; on a plateau, divide the learning rate."""
        if loss < self._lowest:
            self._lowest, self._waited = loss, 0
            return False
        self._waited += 1
        if self._waited < self._patience:
            return False
        rate, self._waited = float(self._optimizer.learning_rate), 0
        self._optimizer.learning_rate = max(rate / _DIVISOR, _LOWEST_RATE)
        return rate <= 1.001 * _LOWEST_RATE

    def why(self) -> str:
        """Say that nothing moves."""
        return ": the validation loss stands still"

    def finish(self) -> None:
        """Do nothing."""
