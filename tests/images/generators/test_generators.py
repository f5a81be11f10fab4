"""Spaces of pictures: measured titanium as components, and what an autoencoder learns."""

from pathlib import Path

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.core.signals import Image, Places, take
from spectra.plugins.images.generators.principal_components import PrincipalComponents, PrincipalComponentsParameters
from spectra.plugins.images.generators.variational import VariationalAutoencoder, VariationalAutoencoderParameters

TITANIUM = Path(__file__).parents[2] / "data" / "titanium" / "registered.npz"


def titanium():
    """Return every other pixel of the measured map of Bunge angles as a place."""
    with np.load(TITANIUM) as arrays:
        angles = np.stack([arrays[f"{name}_deg"] for name in ("phi1", "Phi", "phi2")], axis=-1)
    rows, columns = (grid.ravel() for grid in np.mgrid[0 : len(angles) : 2, 0 : angles.shape[1] : 2])
    where = np.stack([0 * rows, rows, columns], axis=1).astype(np.int32)
    return Places(pictures=angles[None].astype(np.float32), places=where, unit="°", um_per_pixel=2.0)


def fitted(signal, seed=0, **parameters):
    generator = PrincipalComponents(PrincipalComponentsParameters(**parameters))
    return generator.fit(signal, rng=np.random.default_rng(seed), progress=Silent())


def gradients(count, seed=0, side=12):
    """Return pictures that three numbers make: a level and a slope either way."""
    rng = np.random.default_rng(seed)
    level, down, across = rng.normal(0, (1.0, 2.0, 3.0), (count, 3)).T[:, :, None, None]
    rows, columns = np.mgrid[0:side, 0:side] / side - 0.5
    return Image(pixels=(level + down * rows + across * columns)[..., None].astype(np.float32), unit="1")


# Principal components


def test_as_many_components_are_found_as_numbers_make_the_pictures():
    generator = fitted(gradients(200), components=50)
    assert generator.dim == 3
    unseen = gradients(20, seed=1)
    assert generator.decode(generator.encode(unseen)).pixels == pytest.approx(unseen.pixels, abs=0.6)  # clipped to seen


def test_components_are_those_of_scikit_learn():
    decomposition = pytest.importorskip("sklearn.decomposition")
    signal = Image(pixels=np.random.default_rng(0).normal(0, 1, (60, 5, 4, 2)).astype(np.float32), unit="1")
    rows = signal.pixels.reshape(60, -1)
    reference = decomposition.PCA(n_components=7, svd_solver="full").fit(rows)
    expected = reference.transform(rows) / np.sqrt(reference.explained_variance_ * 59 / 60)
    codes = fitted(signal, components=7).encode(signal)
    signs = np.sign((codes * expected).sum(axis=0))
    assert codes * signs == pytest.approx(expected, abs=1e-4)


def test_real_codes_have_zero_mean_unit_variance_and_no_correlations():
    signal = titanium()
    generator = fitted(signal, components=64, size=21, windows=10_000)
    codes = generator.encode(signal)
    codes = codes[np.isfinite(codes).all(axis=1)]
    assert len(codes) == 49 * 48  # of places 10 pixels or more from the edges
    assert codes.mean(axis=0) == pytest.approx(np.zeros(64), abs=1e-3)
    assert np.cov(codes.T, bias=True) == pytest.approx(np.eye(64), abs=5e-3)


def test_a_code_of_titanium_is_a_window_of_bunge_angles_around_one_place():
    signal = titanium()
    generator = fitted(signal, components=64, size=21)
    design = generator.decode(generator.sample(3, np.random.default_rng(0)))
    assert isinstance(design, Places)
    assert design.pictures.shape == (3, 21, 21, 3)
    assert design.places.tolist() == [[0, 10, 10], [1, 10, 10], [2, 10, 10]]
    assert (design.unit, design.um_per_pixel) == ("°", 2.0)
    assert 0 <= design.pictures[..., 1].min() <= design.pictures[..., 1].max() <= 90


def test_codes_of_many_components_give_their_windows_back():
    """Of the c-axes of a window that was learned from, less than a degree is lost in the median."""
    signal = titanium()
    generator = fitted(signal, components=1000, size=15)
    inner = take(signal, np.flatnonzero(np.isfinite(generator.encode(signal)).all(axis=1))[::200])
    windows = generator.windows_
    again = windows.numbers(generator.decode(generator.encode(inner)).pictures)
    dots = (again * windows.numbers(windows.cut(inner))).reshape(-1, 6) @ [1, 1, 1, 2, 2, 2]  # cos² between axes
    assert np.degrees(np.arccos(np.sqrt(np.clip(np.median(dots), 0, 1)))) < 3


def test_pictures_of_bytes_stay_bytes_within_what_was_seen():
    pixels = np.random.default_rng(0).integers(40, 200, (30, 8, 8, 1), dtype=np.uint8)
    generator = fitted(Image(pixels=pixels, unit="1"))
    design = generator.decode(5 * generator.sample(10, np.random.default_rng(0)))
    assert design.pixels.dtype == np.uint8
    assert (design.pixels.min(), design.pixels.max()) == (40, 199)


def test_windows_larger_than_the_map_are_refused():
    with pytest.raises(InputError, match=r"0 have a whole window of 131 × 131 pixels"):
        fitted(titanium(), size=131)


def test_pictures_that_are_all_alike_are_refused():
    with pytest.raises(InputError, match="All pictures are alike"):
        fitted(Image(pixels=np.ones((5, 4, 4, 1), np.float32), unit="1"))


# Variational autoencoder


@pytest.fixture(scope="module")
def trained():
    parameters = VariationalAutoencoderParameters(
        latent=6, channels=(8, 8), epochs=150, patience=150, learning_rate=5e-3
    )
    generator = VariationalAutoencoder(parameters)
    return generator.fit(gradients(400), rng=np.random.default_rng(0), progress=Silent())


@pytest.mark.slow
def test_an_autoencoder_gives_unseen_pictures_back(trained):
    unseen = gradients(100, seed=1).pixels
    again = trained.decode(trained.encode(gradients(100, seed=1))).pixels
    assert np.mean((again - unseen) ** 2) < 0.05 * unseen.var()


@pytest.mark.slow
def test_real_codes_of_an_autoencoder_spread_as_the_prior(trained):
    codes = trained.encode(gradients(400))
    assert 3 <= trained.dim <= 6
    assert codes.mean(axis=0) == pytest.approx(np.zeros(trained.dim), abs=1e-4)
    assert np.cov(codes.T, bias=True) == pytest.approx(np.eye(trained.dim), abs=1e-3)
