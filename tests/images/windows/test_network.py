"""The residual network on windows: learns what is there, answers on a map as in windows, and needs NumPy alone."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.core.signals import Places
from spectra.plugins.images.windows.network import WindowNetwork, divided
from spectra.plugins.images.windows.training import WindowNetworkParameters

SMALL = {"window": 16, "filters": (4, 8), "blocks": (1, 1), "pool": 2, "padding": "valid", "zoom": (1.0, 1.0)}


def brightness():
    """Places in a picture of patches, and the mean of the 5 × 5 pixels around each."""
    rng = np.random.default_rng(0)
    picture = np.kron(rng.random((12, 12)), np.ones((6, 6))).astype(np.float32)
    places = np.column_stack([np.zeros(400), rng.integers(8, 64, (400, 2))]).astype(np.int32)
    around = [picture[row - 2 : row + 3, column - 2 : column + 3].mean() for _, row, column in places]
    signal = Places(pictures=picture[np.newaxis, ..., np.newaxis], places=places, unit="1", um_per_pixel=2.0)
    return signal, np.array(around, dtype=np.float64)[:, np.newaxis]


@pytest.fixture(scope="module")
def learned():
    signal, targets = brightness()
    parameters = WindowNetworkParameters(**SMALL, epochs=40, learning_rate=1e-2)
    network = WindowNetwork(parameters)
    return network.fit(signal, targets=targets, rng=np.random.default_rng(1), progress=Silent()), signal, targets


def test_it_learns_what_the_middle_of_a_window_shows(learned):
    network, signal, targets = learned
    errors = network.encode(signal) - targets

    assert np.var(errors) < 0.15 * np.var(targets)
    assert network.history_["validation_loss"].min() < 0.3 < network.history_["validation_loss"][0]


def test_a_map_answers_as_windows_do(learned):
    """At multiples of the network's step the same; between them, the bilinear mean of the four around."""
    network, signal, _ = learned
    sliding = WindowNetwork(WindowNetworkParameters(**SMALL, sliding=True)).set_state(network.get_state())
    nodes = np.array([[0, 20, 30], [0, 20, 32], [0, 22, 30], [0, 22, 32]], np.int32)
    on_map, single = (
        encoder.encode(Places(pictures=signal.pictures, places=nodes, unit="1", um_per_pixel=2.0))
        for encoder in (network, sliding)
    )
    between = network.encode(
        Places(pictures=signal.pictures, places=np.array([[0, 21, 31]], np.int32), unit="1", um_per_pixel=2.0)
    )

    np.testing.assert_allclose(on_map, single, rtol=1e-5)
    assert between[0, 0] == pytest.approx(on_map.mean(), rel=1e-5)


@pytest.mark.parametrize("changed", [{}, {"padding": "same", "window": 4}, {"sliding": True}])
def test_an_answer_does_not_depend_on_which_other_places_are_asked_for(learned, changed):
    network, signal, _ = learned
    asked = WindowNetwork(WindowNetworkParameters(**SMALL | changed)).set_state(network.get_state())
    places = np.array([[0, 0, 0], [0, 71, 71], [0, 33, 47], [0, 68, 3]], np.int32)
    together = asked.encode(Places(pictures=signal.pictures, places=places, unit="1", um_per_pixel=2.0))
    alone = [
        asked.encode(Places(pictures=signal.pictures, places=places[[place]], unit="1", um_per_pixel=2.0))
        for place in range(len(places))
    ]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=1e-5)


def test_its_state_answers_alike(learned):
    network, signal, _ = learned
    restored = WindowNetwork(network.parameters).set_state(network.get_state())
    np.testing.assert_array_equal(restored.encode(signal), network.encode(signal))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"um_per_pixel": 3.0}, "pixels of 3 µm; the network was trained on pixels of 2 µm"),
        ({"um_per_pixel": None}, "of unknown size"),
        ({"unit": "°"}, "1 channels in '°'"),
    ],
)
def test_other_pictures_are_refused(learned, changed, why):
    network, signal, _ = learned
    given = {"pictures": signal.pictures, "places": signal.places, "unit": "1", "um_per_pixel": 2.0}
    with pytest.raises(InputError, match=why):
        network.encode(Places(**given | changed))


def test_whole_groups_are_held_out():
    groups = np.repeat(np.arange(10), 7)
    learned, held_out = divided(70, groups, np.random.default_rng(0))
    assert not set(groups[learned]) & set(groups[held_out])
    assert len(held_out) == 14
    assert len(divided(70, np.zeros(70, int), np.random.default_rng(0))[1]) == 14
