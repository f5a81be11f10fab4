"""Grains against maps that are known, SciPy's rotations, and the measured titanium."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from spectra.core.errors import InputError
from spectra.plugins.images.grains import (
    NONE,
    angles_between_axes,
    blocks_of,
    grains_of,
    misorientations,
    quaternions,
)
from spectra.plugins.images.orientations import c_axes, colours_of_axes

TITANIUM = Path(__file__).parents[1] / "data" / "titanium" / "registered.npz"


@pytest.fixture
def two_grains():
    """A map of 6 × 10 pixels whose right part, from column 4 on, is tilted by 30°."""
    angles = np.zeros((6, 10, 3), np.float32)
    angles[:, 4:, 1] = 30
    return angles


def test_misorientations_are_the_smallest_over_all_rotations_of_the_hexagon():
    draw = np.random.default_rng(3)
    one, other = (
        np.stack([draw.uniform(0, 360, 200), draw.uniform(0, 180, 200), draw.uniform(0, 360, 200)], axis=-1)
        for _ in range(2)
    )
    crystals = [Rotation.from_euler("ZXZ", angles, degrees=True) for angles in (one, other)]
    turns = Rotation.create_group("D6")  # about z by 60°, and half turns across
    smallest = np.min([(crystals[0].inv() * crystals[1] * turn).magnitude() for turn in turns], axis=0)
    found = misorientations(quaternions(np.float32(one)), quaternions(np.float32(other)))
    assert found == pytest.approx(np.degrees(smallest), abs=0.1)
    assert found.max() <= 93.85  # the largest that is possible: Mackenzie (1958)


def test_the_same_crystal_in_other_words_is_the_same():
    one = quaternions(np.float32([[40, 50, 10]] * 2))
    other = quaternions(np.float32([[40, 50, 70], [220, 130, 50]]))  # φ2 by 60°; upside down: φ1 + 180, 180 − Φ, −φ2
    assert misorientations(one, other) == pytest.approx([0, 0], abs=0.1)


def test_angles_between_axes_are_at_most_90_degrees():
    up, down = np.float32([[0, 0, 1], [0, 0, -1]])
    assert angles_between_axes(up, down) == pytest.approx(0)
    assert angles_between_axes(up, np.float32([0, 0.6, -0.8])) == pytest.approx(np.degrees(np.arccos(0.8)), abs=1e-3)


def test_grains_have_labels_sizes_and_distances_from_their_boundary(two_grains):
    grains = grains_of(two_grains, "°")
    assert len(grains) == 2
    assert np.array_equal(grains.labels, np.repeat([[0] * 4 + [1] * 6], 6, axis=0))
    assert grains.sizes.tolist() == [24, 36]
    assert grains.sizes_at_pixels()[0, [3, 4]].tolist() == [24, 36]
    assert np.array_equal(grains.distances()[2], [3.5, 2.5, 1.5, 0.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5])


def test_pic_colours_are_divided_by_the_c_axis(two_grains):
    two_grains[..., 0] = 90
    two_grains[3:, :, 2] = 30  # about the c-axis: no boundary for a colour
    assert len(grains_of(colours_of_axes(c_axes(two_grains)), "1")) == 2
    assert len(grains_of(two_grains, "°")) == 4
    assert len(grains_of(two_grains, "°", threshold=30.5)) == 1


def test_what_is_not_indexed_belongs_to_no_grain_and_divides(two_grains):
    two_grains[:, 1] = np.nan
    grains = grains_of(two_grains, "°")
    assert len(grains) == 3
    assert (grains.labels[:, 1] == NONE).all()
    assert np.isnan(grains.sizes_at_pixels()[:, 1]).all()
    assert grains.distances()[0, 0] == 3.5  # the boundary between columns 3 and 4, not the gap


def test_one_grain_has_no_boundary():
    grains = grains_of(np.zeros((3, 4, 3), np.float32), "°")
    assert len(grains) == 1
    assert np.allclose(grains.distances(), 5)


def test_grains_of_measured_titanium_fill_the_map_and_are_uniform_inside():
    with np.load(TITANIUM) as stored:
        angles = np.stack([stored[name] for name in ("phi1_deg", "Phi_deg", "phi2_deg")], axis=-1)
    grains = grains_of(angles, "°")
    large = grains.sizes[grains.sizes >= 10]
    assert large.sum() > 0.97 * angles[..., 0].size
    inside = grains.distances() > 1
    spread = [np.std(angles[..., 1][(grains.labels == label) & inside]) for label in np.argsort(grains.sizes)[-10:]]
    assert max(spread) < 2  # degrees, within a grain


def test_blocks_cover_the_picture():
    blocks = blocks_of(7, 10, rows=2, columns=5)
    assert blocks.shape == (7, 10)
    assert np.unique(blocks).tolist() == list(range(10))
    assert blocks[0, 9] == 4
    with pytest.raises(InputError, match="10 × 7 pixels cannot be divided into 11 × 1"):
        blocks_of(7, 10, rows=1, columns=11)


def test_grey_pictures_have_no_grains():
    with pytest.raises(InputError, match="holds no crystal orientation"):
        grains_of(np.zeros((4, 4, 1), np.uint8), "1")
