"""Orientations against SciPy's rotations, and against the formulas of the program published with Lew et al. (2023)."""

import colorsys

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from spectra.core.errors import InputError
from spectra.plugins.images.orientations import (
    axes_of,
    axes_of_colours,
    azimuths,
    c_axes,
    colours_of_axes,
    tensors,
    tilts,
    turned,
)

RIGHT, UP, OUT = np.eye(3)


@pytest.fixture
def angles():
    draw = np.random.default_rng(5)
    return np.stack([draw.uniform(0, 360, 500), draw.uniform(0, 180, 500), draw.uniform(0, 60, 500)], axis=-1)


def crystals(angles):
    """Rotations that turn the specimen's axes into the crystal's, as SciPy makes them of intrinsic angles."""
    return Rotation.from_euler("ZXZ", np.asarray(angles, dtype=float).reshape(-1, 3), degrees=True)


TILTED = Rotation.from_rotvec(np.radians(60) * UP)  # the polarization plane: about the vertical
BEAM = TILTED.apply(OUT)


def same_axes(one, other, tolerance=2e-6):
    """Whether two sets of axes, of either sign, are the same."""
    return np.allclose(np.abs(np.sum(one * other, axis=-1)), 1, atol=tolerance)


def same_colours(one, other, tolerance=5e-6):
    """Whether two sets of axes are the same, or become so by half a turn about the beam, which no colour tells."""
    half = Rotation.from_rotvec(np.pi * BEAM).as_matrix()
    cosines = [np.abs(np.sum(one * axes, axis=-1)) for axes in (other, other @ half.T)]
    return np.allclose(np.maximum(*cosines), 1, atol=tolerance)


def test_the_c_axis_of_bunge_angles_is_where_a_rotation_takes_z(angles):
    assert np.allclose(c_axes(angles), crystals(angles).apply(OUT), atol=3e-6)


def test_the_tensor_does_not_depend_on_the_sign_and_has_trace_one(angles):
    axes = c_axes(angles)
    outer = np.einsum("ni,nj->nij", axes, axes)
    rows = outer[:, [0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]
    assert np.allclose(tensors(axes), rows, atol=1e-6)
    assert np.array_equal(tensors(axes), tensors(-axes))


def test_an_angle_to_the_normal_beyond_90_degrees_is_folded():
    assert tilts(c_axes(np.array([[0, 120, 0], [0, 60, 0], [40, 0, 0]]))) == pytest.approx([60, 60, 0], abs=0.03)


def published(colours):
    """φ and θ as HardnessDesign-Saliency.ipynb computes them, line by line, in degrees."""
    hue, value = np.array([colorsys.rgb_to_hsv(*colour)[::2] for colour in colours]).T
    phi, theta = np.radians(hue * 180 - 90), np.radians(value * 90)
    x, y, z = np.abs(np.sin(theta) * np.cos(phi)), np.sin(theta) * np.sin(phi), np.abs(np.cos(theta))
    rotation = 60 / 180 * np.pi
    y, z = y * np.cos(rotation) - z * np.sin(rotation), y * np.sin(rotation) + z * np.cos(rotation)
    x, y, z = np.where(z < 0, -1, 1) * np.array([x, y, z])
    return np.degrees(np.arctan(y / x)), np.degrees(np.arccos(z))


def test_angles_of_pic_colours_are_those_of_the_published_program():
    colours = np.random.default_rng(2).uniform(0, 1, (2000, 3))
    phi, theta = published(colours)
    axes = axes_of_colours(colours.astype(np.float32))
    assert tilts(axes) == pytest.approx(theta, abs=0.05)
    off = (azimuths(axes) - phi + 90) % 180 - 90  # both ends of the range are one direction
    assert np.all(np.abs(off) * np.sin(np.radians(theta)) < 0.05)


def test_cyan_is_the_vertical_red_the_other_direction_of_the_plane_and_black_the_beam():
    cyan, red, black = axes_of_colours(np.array([[0, 255, 255], [255, 0, 0], [0, 0, 0]], dtype=np.uint8))
    assert same_axes(cyan, UP)
    assert same_axes(red, TILTED.apply(RIGHT))
    assert same_axes(black, BEAM)
    assert tilts(np.array([cyan, red, black])) == pytest.approx([90, 30, 60], abs=0.01)  # 60° from the surface


def test_axes_have_the_colours_from_which_they_came(angles):
    axes = c_axes(angles)
    colours = colours_of_axes(axes)
    assert same_colours(axes_of_colours(colours), axes)
    assert np.allclose(colours_of_axes(axes_of_colours(colours)), colours, atol=1e-4)
    assert np.allclose(colours.min(axis=-1), 0, atol=1e-6)  # fully saturated
    leaning = axes[(axes @ UP) * (axes @ BEAM) >= 0]
    assert same_axes(axes_of_colours(colours_of_axes(leaning)), leaning)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("colours", [False, True])
def test_a_turned_picture_is_that_of_the_turned_crystals(angles, quarters, mirrored, colours):
    picture = angles.reshape(20, 25, 3).astype(np.float32)
    if colours:
        picture = colours_of_axes(c_axes(picture))
    unit = "1" if colours else "°"
    turn = Rotation.from_rotvec(np.radians(90 * quarters) * OUT).as_matrix()
    turn = turn @ np.diag([-1, 1, 1]) if mirrored else turn
    before = axes_of(picture, unit)
    moved = np.rot90(before[:, ::-1] if mirrored else before, quarters)
    after = axes_of(turned(picture, unit, quarters=quarters, mirrored=mirrored), unit)
    same = same_colours if colours else same_axes
    assert same(after, moved @ turn.T)


def test_turned_bunge_angles_describe_the_whole_crystal(angles):
    picture = angles.reshape(20, 25, 3).astype(np.float32)
    after = crystals(turned(picture, "°", quarters=1)[::-1].swapaxes(0, 1))  # pixels back in their places
    assert np.allclose((after * crystals(picture).inv()).as_rotvec(), np.pi / 2 * OUT, atol=1e-5)


def test_a_mirrored_hexagonal_crystal_is_its_mirror_image(angles):
    mirror, in_crystal = np.diag([-1, 1, 1]), np.diag([-1, 1, 1])  # the latter belongs to 6/mmm
    picture = angles.reshape(20, 25, 3).astype(np.float32)
    after = crystals(turned(picture, "°", mirrored=True)[:, ::-1]).as_matrix()
    assert np.allclose(after, mirror @ crystals(picture).as_matrix() @ in_crystal, atol=1e-5)


def test_bytes_stay_bytes_and_pale_colours_pale():
    picture = np.random.default_rng(1).integers(0, 256, (8, 9, 3), dtype=np.uint8)
    turn = turned(picture, "1", quarters=1)
    assert turn.dtype == np.uint8
    assert np.allclose(turn / 255, turned(np.float32(picture / 255), "1", quarters=1), atol=0.6 / 255)
    saturations = [[colorsys.rgb_to_hsv(*pixel)[1] for pixel in pixels.reshape(-1, 3)] for pixels in (picture, turn)]
    assert np.mean(saturations[0]) == pytest.approx(np.mean(saturations[1]), abs=0.01)
    assert np.array_equal(turned(picture, "1", quarters=4), picture)


def test_what_has_no_orientation_stays_so():
    angles = np.full((4, 4, 3), np.nan, np.float32)
    assert np.isnan(turned(angles, "°", quarters=1)).all()
    white = np.ones((4, 4, 3), np.float32)
    assert np.isnan(axes_of_colours(white)).all()
    assert np.array_equal(turned(white, "1", quarters=1), white)
    grey = np.random.default_rng(0).random((4, 5, 1), dtype=np.float32)
    assert np.array_equal(turned(grey, "1", quarters=1), np.rot90(grey))
    with pytest.raises(InputError, match=r"map\.png holds no crystal orientation: it is a grey picture"):
        axes_of(grey, "1", name="map.png")
