"""Views of a prediction: where the computed frequencies differ from the measured ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from spectra.core.formats.views import Curve, Plot, Recorded, View, ViewBlock


def differences(recorded: Recorded) -> Sequence[ViewBlock]:
    """Return the relative difference of each matched mode over its frequency."""
    modes = recorded.table("modes")
    if modes is None:
        return ["Nothing was refined, so that no mode was matched."]
    unit = next(column.unit for column in modes.columns if column.name == "measured")
    measured, difference = (
        np.array([np.nan if value is None else value for value in modes.column(name)], dtype=float)
        for name in ("measured", "difference")
    )
    matched = np.isfinite(measured) & np.isfinite(difference)
    if not matched.any():
        return ["No measured line was matched with a mode."]
    points = Curve(name="modes", x=measured[matched], y=difference[matched], marks="points")
    ends = np.array([measured[matched].min(), measured[matched].max()])
    none = Curve(name="no difference", x=ends, y=0 * ends)
    size = float(np.sqrt(np.mean(difference[matched] ** 2)))
    return [
        Plot(
            title="Differences of the modes",
            x_label=f"measured frequency ({unit})",
            y_label="measured less computed (%)",
            curves=[none, points],
        ),
        f"The rms difference of {int(matched.sum())} modes is {size:.3f} %. A trend with the frequency speaks of the "
        "geometry or of the order of the basis, single outliers of wrong matches.",
    ]


VIEWS: Mapping[str, View] = MappingProxyType({"differences": View(title="Differences of the modes", show=differences)})
