"""The technique RUS: its quantities, default recipes, design, preparation and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError
from spectra.core.formats.views import View
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Peaks
from spectra.core.technique import Design, Result
from spectra.plugins.learning import doubts
from spectra.plugins.rus.bodies.schema import Surface
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES, debye_temperature, engineering_values
from spectra.plugins.rus.quantities import quantities
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.views import VIEWS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

NEAREST = "nearest"
# Spectra all over the ranges, by the number of quantities: their ratios are one fewer.
_SEARCHED, _MOST_SEARCHED = {2: 60, 3: 400}, 2000
_CERTAIN = 3  # quantities, for which a network's answers are starts good enough

_TOLERANCE = 0.003  # of lengths, relative: 10 µm of 3 mm, faces that are not quite parallel, rounded edges
# SI unit -> the field's unit and its size
_MOST_SWEEPS = 960  # of the posterior sample, which takes 2 s for a hundred lines
_FIELD_UNITS = {"Pa": ("GPa", 1e9), "m/s": ("m/s", 1.0), "K": ("K", 1.0), "": ("", 1.0), "deg": ("deg", 1.0)}

_MANY, _SEVERAL = 100, 3  # lines; times as many as there are modes


class Rus:
    """Resonant ultrasound spectroscopy: resonance frequencies of one specimen to its elastic moduli."""

    sample_schema: type[Sample] = RusSample
    readers: Sequence[str] = ("peak-list", "sweep")
    processors: Sequence[str] = ("resonances",)
    views: Mapping[str, View] = VIEWS
    references = "spectra.plugins.rus:references.bib"

    def example_sample(self) -> Mapping[str, Any]:
        """Return a small block of aluminium with some tens of modes."""
        return {
            "name": "aluminium-block",
            "technique": "rus",
            "shape": {"kind": "box", "x": "11.92 mm", "y": "10.93 mm", "z": "9.86 mm"},
            "density": "2788 kg/m^3",
            "symmetry": "isotropic",
            "search": {
                "C11": {"from": "90 GPa", "to": "130 GPa", "step": "4 GPa"},
                "C44": {"from": "22 GPa", "to": "32 GPa", "step": "1 GPa"},
            },
            "window": {"from": "0.1 MHz", "to": "0.3 MHz"},
        }

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return the searched moduli."""
        return quantities(_rus(sample))

    def recipes(self, sample: Sample) -> dict[str, Recipe]:
        """Return three recipes: fingerprint and dense network; a search of its own; the nearest simulated spectra.

        The first is the default and the second ``quick``. For a crystal of unknown orientation both are the third,
        ``nearest``: no cheap model serves a search there, and a network's answer lies between orientations at two ends
        of what can be told apart, which have nearly the same spectrum.
        """
        converging = {"most_sweeps": _MOST_SWEEPS, "tolerance": _TOLERANCE}
        nearest = Recipe(
            forward_model=Choice(name="rayleigh-ritz"),
            distortions=(Choice(name="shift"), Choice(name="missing")),
            encoder=Choice(name="broadened"),
            regressor=Choice(name="nearest"),
            refiner=Choice(name="posterior", parameters=converging),
        )
        if _rus(sample).orientation == "unknown":
            return {DEFAULT: nearest, QUICK: nearest, NEAREST: nearest}
        count = len(self.quantities(sample))
        searched = {"spectra": _SEARCHED.get(count, _MOST_SEARCHED)}
        searching = Choice(name="posterior", parameters=searched | converging)
        dense = {"encoder": Choice(name="fingerprint"), "regressor": Choice(name="dense")}
        if count > _CERTAIN:
            dense["refiner"] = searching
        return {
            DEFAULT: nearest.model_copy(update=dense),
            QUICK: nearest.model_copy(
                update={"forward_model": Choice(name="rayleigh-ritz-sampled"), "refiner": searching}
            ),
            NEAREST: nearest,
        }

    def design(self, sample: Sample) -> Design:
        """Return the grid of the searched ranges, less the points at which no solid is stable.

        Raises
        ------
        InputError
            If no point is left, the window holds no mode or far too many, or the order of the expansion is too low for
            it.
        """
        sample = _rus(sample)
        grid = sample.grid()
        moduli = sample.parametrization.to_moduli(grid)
        stable = sample.elastic_symmetry.is_stable(moduli)
        if not stable.any():
            sample.softest()  # says so
        notes = []
        if left_out := int((~stable).sum()):
            notes.append(f"{left_out:,} of {len(grid):,} grid points are not stable solids and are left out.")
        if isinstance(sample.shape, Surface):
            notes.append(sample.shape.description())
        if sample.unknown_orientation is not None:
            count = len(sample.unknown_orientation.spread)
            notes.append(f"{count} orientations represent all that spectra can distinguish.")
        order, error = sample.convergence
        if sample.most_modes <= len(sample.parametrization.names):
            notes.append(
                f"Even the softest solid in the searched ranges has only {sample.most_modes:.0f} modes in the window "
                f"from {sample.window.lower:g} to {sample.window.upper:g} MHz, too few for "
                f"{len(sample.parametrization.names)} quantities."
            )
        notes.append(
            f"Order {order}: modes up to {sample.window.upper:g} MHz are computed at most {error:.1g} (relative) too "
            "high, but for one in ten solids in the ranges, the softest."
        )
        return Design(points=grid[stable], notes=tuple(notes))

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:
        """Keep the peaks within the sample's window.

        Raises
        ------
        InputError
            If the measurement is no peak list, or has no peak in the window, saying if its unit is the likely cause;
            if its temperature is outside the table of the thermal expansion.
        """
        sample, peaks = _rus(sample), measurement.signal
        if not isinstance(peaks, Peaks):
            raise InputError(f"RUS needs a list of peaks; {measurement.file.name} holds a {peaks.kind}.")
        peaks, said = _at_reference_lengths(sample, peaks, measurement)
        low, high = sample.window.lower, sample.window.upper
        positions = peaks.positions[0]
        inside = int(((positions >= low) & (positions <= high)).sum())
        if 2 * inside < len(positions):
            sample.check_units()
            raise InputError(
                f"{measurement.file.name}: {len(positions) - inside} of {len(positions)} peaks lie outside the window "
                f"of {sample.name!r}, {low:g} to {high:g} MHz; they run from {positions.min():g} to "
                f"{positions.max():g} MHz.",
                hint=_likely_unit(positions, measurement, low, high),
            )
        if inside > _MANY and inside > _SEVERAL * sample.most_modes:
            sample.check_units()
            raise InputError(
                f"{measurement.file.name}: {inside:,} lines lie in the window, but even the softest solid in the "
                f"searched ranges of {sample.name!r} has only about {sample.most_modes:.0f} modes there; is this a "
                "sweep?",
                hint="Give one frequency for each resonance, or check the units of the sample file.",
            )
        searched = len(sample.parametrization.names)
        if inside <= searched:
            raise InputError(
                f"{measurement.file.name}: {inside} peaks cannot determine {searched} quantities.",
                hint="Measure more resonances or search fewer quantities.",
            )
        notes = [*measurement.notes, *said]
        if inside < len(positions):
            notes.append(f"{len(positions) - inside} peaks outside the window {low:g} to {high:g} MHz were left out.")
        if high - positions.max() > 0.05 * (high - low):
            notes.append(
                f"The list ends at {positions.max():.4g} MHz but the window at {high:g} MHz: modes in between count "
                "as missing. If nobody looked there, end the sample's window where the list ends."
            )
        return replace(measurement, signal=peaks.within(low, high), notes=tuple(notes))

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:
        """Return averages, velocities and the Debye temperature, with the covariance carried through to first order."""
        sample = _rus(sample)
        values = _engineering(sample, refinement.values)
        step = 1e-5 * np.maximum(np.abs(refinement.values), 1e-2)
        slopes = {
            name: np.array(
                [
                    (
                        _engineering(sample, refinement.values + delta)[name][0]
                        - _engineering(sample, refinement.values - delta)[name][0]
                    )
                    / (2 * h)
                    for h, delta in zip(step, np.diag(step), strict=True)
                ]
            )
            for name in values
        }
        derived = []
        for name, (value, unit) in values.items():
            variance = float(slopes[name] @ refinement.covariance @ slopes[name])
            known = np.isfinite(variance)
            derived.append(
                EstimatedQuantity(
                    name=name,
                    unit=unit,
                    method="derived",
                    value=value,
                    std=float(np.sqrt(max(variance, 0.0))) if known else None,
                    note="" if known else "a modulus that it depends on is not determined",
                )
            )
        return derived

    def remarks(self, result: Result) -> Sequence[str]:
        """Return remarks on systematic errors that the uncertainties do not include."""
        sample = _rus(result.sample)
        known = "mass" if sample.mass is not None else "density"
        if result.refinement and any(table.name == "lengths" for table in result.refinement.tables):
            scale = f"1 % in the {known} moves every modulus by 1 %"
            return (f"The uncertainties are those of the fit and of the lengths; an error of {scale}.",)
        if sample.mass is not None:
            scale = "1 % in the mass moves every modulus by 1 %, one of 1 % in all dimensions by 1 % the other way"
        else:
            scale = "1 % in the density moves every modulus by 1 %, one of 1 % in all dimensions by 2 %"
        return (f"The uncertainties are those of the fit alone; an error of {scale}.",)

    def judge(self, result: Result) -> Verdict:
        """Doubt and refuse what the refiner does; doubt a regressor far from its ranges or from the refined answer."""
        refinement = result.refinement
        return Verdict(
            reasons=(
                *(refinement.doubts if refinement else ()),
                *doubts.of_uncertainty(result),
                *doubts.of_refinement(result),
                *doubts.of_ranges(result),
            ),
            refused=refinement is not None and refinement.refused,
        )

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw measured against computed modes, their differences, and the fingerprints."""
        from spectra.plugins.rus.figure import draw

        draw(result, figure)


def _rus(sample: Sample) -> RusSample:
    if not isinstance(sample, RusSample):
        raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}, not for 'rus'.")
    return sample


def _at_reference_lengths(sample: RusSample, peaks: Peaks, measurement: Measurement) -> tuple[Peaks, Sequence[str]]:
    """Return peaks as they were if the specimen had the lengths of the sample file, and a note on it.

    A body that grows by ε in all directions and keeps its mass has, at the same moduli, frequencies that are larger by
    the root of 1 + ε, for f² grows as the moduli times length over mass.
    """
    if sample.expansion is None:
        return peaks, ()
    temperature = next((c.value for c in measurement.conditions if c.name == "temperature" and c.unit == "K"), None)
    if temperature is None:
        return peaks, ("The thermal expansion is not used: nothing says the temperature of the measurement.",)
    try:
        strain = sample.expansion.strain(temperature)
    except ValueError as error:
        raise InputError(
            f"{measurement.file.name}: {error}.", hint="Extend the table, or leave out 'expansion' in the sample file."
        ) from error
    factor = (1 + strain) ** -0.5
    scaled = {
        name: factor * getattr(peaks, name) for name in ("widths", "deviations") if getattr(peaks, name) is not None
    }
    low, high = peaks.window
    moved = replace(peaks, positions=factor * peaks.positions, window=(factor * low, factor * high), **scaled)
    return moved, (
        f"At {temperature:g} K the lengths differ by {100 * strain:+.3f} % from those at "
        f"{sample.expansion.reference:g} K; the frequencies were divided by {1 / factor:.6f} for it.",
    )


def _likely_unit(positions: Floats, measurement: Measurement, low: float, high: float) -> str:
    """Say in which unit the numbers of a file would lie in the window, if there is one."""
    declared = measurement.details.get("unit in file", "MHz")
    sizes = {"Hz": 1e-6, "kHz": 1e-3, "MHz": 1.0, "GHz": 1e3}
    numbers = positions / sizes[declared]
    for unit, size in sizes.items():
        if unit != declared and 2 * np.sum((size * numbers >= low) & (size * numbers <= high)) > len(numbers):
            return f"The numbers look like {unit}, but {declared} was declared: use '--set reader.unit={unit}'."
    return "Check the window of the sample file and the unit of the list."


def _engineering(sample: RusSample, values: Floats) -> dict[str, tuple[float, str]]:
    """Return engineering values in the field's units, as name: (value, unit)."""
    moduli = sample.parametrization.to_moduli(values[None])[0]
    stiffness = 1e9 * sample.elastic_symmetry.stiffness(moduli)
    derived = engineering_values(stiffness, sample.density_kg_m3)
    if sample.mean_atomic_mass is not None:
        atomic_mass = 1e-3 * sample.mean_atomic_mass
        velocity = derived["mean velocity"][0]
        derived["Debye temperature"] = (debye_temperature(velocity, sample.density_kg_m3, atomic_mass), "K")
    if sample.symmetry == "isotropic":
        # Voigt, Reuss and Hill agree, and there is no anisotropy to report.
        derived = {name.replace(" (Hill)", ""): entry for name, entry in derived.items()}
        derived = {n: e for n, e in derived.items() if "(" not in n and "anisotropy" not in n}
        derived = {"C12": (float(stiffness[0, 1]), "Pa")} | derived
    crystal = sample.crystal_parametrization
    along_axes = 1e9 * crystal.to_moduli(values[None, : len(crystal.names)])[0]
    names = SYMMETRIES[sample.symmetry].moduli
    derived = {name: (float(value), "Pa") for name, value in zip(names, along_axes, strict=True)} | derived
    if sample.unknown_orientation is not None:
        turns = values[-len(sample.unknown_orientation.names) :]
        derived["misorientation"] = (float(np.linalg.norm(turns)), "deg")
    searched = sample.parametrization.names
    return {
        name: (value / _FIELD_UNITS[unit][1], _FIELD_UNITS[unit][0])
        for name, (value, unit) in derived.items()
        if name not in searched
    }
