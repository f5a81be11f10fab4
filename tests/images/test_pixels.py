"""Pixels as features: exact area means, statistics that do not depend on how the stack is divided, few floats."""

import tracemalloc

import numpy as np
import pytest

from spectra.core.basics.files import pack_arrays, unpack_arrays
from spectra.core.components import Encoder, ShapingEncoder
from spectra.core.errors import InputError
from spectra.core.signals import Image, Profile, take
from spectra.plugins.images import pixels
from spectra.plugins.images.area_means import area_means
from spectra.plugins.images.pixels import Pixels, PixelsParameters

RNG = np.random.default_rng(0)
COLOUR = Image(pixels=RNG.integers(0, 256, (7, 12, 10, 3), dtype=np.uint8), unit="1")
GREY = Image(pixels=RNG.integers(0, 256, (7, 12, 10, 1), dtype=np.uint8), unit="1")
SHARES = COLOUR.pixels.astype(np.float64) / 255


def fitted(signal=COLOUR, **parameters):
    return Pixels(PixelsParameters(**parameters)).fit(signal)


def test_it_keeps_the_protocols() -> None:
    encoder: Encoder = Pixels(PixelsParameters())
    assert isinstance(encoder, ShapingEncoder)


# Means over areas


def test_whole_areas_are_plain_means():
    means = area_means(SHARES.astype(np.float32), 4, 5)
    assert means == pytest.approx(SHARES.reshape(7, 4, 3, 5, 2, 3).mean(axis=(2, 4)), abs=1e-6)


@pytest.mark.parametrize(("height", "width"), [(5, 7), (1, 1), (12, 3), (11, 10)])
def test_a_pixel_on_a_border_belongs_to_both_sides_by_its_share(height, width):
    repeated = SHARES.repeat(height, axis=1).repeat(width, axis=2)  # now every border lies between pixels
    expected = repeated.reshape(7, height, 12, width, 10, 3).mean(axis=(2, 4))
    assert area_means(SHARES.astype(np.float32), height, width) == pytest.approx(expected, abs=1e-6)


# Features


@pytest.mark.parametrize("numbers", [1, 1000, 10**6])
def test_features_of_the_training_set_have_mean_zero_and_deviation_one_however_it_is_divided(monkeypatch, numbers):
    monkeypatch.setattr(pixels, "_NUMBERS", numbers)
    encoder = fitted(size=[6, 5])
    features = encoder.encode(COLOUR).reshape(7, *encoder.shapes()[0])
    assert encoder.shapes() == ((6, 5, 3),)
    assert features.dtype == np.float32
    assert features.mean(axis=(0, 1, 2)) == pytest.approx([0, 0, 0], abs=1e-5)
    assert features.std(axis=(0, 1, 2)) == pytest.approx([1, 1, 1], abs=1e-5)
    means = SHARES.reshape(7, 6, 2, 5, 2, 3).mean(axis=(2, 4))
    assert features == pytest.approx((means - means.mean((0, 1, 2))) / means.std((0, 1, 2)), abs=1e-4)


def test_without_a_size_every_pixel_is_a_feature():
    assert fitted().shapes() == ((12, 10, 3),)
    assert fitted().encode(take(COLOUR, slice(2))).shape == (2, 360)


def test_bytes_and_shares_of_white_are_one():
    as_floats = Image(pixels=SHARES.astype(np.float32), unit="1")
    assert fitted().encode(as_floats) == pytest.approx(fitted().encode(COLOUR), abs=1e-5)


def test_grey_is_the_luma_of_colours_and_the_colour_of_grey():
    reduced = fitted(grey=True)
    assert reduced.shapes() == ((12, 10, 1),)
    luma = SHARES @ [0.299, 0.587, 0.114]
    assert reduced.encode(COLOUR) == pytest.approx(((luma - luma.mean()) / luma.std()).reshape(7, -1), abs=1e-4)
    as_colours = Image(pixels=np.repeat(GREY.pixels, 3, axis=3), unit="1")
    assert reduced.encode(GREY) == pytest.approx(reduced.encode(as_colours), abs=1e-5)
    assert fitted().encode(GREY) == pytest.approx(fitted().encode(as_colours), abs=1e-5)


def test_each_picture_by_itself_forgets_exposure():
    encoder = fitted(normalisation="picture")
    darker = Image(pixels=(0.1 + 0.5 * SHARES).astype(np.float32), unit="1")
    assert encoder.encode(darker) == pytest.approx(encoder.encode(COLOUR), abs=1e-4)
    assert np.abs(fitted().encode(darker) - fitted().encode(COLOUR)).max() > 0.5
    with pytest.raises(InputError, match="one shade all over"):
        encoder.encode(Image(pixels=np.full((1, 12, 10, 3), 0.3, dtype=np.float32), unit="1"))


def test_a_channel_that_never_changes_is_left_alone():
    shares = SHARES.astype(np.float32)
    shares[..., 1] = 0.3
    features = fitted(Image(pixels=shares, unit="1")).encode(Image(pixels=shares, unit="1"))
    assert features.reshape(-1, 3)[:, 1] == pytest.approx(0, abs=1e-5)


def test_what_was_learned_survives_a_file():
    encoder = fitted(size=[4, 4])
    state = unpack_arrays(pack_arrays(encoder.get_state()), what="state")
    again = Pixels(encoder.parameters).set_state(state)
    assert np.array_equal(again.encode(COLOUR), encoder.encode(COLOUR))
    assert again.shapes() == encoder.shapes()


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (take(COLOUR, slice(1)).pixels[:, :11], r"11 × 10 pixels \(height × width\).* pictures of 12 × 10"),
        (np.full((1, 12, 10, 3), np.nan, dtype=np.float32), "not finite"),
        (np.zeros((1, 12, 10, 4), dtype=np.uint8), "4 channels; the model was trained on pictures with 3"),
    ],
)
def test_other_pictures_are_refused(other, sentence):
    with pytest.raises(InputError, match=sentence):
        fitted().encode(Image(pixels=other, unit="1"))


def test_other_signals_units_and_sizes_are_refused():
    with pytest.raises(InputError, match="takes images, not a signal of kind 'profile'"):
        fitted(Profile(x=np.arange(3.0), y=np.ones((2, 3)), x_unit="deg", y_unit="1"))
    with pytest.raises(InputError, match="'nm'; the model was trained on pictures in '1'"):
        fitted().encode(Image(pixels=COLOUR.pixels, unit="nm"))
    with pytest.raises(InputError, match="features of 6 × 11 would have to be interpolated"):
        fitted(size=[6, 11])
    with pytest.raises(InputError, match="trained on pictures with 1"):
        fitted(GREY).encode(COLOUR)
    with pytest.raises(InputError, match="cannot be reduced to grey"):
        fitted(Image(pixels=np.zeros((2, 3, 3, 2), dtype=np.uint8), unit="1"), grey=True)


def test_a_stack_of_bytes_never_stands_in_memory_as_floats():
    stack = Image(pixels=np.zeros((6000, 64, 64, 1), dtype=np.uint8), unit="1")
    stack.pixels[::2] = 255
    tracemalloc.start()
    encoder = fitted(stack, size=[4, 4])
    encoder.encode(stack)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * stack.pixels.nbytes  # 4 times as much were all of them floats
