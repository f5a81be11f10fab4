"""Explanations of networks: their axioms, and answers that are known."""

import numpy as np
import pytest

from spectra.plugins.learning.explaining import integrated_gradients, likeness, saliency, shuffled
from spectra.plugins.learning.networks.residual import ResidualDesign, ResidualNetwork

DESIGN = ResidualDesign(window=16, filters=(4, 6), blocks=(1, 1), pool=2)


def random_network(rng, dtype=np.float64):
    """A network of random weights, without Keras."""
    weights = {}

    def norm(name, channels):
        weights[f"{name}/scale"], weights[f"{name}/shift"] = rng.uniform(0.5, 1.5, channels), rng.normal(size=channels)

    def convolution(name, taps, before, after):
        weights[f"{name}/kernel"] = rng.normal(size=(taps, taps, before, after)) / np.sqrt(taps**2 * before)
        weights[f"{name}/bias"] = rng.normal(size=after)

    norm("input", 3)
    convolution("first", 3, 3, 4)
    norm("first", 4)
    for stage, (before, after) in enumerate([(4, 4), (4, 6)]):
        name = f"stage{stage}/0"
        convolution(f"{name}/first", 3, before, after)
        norm(f"{name}/first", after)
        convolution(f"{name}/second", 3, after, after)
        norm(name, after)
    convolution("stage1/0/skip", 1, 4, 6)
    weights["answer/kernel"], weights["answer/bias"] = rng.normal(size=(DESIGN.averages**2 * 6, 2)), rng.normal(size=2)
    return ResidualNetwork(DESIGN, {name: value.astype(dtype) for name, value in weights.items()})


@pytest.fixture
def network():
    return random_network(np.random.default_rng(0))


@pytest.fixture
def windows():
    return np.random.default_rng(1).random((2, 16, 16, 3))


@pytest.mark.parametrize("output", [0, 1])
def test_contributions_add_up_to_the_difference_of_the_answers(network, windows, output):
    """The axiom of completeness (Sundararajan, Taly & Yan 2017, proposition 1)."""
    baseline = np.full(3, 0.5)
    contributions = integrated_gradients(network, windows, baseline, output=output, nodes=200)

    empty = np.broadcast_to(baseline, windows.shape)
    difference = (network.answers(windows) - network.answers(empty))[:, output]
    gap = np.abs(contributions.sum(axis=(1, 2, 3)) - difference)
    assert np.all(gap < 1e-4 * np.abs(contributions).sum(axis=(1, 2, 3)))


def test_more_nodes_come_closer_to_completeness(network, windows):
    difference = (network.answers(windows) - network.answers(np.zeros_like(windows)))[:, 0]

    def gap(nodes):
        contributions = integrated_gradients(network, windows, np.zeros(3), nodes=nodes)
        return np.abs(contributions.sum(axis=(1, 2, 3)) - difference).max()

    assert gap(256) < 0.2 * gap(4)


def test_saliency_is_the_steepest_slope(network, windows):
    seen = saliency(network, windows)
    row, column = np.unravel_index(seen[0].argmax(), seen[0].shape)
    slopes = []
    for channel in range(3):
        ahead, behind = windows[:1].copy(), windows[:1].copy()
        ahead[0, row, column, channel] += 1e-6
        behind[0, row, column, channel] -= 1e-6
        slopes.append(abs(network.answers(ahead)[0, 0] - network.answers(behind)[0, 0]) / 2e-6)
    assert seen[0, row, column] == pytest.approx(max(slopes), rel=1e-4)


def test_explanations_change_with_the_weights(network, windows):
    """Adebayo et al. (2018): what stays alike with shuffled weights says nothing of what was learned."""
    other = ResidualNetwork(DESIGN, shuffled(network.weights, np.random.default_rng(2)))
    maps = [saliency(given, windows) for given in (network, other)]

    assert likeness(maps[0], maps[0]) == pytest.approx(1.0)
    assert abs(likeness(*maps)) < 0.5


def test_shuffling_keeps_the_numbers_and_what_is_no_weight():
    state = {
        "kernel": np.arange(12.0).reshape(3, 4),
        "mean": np.arange(9.0),
        "level": np.array([[1.0], [2.0]]),
        "history/loss": np.arange(20.0).reshape(2, 10),
        "names": np.array([["a", "b"]] * 5),
    }
    changed = shuffled(state, np.random.default_rng(0))

    assert not np.array_equal(changed["kernel"], state["kernel"])
    np.testing.assert_array_equal(np.sort(changed["kernel"], axis=None), np.arange(12.0))
    assert all(changed[name] is state[name] for name in state if name != "kernel")


def test_likeness_goes_by_ranks():
    values = np.random.default_rng(0).random((3, 50))
    assert likeness(values, np.exp(5 * values)) == pytest.approx(1.0)
    assert likeness(values, -values) == pytest.approx(-1.0)
    assert np.isnan(likeness(values, np.ones_like(values)))
