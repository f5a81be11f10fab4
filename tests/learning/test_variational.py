"""The variational autoencoder: NumPy gives what Keras trained."""

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.variational import (
    VariationalParameters,
    _Network,
    decode,
    encode,
    train_variational,
)


@pytest.mark.parametrize("shape", [(9, 14, 1), (31, 31, 6)])
@pytest.mark.parametrize("channels", [(4,), (4, 8), (3, 4, 5)])
def test_numpy_and_keras_give_the_same_codes_and_pictures(shape, channels):
    if min(shape[:2]) < 2 ** (len(channels) + 1) - 1:
        pytest.skip("too small")
    keras = load_keras(0)
    network = _Network(keras, VariationalParameters(latent=5, channels=channels), shape)
    rng = np.random.default_rng(0)
    for variable in network.variables:
        variable.assign(rng.normal(0, 0.3, variable.shape))  # biases, too
    pictures = rng.normal(0, 1, (3, *shape)).astype(np.float32)
    codes = rng.normal(0, 1, (3, 5)).astype(np.float32)
    means, _ = network.encoded(pictures)
    scale = float(np.abs(means).max())
    assert encode(pictures, network.weights()) == pytest.approx(np.asarray(means), abs=1e-5 * scale)
    expected = np.asarray(network.decoded(codes))
    assert expected.shape == (3, *shape)
    assert decode(codes, network.weights(), shape) == pytest.approx(expected, abs=1e-5 * float(np.abs(expected).max()))


def test_pictures_that_the_convolutions_leave_nothing_of_are_refused():
    pictures = np.zeros((20, 5, 5, 1), np.float32)
    with pytest.raises(InputError, match="at least 7 × 7 pixels, not 5 × 5"):
        train_variational(pictures, VariationalParameters(), rng=np.random.default_rng(0), progress=Silent())


def test_too_few_pictures_are_refused():
    with pytest.raises(InputError, match="at least 10 pictures, not 3"):
        train_variational(
            np.zeros((3, 9, 9, 1), np.float32), VariationalParameters(), rng=np.random.default_rng(0), progress=Silent()
        )
