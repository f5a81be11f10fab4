"""Keras on TensorFlow, for regressors that train a network; imported only where one is trained."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from spectra.core.basics.packages import how_to_install
from spectra.core.errors import NotFoundError


def load_keras(seed: int) -> Any:
    """Return Keras on TensorFlow, repeatable on one machine, without what its C++ code prints while it starts.

    Raises
    ------
    NotFoundError
        If TensorFlow is not installed.
    """
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if find_spec("tensorflow") is None:
        raise NotFoundError("This needs TensorFlow, which is not installed.", hint=how_to_install("tensorflow"))
    with _without_native_messages():
        import keras
        import tensorflow as tf

        keras.utils.set_random_seed(seed)
        tf.config.experimental.enable_op_determinism()
        tf.constant(0.0)  # looks for devices, and says so
    return keras


@contextmanager
def _without_native_messages() -> Iterator[None]:
    """Discard what is written to file descriptor 2; TensorFlow has no setting for its first messages."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as sink:
            os.dup2(sink.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(kept, 2)
    finally:
        os.close(kept)
