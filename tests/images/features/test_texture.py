"""Texture: what is known of random noise, and what must make no difference."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, rotate

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.signals import Image, Peaks
from spectra.core.similarity.metrics import distances
from spectra.plugins.images.features.texture import CYCLES, SIZE, Texture

ENCODER = Texture(NoParameters())


def features(*pictures):
    return np.vstack([ENCODER.encode(Image(pixels=picture[None, ..., None], unit="1")) for picture in pictures])


def fibres(seed, *, width=256, along=12.0, across=2.0):
    return gaussian_filter(np.random.default_rng(seed).normal(size=(width, width)), (along, across)).astype(np.float32)


def grains(seed, *, width=256, size=4.0):
    """Bright particles on a smooth ground."""
    rng = np.random.default_rng(seed)
    ground = gaussian_filter(rng.normal(size=(width, width)), size)
    return (np.maximum(ground / ground.std() - 1, 0) * 100 + rng.normal(size=ground.shape)).astype(np.float32)


TEXTURES = [fibres(0), fibres(1, along=4), grains(2), grains(3, size=9), grains(4, size=2)]


def test_white_noise_is_as_strong_as_its_bands_are_wide_even_and_without_direction():
    """Its power is the same at all frequencies: the energy of bands of one shape goes with the square of theirs."""
    noise = np.random.default_rng(0).normal(size=(20, 128, 128, 1)).astype(np.float32)
    strength, unevenness, directedness = ENCODER.encode(Image(pixels=noise, unit="1")).mean(axis=0).reshape(3, -1)
    steps = 2 * np.diff(np.log(CYCLES))
    assert np.diff(strength)[1:5] == pytest.approx(steps[1:5], abs=0.08)  # the finest band reaches beyond the pixels
    assert unevenness[2:] == pytest.approx(0, abs=0.05)
    assert directedness[3:] == pytest.approx(0, abs=0.05)


def test_waves_are_found_in_their_band_and_have_a_direction():
    across = np.arange(256) / 256
    response = np.exp(-((np.array([0, 45, 90, 45]) / 37.5) ** 2))  # of Gaussian filters, 37.5° wide, to a wave at 0°
    parallel = (response[0] - response[2]) / response.sum()
    for band, cycles in enumerate(CYCLES):
        waves = np.tile(np.sin(2 * np.pi * cycles * across), (256, 1)).astype(np.float32)
        strength, _, directedness = features(waves)[0].reshape(3, -1)
        assert strength.argmax() == band
        assert directedness[band] == pytest.approx(parallel, abs=0.02)


def changes():
    rng = np.random.default_rng(9)
    down, across = np.mgrid[0:256, 0:256] / 256
    yield "contrast and brightness", lambda p: 7 - 0.01 * p.min() + 0.01 * p, 1e-3
    yield "contrast sense", lambda p: -p, 1e-3
    yield "a tilted plane", lambda p: p + 30 * p.std() * (down - 2 * across), 1e-3
    yield "a quarter turn", lambda p: np.rot90(p), 1e-3
    yield "pixels", lambda p: np.kron(p, np.ones((3, 3))), 1e-3
    yield "gaps", lambda p: np.where(gaussian_filter(rng.normal(size=p.shape), 8) > 0.05, np.nan, p), 0.02
    yield "bytes", lambda p: np.round(255 * (p - p.min()) / np.ptp(p)).astype(np.uint8), 0.005


@pytest.mark.parametrize(("change", "most"), [pytest.param(c, m, id=name) for name, c, m in changes()])
def test_what_says_nothing_of_the_specimen_changes_little(change, most):
    """Little beside what lies between any two textures: 0.03 and more."""
    kept = features(*TEXTURES)
    between = distances(kept, kept, "cosine")
    assert between[~np.eye(5, dtype=bool)].min() > 0.03
    changed = features(
        *(
            change(picture).astype(np.uint8 if "uint8" in str(change(picture).dtype) else np.float32)
            for picture in TEXTURES
        )
    )
    assert distances(changed, kept, "cosine").diagonal().max() < most


def test_any_turn_keeps_directedness():
    turned = [rotate(fibres(0, width=400), angle, reshape=False)[72:328, 72:328] for angle in (0, 22.5, 45, 70)]
    found = features(*turned)[:, 2 * len(CYCLES) :]
    assert np.ptp(found, axis=0).max() < 0.15
    assert found.max() > 0.5


def test_an_information_strip_is_left_out():
    picture = np.round(100 + 20 * TEXTURES[2] / TEXTURES[2].std()).clip(1, 254).astype(np.uint8)
    strip = np.zeros((24, 256), dtype=np.uint8)
    strip[10:13, 150:220] = 255
    assert np.array_equal(features(np.vstack([picture, strip])), features(picture))


def test_a_scale_bar_is_not_the_nearest_neighbour():
    """Pictures with a bar are still next to themselves without one, not to one another."""
    marked = [picture.copy() for picture in TEXTURES]
    for picture in marked:
        picture[230:236, 170:240] = picture.max()
        picture[212:224, 185:225:6] = picture.max()
    rows = features(*TEXTURES, *marked)
    apart = distances(rows[5:], rows, "cosine")
    apart[np.arange(5), np.arange(5, 10)] = np.inf
    assert list(apart.argmin(axis=1)) == [0, 1, 2, 3, 4]


def test_a_small_picture_is_near_itself_with_more_pixels():
    small = features(*(picture.reshape(64, 4, 64, 4).mean(axis=(1, 3)) for picture in TEXTURES))
    assert list(distances(small, features(*TEXTURES), "cosine").argmin(axis=1)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("shape", [(8, 8), (9, 200), (3000, 10), (130, 4000), (24, 24)])
def test_any_shape_has_finite_features(shape):
    found = features(np.random.default_rng(0).normal(size=shape).astype(np.float32))
    assert found.shape == (1, SIZE)
    assert np.isfinite(found).all()


def test_hostile_values_have_finite_features():
    picture = np.random.default_rng(0).normal(size=(300, 300)).astype(np.float32)
    picture[3, 3], picture[5, 5], picture[7, 7] = 3e38, -3e38, np.inf
    assert np.isfinite(features(picture)).all()


def test_what_has_no_texture_is_refused():
    with pytest.raises(InputError, match="one shade"):
        features(np.full((50, 50), 3.0, dtype=np.float32))
    with pytest.raises(InputError, match="6 × 50 pixels"):
        features(np.zeros((50, 6), dtype=np.float32))
    with pytest.raises(InputError, match="finite values at 0%"):
        features(np.full((200, 200), np.nan, dtype=np.float32))
    with pytest.raises(InputError, match="'texture' takes images"):
        ENCODER.fit(Peaks(positions=np.array([[1.0]]), unit="MHz", window=(0, 2)))
