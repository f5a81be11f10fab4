"""Registration: points are put elsewhere on purpose, and must be found again."""

from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from spectra.core.errors import InputError
from spectra.plugins.images.registration.placement import (
    Placement,
    at_pixels,
    by_control_points,
    matched,
    one_pixel_off,
)
from spectra.plugins.images.registration.search import registered
from spectra.plugins.images.registration.structure import BRIGHTNESS, CONTRAST, TILT, structure_features

TITANIUM = Path(__file__).parents[2] / "data" / "titanium" / "registered.npz"


@pytest.fixture(scope="module")
def titanium():
    """|cos Φ| of the map with y downwards, and places and hardness of the indents."""
    with np.load(TITANIUM) as stored:
        feature = np.abs(np.cos(np.radians(stored["Phi_deg"]))).T[::-1].astype(np.float32)
        hardness = stored["hardness_GPa"].ravel().astype(float)
        points = np.stack([stored["x_um"].ravel(), stored["y_um"].ravel()], axis=1).astype(float)
    good = (hardness > 1) & (hardness < 5)
    return feature, points[good], hardness[good]


@pytest.fixture(scope="module")
def as_registered(titanium):
    """Where the search puts the indents if they are not moved."""
    feature, points, values = titanium
    return registered(feature, points, values, Placement.as_given(2.0))


def turned(angle, *, mirrored=False):
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[cosine, -sine], [sine, cosine]]) @ np.diag([-1.0 if mirrored else 1.0, 1.0])


def test_titanium_correlates_as_its_authors_registered_it(titanium):
    feature, points, values = titanium
    given = Placement.as_given(2.0)
    match = matched(feature, given, points, values)
    assert match.correlation == pytest.approx(0.69, abs=0.01)
    assert match.points == len(points)
    assert one_pixel_off(feature, given, points, values)[0] == pytest.approx(0.64, abs=0.015)


def test_what_the_authors_left_of_distortion_is_found(titanium, as_registered):
    feature, points, values = titanium
    assert as_registered.rigid.correlation == pytest.approx(0.695, abs=0.01)
    assert as_registered.match.correlation > 0.71
    assert one_pixel_off(feature, as_registered.placement, points, values)[1] < as_registered.match.correlation - 0.015
    assert as_registered.elsewhere < 0.5
    moved = as_registered.placement.pixels(points) - Placement.as_given(2.0).pixels(points)
    assert np.hypot(*moved.T).mean() < 1.2  # pixels
    assert np.allclose(as_registered.placement.stretches, [1.012, 0.977], atol=0.006)


@pytest.mark.parametrize(
    ("angle", "mirrored", "shift"),
    [
        (37, True, (-20, 0)),
        pytest.param(0, True, (300, -200), marks=pytest.mark.slow),
        pytest.param(180, False, (5000, 40), marks=pytest.mark.slow),
        pytest.param(-88, False, (0, 77), marks=pytest.mark.slow),
    ],
)
def test_turned_mirrored_and_shifted_indents_are_found_again(titanium, as_registered, angle, mirrored, shift):
    feature, points, values = titanium
    linear = turned(angle, mirrored=mirrored)
    found = registered(feature, points @ linear.T + shift, values, Placement.as_given(2.0))
    assert found.placement.mirrored == mirrored
    misses = found.placement.pixels(points @ linear.T + shift) - as_registered.placement.pixels(points)
    assert np.hypot(*misses.T).mean() < 0.5  # pixels
    assert found.match.correlation == pytest.approx(as_registered.match.correlation, abs=0.005)


def test_a_shift_alone_is_found_without_turns(titanium, as_registered):
    feature, points, values = titanium
    moved = points + np.array([64, -30])
    found = registered(feature, moved, values, Placement.as_given(2.0), turns=False)
    misses = found.placement.pixels(moved) - as_registered.placement.pixels(points)
    assert np.hypot(*misses.T).mean() < 0.5


def test_few_indents_are_not_bent_to_fit(titanium):
    feature, points, values = titanium
    some = np.random.default_rng(1).choice(len(points), 200, replace=False)
    found = registered(feature, points[some], values[some], Placement.as_given(2.0), turns=False)
    assert np.allclose(found.placement.stretches, 1)


def test_indents_that_follow_nothing_are_refused(titanium):
    feature, points, values = titanium
    shuffled = np.random.default_rng(0).permutation(values)
    with pytest.raises(InputError, match=r"not certain: r = 0\.\d+ with \|cos Φ\| at best, and 0\.\d+ elsewhere"):
        registered(feature, points, shuffled, Placement.as_given(2.0), what="|cos Φ|")


def test_a_match_at_the_edge_of_the_search_is_refused(titanium):
    feature, points, values = titanium
    right = points[:, 0] > 90
    with pytest.raises(InputError, match="lies at the edge of the search, where 50% of them, or"):
        registered(feature[:, :70], points[right], values[right], Placement.as_given(2.0), turns=False)


def test_a_map_of_a_part_of_the_indents_is_enough(titanium, as_registered):
    feature, points, values = titanium
    found = registered(feature[20:90, 10:60], points + np.array([300, 0]), values, Placement.as_given(2.0), turns=False)
    assert found.match.points < 0.3 * len(points)
    pixels = found.placement.pixels(points + np.array([300, 0]))
    there = np.isfinite(at_pixels(feature[20:90, 10:60], pixels))
    misses = (pixels + np.array([10, 20]) - as_registered.placement.pixels(points))[there]
    assert np.hypot(*misses.T).mean() < 1


def test_a_wrong_size_of_pixels_is_refused(titanium):
    feature, points, values = titanium
    with pytest.raises(InputError, match=r"edge of the search|not certain"):
        registered(feature, 1.3 * points, values, Placement.as_given(2.0))
    with pytest.raises(InputError, match="cannot be placed so that 50% of them"):
        registered(feature, 100 * points, values, Placement.as_given(2.0))


def test_what_says_nothing_is_refused(titanium):
    feature, points, values = titanium
    start = Placement.as_given(2.0)
    with pytest.raises(InputError, match="9 indents are too few"):
        registered(feature, points[:9], values[:9], start)
    with pytest.raises(InputError, match="All indents have the same value"):
        registered(feature, points, np.ones(len(points)), start)
    with pytest.raises(InputError, match=r"the same \|cos Φ\| everywhere: it is one grain"):
        registered(np.ones_like(feature), points, values, start, what="|cos Φ|")


def test_a_negative_correlation_and_gaps_are_no_hindrance(titanium, as_registered):
    feature, points, values = titanium
    holes = feature.copy()
    holes[40:60, 30:50] = np.nan
    found = registered(holes, points, -values, Placement.as_given(2.0), turns=False)
    assert found.match.correlation < -0.7
    misses = found.placement.pixels(points) - as_registered.placement.pixels(points)
    assert np.hypot(*misses.T).mean() < 0.5


def test_control_points_give_a_shift_a_turn_or_an_affine_transformation():
    truth = Placement(matrix=np.array([[0.4, 0.1, 3.0], [-0.2, 0.5, 7.0]]), um_per_pixel=2.0)
    points = np.array([[0.0, 0], [10, 0], [0, 20], [30, 30]])
    placement, misses = by_control_points(points, truth.pixels(points), 2.0)
    assert np.allclose(placement.matrix, truth.matrix)
    assert np.allclose(misses, 0)
    turn = Placement(matrix=np.column_stack([0.6 * turned(50), [1, 2]]), um_per_pixel=2.0)
    placement, misses = by_control_points(points[:2], turn.pixels(points[:2]), 2.0)
    assert np.allclose(placement.matrix, turn.matrix)
    assert placement.turn == pytest.approx(50)
    placement, _ = by_control_points(points[:1], np.array([[4.0, 5.0]]), 2.0)
    assert placement.pixels(np.array([[2.0, 2.0]])) == pytest.approx(np.array([[5, 6]]))
    with pytest.raises(InputError, match="lie on a line"):
        by_control_points(np.array([[0.0, 0], [1, 1], [2, 2]]), truth.pixels(points[:3]), 2.0)


def test_a_placement_says_what_it_does():
    placement = Placement(matrix=np.column_stack([turned(30, mirrored=True) / 2, [0, 0]]), um_per_pixel=2.0)
    assert placement.mirrored
    assert placement.turn == pytest.approx(30)
    assert placement.stretches == pytest.approx((1, 1))
    coarse = Placement.as_given(1.0).in_pixels_of(4)
    assert coarse.pixels(np.array([[1.5, 5.5]])) == pytest.approx(np.array([[0, 1]]))  # centres of 4 × 4 pixels
    assert np.isnan(at_pixels(np.zeros((2, 2), np.float32), np.array([[-0.6, 0], [0, 1.6]]))).all()


def test_features_of_pictures_are_what_they_say():
    picture = np.zeros((60, 60, 1), np.uint8)
    picture[:, 30:] = 204
    picture[::2, :30] = 102
    features, factor = structure_features(picture, "1", spacing=16)
    assert factor == 1
    assert features.keys() == {BRIGHTNESS, CONTRAST}
    assert features[BRIGHTNESS][30, [8, 50]] == pytest.approx([0.2, 0.8], abs=0.01)
    assert features[CONTRAST][30, [8, 50]] == pytest.approx([0.2, 0.0], abs=0.01)
    colours, _ = structure_features(np.full((4, 4, 3), (0, 255, 255), np.uint8), "1", spacing=2)
    assert colours[TILT] == pytest.approx(np.zeros((4, 4)), abs=1e-6)  # cyan lies in the surface
    angles, _ = structure_features(np.full((4, 4, 3), (10, 60, 20), np.float32), "°", spacing=2)
    assert angles.keys() == {TILT}
    assert angles[TILT] == pytest.approx(np.full((4, 4), 0.5))


def test_a_large_picture_is_reduced_and_indents_are_found_in_it():
    draw = np.random.default_rng(4)
    field = gaussian_filter(draw.normal(size=(300, 360)), 12)
    picture = np.repeat(np.repeat(field, 10, axis=0), 10, axis=1)  # 10.8 million pixels
    picture = np.uint8(255 * (picture - picture.min()) / np.ptp(picture))[..., np.newaxis]
    features, factor = structure_features(picture, "1", spacing=100)
    assert factor == 2
    pixels = draw.uniform(200, 2800, (400, 2))  # column, row
    values = at_pixels(picture[..., 0].astype(np.float32), pixels) + draw.normal(scale=10, size=400)
    points = (pixels @ turned(64).T) * 0.1 + [500, 0]  # µm
    start = Placement.as_given(0.1).in_pixels_of(factor)
    found = registered(features[BRIGHTNESS], points, values, start).placement.in_pixels_of(1 / factor)
    assert np.hypot(*(found.pixels(points) - pixels).T).mean() < 15  # a tenth of the structure's width
