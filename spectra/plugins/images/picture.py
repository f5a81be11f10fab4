"""Reader of picture files: PNG, TIFF and JPEG, with bounded memory and the values that the file holds."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, PositiveFloat, PositiveInt

from spectra.core.errors import InputError, SpectraError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Image
from spectra.plugins.images.strips import information_strip

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageFile import ImageFile

Pixels = NDArray[np.uint8] | NDArray[np.float32]

MOST_PIXELS = 120_000_000
"""Of a picture file, which is decoded as a whole: 1 GB for a moment, with three bytes each."""

_FORMATS = ("PNG", "TIFF", "JPEG")
_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N")


class PictureParameters(BaseModel):
    """What of the file is read, and how large it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: tuple[NonNegativeInt, NonNegativeInt, PositiveInt, PositiveInt] | None = Field(
        default=None, description="left, top, width and height of what is read, in pixels; default: the whole picture"
    )
    page: PositiveInt | None = Field(default=None, description="which picture of a file that holds several, from 1")
    um_per_pixel: PositiveFloat | None = Field(
        default=None, description="size of a pixel on the specimen in µm, for the record and for the technique"
    )


class PictureReader:
    """Reads a picture of one channel (grey) or three (red, green, blue), in shares of white.

    Bytes stay bytes, of which 255 is white. Of 16 bits, 65535 is white, and the values come in single precision; floats
    come as they are. Palettes are looked up, and colours that are all grey are read as grey. Of transparency, the
    picture behind it is read.
    """

    def __init__(self, parameters: PictureParameters) -> None:
        self.parameters = parameters

    def read(self, file: RawFile) -> Measurement:
        """Read a measurement.

        Raises
        ------
        InputError
            If the file is no picture in one of the formats, is damaged, too large, or lacks the region or page.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, and of a size that is checked here
                return self._read(file)
        except SpectraError:
            raise
        except Exception as error:  # Pillow has many ways to fail on bytes that somebody made up
            raise InputError(
                f"{file.name} cannot be read as a picture ({type(error).__name__}: {error}).",
                hint=f"Give a {', '.join(_FORMATS[:-1])} or {_FORMATS[-1]} file; is this one whole?",
            ) from error

    def _read(self, file: RawFile) -> Measurement:
        from PIL.ImageOps import exif_transpose

        opened = self._opened(file)
        notes = []
        if ";16" in str(opened.tile) and opened.mode not in _SIXTEEN_BITS:
            notes.append("The file has 16 bits per colour; the first 8 of them were read.")
        kind = str(opened.format)
        exif_transpose(opened, in_place=True)
        picture: PillowImage = opened
        details: dict[str, Any] = {"format": kind, "width": picture.width, "height": picture.height}
        if self.parameters.region is not None:
            picture = _cut(picture, self.parameters.region, file.name)
            details["region"] = list(self.parameters.region)
        if self.parameters.um_per_pixel is not None:
            details["µm per pixel"] = self.parameters.um_per_pixel
        if transparent := _transparent(picture):
            notes.append(f"{transparent:.0%} of the picture is transparent; what lies behind was read as it is stored.")
        pixels = _pixels(picture, kind, file.name)
        if strip := information_strip(pixels):
            height, width = pixels.shape[:2]
            notes.append(
                f"The lowest {strip} rows look like a strip with the scale bar; the picture above it is the region "
                f"0, 0, {width}, {height - strip}."
            )
        return Measurement(
            signal=Image(pixels=pixels[np.newaxis], unit="1"),
            file=file,
            reader="picture",
            details=details,
            notes=tuple(notes),
        )

    def _opened(self, file: RawFile) -> ImageFile:
        """Open the file at the page; the pixels are not decoded yet."""
        from PIL import Image as Pillow
        from PIL import UnidentifiedImageError

        try:
            opened = Pillow.open(io.BytesIO(file.content), formats=_FORMATS)
        except UnidentifiedImageError as error:
            formats = f"{', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}"
            raise InputError(f"{file.name} is no picture in the format {formats}.") from error
        page, pages = self.parameters.page, int(getattr(opened, "n_frames", 1))
        if page is None and pages > 1:
            raise InputError(f"{file.name} holds {pages} pictures.", hint="Choose one: '--set reader.page=1'.")
        if page is not None and page > pages:
            raise InputError(f"{file.name} has no page {page}; it holds {pages}.")
        opened.seek((page or 1) - 1)
        if opened.width * opened.height > MOST_PIXELS:
            raise InputError(
                f"{file.name} has {opened.width:,} × {opened.height:,} pixels; at most {MOST_PIXELS // 10**6} "
                "million are read.",
                hint="Cut out the part to analyze, or save it with fewer pixels.",
            )
        return opened


def _cut(picture: PillowImage, region: tuple[int, int, int, int], name: str) -> PillowImage:
    left, top, width, height = region
    if left + width > picture.width or top + height > picture.height:
        raise InputError(
            f"{name}: the region from ({left}, {top}) to ({left + width}, {top + height}) leaves the picture, which "
            f"has {picture.width} × {picture.height} pixels (width × height)."
        )
    return picture.crop((left, top, left + width, top + height))


def _transparent(picture: PillowImage) -> float:
    """Return which share of the picture is not opaque."""
    if not picture.has_transparency_data:
        return 0.0
    alpha = np.asarray(picture.convert("RGBA").getchannel("A"))
    return float(np.mean(alpha < 255))


def _pixels(picture: PillowImage, kind: str, name: str) -> Pixels:
    """Return the values, shape (height, width, channels)."""
    if picture.mode in _SIXTEEN_BITS or (picture.mode == "I" and kind == "PNG"):  # the latter with Pillow up to 10
        shares = np.asarray(picture).astype(np.float32)
        shares /= np.float32(65535)
        return shares[..., np.newaxis]
    if picture.mode == "F":
        values = np.asarray(picture, dtype=np.float32)[..., np.newaxis]
        if not np.isfinite(values).all():
            raise InputError(f"{name} holds values that are not finite numbers.")
        return values
    if picture.mode == "I":
        raise InputError(
            f"{name} has whole numbers of 32 bits, of which nobody knows what white is.",
            hint="Save it with 8 or 16 bits per pixel, or as floats.",
        )
    if picture.mode in ("1", "L", "LA", "La"):
        return np.asarray(_converted(picture, "L"))[..., np.newaxis]
    colours = np.asarray(_converted(picture, "RGB"))
    grey = all((row[:, :1] == row).all() for row in colours)
    return np.ascontiguousarray(colours[..., :1]) if grey else colours


def _converted(picture: PillowImage, mode: str) -> PillowImage:
    return picture if picture.mode == mode else picture.convert(mode)  # which would make a copy
