"""The RUS forward model as the workflows see it: GPa in, peaks in MHz out."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from spectra.core.errors import InputError
from spectra.core.signals import Peaks
from spectra.plugins.rus import shapes
from spectra.plugins.rus.basis import Basis, box_basis
from spectra.plugins.rus.rayleigh_ritz import RayleighRitz
from spectra.plugins.rus.reduced import ReducedModel, reduce_model
from spectra.plugins.rus.sample import (
    Box,
    ConeFrustum,
    Cylinder,
    Ellipsoid,
    EllipticCylinder,
    RegularPrism,
    RusSample,
    Sphere,
)

Floats = NDArray[np.float64]

# Modes this far beyond the window are still handed to a refiner: an error may have moved their peaks inside.
_MARGIN = 0.05
# A reduced model costs about as much as this number of spectra.
_MANY = 300
_REDUCED_ACCURACY = 1e-6


class RusForwardModel:
    """Rayleigh-Ritz resonance frequencies of one sample.

    Parameters
    ----------
    sample
        Shape, mass, symmetry, window and order.
    """

    def __init__(self, sample: RusSample, parameters: BaseModel | None = None) -> None:  # noqa: ARG002 - none to set
        self.sample = sample
        self.window = (sample.window.lower, sample.window.upper)
        self.parametrization = sample.parametrization
        self.solver = RayleighRitz(shape_basis(sample, sample.order), sample.elastic_symmetry, sample.density_kg_m3)

    def simulate(self, values: Floats) -> Peaks:
        """Compute the modes within the window, in MHz, of quantities (n, p), in GPa.

        Many spectra are computed by a reduced model, which is checked against the full one to 1e-6.

        Raises
        ------
        InputError
            If one of them is no stable solid.
        """
        moduli = self._moduli(values)
        reduced = self._reduced if len(values) >= _MANY else None
        if reduced is not None:
            frequencies = 1e-6 * reduced.frequencies(moduli)
        else:
            frequencies = 1e-6 * self.solver.frequencies(moduli, highest=1e6 * self.window[1])
        return Peaks(positions=frequencies, unit="MHz", window=self.window).within(*self.window)

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        """Compute the modes up to a little beyond the window, and ∂f/∂quantity in MHz per unit, shape (m, p)."""
        moduli = self._moduli(values[None])[0]
        modes = self.solver.modes(moduli, highest=1e6 * self.window[1] * (1 + _MARGIN))
        slopes = 1e3 * modes.derivatives @ self.parametrization.jacobian(values)  # Hz/Pa is 1e3 MHz/GPa
        return Peaks(positions=1e-6 * modes.frequencies[None], unit="MHz", window=self.window), slopes

    @cached_property
    def _reduced(self) -> ReducedModel | None:
        candidates = self.parametrization.to_moduli(self.sample.grid())
        candidates = candidates[self.solver.symmetry.is_stable(candidates)]
        return reduce_model(self.solver, 1e9 * candidates, highest=1e6 * self.window[1], accuracy=_REDUCED_ACCURACY)

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
            names, first = self.parametrization.names, values[unstable][0]
            listed = ", ".join(f"{name} = {value:g}" for name, value in zip(names, first, strict=True))
            raise InputError(
                f"No solid has {listed}: its stiffness matrix is not positive definite.",
                hint="For an isotropic solid, for instance, C11 must exceed 4/3 C44.",
            )
        return 1e9 * moduli


def shape_basis(sample: RusSample, order: int) -> Basis:
    """Return the polynomial basis of the sample's shape, in metres."""
    match sample.shape:
        case Box(x=x, y=y, z=z):
            return box_basis((1e-3 * x, 1e-3 * y, 1e-3 * z), order)
        case Cylinder(diameter=outer, height=height, inner_diameter=inner):
            return shapes.cylinder_basis(5e-4 * outer, 1e-3 * height, order, inner_radius=5e-4 * (inner or 0.0))
        case EllipticCylinder(x=x, y=y, height=height):
            return shapes.elliptic_cylinder_basis((5e-4 * x, 5e-4 * y), 1e-3 * height, order)
        case ConeFrustum(bottom_diameter=bottom, top_diameter=top, height=height):
            return shapes.cone_frustum_basis(5e-4 * bottom, 5e-4 * top, 1e-3 * height, order)
        case Sphere(diameter=diameter):
            return shapes.ellipsoid_basis((5e-4 * diameter,) * 3, order)
        case Ellipsoid(x=x, y=y, z=z):
            return shapes.ellipsoid_basis((5e-4 * x, 5e-4 * y, 5e-4 * z), order)
        case RegularPrism(sides=sides, side=side, height=height):
            circumradius = 5e-4 * side / np.sin(np.pi / sides)
            return shapes.regular_prism_basis(sides, circumradius, 1e-3 * height, order)
