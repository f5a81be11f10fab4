"""The training of :class:`~.network.WindowNetwork` by Keras, a batch of windows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PositiveFloat, PositiveInt

from spectra.core.components import Features
from spectra.core.progress import Progress
from spectra.plugins.images.windows.cutting import Cutter
from spectra.plugins.learning.keras_loading import load_keras
from spectra.plugins.learning.networks.epochs import InBatches, streamed_epochs
from spectra.plugins.learning.networks.layers import Singles
from spectra.plugins.learning.networks.residual import ResidualDesign
from spectra.plugins.learning.networks.residual_training import TrainableResidualNetwork
from spectra.plugins.learning.networks.training import Schedule, squared, train

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_NUMBERS = 4_000_000  # of windows that TensorFlow is handed at once: 16 MB


class WindowNetworkParameters(ResidualDesign):
    """Size and training of the network; the defaults are those of Lew et al. (2023)."""

    orientations: bool = Field(
        default=False, description="see c⊗c, which has no sign, in place of the colours of a PIC map"
    )
    turn: bool = Field(
        default=True,
        description="mirror the orientations, too, where a picture is mirrored; the paper leaves their colours",
    )
    zoom: tuple[PositiveFloat, PositiveFloat] = Field(
        default=(0.5, 1.0), description="least and largest share of a window that is enlarged to fill it"
    )
    epochs: PositiveInt = Field(default=100, description="passes over the places, at most")
    patience: PositiveInt = Field(default=20, description="epochs without progress on validation before it stops")
    batch: PositiveInt = Field(default=32, description="windows per step")
    learning_rate: PositiveFloat = Field(default=1e-3, description="Ranger's")
    sliding: bool = Field(
        default=False,
        description="evaluate each place in a window of its own, as the paper does; default: a whole picture in one "
        "pass, with values between every few pixels interpolated",
    )


class Windows:
    """Windows with what was measured in their middle, drawn a batch at a time.

    Parameters
    ----------
    targets : ndarray, shape (n, p)
        Of each place of the cutter.
    learned, held_out
        Which places are learned from, and which no gradient may see.
    """

    def __init__(self, cutter: Cutter, targets: Floats, learned: Rows, held_out: Rows) -> None:
        self._cutter, self._targets, self._learned, self._held_out = cutter, targets, learned, held_out

    def __len__(self) -> int:
        return len(self._learned)

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the windows that are learned from once, in random order and changed at random."""
        order = rng.permutation(self._learned)
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            yield self._cutter.changed(rows, rng), self._targets[rows]

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the others as they are."""
        for start in range(0, len(self._held_out), size):
            rows = self._held_out[start : start + size]
            yield self._cutter.plain(rows), self._targets[rows]


def trained(
    windows: Windows,
    parameters: WindowNetworkParameters,
    *,
    channels: int,
    outputs: int,
    rng: np.random.Generator,
    progress: Progress,
) -> tuple[dict[str, Singles], dict[str, Floats]]:
    """Train on the mean squared error; return the weights that validate best, and the losses of each epoch."""
    progress.say("Loading TensorFlow …")
    keras = load_keras(int(rng.integers(2**31)))
    design = ResidualDesign(**{name: getattr(parameters, name) for name in ResidualDesign.model_fields})
    network = TrainableResidualNetwork(keras, design, channels=channels, outputs=outputs)
    size = parameters.batch * max(1, _NUMBERS // (parameters.batch * channels * design.window**2))
    with streamed_epochs(windows, size, rng) as epochs:
        history = train(
            lambda seen, truth, training: {"loss": squared(network.model(seen, training=training)[:, 0, 0], truth)},
            network.model.trainable_variables,
            epochs,
            InBatches(windows, size),
            keras=keras,
            schedule=Schedule(
                epochs=parameters.epochs,
                patience=parameters.patience,
                batch=parameters.batch,
                learning_rate=parameters.learning_rate,
                decay="none",
                optimizer="ranger",
            ),
            progress=progress,
            title="Training the residual network on windows",
            statistics=network.model.non_trainable_variables,
        )
    return network.weights(), history
