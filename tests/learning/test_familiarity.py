"""How unlike a signal is: against distances of every pair, and for signals of known distance."""

import numpy as np
import pytest

from spectra.core.signals import Profile
from spectra.plugins.learning.familiarity import doubt, most_similar, strangeness
from spectra.plugins.learning.neighbours import distances_to, nearest_rows

X = np.arange(3.0)


class AsTheyAre:
    """Features are the ordinates."""

    def encode(self, signal):
        return signal.y.astype(np.float32)


def profile(y):
    return Profile(x=X, y=np.atleast_2d(y).astype(float), x_unit="deg", y_unit="1")


def test_the_nearest_are_those_of_a_search_through_all_pairs():
    rng = np.random.default_rng(0)
    known, asked = (rng.random((count, 7), dtype=np.float32) for count in (400, 600))  # more than one batch
    distances = np.linalg.norm(asked[:, None].astype(float) - known, axis=2)
    rows = nearest_rows(asked, known, 5)
    assert np.array_equal(rows, np.argsort(distances, axis=1)[:, :5])
    assert distances_to(asked, known, rows) == pytest.approx(np.sort(distances, axis=1)[:, :5], rel=1e-6)


def test_there_are_no_more_nearest_than_known_ones_and_none_of_nothing():
    known = np.zeros((3, 2), dtype=np.float32)
    assert nearest_rows(np.ones((4, 2), dtype=np.float32), known, 5).shape == (4, 3)
    assert nearest_rows(np.ones((0, 2), dtype=np.float32), known, 2).shape == (0, 2)


def test_one_is_as_far_as_the_loneliest_of_the_known_are_from_each_other():
    line = profile(np.arange(500.0)[:, None] * [1.0, 0.0, 0.0])  # neighbours at a distance of 1
    assert strangeness(AsTheyAre(), profile([100.0, 3.0, 0.0]), line) == pytest.approx(3.0)
    assert strangeness(AsTheyAre(), profile([100.0, 0.0, 0.0]), line) == pytest.approx(0.0)
    assert most_similar(AsTheyAre(), profile([100.2, 3.0, 0.0]), line) == 100


def test_of_what_is_nearer_than_twice_that_nothing_is_said():
    line = profile(np.arange(50.0)[:, None] * [1.0, 0.0, 0.0])
    assert doubt(AsTheyAre(), profile([10.0, 1.9, 0.0]), line) == ()
    (sentence,) = doubt(AsTheyAre(), profile([10.0, 2.5, 0.0]), line)
    assert sentence.startswith("This spectrum is 2.5 times as far")
