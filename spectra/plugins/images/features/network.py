"""The encoder 'network-features': what a network of the user's own says of pictures.

Networks that were trained on millions of pictures see more than filters do, and none ships with the platform. A Keras
network is evaluated here; of any other, the features are computed elsewhere and handed over as a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.basics.files import read_bounded
from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Signal
from spectra.plugins.images.features.keras_files import KerasNetwork, checked_archive
from spectra.plugins.images.features.tables import FeatureTable
from spectra.plugins.images.strips import information_strip
from spectra.plugins.images.symmetry.signatures.shades import shades
from spectra.plugins.images.untrained import images_of

Singles = NDArray[np.float32]

_LARGEST_FILE = 1_000_000_000
_BATCH = 16
_HINT = "Give file=keras:NETWORK.keras, or file=npy:TABLE.npz with features that were computed elsewhere."


class NetworkFeaturesParameters(BaseModel):
    """Parameters of the encoder 'network-features'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str | None = Field(
        default=None,
        pattern="^(keras|npy):.+",
        description="keras:FILE, a network saved as .keras; npy:FILE, an .npz with the arrays 'digests' and 'features'",
    )
    layer: str | None = Field(
        default=None, description="layer of a Keras network whose output are the features; default: the last"
    )
    shades: tuple[float, float] = Field(
        default=(0.0, 1.0), description="numbers by which a Keras network knows black and white, such as 0 and 255"
    )


class NetworkFeatures:
    """Answers of a network that is read from a file when the encoder is fitted, and kept in its state.

    For a Keras network, the middle of a picture in the network's proportions, without an information strip, is resized
    to its input; bytes reach from black to white, and other values from their own least to their largest. Outputs with
    a height and a width are averaged over both. In a table, a picture is found by its digest, see
    :func:`~spectra.plugins.images.features.tables.picture_digest`.
    """

    def __init__(self, parameters: NetworkFeaturesParameters) -> None:
        self.parameters = parameters
        self.content_: bytes = b""
        self._opened: FeatureTable | KerasNetwork | None = None

    def fit(self, signal: Signal) -> Self:
        """Read the file.

        Raises
        ------
        InputError
            If the signal is no stack of images, no file is named, or it cannot be read or trusted.
        """
        images_of(signal, "network-features")
        if self.parameters.file is None:
            raise InputError("The encoder 'network-features' needs a file.", hint=_HINT)
        path = Path(self.parameters.file.partition(":")[2]).expanduser()
        self.content_ = read_bounded(path, limit=_LARGEST_FILE, what="file of the network or its features")
        self._opened = None
        if self._of_keras:
            checked_archive(self.content_)  # before anything goes on record
        else:
            self._source()
        return self

    def encode(self, signal: Signal) -> Features:
        """Return the features of each picture, shape (n, d).

        Raises
        ------
        InputError
            If the signal is no stack of images, a picture is not in the table or has gaps, or the network gives numbers
            that are not finite.
        """
        pictures, source = images_of(signal, "network-features").pixels, self._source()
        if isinstance(source, FeatureTable):
            return source.features_of(pictures)
        rows = [
            source.answers(
                np.stack([_fitted(one, source.shape, self.parameters.shades) for one in pictures[at : at + _BATCH]])
            )
            for at in range(0, len(pictures), _BATCH)
        ]
        return np.concatenate(rows)

    def get_state(self) -> State:
        """Return the file."""
        return {"content": np.frombuffer(self.content_, dtype=np.uint8)}

    def set_state(self, state: State) -> Self:
        """Take over the file."""
        self.content_, self._opened = state["content"].tobytes(), None
        return self

    @property
    def _of_keras(self) -> bool:
        return (self.parameters.file or "").startswith("keras:")

    def _source(self) -> FeatureTable | KerasNetwork:
        if self._opened is None:
            self._opened = (
                KerasNetwork.read(self.content_, self.parameters.layer)
                if self._of_keras
                else FeatureTable.read(self.content_)
            )
        return self._opened


def _fitted(pixels: NDArray[Any], shape: tuple[int, int, int], ends: tuple[float, float]) -> Singles:
    """Return a picture (height, width, channels) in the shape of a network's input, from black to white."""
    height, width, channels = shape
    part = pixels[: len(pixels) - information_strip(pixels)]
    values = part.astype(np.float32) if part.shape[2] == channels else shades(part)[..., np.newaxis]
    if not np.isfinite(values).all():
        raise InputError("A picture holds values that are not finite numbers; networks know no gaps.")
    low, high = (0.0, 255.0) if pixels.dtype == np.uint8 else (float(values.min()), float(values.max()))
    values = (values - low) / max(high - low, float(np.finfo(np.float32).tiny))
    scale = min(values.shape[0] / height, values.shape[1] / width)
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    top, left = (values.shape[0] - rows) // 2, (values.shape[1] - columns) // 2
    middle = values[top : top + rows, left : left + columns]
    by = Pillow.Resampling.BOX if scale >= 1 else Pillow.Resampling.BILINEAR
    resized = [
        np.asarray(Pillow.fromarray(np.ascontiguousarray(middle[..., channel])).resize((width, height), by))
        for channel in range(middle.shape[2])
    ]
    stacked = np.stack(resized * (channels if len(resized) == 1 else 1), axis=-1)
    return (ends[0] + (ends[1] - ends[0]) * stacked).astype(np.float32)
