"""The pictures that the forward model offers, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES
from spectra.plugins.rus.modes.rayleigh_ritz import Modes, RayleighRitz
from spectra.plugins.rus.pictures.mode_shapes import draw_mode_shapes, room_for
from spectra.plugins.rus.pictures.sensitivities import draw_sensitivities
from spectra.plugins.rus.pictures.surfaces import skin_of
from spectra.plugins.rus.pictures.young import draw_young
from spectra.plugins.rus.sample import RusSample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

PICTURES: Mapping[str, str] = MappingProxyType(
    {
        "modes": "Displacement of the body in each mode, exaggerated",
        "sensitivities": "By how much each modulus moves each mode, ∂ ln f/∂ ln C",
        "young": "Young's modulus over direction, along the crystal's axes",
    }
)


def draw(
    sample: RusSample,
    solver: RayleighRitz,
    modes: Modes,
    values: Floats,
    figure: Figure,
    *,
    picture: str,
    rows: Sequence[int] | None,
) -> None:
    """Draw one of :data:`PICTURES`; see :class:`~spectra.core.components.DrawingForwardModel`.

    Parameters
    ----------
    modes
        Those within the window: the rows.
    """
    crystal = sample.crystal_parametrization
    moduli = len(crystal.names)  # the first of the values; small turns of the crystal come after them
    if picture == "young":
        if rows is not None:
            raise InputError("Young's modulus over direction has no rows.", hint="Leave out --rows.")
        independent = crystal.to_moduli(values[None, :moduli])[0]
        draw_young(figure, np.tensordot(independent, SYMMETRIES[sample.symmetry].crystal_basis, axes=1))
        return
    count = len(modes.frequencies)
    if rows is None:
        shown = min(room_for(figure.get_figwidth()), count) if picture == "modes" else count
        rows = range(1, shown + 1)
    if not rows or min(rows) < 1 or max(rows) > count:
        listed = ", ".join(str(row) for row in rows if not 1 <= row <= count) or "none"
        raise InputError(f"The spectrum has the modes 1 to {count}, not {listed}.", hint="Change --rows.")
    chosen = modes.taken([row - 1 for row in rows])
    if picture == "modes":
        draw_mode_shapes(figure, solver, chosen, skin_of(sample.shape), rows)
        return
    slopes = 1e9 * chosen.derivatives @ sample.parametrization.jacobian(values)
    effects = (slopes * values / chosen.frequencies[:, None])[:, :moduli]
    draw_sensitivities(figure, 1e-6 * chosen.frequencies, effects, crystal.names, rows)
