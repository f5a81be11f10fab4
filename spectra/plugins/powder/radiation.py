"""Characteristic radiation: wavelengths and weights of what an X-ray tube or a monochromator gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Kα1, Kα2, Kβ in Å: Hölzer et al., Phys. Rev. A 56, 4554 (1997) for Cr to Cu; Deslattes et al., Rev. Mod. Phys. 75, 35
# (2003) for Mo and Ag, and all Kβ
TUBES = {
    "Cr": (2.2897260, 2.2936510, 2.0848810),
    "Fe": (1.9360410, 1.9399730, 1.7566040),
    "Co": (1.7889960, 1.7928350, 1.6208260),
    "Cu": (1.5405929, 1.5444274, 1.3922340),
    "Mo": (0.70931715, 0.713607, 0.632303),
    "Ag": (0.55942178, 0.5638131, 0.497082),
}
_ALPHA2 = 0.5  # of Kα1, by the statistical weights of L₂ and L₃


@dataclass(frozen=True, kw_only=True, eq=False)
class Radiation:
    """The lines of a source.

    Parameters
    ----------
    wavelengths, weights : ndarray, shape (k,)
        In Å, the strongest first; weights add up to 1.
    beta
        Kβ in Å, which filters leave a per cent of; ``None`` where there is none.
    """

    wavelengths: Floats
    weights: Floats
    beta: float | None = None


def radiation_of(text: str) -> Radiation:
    """Return what ``Cu Kα``, ``Cu Kα1`` or a wavelength like ``0.4592 Å`` stands for.

    Raises
    ------
    ValueError
        If it is neither.
    """
    from spectra.core.basics.units import parse_quantity

    words = text.replace("K-alpha", "Kα").replace("Kalpha", "Kα").replace("Ka", "Kα").split()
    if len(words) == 2 and words[0] in TUBES and words[1] in ("Kα", "Kα1"):
        alpha1, alpha2, beta = TUBES[words[0]]
        if words[1] == "Kα1":
            return Radiation(wavelengths=np.array([alpha1]), weights=np.ones(1))
        weights = np.array([1.0, _ALPHA2]) / (1 + _ALPHA2)
        return Radiation(wavelengths=np.array([alpha1, alpha2]), weights=weights, beta=beta)
    try:
        wavelength = parse_quantity(text, "angstrom")
    except ValueError:
        wavelength = np.nan
    if not 0.1 < wavelength < 5:
        raise ValueError(
            f"{text!r} is no radiation; write a tube's as 'Cu Kα' ({', '.join(TUBES)}), 'Cu Kα1' behind a "
            "monochromator that takes Kα2 away, or a wavelength as '0.4592 Å'"
        )
    return Radiation(wavelengths=np.array([wavelength]), weights=np.ones(1))
