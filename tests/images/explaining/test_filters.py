"""Pictures that filters answer to: filters whose favourite is known."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.plugins.images.explaining.filters import Axes, Shades, activation, maximised
from spectra.plugins.images.orientations import axes_of_colours, tensors
from spectra.plugins.learning.networks.pullbacks import Section


class Linear:
    """One section, whose filters weigh the channels of each pixel."""

    def __init__(self, weights):
        self.weights = np.asarray(weights, dtype=np.float32)

    def sections(self, pictures):
        yield Section("colours", pictures @ self.weights, lambda gradient: gradient @ self.weights.T)


def test_a_filter_for_red_is_answered_by_red():
    network = Linear([[1, 0], [-1, 0], [-1, 1]])
    red, blue = maximised(
        network, "colours", [0, 1], canvas=Shades(), size=6, channels=3, rng=np.random.default_rng(0), steps=30
    )
    np.testing.assert_allclose(red, np.broadcast_to([1, 0, 0], (6, 6, 3)), atol=1e-6)
    np.testing.assert_allclose(blue[..., 2], 1.0)


@pytest.mark.parametrize("component", range(3))
def test_a_filter_for_one_axis_is_answered_by_crystals_along_it(component):
    """The largest xx, yy or zz that a tensor c⊗c can have is 1."""
    weights = np.eye(6)[:, [component]]
    network, canvas = Linear(weights), Axes()
    (colours,) = maximised(
        network, "colours", [0], canvas=canvas, size=5, channels=6, rng=np.random.default_rng(1), steps=60
    )
    assert colours.shape == (5, 5, 3)
    state = canvas.start(5, 6, np.random.default_rng(1))
    before = activation(network, "colours", 0, canvas.seen(state))
    for _ in range(60):
        gradient = np.broadcast_to(weights[:, 0].astype(np.float32), (1, 5, 5, 6))
        state = canvas.moved(state, gradient, 0.1)
    assert before < 0.6 < 0.97 < activation(network, "colours", 0, canvas.seen(state))
    if component == 1:  # within the plane of the colours, where one colour is one axis
        np.testing.assert_allclose(tensors(axes_of_colours(colours))[..., 1], 1.0, atol=0.1)


def test_an_unknown_section_is_refused():
    with pytest.raises(InputError, match="no section 'stage 9'"):
        maximised(Linear(np.eye(3)), "stage 9", [0], canvas=Shades(), size=4, channels=3, rng=np.random.default_rng(0))
