"""The encoder on stacks of pictures of any size, and how it refuses what it cannot use."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Image, Peaks
from spectra.plugins.images.symmetry.encoder import Symmetry, SymmetryParameters
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import pattern
from spectra.plugins.images.symmetry.signatures.scales import best_view
from spectra.plugins.images.symmetry.signatures.shades import flattened, without_strip

SIGNATURE, GROUPS = (Symmetry(SymmetryParameters(features=kind)) for kind in ("signature", "groups"))


def picture(symbol, seed=0, **options):
    return pattern(PLANE_GROUPS[SYMBOLS.index(symbol)], np.random.default_rng(seed), **options)[0]


def image(*pictures):
    return Image(pixels=np.stack(pictures)[..., np.newaxis].astype(np.float32), unit="1")


def test_features_are_those_of_each_picture_alone():
    pictures = [picture("p4"), picture("p6mm"), picture("pg")]
    together = SIGNATURE.encode(image(*pictures))
    assert together.shape == (3, 39)
    for row, alone in zip(together, pictures, strict=True):
        assert np.array_equal(SIGNATURE.encode(image(alone))[0], row)


def test_the_other_features_are_probabilities_and_the_periodicity():
    features = GROUPS.encode(image(picture("p31m"), picture("p2gg")))
    assert features.shape == (2, 18)
    assert [SYMBOLS[k] for k in features[:, :17].argmax(axis=1)] == ["p31m", "p2gg"]
    assert np.allclose(features[:, :17].sum(axis=1), 1, atol=1e-5)


def test_what_is_not_periodic_has_zeros():
    noise = np.random.default_rng(0).normal(size=(64, 64))
    assert not SIGNATURE.encode(image(noise)).any()
    assert not GROUPS.encode(image(noise)).any()


def test_bytes_and_colours_are_pictures_as_well():
    shown = picture("p4gm")
    grey = np.clip(128 + 40 * shown, 0, 255).astype(np.uint8)
    colours = Image(pixels=np.repeat(grey[np.newaxis, ..., np.newaxis], 3, axis=3), unit="1")
    assert np.abs(SIGNATURE.encode(colours) - SIGNATURE.encode(image(shown))).max() < 0.1


def test_a_lattice_coarser_than_the_window_is_found_with_fewer_pixels():
    """The same picture, each pixel eight by eight: cells of a hundred pixels and more."""
    shown = picture("p4mm")
    large = np.kron(shown, np.ones((8, 8)))
    view = best_view(large)
    assert view.found.convincing
    assert np.linalg.norm(view.edges, axis=0) == pytest.approx(
        8 * np.linalg.norm(best_view(shown).edges, axis=0), rel=0.02
    )


def test_a_lattice_much_finer_than_the_picture_is_found_at_full_resolution():
    columns, rows = np.meshgrid(np.arange(1024), np.arange(1024))
    view = best_view(np.cos(2 * np.pi * columns / 6.5) + np.cos(2 * np.pi * rows / 6.5))
    assert view.step == 1
    assert np.linalg.norm(view.edges, axis=0) == pytest.approx([6.5, 6.5], abs=0.02)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.zeros((64, 64)), "one shade"),
        (np.full((64, 64), 1e300), "one shade"),
        (np.full((64, 64), np.nan), "finite values at 0%"),
        (np.ones((10, 300)), "300 × 10 pixels"),
    ],
)
def test_pictures_that_show_nothing_are_refused_in_words(values, said):
    with pytest.raises(InputError, match=said):
        flattened(values)


def test_peaks_are_no_picture():
    with pytest.raises(InputError, match="takes images"):
        SIGNATURE.fit(Peaks.from_lists([[1.0]], unit="mm", window=(0, 2)))


def test_extreme_values_do_not_hide_the_pattern():
    shown = picture("p3m1")
    shown[5, 7], shown[40, 2] = 1e30, -np.inf
    assert best_view(shown).found.convincing


def test_an_information_strip_is_cut_off_and_a_dark_picture_is_not():
    rng = np.random.default_rng(0)
    shown = rng.integers(0, 255, (400, 500)).astype(float)
    strip = np.zeros((60, 500))
    strip[20:40, 50:150] = 255 * rng.integers(0, 2, (20, 100))
    kept, height = without_strip(np.vstack([shown, strip]))
    assert height == 60
    assert np.array_equal(kept, shown)
    assert without_strip(shown)[1] == 0
    particles = np.zeros((400, 500))
    particles[::20, ::20] = 255
    assert without_strip(particles)[1] == 0


def test_symmetry_counts_as_much_as_a_picture_is_periodic():
    rng = np.random.default_rng(0)
    noises = [rng.normal(size=(64, 64)), rng.normal(size=(64, 64)).cumsum(axis=0).cumsum(axis=1)]
    shown = image(picture("p4"), picture("p4", noise=0.5), picture("p4", noise=1.0), *noises)
    weights = SIGNATURE.weights(SIGNATURE.encode(shown))
    assert weights[0] == 1
    assert weights[0] > weights[1] > 0.4 > weights[2]
    assert list(weights[3:]) == [0, 0]
    of_groups = GROUPS.weights(GROUPS.encode(shown))
    assert of_groups[0] > 0.9
    assert list(of_groups[3:]) == [0, 0]
