"""What a network on pictures looks at: saliency, integrated gradients, and whether these depend on what it learned.

Gradients come from the network's own pullbacks, see :mod:`~spectra.plugins.learning.networks.pullbacks`: no TensorFlow.

References
----------
K. Simonyan, A. Vedaldi & A. Zisserman, Deep inside convolutional networks, ICLR workshop (2014): saliency.
M. Sundararajan, A. Taly & Q. Yan, Axiomatic attribution for deep networks, ICML (2017): integrated gradients.
J. Adebayo et al., Sanity checks for saliency maps, NeurIPS (2018): shuffled weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.learning.networks.pullbacks import Differentiated, Section, Values

State = Mapping[str, NDArray[Any]]

_FEWEST = 8  # numbers of an array that counts as weights


class Differentiable(Protocol):
    """A network on windows of pictures that says how its answers and filters follow the pixels."""

    def differentiated(self, windows: Values) -> Differentiated:
        """Return the answers (n, p) to windows (n, height, width, channels), and their pullback."""

    def sections(self, pictures: Values) -> Iterator[Section]:
        """Go through the parts of the network, each with the values of its filters and their pullback."""


def saliency(network: Differentiable, windows: Values, output: int = 0) -> Values:
    """Return how strongly an answer follows each pixel, shape (n, height, width): the steepest of its channels."""
    return np.abs(_gradient(network, windows, output)).max(axis=-1)


def integrated_gradients(
    network: Differentiable, windows: Values, baseline: Values, *, output: int = 0, nodes: int = 32
) -> Values:
    """Return what each number of a window contributes to an answer, shape (n, height, width, channels).

    Gradients along the straight line from ``baseline`` to the window are integrated by Gauss and Legendre's rule, one
    node after the other. The contributions add up to the difference of the answers to both, as far as the rule is
    exact: gradients of rectifiers jump.

    Parameters
    ----------
    baseline
        What says nothing, of the shape of a window or one that broadcasts to it.
    nodes
        Of the rule; each costs one gradient.
    """
    positions, weights = np.polynomial.legendre.leggauss(nodes)
    away = windows - np.asarray(baseline, dtype=windows.dtype)
    mean = np.zeros_like(windows)
    for position, weight in zip((1 + positions) / 2, weights / 2, strict=True):
        there = windows - windows.dtype.type(1 - position) * away
        mean += windows.dtype.type(weight) * _gradient(network, there, output)
    return away * mean


def shuffled(state: State, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Return what a component learned with the numbers of each array of weights in random order.

    Weights are what has two axes or more; what has one, such as means and scales of features, stays as it is, and so
    do losses, which are on record as ``history``.
    """
    return {
        name: rng.permuted(values.reshape(-1)).reshape(values.shape) if _are_weights(name, values) else values
        for name, values in state.items()
    }


def likeness(ones: Values, others: Values) -> float:
    """Return the mean rank correlation (Spearman's) of the maps (n, …) of one explanation with those of another."""
    from scipy.stats import rankdata

    correlations = []
    for one, other in zip(ones, others, strict=True):
        ranks = [rankdata(values) for values in (one, other)]
        if all(np.ptp(values) for values in ranks):
            correlations.append(np.corrcoef(ranks)[0, 1])
    return float(np.mean(correlations)) if correlations else float("nan")


def _gradient(network: Differentiable, windows: Values, output: int) -> Values:
    parts = []
    for place in range(len(windows)):
        answer, pullback = network.differentiated(windows[[place]])
        asked = np.zeros_like(answer)
        asked[:, output] = 1
        parts.append(pullback(asked))
    return np.concatenate(parts)


def _are_weights(name: str, values: NDArray[Any]) -> bool:
    return values.dtype.kind == "f" and values.ndim > 1 and values.size >= _FEWEST and not name.startswith("history")
