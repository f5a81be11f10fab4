"""Blocks of features: their distances add up by their weights."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.similarity.blocks import Standard, combined, contributions
from spectra.core.similarity.metrics import distances


@pytest.fixture
def blocks():
    rng = np.random.default_rng(1)
    return 100 * rng.normal(size=(20, 5)), rng.normal(size=(20, 3))


def test_a_weighted_block_leaves_the_rest_to_the_other(blocks):
    weight = np.linspace(0, 1, 20)
    rows = combined(blocks, [weight, None])
    np.testing.assert_allclose(np.square(rows[:, :5]).sum(axis=1), weight, atol=1e-6)
    np.testing.assert_allclose(np.square(rows[:, 5:]).sum(axis=1), 1 - weight, atol=1e-6)


def test_items_of_equal_weights_have_the_weighted_mean_of_the_cosine_distances(blocks):
    whole = distances(*[combined(blocks, [np.full(20, 0.3), None])] * 2, "cosine")
    parts = [distances(block, block, "cosine") for block in blocks]
    np.testing.assert_allclose(whole, 0.3 * parts[0] + 0.7 * parts[1], atol=2e-6)


@pytest.mark.parametrize(
    ("weights", "share"),
    [([None, None], 0.5), ([np.zeros(20), np.zeros(20)], 0.5), ([np.full(20, 0.9), np.full(20, 0.3)], 0.75)],
)
def test_weights_that_do_not_add_up_are_scaled(blocks, weights, share):
    np.testing.assert_allclose(np.square(combined(blocks, weights)[:, :5]).sum(axis=1), share, rtol=1e-5)


def test_silent_blocks_share_the_rest(blocks):
    rows = combined([*blocks, blocks[1]], [np.full(20, 0.4), None, None])
    np.testing.assert_allclose(np.square(rows[:, 5:8]).sum(axis=1), 0.3, rtol=1e-5)


def test_contributions_say_which_block_differs(blocks):
    other = blocks[0].copy()
    other[1] = other[0]
    rows = combined([other, blocks[1]], [None, None])
    shares = contributions(rows[0], rows, {"a": slice(0, 5), "b": slice(5, 8)})
    assert (shares["a"][0], shares["b"][0]) == (0, 0)
    assert (shares["a"][1], shares["b"][1]) == (pytest.approx(0), pytest.approx(1))
    np.testing.assert_allclose(shares["a"][2:] + shares["b"][2:], 1)


def test_a_block_of_zeros_leaves_zeros(blocks):
    rows = combined([np.zeros((20, 2)), blocks[1]], [None, None])
    assert not rows[:, :2].any()
    assert np.isfinite(rows).all()


def test_standard_features_have_mean_zero_and_deviation_one(blocks):
    features = np.column_stack([blocks[0], np.full(20, 7.3)]).astype(np.float32)
    standard = Standard.of(features)
    found = standard.applied(features)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(found.std(axis=0), [1] * 5 + [0], atol=1e-6)
    assert not Standard.of(features[:0]).centre.any()


def test_weights_out_of_range_are_refused(blocks):
    for weight in (np.full(20, 1.2), np.full(3, 0.5), np.full(20, np.nan)):
        with pytest.raises(InputError, match="20 numbers from 0 to 1"):
            combined(blocks, [weight, None])
    with pytest.raises(InputError, match="20 and 3 items"):
        combined([blocks[0], blocks[1][:3]], [None, None])
