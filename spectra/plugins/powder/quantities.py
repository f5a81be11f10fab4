"""The quantities of a powder, and how they go together with the parameters of the pattern model."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from spectra.core.quantities import Quantity
from spectra.plugins.powder.crystals.cell import EDGES
from spectra.plugins.powder.patterns.model import PatternModel, PhaseModel
from spectra.plugins.powder.sample import PowderSample

Floats = NDArray[np.float64]

SHAPE_FACTOR = 0.9
"""Of Scherrer's formula for full widths at half maximum: about that of cubes and spheres."""
SMALLEST, LARGEST = 1.0, 2000.0  # nm
MOST_STRAIN = 2.0  # %
MOST_SHIFT = 1.0  # degrees


@lru_cache(maxsize=8)
def model_of(sample: PowderSample) -> PatternModel:
    """Return the pattern model of a sample over its range of angles."""
    return PatternModel(sample)


@lru_cache(maxsize=8)
def quantities(sample: PowderSample) -> tuple[Quantity, ...]:
    """Return what is searched: cell, size, microstrain and share of each phase, and the shift."""
    model, found = model_of(sample), []
    for phase in model.phases:
        named = _named(model, phase)
        found += [
            Quantity(
                name=named(name),
                unit="angstrom" if name in EDGES else "deg",
                description="edge of the cell" if name in EDGES else "angle of the cell",
                lower=float(lower),
                upper=float(upper),
            )
            for name, lower, upper in zip(phase.free, phase.lower, phase.upper, strict=True)
        ]
        found += [
            Quantity(
                name=named("size"),
                unit="nm",
                description="of the crystallites, by Scherrer's formula",
                lower=SMALLEST,
                upper=LARGEST,
            ),
            Quantity(
                name=named("microstrain"),
                unit="%",
                description="width of the distribution of strains, at half maximum over 4",
                lower=0.0,
                upper=MOST_STRAIN,
            ),
        ]
        if has_fractions(model):
            found.append(Quantity(name=named("fraction"), unit="%", description="by weight", lower=0.0, upper=100.0))
    law = "times cos θ" if model.in_reflection else "of all lines"
    found.append(Quantity(name="shift", unit="deg", description=f"of 2θ, {law}", lower=-MOST_SHIFT, upper=MOST_SHIFT))
    return tuple(found)


def _named(model: PatternModel, phase: PhaseModel) -> Callable[[str], str]:
    """Return what makes the name of a quantity that of a phase's; of the only phase it is the same."""
    return (lambda name: name) if len(model.phases) == 1 else (lambda name: f"{name} {phase.name}")


def has_fractions(model: PatternModel) -> bool:
    """Whether there is something to be divided, and the atoms of all phases are known."""
    return len(model.phases) > 1 and all(phase.has_atoms for phase in model.phases)


def places(model: PatternModel) -> list[slice]:
    """Return where the quantities of each phase stand: cell, size, microstrain and, perhaps, fraction."""
    more = 3 if has_fractions(model) else 2
    ends = np.cumsum([len(phase.free) + more for phase in model.phases]).tolist()
    return [slice(end - len(phase.free) - more, end) for end, phase in zip(ends, model.phases, strict=True)]


def width_of_size(model: PatternModel, size: Floats | float) -> Floats:
    """Return the Lorentzian width in degrees, times 1/cos θ, of crystallites of ``size`` in nm; and the other way."""
    wavelength = float(model.radiation.wavelengths[0])
    return np.degrees(SHAPE_FACTOR * wavelength / (10 * np.asarray(size, dtype=np.float64)))


def strain_of_width(width: Floats | float) -> Floats:
    """Return the microstrain in % of a Lorentzian width in degrees, times tan θ."""
    return 100 * np.radians(np.asarray(width, dtype=np.float64)) / 4


def parameters_of(model: PatternModel, values: Floats, *, width: float) -> Floats:
    """Return parameters (p,) of the pattern model for quantities.

    Parameters
    ----------
    width
        Gaussian width of the lines in degrees, where the diffractometer is unknown.
    """
    parameters = np.zeros(model.size)
    for phase, place in zip(model.phases, places(model), strict=True):
        own, k = values[place], len(phase.free)
        parameters[phase.cell] = own[:k]
        parameters[phase.broadening] = width_of_size(model, own[k]), np.degrees(4 * own[k + 1] / 100)
    parameters[model.shift] = values[-1]
    if model.width is not None:
        parameters[model.width] = width
    return parameters
