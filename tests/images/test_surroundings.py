"""Features of places: what is known of them, what must not change them, and the real map of titanium."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spectra.core.errors import InputError
from spectra.core.signals import Places, take
from spectra.plugins.images.orientations import turned
from spectra.plugins.images.smoothing import local_means, reach_of
from spectra.plugins.images.surroundings import Surroundings, SurroundingsParameters

TITANIUM = Path(__file__).parents[1] / "data/titanium/registered.npz"


def every_place(pictures: Any, unit: str = "°", um_per_pixel: float | None = None) -> Places:
    places = np.argwhere(np.isfinite(pictures).all(axis=-1)).astype(np.int32)
    return Places(pictures=pictures, places=places, unit=unit, um_per_pixel=um_per_pixel)


@pytest.fixture(scope="module")
def titanium() -> Places:
    with np.load(TITANIUM) as file:
        angles = np.stack([file["phi1_deg"], file["Phi_deg"], file["phi2_deg"]], axis=-1)
    return every_place(angles[np.newaxis].astype(np.float32), um_per_pixel=2.0)


def encoder(places: Places, **parameters: Any) -> Surroundings:
    return Surroundings(SurroundingsParameters(**parameters)).fit(places)


def raw(places: Places, **parameters: Any) -> dict[str, NDArray[np.float64]]:
    """Return the features of places before they are standardised, by name."""
    fitted = encoder(places, **parameters)
    values = fitted.encode(places) * fitted.scale_.astype(float) + fitted.mean_
    return dict(zip(fitted.names_, values.T, strict=True))


@pytest.mark.parametrize("scale", [0.6, 1.0, 3.7, 5.5, 8.0, 21.3])
def test_means_have_the_width_that_is_asked_for_and_end_at_their_reach(scale: float) -> None:
    size = 2 * reach_of(scale) + 21
    impulse = np.zeros((size, size, 1), dtype=np.float32)
    impulse[size // 2, size // 2] = 1
    weights = local_means(impulse, np.ones((size, size), dtype=bool), scale)[..., 0].astype(float)
    offsets = np.arange(size) - size // 2
    inside = np.abs(offsets) <= reach_of(scale)
    assert np.abs(weights[~inside]).max() < 1e-7 < weights[size // 2][inside].min() + 1e-6
    across = weights[size // 2 - 5 : size // 2 + 5].sum(axis=0)
    variance = (across * offsets**2).sum() / across.sum()
    assert np.sqrt(variance) == pytest.approx(scale, rel=0.02)  # a Gaussian that ends at three loses 1.4 %


@pytest.mark.parametrize("scale", [1.5, 7.0])
def test_means_of_a_constant_ignore_gaps_and_edges(scale: float) -> None:
    rng = np.random.default_rng(0)
    values = np.full((60, 70, 2), 0.25, dtype=np.float32)
    known = rng.random((60, 70)) > 0.4
    values[~known] = np.nan
    np.testing.assert_allclose(local_means(values, known, scale), 0.25, rtol=1e-5)
    nothing = local_means(values, np.zeros_like(known), scale)
    assert np.isnan(nothing).all()


def test_a_single_crystal_has_its_angle_and_nothing_else() -> None:
    angles = np.tile(np.array([30.0, 40.0, 10.0], dtype=np.float32), (1, 20, 20, 1))
    found = raw(every_place(angles))
    cosine = np.cos(np.radians(40)) ** 2
    for name, value in found.items():
        match name.split()[0]:
            case "cos2" | "cos4" | "cos6" as power:
                assert value == pytest.approx(cosine ** (int(power[3:]) / 2), abs=1e-5)
            case "shear":
                assert value == pytest.approx(cosine * (1 - cosine), abs=1e-5)
            case "disorder" | "bend" | "boundaries":
                assert np.abs(value).max() < 2e-3  # degrees of rounding


def test_a_bicrystal_has_one_boundary_and_bends_nowhere() -> None:
    angles = np.zeros((1, 16, 40, 3), dtype=np.float32)
    angles[0, :, 20:, 1] = 30.0
    found = {name: value.reshape(16, 40) for name, value in raw(every_place(angles), scales=(1.0,)).items()}
    assert np.exp(found["boundary distance"][8, 20:23]) - 1 == pytest.approx([0, 1, 2], abs=1e-4)
    assert found["bend 1"].max() < 1e-4
    assert found["boundaries 1"][8, 0] == pytest.approx(0, abs=1e-6)
    weights = np.exp(-0.5 * np.arange(-3, 4) ** 2)
    share = weights / weights.sum()
    assert found["boundaries 1"][8, 20] == pytest.approx(share[2] + share[3], abs=1e-5)  # itself and one neighbour
    part = share[3:].sum()  # of the turned crystal, seen from its first pixel
    assert found["cos2 1"][8, 20] == pytest.approx(1 - part * 0.25, abs=1e-5)


@pytest.mark.parametrize(("quarters", "mirrored"), [(1, False), (2, True), (3, True)])
def test_a_turned_specimen_has_the_same_features(titanium: Places, quarters: int, mirrored: bool) -> None:
    part = titanium.pictures[:, :40, :50]
    one = encoder(every_place(part, um_per_pixel=2.0), lean=False)
    moved = np.ascontiguousarray(turned(part, "°", quarters=quarters, mirrored=mirrored))
    numbers = np.arange(40 * 50).reshape(40, 50)
    order = np.rot90(numbers[:, ::-1] if mirrored else numbers, quarters).ravel()
    before = one.encode(every_place(part, um_per_pixel=2.0))
    after = one.encode(every_place(moved, um_per_pixel=2.0))
    np.testing.assert_allclose(after, before[order], atol=5e-3)  # standard deviations


@pytest.mark.parametrize("kind", ["angles", "grey bytes", "colours with gaps"])
def test_a_window_of_the_reach_gives_what_the_whole_picture_gives(titanium: Places, kind: str) -> None:
    rng = np.random.default_rng(3)
    match kind:
        case "angles":
            places = titanium
        case "grey bytes":
            places = every_place(rng.integers(0, 256, (1, 90, 80, 1)).astype(np.uint8), "1", 1.0)
        case _:
            colours = rng.random((2, 90, 80, 3)).astype(np.float32)
            colours[rng.random((2, 90, 80)) < 0.1] = np.nan
            places = every_place(colours, "1", 1.0)
    fitted = encoder(places)
    asked = take(places, rng.choice(len(places), 12, replace=False))
    whole = fitted.encode(asked)
    reach = fitted.reach
    for place, expected in zip(asked.places, whole, strict=True):
        picture, row, column = place
        rows = slice(max(row - reach, 0), row + reach + 1)
        columns = slice(max(column - reach, 0), column + reach + 1)
        cut: Any = asked.pictures[picture : picture + 1, rows, columns].copy()
        window = replace(
            asked,
            pictures=cut,
            places=np.array([[0, row - rows.start, column - columns.start]], dtype=np.int32),
        )
        np.testing.assert_allclose(fitted.encode(window)[0], expected, atol=2e-4)


def test_a_smaller_window_does_not(titanium: Places) -> None:
    fitted = encoder(titanium)
    asked = take(titanium, np.array([60 * 115 + 57]))
    small = asked.cropped(fitted.reach // 2)
    part: Any = small.pictures.copy()
    cut = replace(small, pictures=part)
    assert np.abs(fitted.encode(cut) - fitted.encode(asked)).max() > 0.01


def test_a_place_in_a_gap_has_no_features_and_its_neighbours_do_without_it(titanium: Places) -> None:
    fitted = encoder(titanium)
    pictures = titanium.pictures.copy()
    pictures[0, 30, 40] = np.nan
    found = fitted.encode(replace(titanium, pictures=pictures)).reshape(117, 115, -1)
    assert np.isnan(found[30, 40]).all()
    assert np.isfinite(np.delete(found.reshape(117 * 115, -1), 30 * 115 + 40, axis=0)).all()
    with pytest.raises(InputError, match=r"1 of 13,455 places to learn from lie where the pictures show nothing"):
        Surroundings(SurroundingsParameters()).fit(replace(titanium, pictures=pictures))


def test_scales_are_micrometres(titanium: Places) -> None:
    fine = np.repeat(np.repeat(titanium.pictures[:, :30, :30], 2, axis=1), 2, axis=2)
    coarse = raw(every_place(titanium.pictures[:, :30, :30], um_per_pixel=2.0))["cos2 8"].reshape(30, 30)
    found = raw(every_place(fine, um_per_pixel=1.0))["cos2 8"].reshape(60, 60)
    np.testing.assert_allclose(found.reshape(30, 2, 30, 2).mean(axis=(1, 3)), coarse, atol=0.02)


def test_what_does_not_fit_is_refused(titanium: Places) -> None:
    fitted = encoder(titanium)
    with pytest.raises(InputError, match=r"measures 1 µm, one of those that the features were learned from 2 µm"):
        fitted.encode(replace(titanium, um_per_pixel=1.0))
    with pytest.raises(InputError, match="holds no crystal orientation"):
        encoder(every_place(np.zeros((1, 9, 9, 1), np.uint8), "1"), orientations=True)
    with pytest.raises(InputError, match="has no feature 'cos3 2' of these pictures; the nearest is"):
        encoder(titanium, only=("cos3 2",))


def test_thirty_features_of_the_titanium_map_in_well_under_a_second(titanium: Places) -> None:
    start = time.process_time()
    fitted = encoder(titanium)
    features = fitted.encode(titanium)
    assert time.process_time() - start < 1.0  # 0.03 s measured
    assert features.shape == (13455, 30)
    np.testing.assert_allclose(features.std(axis=0), 1, rtol=1e-3)
