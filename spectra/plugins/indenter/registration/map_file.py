"""The map that indents are registered with: a picture, or an orientation map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.files import read_bounded
from spectra.core.errors import InputError, UsageError
from spectra.core.measurements import RawFile
from spectra.core.signals import Image
from spectra.plugins.images.grains import Grains, grains_of
from spectra.plugins.images.maps.reader import OrientationMapParameters, OrientationMapReader
from spectra.plugins.images.orientations import ANGLES
from spectra.plugins.images.picture import PictureParameters, PictureReader

_LARGEST = 500_000_000  # bytes of a file: 100 million pixels in colour, not compressed, and more
_PICTURES = (b"\x89PNG", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\xd8\xff")  # PNG, TIFF, BigTIFF, JPEG


@dataclass(frozen=True, kw_only=True, eq=False)
class MapFile:
    """A picture with its scale.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, channels)
    unit
        What the channels mean.
    origin
        x and y of the first pixel's centre in µm.
    grains
        Of an orientation map.
    """

    name: str
    digest: str
    pixels: NDArray[np.float32] | NDArray[np.uint8]
    unit: str
    um_per_pixel: float
    origin: tuple[float, float]
    grains: Grains | None
    notes: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which pixels have a value, shape (height, width)."""
        if self.pixels.dtype == np.uint8:
            return np.ones(self.pixels.shape[:2], dtype=bool)
        return np.asarray(np.isfinite(self.pixels).all(axis=2))


def read_map(
    path: Path,
    *,
    um_per_pixel: float | None = None,
    phase: str | None = None,
    region: Sequence[int] | None = None,
) -> MapFile:
    """Read a picture (PNG, TIFF, JPEG) or an orientation map (.ctf, .ang, CSV).

    Parameters
    ----------
    um_per_pixel
        Of a picture, which does not say it.
    phase
        Of an orientation map.
    region
        Left, top, width and height in pixels of what is used.

    Raises
    ------
    UsageError
        If an option does not go with the kind of map.
    InputError
        If the file cannot be used, a picture's scale is not given, or the crystals have no distinct c-axis.
    """
    file = RawFile(name=path.name, content=read_bounded(path, limit=_LARGEST, what="map"))
    cut = None if region is None else tuple(region)
    if file.content.startswith(_PICTURES):
        if phase is not None:
            raise UsageError(f"{file.name} is a picture, which has no phases.", hint="Leave --phase out.")
        if um_per_pixel is None:
            raise InputError(
                f"{file.name} is a picture, which does not say how large a pixel is on the specimen.",
                hint="Give --um-per-pixel: the length of the scale bar in µm over its length in pixels.",
            )
        read = PictureReader(PictureParameters(region=cut, um_per_pixel=um_per_pixel)).read(file)
        left, top = (0, 0) if region is None else region[:2]
        size, origin = um_per_pixel, (left * um_per_pixel, top * um_per_pixel)
    else:
        if um_per_pixel is not None:
            raise UsageError(f"{file.name} says itself where its points lie.", hint="Leave --um-per-pixel out.")
        read = OrientationMapReader(OrientationMapParameters(phase=phase, region=cut)).read(file)
        if read.details.get("crystal system") == "cubic":
            raise InputError(
                f"{file.name}: {read.details['phase']} is cubic. What a virtual indenter sees of an orientation is the "
                "c-axis, which is nothing special in a cubic crystal.",
                hint="Choose a hexagonal, trigonal or tetragonal phase with --phase.",
            )
        size = read.details["µm per pixel"]
        origin = (read.details["x of the left edge, µm"], read.details["y of the top edge, µm"])
    assert isinstance(read.signal, Image)  # noqa: S101 - both readers give nothing else
    pixels = read.signal.pixels[0]
    return MapFile(
        name=file.name,
        digest=file.digest,
        pixels=pixels,
        unit=read.signal.unit,
        um_per_pixel=size,
        origin=origin,
        grains=grains_of(pixels, ANGLES, name=file.name) if read.signal.unit == ANGLES else None,
        notes=read.notes,
    )
