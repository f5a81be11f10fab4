"""Signals whose quantities are known, one of each kind, for components that no technique of their plugin uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity
from spectra.core.signals import Bundle, Image, Peaks, Places, Profile, Signal

Floats = NDArray[np.float64]

QUANTITIES = (
    Quantity(name="place", unit="mm", description="where the line is", lower=0.0, upper=1.0),
    Quantity(name="width", unit="mm", description="how wide it is", lower=0.0, upper=1.0),
)

_POINTS = 64
_PEAKS = 24
_SIDE = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """Signals whose quantities are known.

    Parameters
    ----------
    label
        What they are, for a sentence.
    values : ndarray, shape (n, p)
        In the quantities' units.
    signal
        A stack of n.
    """

    label: str
    quantities: tuple[Quantity, ...]
    values: Floats
    signal: Signal


def materials(count: int = 40, seed: int = 0) -> list[Material]:
    """Return ``count`` signals of every kind, bundles of two profiles and of profile and image included."""
    values = np.random.default_rng(seed).random((count, len(QUANTITIES)))
    kinds: dict[str, Callable[[Floats], Signal]] = {
        "synthetic peaks": peaks,
        "a synthetic profile": profile,
        "a synthetic image": image,
        "synthetic places": places,
        "a synthetic bundle of two profiles": lambda v: Bundle(parts={"first": profile(v), "second": profile(1 - v)}),
        "a synthetic bundle of profile and image": lambda v: Bundle(parts={"profile": profile(v), "image": image(v)}),
    }
    return [
        Material(label=label, quantities=QUANTITIES, values=values, signal=draw(values))
        for label, draw in kinds.items()
    ]


def peaks(values: Floats) -> Peaks:
    """Draw a series of lines from 1 to 3 MHz whose start and distance ``values`` (n, 2) say; some end early."""
    place, width = values.T[:, :, None]
    positions = 1.05 + 0.3 * place + (0.04 + 0.05 * width) * np.arange(_PEAKS)
    return Peaks(positions=positions, unit="MHz", window=(1.0, 3.0)).within(1.0, 3.0)


def profile(values: Floats) -> Profile:
    """Draw a line whose place and width ``values`` (n, 2) say, beside one that stands still, from 30° to 90°."""
    place, width = values.T[:, :, None]
    x = np.linspace(30.0, 90.0, _POINTS)
    moving = np.exp(-0.5 * ((x - 45 - 10 * place) / (3 + 2 * width)) ** 2)
    return Profile(x=x, y=moving + 0.5 * np.exp(-0.5 * ((x - 75) / 4) ** 2), x_unit="deg", y_unit="counts")


def image(values: Floats) -> Image:
    """Draw a round spot whose place and width ``values`` (n, 2) say."""
    place, width = values.T[:, :, None, None]
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE] / (_SIDE - 1)
    spot = np.exp(-0.5 * ((rows - 0.5) ** 2 + (columns - 0.2 - 0.6 * place) ** 2) / (0.1 + 0.1 * width) ** 2)
    return Image(pixels=spot[..., np.newaxis].astype(np.float32), unit="1")


def places(values: Floats) -> Places:
    """Draw the spots of :func:`image` side by side in one picture, and point at the middle of each."""
    spots = image(values).pixels
    middles = _SIDE // 2 + _SIDE * np.arange(len(spots))
    zeros = np.zeros_like(middles)
    return Places(
        pictures=np.concatenate(list(spots), axis=1)[np.newaxis],
        places=np.column_stack([zeros, zeros + _SIDE // 2, middles]).astype(np.int32),
        unit="1",
    )
