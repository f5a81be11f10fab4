"""Crystal orientations in pictures: Bunge angles and PIC colours to c-axes, and back; pictures that turn with them.

The axes of the specimen are X, to the right in the picture, Y, to its top, and Z, out of the surface. An axis has no
sign: c and −c are one orientation. What has none (a point that was not indexed) is NaN, here as everywhere.

*Bunge angles* φ1, Φ, φ2 turn the specimen's axes into the crystal's: about Z, about the new X, about the new Z. The
c-axis is (sin φ1 sin Φ, −cos φ1 sin Φ, cos Φ) [1]_.

*PIC colours* are those of polarization-dependent imaging contrast [2]_: of a plane that holds the vertical of the
picture and stands 60° from the surface, hue is the angle of the c-axis within it (cyan 0°, the vertical; from −90 to
90° once around the colours), and brightness how far it leaves it (full 0°, black 90°). The formulas are those of the
program published with [2]_, read in right-handed axes, so that positive angles go to the left of the vertical; text and
program do not say to which side. Two axes that half a turn about the beam exchanges have one colour. Of them, that
program and this one take the axis which leans to the beam's side at its upper end.

References
----------
.. [1] H.-J. Bunge, Texture Analysis in Materials Science (Butterworths, 1982), chapter 2.
.. [2] A. J. Lew et al., Matter 6, 1975 (2023), experimental procedures and figure 3; github.com/lamm-mit/
   HardnessMapDesign, HardnessDesign-Saliency.ipynb.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.errors import InputError

Singles = NDArray[np.float32]
Pixels = NDArray[np.float32] | NDArray[np.uint8]

ANGLES = "°"
"""Unit of pictures whose three channels are Bunge angles in degrees."""
SHARES = "1"
"""Unit of pictures whose channels are shares of white (of bytes, 255 is white)."""
TENSOR = ("xx", "yy", "zz", "yz", "xz", "xy")
"""Components that :func:`tensors` gives."""

_TILT = np.radians(60.0)  # of the polarization plane against the surface
_DARK = 0.1  # brightness up to which a grey pixel is an axis along the beam, 81° or more out of the plane
_PEAKS = np.array(
    [3.0, 2.0, 4.0], dtype=np.float32
)  # sixths of the circle; red falls from there, the others rise to it


def axes_of(pictures: Pixels, unit: str, *, name: str = "The picture") -> Singles:
    """Return the c-axes of pictures, shape (..., 3), whose channels mean what ``unit`` says.

    Parameters
    ----------
    pictures : ndarray, shape (..., 3)
        Bunge angles in degrees (``unit`` "°"), or PIC colours (``unit`` "1").
    name
        Of the picture, for the message.

    Raises
    ------
    InputError
        If the pictures hold no orientation, such as grey ones.
    """
    if pictures.shape[-1] == 3 and unit in (ANGLES, SHARES):
        return c_axes(pictures) if unit == ANGLES else axes_of_colours(pictures)
    held = "a grey picture" if pictures.shape[-1] == 1 else f"a picture of {pictures.shape[-1]} channels in {unit!r}"
    raise InputError(
        f"{name} holds no crystal orientation: it is {held}.",
        hint="Orientations are Bunge angles (.ctf, .ang or CSV) or the colours of a PIC map.",
    )


def c_axes(angles: NDArray[Any]) -> Singles:
    """Return the c-axes of Bunge angles in degrees: unit vectors, shape (..., 3) as that of ``angles``."""
    radians = np.radians(np.asarray(angles, dtype=np.float32))
    first, tilt = radians[..., 0], radians[..., 1]
    sine = np.sin(tilt)
    return np.stack([np.sin(first) * sine, -np.cos(first) * sine, np.cos(tilt)], axis=-1)


def axes_of_colours(colours: Pixels) -> Singles:
    """Return the c-axes of PIC colours, shape (..., 3); NaN where a pixel is bright and has no hue.

    Parameters
    ----------
    colours : ndarray, shape (..., 3)
        Red, green and blue, as bytes or as shares of white.
    """
    hue, saturation, value = _hsv(colours)
    angle = np.pi * (hue - 0.5)  # within the plane
    angle[(saturation == 0) & (value > _DARK)] = np.nan
    polar = 0.5 * np.pi * value  # from the beam, which the plane is perpendicular to
    up, left, beam = np.sin(polar) * np.cos(angle), np.sin(polar) * np.sin(angle), np.cos(polar)
    cosine, sine = np.float32(np.cos(_TILT)), np.float32(np.sin(_TILT))
    return np.stack([sine * beam - cosine * left, up, sine * left + cosine * beam], axis=-1)


def colours_of_axes(axes: Singles) -> Singles:
    """Return the PIC colours of c-axes, as shares of white, shape (..., 3); black where there is no axis."""
    hue, value = _hue_and_value(axes)
    return np.nan_to_num(_rgb(hue, np.ones_like(hue), value))


def tensors(axes: Singles) -> Singles:
    """Return c⊗c, which does not depend on the sign of an axis: shape (..., 6), see :data:`TENSOR`."""
    x, y, z = np.moveaxis(axes, -1, 0)
    return np.stack([x * x, y * y, z * z, y * z, x * z, x * y], axis=-1)


def tilts(axes: Singles) -> Singles:
    """Return the angles Φ between c-axes and the normal of the surface, in degrees from 0 to 90."""
    return np.degrees(np.arccos(np.minimum(np.abs(axes[..., 2]), 1)))


def azimuths(axes: Singles) -> Singles:
    """Return the angles φ of c-axes within the surface, in degrees from −90 to 90: 0 is the vertical of the picture.

    With :func:`tilts` for θ these are the angles of figure 3 of Lew et al.; φ is positive to the left of the vertical
    for the end of an axis that points out of the surface.
    """
    ends = np.where(axes[..., 1] < 0, -1, 1).astype(np.float32)  # the end of the axis that points up in the picture
    return np.degrees(np.arctan2(-axes[..., 0] * ends, axes[..., 1] * ends))


def turned(pictures: Pixels, unit: str, *, quarters: int = 0, mirrored: bool = False) -> Pixels:
    """Return pictures of the specimen turned, and mirrored before that: pixels move, and orientations with them.

    Pictures without orientations (grey ones) just move. Angles of a mirrored crystal are those of its mirror image
    about a plane that holds the c-axis, which hexagonal crystals of the Laue group 6/mmm do not tell from themselves.

    Parameters
    ----------
    pictures : ndarray, shape (..., height, width, channels)
        See :func:`axes_of`. Bytes stay bytes.
    quarters
        Number of quarter turns, counterclockwise.
    mirrored
        Exchange left and right.
    """
    moved = np.rot90(pictures[..., ::-1, :] if mirrored else pictures, quarters, axes=(-3, -2))
    if pictures.shape[-1] != 3 or unit not in (ANGLES, SHARES) or not (quarters % 4 or mirrored):
        return moved
    if unit == ANGLES:
        sign = np.float32(-1 if mirrored else 1)
        first = (sign * moved[..., 0] + np.float32(90 * quarters)) % np.float32(360)
        return np.stack([first, moved[..., 1], sign * moved[..., 2] % np.float32(360)], axis=-1)
    axes = axes_of_colours(moved)
    hue, value = _hue_and_value(_turned_axes(axes, quarters, mirrored))
    old_hue, saturation, old_value = _hsv(moved)
    axial = np.isfinite(hue)
    colours = _rgb(np.where(axial, hue, old_hue), saturation, np.where(axial, value, old_value))
    return np.rint(255 * colours).astype(np.uint8) if pictures.dtype == np.uint8 else colours


def _turned_axes(axes: Singles, quarters: int, mirrored: bool) -> Singles:
    x, y, z = np.moveaxis(axes, -1, 0)
    x = -x if mirrored else x
    for _ in range(quarters % 4):
        x, y = -y, x
    return np.stack([x, y, z], axis=-1)


def _hue_and_value(axes: Singles) -> tuple[Singles, Singles]:
    """Return hue and brightness of PIC colours, each from 0 to 1."""
    x, up, z = np.moveaxis(axes, -1, 0)
    cosine, sine = np.float32(np.cos(_TILT)), np.float32(np.sin(_TILT))
    left, beam = sine * z - cosine * x, cosine * z + sine * x
    ends = np.where(up < 0, -1, 1).astype(np.float32)
    hue = np.arctan2(left * ends, up * ends) / np.float32(np.pi) + np.float32(0.5)
    return hue, np.arccos(np.minimum(np.abs(beam), 1)) / np.float32(0.5 * np.pi)


def shares_of_white(pixels: Any) -> Singles:
    """Return pixels in single precision, and bytes as shares of 255."""
    return pixels / np.float32(255) if pixels.dtype == np.uint8 else np.asarray(pixels, dtype=np.float32)


def _hsv(colours: Pixels) -> tuple[Singles, Singles, Singles]:
    """Return hue, saturation and value of colours, each from 0 to 1 and of shape (...)."""
    shares = shares_of_white(colours)
    red, green, blue = np.moveaxis(shares, -1, 0)
    value = shares.max(axis=-1)
    chroma = value - shares.min(axis=-1)
    spread = np.where(chroma > 0, chroma, 1)
    sixths = np.where(
        value == red,
        ((green - blue) / spread) % 6,
        np.where(value == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    return sixths / np.float32(6), chroma / np.where(value > 0, value, 1), value


def _rgb(hue: Singles, saturation: Singles, value: Singles) -> Singles:
    """Return colours, shape (..., 3), of what :func:`_hsv` gives."""
    distance = np.abs(6 * hue[..., np.newaxis] - _PEAKS)
    pure = np.clip(np.stack([distance[..., 0] - 1, 2 - distance[..., 1], 2 - distance[..., 2]], axis=-1), 0, 1)
    return value[..., np.newaxis] * (1 - saturation[..., np.newaxis] * (1 - pure))
