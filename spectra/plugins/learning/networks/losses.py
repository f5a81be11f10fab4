"""Losses, as means over examples and quantities."""

from __future__ import annotations

from typing import Any

from spectra.plugins.learning.calibration import LOG_SPREAD


def squared(values: Any, targets: Any) -> Any:
    """Return the mean squared error."""
    import tensorflow as tf

    return tf.reduce_mean(tf.square(targets - values))


def gaussian(values: Any, log_spreads: Any, targets: Any) -> Any:
    """Return minus the logarithm of the Gaussian likelihood, up to a constant (Nix and Weigend 1994)."""
    import tensorflow as tf

    log_spreads = tf.clip_by_value(log_spreads, *LOG_SPREAD)
    return tf.reduce_mean(0.5 * tf.square((targets - values) * tf.exp(-log_spreads)) + log_spreads)
