"""Gradients of the map network: the same answers as the encoder, and slopes as finite differences have them."""

import numpy as np
import pytest

from spectra.core.signals import Places
from spectra.plugins.images.explaining.map_networks import ExplainedMapNetwork
from spectra.plugins.images.map_network import MapNetwork
from spectra.plugins.images.map_training import MapNetworkParameters


@pytest.fixture
def encoder():
    """An encoder of colours with random weights."""
    rng = np.random.default_rng(0)
    made = MapNetwork(MapNetworkParameters(filters=(4, 5), hidden=6))
    shapes = [(3, 3, 4, 4), (3, 3, 4, 5), (5, 6), (6, 1)]
    layers = [
        (rng.normal(size=shape).astype(np.float32), rng.normal(size=shape[-1]).astype(np.float32)) for shape in shapes
    ]
    state = {
        f"layers/{place}/{name}": part
        for place, pair in enumerate(layers)
        for name, part in zip(("kernel", "bias"), pair, strict=True)
    }
    state |= {"unit": np.array("1"), "channels": np.array(3), "history/loss": np.empty(0)}
    state |= {"mean": rng.random(3, dtype=np.float32), "scale": rng.random(3, dtype=np.float32) + 1}
    return made.set_state(state | {"level": np.array([[0.4], [0.2]])})


def test_answers_are_those_of_the_encoder(encoder):
    picture = np.random.default_rng(1).random((9, 8, 3), dtype=np.float32)
    signal = Places(pictures=picture[np.newaxis], places=np.array([[0, 4, 4], [0, 2, 5]], np.int32), unit="1")
    explained = ExplainedMapNetwork(encoder)

    answers, _ = explained.differentiated(np.stack(list(explained.windows(signal))))
    np.testing.assert_allclose(answers * 0.2 + 0.4, encoder.encode(signal), rtol=1e-5)


def test_gradients_are_those_of_finite_differences(encoder):
    explained = ExplainedMapNetwork(encoder)
    window = np.random.default_rng(2).random((1, explained.size, explained.size, 3))
    direction = np.random.default_rng(3).normal(size=window.shape)

    answer, pullback = explained.differentiated(window)
    slope = np.sum(pullback(np.ones_like(answer)) * direction)
    ahead, behind = (explained.differentiated(window + shift * direction)[0].item() for shift in (1e-7, -1e-7))
    assert slope == pytest.approx((ahead - behind) / 2e-7, rel=1e-5)
    assert [section.name for section in explained.sections(window)] == [
        "convolution 1",
        "convolution 2",
        "hidden layer",
    ]
