"""The network of :class:`~spectra.plugins.images.map_network.MapNetwork` with its gradients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spectra.core.signals import Places, Signal
from spectra.plugins.images.map_network import MapNetwork
from spectra.plugins.images.windows.cutting import channels_of
from spectra.plugins.learning.networks.layers import Layer, Singles
from spectra.plugins.learning.networks.pullbacks import (
    Differentiated,
    Section,
    Values,
    composed,
    convolved,
    rectified,
    scaled,
)


class ExplainedMapNetwork:
    """A trained map network on windows as large as it sees, in the channels before they are standardised."""

    def __init__(self, encoder: MapNetwork) -> None:
        self._encoder = encoder
        self.fill_, self.level_ = encoder.mean_, encoder.level_

    @property
    def size(self) -> int:
        """Height and width of a window in pixels."""
        return 2 * self._encoder.reach + 1

    @property
    def smallest(self) -> int:
        """Fewest pixels along the sides of a picture that reaches all layers."""
        return self.size

    @property
    def network(self) -> ExplainedMapNetwork:
        """The network itself."""
        return self

    def windows(self, signal: Signal) -> Iterator[Singles]:
        """Cut the windows of places, whose pictures are those windows: (height, width, channels)."""
        assert isinstance(signal, Places)  # noqa: S101
        oriented, half = self._encoder.parameters.orientations, self._encoder.reach
        for number, row, column in signal.places.tolist():
            part = signal.pictures[number, row - half : row + half + 1, column - half : column + half + 1]
            seen = channels_of(part, signal.unit, orientations=oriented)
            yield np.where(np.isfinite(seen), seen, self.fill_).astype(np.float32)

    def differentiated(self, windows: Values) -> Differentiated:
        """Evaluate windows (n, size, size, channels): answers (n, p), and their pullback."""
        *_, last = self.sections(windows)
        kernel, bias = self._encoder.layers_[-1]
        values, of_answer = convolved(last.values, _at_each_pixel((kernel, bias)))
        pullback = composed((last.pullback, of_answer))
        return values[:, 0, 0], lambda gradient: pullback(gradient[:, np.newaxis, np.newaxis])

    def sections(self, pictures: Values) -> Iterator[Section]:
        """Go through the layers but the last: convolutions, and a hidden layer at each pixel."""
        encoder = self._encoder
        values, standardised = scaled(pictures, _standardising(encoder))
        known = np.ones((*values.shape[:-1], 1), dtype=values.dtype)
        values, pullbacks = (
            np.concatenate([values, known], axis=-1),
            [standardised, lambda gradient: gradient[..., :-1]],
        )
        for place, layer in enumerate(encoder.layers_[:-1]):
            hidden = place >= encoder.reach
            values, of_layer = convolved(values, _at_each_pixel(layer) if hidden else layer)
            values, of_rectifier = rectified(values)
            pullbacks += [of_layer, of_rectifier]
            yield Section("hidden layer" if hidden else f"convolution {place + 1}", values, composed(pullbacks))


def _standardising(encoder: MapNetwork) -> Layer:
    """Return scale and shift that give each channel the mean 0 and the standard deviation 1."""
    scale = np.reciprocal(encoder.scale_)
    return scale, np.asarray(-encoder.mean_ * scale, dtype=np.float32)


def _at_each_pixel(layer: Layer) -> Layer:
    """Return a linear layer as a convolution of one tap."""
    kernel, bias = layer
    return kernel[np.newaxis, np.newaxis], bias
