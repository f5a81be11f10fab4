"""The network on whole maps: NumPy against Keras, whole maps against windows, a law that it finds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.core.signals import Places, take
from spectra.plugins.images.map_network import MapNetwork
from spectra.plugins.images.map_training import MapNetworkParameters, keras_network
from spectra.plugins.images.residual_network import ResidualMapNetwork
from spectra.plugins.learning.keras_loading import load_keras

SMALL = MapNetworkParameters(filters=(8, 8), hidden=8, steps=120, learning_rate=0.01, weight_decay=0.1)


def crystals(seed: int, side: int = 40) -> Places:
    """Return every place of a map of grains with axes at random."""
    rng = np.random.default_rng(seed)
    middles = rng.random((30, 2)) * side
    pixels = np.moveaxis(np.mgrid[0:side, 0:side], 0, -1)
    numbers = ((pixels[:, :, None] - middles) ** 2).sum(axis=-1).argmin(axis=-1)
    tilts = np.degrees(np.arccos(rng.random(30)))
    angles = np.stack([rng.random(30) * 360, tilts, rng.random(30) * 60], axis=-1)[numbers]
    places = np.argwhere(np.ones((1, side, side), dtype=bool)).astype(np.int32)
    return Places(pictures=angles[None].astype(np.float32), places=places, unit="°", um_per_pixel=2.0)


def cosines(places: Places) -> np.ndarray[Any, Any]:
    picked: Any = places.pictures[tuple(places.places.T)]
    return np.cos(np.radians(picked[:, 1:2])) ** 2


def trained(kind: Any, places: Places) -> Any:
    targets = 0.2 + 0.6 * cosines(places).astype(float)
    return kind(SMALL).fit(places, targets=targets, rng=np.random.default_rng(0), progress=Silent())


@pytest.fixture(scope="module")
def network() -> MapNetwork:
    return trained(MapNetwork, crystals(0))


def test_a_law_is_found_and_holds_for_grains_never_seen(network: MapNetwork) -> None:
    unseen = crystals(1)
    errors = network.encode(unseen) - (0.2 + 0.6 * cosines(unseen))
    assert errors.std() < 0.35 * (0.6 * cosines(unseen)).std()  # of thirty grains, in 120 steps
    assert network.history_[-20:].mean() < 0.1 * network.history_[0]


def test_numpy_answers_as_keras_does(network: MapNetwork) -> None:
    keras = load_keras(0)
    made = keras_network(keras, SMALL, 7, 1)
    made.set_weights([array for layer in network.layers_ for array in layer])
    picture = crystals(2).pictures[0]
    seen = np.pad(network._inputs_of(picture), ((2, 2), (2, 2), (0, 0)))
    expected = np.asarray(made(seen[None]))[0, ..., 0] * network.level_[1] + network.level_[0]
    found = network.encode(crystals(2)).reshape(40, 40)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("kind", [MapNetwork, ResidualMapNetwork])
def test_a_window_of_the_reach_gives_what_the_whole_map_gives(kind: Any) -> None:
    places = crystals(3)
    fitted = trained(kind, places)
    whole = fitted.encode(places)
    for place in (0, 41, 777, 1599):
        asked = take(places, np.array([place])).cropped(fitted.reach)
        window: Any = asked.pictures.copy()
        np.testing.assert_allclose(fitted.encode(replace(asked, pictures=window))[0], whole[place], atol=1e-5)
    again = kind(SMALL).set_state(fitted.get_state())
    np.testing.assert_array_equal(again.encode(places), whole)
    assert fitted.get_state()["history/loss"].shape == (120,)


def test_several_pictures_of_different_content_and_gaps(network: MapNetwork) -> None:
    one, other = crystals(4), crystals(5)
    pictures = np.concatenate([one.pictures, other.pictures])
    pictures[1, 5, 6] = np.nan
    places = np.array([[0, 3, 3], [1, 5, 6], [1, 20, 20]], dtype=np.int32)
    found = network.encode(replace(one, pictures=pictures, places=places))
    assert np.isnan(found[1]).all()
    assert found[0, 0] == pytest.approx(network.encode(one)[3 * 40 + 3, 0], abs=1e-6)
    assert found[2, 0] == pytest.approx(network.encode(other)[20 * 40 + 20, 0], abs=1e-6)


def test_what_it_does_not_know_is_refused(network: MapNetwork) -> None:
    grey = Places(pictures=np.zeros((1, 9, 9, 1), np.uint8), places=np.zeros((1, 3), np.int32), unit="1")
    with pytest.raises(InputError, match="1 channels in '1'; the network has learned from 3 in '°'"):
        network.encode(grey)
