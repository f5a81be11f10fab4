"""Reader of orientation maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveInt

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Image
from spectra.plugins.images.maps.formats import read_scan
from spectra.plugins.images.maps.scan import Phase
from spectra.plugins.images.orientations import ANGLES

Region = tuple[NonNegativeInt, NonNegativeInt, PositiveInt, PositiveInt]


@dataclass(frozen=True, kw_only=True, eq=False)
class OrientationMap:
    """An orientation map as a picture.

    Parameters
    ----------
    angles : ndarray, shape (height, width, 3)
        Bunge angles in degrees, NaN where nothing is indexed.
    origin
        x and y of the first pixel, in µm.
    """

    angles: NDArray[np.float32]
    um_per_pixel: float
    origin: tuple[float, float]
    phase: Phase
    notes: tuple[str, ...] = ()

    @property
    def indexed(self) -> float:
        """Share of pixels that have an orientation."""
        return float(np.isfinite(self.angles[..., 0]).mean())


def read_orientation_map(file: RawFile, phase: str | None = None) -> OrientationMap:
    """Read an orientation map, of which one phase is kept.

    Raises
    ------
    InputError
        If the file is in no known format or damaged, the points form no grid, or the phase is not certain.
    """
    scan, chosen = read_scan(file).of_phase(phase)
    angles, um_per_pixel, notes = scan.picture()
    gaps = 1 - np.isfinite(angles[..., 0]).mean()
    if gaps:
        notes = (*notes, f"{gaps:.1%} of the map is not indexed as {chosen.name}.")
    return OrientationMap(
        angles=angles,
        um_per_pixel=um_per_pixel,
        origin=(float(scan.x.min()), float(scan.y.min())),
        phase=chosen,
        notes=(*scan.notes, *notes),
    )


class OrientationMapParameters(BaseModel):
    """Which part of the map is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phase: str | int | None = Field(default=None, description="name or number of the phase, of a map with several")
    region: Region | None = Field(
        default=None, description="left, top, width and height of what is read, in pixels; default: the whole map"
    )


class OrientationMapReader:
    """Reads an orientation map as a picture of Bunge angles in degrees, NaN where nothing is indexed."""

    def __init__(self, parameters: OrientationMapParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a measurement.

        Raises
        ------
        InputError
            See :func:`read_orientation_map`; or if the region leaves the map.
        """
        read = read_orientation_map(file, None if (phase := self.parameters.phase) is None else str(phase))
        angles, (left, top) = read.angles, (0, 0)
        details: dict[str, Any] = {"width": angles.shape[1], "height": angles.shape[0]}
        if self.parameters.region is not None:
            left, top, width, height = self.parameters.region
            if left + width > angles.shape[1] or top + height > angles.shape[0]:
                raise InputError(
                    f"{file.name}: the region from ({left}, {top}) to ({left + width}, {top + height}) leaves the map, "
                    f"which has {angles.shape[1]} × {angles.shape[0]} pixels (width × height)."
                )
            angles = angles[top : top + height, left : left + width]
            details["region"] = list(self.parameters.region)
        details |= {
            "µm per pixel": read.um_per_pixel,
            "x of the left edge, µm": read.origin[0] + left * read.um_per_pixel,
            "y of the top edge, µm": read.origin[1] + top * read.um_per_pixel,
            "phase": read.phase.name,
        }
        if read.phase.system is not None:
            details["crystal system"] = read.phase.system
        signal = Image(pixels=angles[np.newaxis], unit=ANGLES)
        return Measurement(signal=signal, file=file, reader="orientation-map", details=details, notes=read.notes)
