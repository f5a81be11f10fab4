"""The technique 'powder': known phases in a powder scan to their cells, crystallite size, microstrain and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Profile
from spectra.core.technique import Design, Result
from spectra.plugins.powder.crystals.cell import volume
from spectra.plugins.powder.forward import ANGLE, WAVELENGTH_KEY
from spectra.plugins.powder.patterns.model import PhaseModel
from spectra.plugins.powder.quantities import LARGEST, has_fractions, model_of, places, quantities
from spectra.plugins.powder.sample import PowderSample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_POINTS, _BINS = 64, 120
_USUAL_SIZES = (5.0, LARGEST)  # nm
_USUAL_STRAIN, _USUAL_SHIFT = 0.5, 0.3  # %, degrees
_SAME_RADIATION = 0.005  # relative; Kα1 and the mean of Kα differ by less than 0.001
_CROPPED = 0.5  # degrees by which a scan may end early
_DALTON = 1.66053906660  # 1e-24 g


class Powder:
    """Powder diffraction of known phases, by a fit of the whole pattern."""

    sample_schema: type[Sample] = PowderSample
    readers: Sequence[str] = ("xrdml", "profile-text")
    references = "spectra.plugins.powder:references.bib"

    def example_sample(self) -> Mapping[str, Any]:
        """Return silicon on a laboratory's diffractometer."""
        return {
            "name": "silicon",
            "technique": "powder",
            "phases": [{"name": "Si", "space_group": "F d -3 m", "cell": {"a": "5.4312 Å"}}],
            "angles": {"from": "25 °", "to": "80 °", "step": "0.05 °"},
            "instrument": {"W": 0.004},
        }

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return cells, sizes, microstrains and shares of the phases, and the shift."""
        return quantities(_powder(sample))

    def recipes(self, sample: Sample) -> dict[str, Recipe]:  # noqa: ARG002
        """Return the one recipe: a few simulated patterns say where to look, the fit finds it."""
        recipe = Recipe(
            forward_model=Choice(name="powder-pattern"),
            encoder=Choice(name="binned", parameters={"bins": _BINS, "normalisation": "profile"}),
            regressor=Choice(name="nearest"),
            refiner=Choice(name="whole-pattern"),
        )
        return {DEFAULT: recipe, QUICK: recipe}

    def design(self, sample: Sample) -> Design:
        """Return points all over the ranges: cells evenly, sizes by their logarithm, shares that add up to 100 %."""
        found, model = self.quantities(sample), model_of(_powder(sample))
        lower, upper = np.array([(quantity.lower, quantity.upper) for quantity in found]).T
        evenly = qmc.Sobol(len(found), rng=np.random.default_rng(0)).random(_POINTS)
        points = lower + (upper - lower) * evenly
        for place, phase in zip(places(model), model.phases, strict=True):
            size = place.start + len(phase.free)
            low, high = np.log(_USUAL_SIZES)
            points[:, size] = np.exp(low + (high - low) * evenly[:, size])
            points[:, size + 1] = _USUAL_STRAIN * evenly[:, size + 1]
        points[:, -1] = _USUAL_SHIFT * (2 * evenly[:, -1] - 1)
        if has_fractions(model):
            at = [place.stop - 1 for place in places(model)]
            points[:, at] *= 100 / points[:, at].sum(axis=1, keepdims=True)
        return Design(points=points)

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:
        """Keep the range of angles of the sample.

        Raises
        ------
        InputError
            If the measurement is no profile over 2θ, was taken with another radiation, or does not cover the range.
        """
        sample, profile, name = _powder(sample), measurement.signal, measurement.file.name
        angles, known = sample.angles, measurement.details.get(WAVELENGTH_KEY)
        if not isinstance(profile, Profile) or profile.x_unit != ANGLE:
            raise InputError(f"{name} is no diffraction profile over 2θ in degrees.")
        if known is not None and abs(known / sample.lines.wavelengths[0] - 1) > _SAME_RADIATION:
            raise InputError(
                f"{name} was measured with {known:g} Å, but the sample says {sample.radiation!r}.",
                hint="Correct 'radiation' in the sample file.",
            )
        x = profile.x
        if x[0] > angles.lower + _CROPPED or x[-1] < angles.upper - _CROPPED:
            raise InputError(
                f"{name} covers {x[0]:g} to {x[-1]:g}°, but the sample says {angles.lower:g} to {angles.upper:g}°.",
                hint="Give the range that was measured, or a part of it, as 'angles' in the sample file.",
            )
        inside = (x >= angles.lower) & (x <= angles.upper)
        return replace(measurement, signal=replace(profile, x=x[inside], y=profile.y[:, inside]))

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:
        """Return volumes of the cells, densities where the atoms are known, and the displacement of the specimen."""
        sample = _powder(sample)
        model = model_of(sample)
        found: list[EstimatedQuantity] = []
        for phase, place in zip(model.phases, places(model), strict=True):
            cell = slice(place.start, place.start + len(phase.free))
            own = refinement.covariance[cell, cell]
            if not phase.free:
                continue  # a standard
            found += _of_cell(phase, refinement.values[cell], own, alone=len(model.phases) == 1)
        if sample.radius is not None and model.in_reflection:
            factor = -np.radians(1.0) * sample.radius / 2  # Δ2θ = -2 s cos θ / R
            std = float(np.sqrt(refinement.covariance[-1, -1]))
            found.append(
                EstimatedQuantity(
                    name="displacement",
                    unit="mm",
                    method="derived",
                    value=float(factor * refinement.values[-1]),
                    std=abs(factor) * std if np.isfinite(std) else None,
                    note="" if np.isfinite(std) else "the shift is not determined",
                )
            )
        return found

    def remarks(self, result: Result) -> Sequence[str]:  # noqa: ARG002
        """Return what the uncertainties do not cover."""
        return (
            "The uncertainties are those of the fit: noise, misfit and correlated residuals. An error of 1 % in the "
            "wavelength is one of 1 % in all edges.",
        )

    def judge(self, result: Result) -> Verdict:
        """Take over the doubts of the fit."""
        refinement = result.refinement
        if refinement is None:
            return Verdict(reasons=("Nothing was fitted: similar patterns alone say next to nothing.",), refused=True)
        return Verdict(reasons=refinement.doubts, refused=refinement.refused)

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw the scan over the fit, the lines of the phases, and the residual."""
        from spectra.plugins.powder.figure import draw

        draw(result, figure)


def _of_cell(phase: PhaseModel, values: Floats, covariance: Floats, *, alone: bool) -> list[EstimatedQuantity]:
    """Return volume and density of a cell, its covariance (k, k) carried through to first order."""
    constraint = phase.constraint

    def of(cell: Floats) -> float:
        return float(volume(constraint.full(cell)))

    whole = of(values)
    steps = 1e-5 * values
    slope = np.array([(of(values + d) - of(values - d)) / (2 * h) for h, d in zip(steps, np.diag(steps), strict=True)])
    variance = float(slope @ covariance @ slope)
    known = np.isfinite(variance) and variance >= 0
    relative = float(np.sqrt(variance)) / whole if known else None
    found = [("volume", "angstrom^3", whole)]
    if phase.structure.mass is not None:
        found.append(("density", "g/cm^3", phase.structure.mass * _DALTON / whole))
    return [
        EstimatedQuantity(
            name=name if alone else f"{name} {phase.name}",
            unit=unit,
            method="derived",
            value=value,
            std=None if relative is None else value * relative,
            note="" if known else "the cell is not determined",
        )
        for name, unit, value in found
    ]


def _powder(sample: Sample) -> PowderSample:
    if not isinstance(sample, PowderSample):
        raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}, not for 'powder'.")
    return sample
