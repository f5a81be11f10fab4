"""Pictures that a filter of a network answers most strongly: figure 2E of Lew et al. (2023).

From noise, the picture climbs along the gradient of the filter's mean (Erhan et al. 2009). What climbs is what the
network sees: shades, or c-axes, which stay of unit length.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.images.orientations import colours_of_axes, tensors
from spectra.plugins.learning.explaining import Differentiable
from spectra.plugins.learning.networks.pullbacks import Values

Singles = NDArray[np.float32]

_NOISE = 0.1  # around grey, of shades
_SMALLEST = 1e-12


class Shades:
    """A picture of shades or colours between black and white."""

    def start(self, size: int, channels: int, rng: np.random.Generator) -> Singles:
        """Return grey noise, shape (1, size, size, channels)."""
        return (0.5 + _NOISE * (rng.random((1, size, size, channels)) - 0.5)).astype(np.float32)

    def seen(self, state: Singles) -> Singles:
        """Return what the network sees."""
        return state

    def moved(self, state: Singles, gradient: Values, step: float) -> Singles:
        """Take a step along the gradient with respect to what is seen."""
        scale = np.sqrt(np.mean(gradient**2)) + _SMALLEST
        return np.clip(state + np.float32(step / scale) * gradient, 0, 1)

    def shown(self, state: Singles) -> Singles:
        """Return colours (size, size, 3)."""
        colours: Any = state[0]
        return np.repeat(colours[..., :1], 3, axis=-1) if colours.shape[-1] != 3 else colours


class Axes:
    """A picture of c-axes, seen as c⊗c."""

    def start(self, size: int, channels: int, rng: np.random.Generator) -> Singles:  # noqa: ARG002
        """Return axes of random directions, shape (1, size, size, 3)."""
        return _of_unit_length(np.asarray(rng.normal(size=(1, size, size, 3)), dtype=np.float32))

    def seen(self, state: Singles) -> Singles:
        """Return their tensors."""
        return tensors(state)

    def moved(self, state: Singles, gradient: Values, step: float) -> Singles:
        """Turn the axes along the gradient with respect to their tensors."""
        xx, yy, zz, yz, xz, xy = np.moveaxis(gradient, -1, 0)
        x, y, z = np.moveaxis(state, -1, 0)
        slope = np.stack(
            [2 * xx * x + xz * z + xy * y, 2 * yy * y + yz * z + xy * x, 2 * zz * z + yz * y + xz * x], axis=-1
        )
        scale = np.sqrt(np.mean(slope**2)) + _SMALLEST
        return _of_unit_length((state + (step / scale) * slope).astype(np.float32))

    def shown(self, state: Singles) -> Singles:
        """Return their PIC colours, shape (size, size, 3)."""
        return colours_of_axes(state[0])


def maximised(
    network: Differentiable,
    section: str,
    filters: Iterable[int],
    *,
    canvas: Shades | Axes,
    size: int,
    channels: int,
    rng: np.random.Generator,
    steps: int = 40,
    step: float = 0.1,
) -> Singles:
    """Return a picture for each of the filters of a section, as colours (n, size, size, 3).

    Raises
    ------
    InputError
        If the network has no such section.
    """
    pictures = []
    for number in filters:
        state = canvas.start(size, channels, rng)
        for _ in range(steps):
            state = canvas.moved(state, _slope(network, section, number, canvas.seen(state)), step)
        pictures.append(canvas.shown(state))
    return np.stack(pictures)


def activation(network: Differentiable, section: str, number: int, seen: Values) -> float:
    """Return the mean of one filter over a picture that the network sees, shape (1, size, size, channels)."""
    return float(_section(network, section, seen).values[..., number].mean())


def _slope(network: Differentiable, section: str, number: int, seen: Values) -> Values:
    found = _section(network, section, seen)
    asked = np.zeros_like(found.values)
    asked[..., number] = 1 / asked[0, ..., 0].size
    return found.pullback(asked)


def _section(network: Differentiable, name: str, seen: Values) -> Any:
    names = []
    for section in network.sections(seen):
        if section.name == name:
            return section
        names.append(section.name)
    raise InputError(f"The network has no section {name!r}.", hint=f"It has {', '.join(names)}.")


def _of_unit_length(axes: Singles) -> Singles:
    return axes / np.maximum(np.linalg.norm(axes, axis=-1, keepdims=True), np.float32(_SMALLEST))
