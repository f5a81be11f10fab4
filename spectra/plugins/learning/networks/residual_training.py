"""The residual network in Keras, to be trained; :mod:`residual` evaluates it."""

from __future__ import annotations

from typing import Any

import numpy as np

from spectra.plugins.learning.networks.layers import Singles
from spectra.plugins.learning.networks.residual import ResidualDesign


class TrainableResidualNetwork:
    """The network of a design, with weights drawn at random.

    ``model`` turns pictures (n, height, width, channels) that are no smaller than a window into maps, one value for
    every window that starts on multiples of ``design.step``; of single windows, ``[:, 0, 0]`` are the answers (n, p).

    Parameters
    ----------
    keras
        Of :func:`~spectra.plugins.learning.keras_loading.load_keras`.
    channels, outputs
        Of a picture, and numbers to be predicted.
    """

    def __init__(self, keras: Any, design: ResidualDesign, *, channels: int, outputs: int) -> None:
        self._layers, self._design = keras.layers, design
        self._made: dict[str, Any] = {}
        picture = keras.Input((None, None, channels))
        values = self._convolution("first", design.filters[0])(self._normalisation("input")(picture))
        values = self._activated(values, "first")
        for stage, (blocks, filters) in enumerate(zip(design.blocks, design.filters, strict=True)):
            for block in range(blocks):
                values = self._block(values, f"stage{stage}/{block}", filters, 2 if stage and not block else 1)
        averages = self._layers.AveragePooling2D(design.pool, strides=1)(values)
        # the linear layer on all averages of a window, for all windows at once
        self._made["answer"] = self._layers.Conv2D(outputs, design.averages, dilation_rate=design.pool)
        self.model = keras.Model(picture, self._made["answer"](averages))

    def weights(self) -> dict[str, Singles]:
        """Return what :class:`~spectra.plugins.learning.networks.residual.ResidualNetwork` needs."""
        stored: dict[str, Singles] = {}
        for name, layer in self._made.items():
            weights = [np.asarray(value, dtype=np.float32) for value in layer.weights]
            if name.endswith("/normalisation"):
                gamma, beta, mean, variance = (value.astype(np.float64) for value in weights)
                scale, where = gamma / np.sqrt(variance + layer.epsilon), name.removesuffix("/normalisation")
                stored |= {
                    f"{where}/scale": scale.astype(np.float32),
                    f"{where}/shift": (beta - mean * scale).astype(np.float32),
                }
            else:
                stored |= dict(zip((f"{name}/kernel", f"{name}/bias"), weights, strict=True))
        stored["answer/kernel"] = stored["answer/kernel"].reshape(-1, stored["answer/bias"].size)
        return stored

    def _block(self, values: Any, name: str, filters: int, step: int) -> Any:
        channels = values.shape[-1]
        changed = self._activated(self._convolution(f"{name}/first", filters, step)(values), f"{name}/first")
        changed = self._convolution(f"{name}/second", filters)(changed)
        if self._design.padding == "valid":
            inside = slice(step + 1, -step - 1, step)  # where both convolutions fit
            values = values[:, inside, inside]
        elif step > 1:
            values = values[:, ::step, ::step]
        if step > 1 or channels != filters:
            self._made[f"{name}/skip"] = self._layers.Conv2D(filters, 1)
            values = self._made[f"{name}/skip"](values)
        return self._activated(self._layers.Add()([values, changed]), name)

    def _convolution(self, name: str, filters: int, step: int = 1) -> Any:
        self._made[name] = self._layers.Conv2D(filters, 3, strides=step, padding=self._design.padding)
        return self._made[name]

    def _activated(self, values: Any, name: str) -> Any:
        return self._normalisation(name)(self._layers.ReLU()(values))

    def _normalisation(self, name: str) -> Any:
        layer = self._made[f"{name}/normalisation"] = self._layers.BatchNormalization(momentum=0.9)
        return layer
