"""What RUS searches: moduli, and the orientation of the crystal where nobody knows it."""

from __future__ import annotations

from spectra.core.quantities import Quantity
from spectra.plugins.rus.sample import RusSample

_DESCRIPTIONS = {
    "K": "bulk modulus",
    "G": "shear modulus",
    "E": "Young's modulus",
    "nu": "Poisson's ratio",
    "A": "Zener's anisotropy 2 C44/(C11 - C12)",
    "rx": "rotation vector of the crystal, about the sample's x",
    "ry": "rotation vector of the crystal, about the sample's y",
    "rz": "rotation vector of the crystal, about the sample's z",
}


def quantities(sample: RusSample) -> tuple[Quantity, ...]:
    """Return the searched moduli, and the rotation vector of a crystal of unknown orientation."""
    moduli = [
        Quantity(
            name=name,
            unit=bounds.unit,
            description=_DESCRIPTIONS.get(name, f"stiffness {name}"),
            lower=bounds.lower,
            upper=bounds.upper,
        )
        for name, bounds in sample.ranges.items()
    ]
    unknown = sample.unknown_orientation
    if unknown is None:
        return tuple(moduli)
    reach = unknown.reach
    turns = [
        Quantity(name=name, unit="deg", description=_DESCRIPTIONS[name], lower=-reach, upper=reach)
        for name in unknown.names
    ]
    return (*moduli, *turns)
