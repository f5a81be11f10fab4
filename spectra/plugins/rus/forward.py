"""The RUS forward model as the workflows see it: GPa in, peaks in MHz out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from spectra.core.errors import InputError
from spectra.core.signals import Peaks
from spectra.plugins.rus.basis import Basis, box_basis, cylinder_basis
from spectra.plugins.rus.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.sample import Box, RusSample

Floats = NDArray[np.float64]

# Modes this far beyond the window are still handed to a refiner: an error may have moved their peaks inside.
_MARGIN = 0.05


class RusForwardModel:
    """Rayleigh-Ritz resonance frequencies of one sample.

    Parameters
    ----------
    sample
        Shape, mass, symmetry, window and order.
    """

    def __init__(self, sample: RusSample, parameters: BaseModel | None = None) -> None:  # noqa: ARG002 - none to set
        self.window = (sample.window.lower, sample.window.upper)
        self.parametrization = sample.parametrization
        self.solver = RayleighRitz(shape_basis(sample), sample.elastic_symmetry, sample.density_kg_m3)

    def simulate(self, values: Floats) -> Peaks:
        """Compute the modes within the window, in MHz, of quantities (n, p), in GPa.

        Raises
        ------
        InputError
            If one of them is no stable solid.
        """
        moduli = self._moduli(values)
        frequencies = 1e-6 * self.solver.frequencies(moduli, highest=1e6 * self.window[1])
        return Peaks(positions=frequencies, unit="MHz", window=self.window).within(*self.window)

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        """Compute the modes up to a little beyond the window, and ∂f/∂quantity in MHz per unit, shape (m, p)."""
        moduli = self._moduli(values[None])[0]
        modes = self.solver.modes(moduli, highest=1e6 * self.window[1] * (1 + _MARGIN))
        slopes = 1e3 * modes.derivatives @ self.parametrization.jacobian(values)  # Hz/Pa is 1e3 MHz/GPa
        return Peaks(positions=1e-6 * modes.frequencies[None], unit="MHz", window=self.window), slopes

    def _moduli(self, values: Floats) -> Floats:
        """Return independent moduli (n, k) in Pa of quantities (n, p).

        Raises
        ------
        InputError
            If one of them is no stable solid.
        """
        moduli = self.parametrization.to_moduli(values)
        unstable = ~self.solver.symmetry.is_stable(moduli)
        if unstable.any():
            first = ", ".join(
                f"{n} = {v:g}" for n, v in zip(self.parametrization.names, values[unstable][0], strict=True)
            )
            raise InputError(
                f"No solid has {first}: its stiffness matrix is not positive definite.",
                hint="For an isotropic solid, for instance, C11 must exceed 4/3 C44.",
            )
        return 1e9 * moduli


def shape_basis(sample: RusSample) -> Basis:
    """Return the polynomial basis of the sample's shape, in metres."""
    shape = sample.shape
    if isinstance(shape, Box):
        return box_basis((1e-3 * shape.x, 1e-3 * shape.y, 1e-3 * shape.z), sample.order)
    return cylinder_basis(1e-3 * shape.diameter / 2, 1e-3 * shape.height, sample.order)
