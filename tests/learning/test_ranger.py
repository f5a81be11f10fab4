"""The optimizer Ranger against the algorithm boxes of rectified Adam and Lookahead."""

import numpy as np
import pytest

from spectra.plugins.learning.keras_loading import load_keras


@pytest.fixture(scope="module")
def keras():
    return load_keras(0)


def rectified_adam_and_lookahead(start, gradients, *, rate=1e-3, b1=0.9, b2=0.999, every=6, share=0.5):
    """Liu et al. (2020), algorithm 2, line by line, as the inner optimizer of Zhang et al. (2019), algorithm 1."""
    slow = fast = start.astype(float)
    m, v, path = np.zeros_like(fast), np.zeros_like(fast), []
    rho_max = 2 / (1 - b2) - 1
    for t, gradient in enumerate(gradients, start=1):
        g = gradient.astype(float)
        v = b2 * v + (1 - b2) * g**2
        m = b1 * m + (1 - b1) * g
        m_hat = m / (1 - b1**t)
        rho = rho_max - 2 * t * b2**t / (1 - b2**t)
        if rho > 4:
            adaptive = np.sqrt((1 - b2**t) / v)
            r = np.sqrt((rho - 4) * (rho - 2) * rho_max / ((rho_max - 4) * (rho_max - 2) * rho))
            fast = fast - rate * r * m_hat * adaptive
        else:
            fast = fast - rate * m_hat
        if t % every == 0:
            slow = slow + share * (fast - slow)
            fast = slow
        path.append(fast)
    return np.array(path)


def path_of(keras, start, gradients, **settings):
    from spectra.plugins.learning.networks.ranger import Ranger

    variable = keras.Variable(start)
    optimizer = Ranger(**settings)
    optimizer.build([variable])
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        path.append(np.asarray(variable))
    return np.array(path)


@pytest.mark.parametrize("settings", [{}, {"every": 3, "share": 0.8}])
def test_steps_are_those_of_the_papers(keras, settings):
    rng = np.random.default_rng(1)
    start = rng.normal(size=(3, 2)).astype(np.float32)
    gradients = rng.normal(size=(40, 3, 2)).astype(np.float32)

    path = path_of(keras, start, gradients, learning_rate=0.05, **settings)

    np.testing.assert_allclose(path, rectified_adam_and_lookahead(start, gradients, rate=0.05, **settings), rtol=2e-5)


def test_first_steps_by_hand(keras):
    """A gradient that is always 1 has a mean of 1: four plain steps, a rectified one, and half of the way back."""
    path = path_of(keras, np.zeros(1, np.float32), np.ones((6, 1), np.float32), learning_rate=0.1)

    lengths = {5: 4.9960, 6: 5.9942}  # ρ_t for β₂ = 0.999
    longest = 1999.0
    rectified = [
        np.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
        for length in lengths.values()
    ]
    fast = [-0.1, -0.2, -0.3, -0.4, -0.4 - 0.1 * rectified[0], -0.4 - 0.1 * sum(rectified)]
    np.testing.assert_allclose(path[:5, 0], fast[:5], rtol=1e-3)
    np.testing.assert_allclose(path[5, 0], 0.5 * fast[5], rtol=1e-3)
