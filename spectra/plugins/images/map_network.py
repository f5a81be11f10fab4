"""A fully convolutional network on whole maps: trained where something was measured, evaluated everywhere at once."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.signals import Places, Signal, below, within
from spectra.plugins.images.map_training import MapNetworkParameters, trained
from spectra.plugins.images.orientations import ANGLES, axes_of, shares_of_white, tensors, turned
from spectra.plugins.learning.networks.layers import Layer, activated, convolution, dense, numbered

Singles = NDArray[np.float32]
Floats = NDArray[np.float64]

_ROWS = 256  # of a picture that are evaluated together


class MapNetwork:
    """Convolutions of 3 × 3 pixels over a whole picture, and layers at each pixel; its answer is the only feature.

    Orientations are seen as the tensor c⊗c, which has no sign; a channel says which pixels are known, and the others
    are zero, as is everything outside of the picture. Training minimises the mean squared error at the places of the
    training alone. In every step the specimen is turned or mirrored at random in one of eight ways, and its
    orientations with it. Keras trains; a prediction takes NumPy alone, and one pass over the picture.
    """

    def __init__(self, parameters: MapNetworkParameters) -> None:
        self.parameters = parameters
        self.unit_ = ""
        self.channels_ = 0
        self.um_per_pixel_: float | None = None
        self.mean_: Singles  # of the channels that the network sees
        self.scale_: Singles
        self.layers_: list[Layer] = []
        self.level_: Floats  # (2, p): mean and standard deviation of the targets
        self.history_: Floats = np.empty(0)

    def fit(self, signal: Signal, *, targets: Floats, rng: np.random.Generator, progress: Progress) -> Self:
        """Train on the places of ``signal``.

        Raises
        ------
        InputError
            If the signal holds no places, or no orientations where they are asked for.
        """
        places = _checked(signal)
        self.unit_, self.channels_, self.um_per_pixel_ = places.unit, places.pictures.shape[3], places.um_per_pixel
        seen = np.concatenate([self._channels(picture).reshape(-1, self._inputs) for picture in places.pictures])
        self.mean_, self.scale_ = np.nanmean(seen, axis=0), np.maximum(np.nanstd(seen, axis=0), np.float32(1e-6))
        del seen
        self.level_ = np.stack([targets.mean(axis=0), np.maximum(targets.std(axis=0), np.finfo(float).tiny)])
        scaled = ((targets - self.level_[0]) / self.level_[1]).astype(np.float32)
        turns = [
            [self._inputs_of(self._turned(picture, quarters, mirrored)) for picture in places.pictures]
            for mirrored in (False, True)
            for quarters in range(4)
        ]
        truth = np.full((*places.pictures.shape[:3], targets.shape[1]), np.nan, dtype=np.float32)
        truth[tuple(places.places.T)] = scaled
        truths = [np.rot90(truth[:, :, ::-1] if m else truth, q, axes=(1, 2)) for m in (False, True) for q in range(4)]
        self.layers_, self.history_ = trained(turns, truths, self.parameters, rng=rng, progress=progress)
        return self

    def encode(self, signal: Signal) -> Features:
        """Evaluate at the places: shape (n, p), NaN where a pixel is not known.

        Raises
        ------
        InputError
            If the pictures show something else than those of the training.
        """
        places = _checked(signal)
        if (places.unit, places.pictures.shape[3]) != (self.unit_, self.channels_):
            raise InputError(
                f"The pictures have {places.pictures.shape[3]} channels in {places.unit!r}; the network has learned "
                f"from {self.channels_} in {self.unit_!r}."
            )
        places = places.cropped(self.reach)
        features = np.empty((len(places), self.level_.shape[1]), dtype=np.float32)
        for number, picture in enumerate(places.pictures):
            here = np.flatnonzero(places.places[:, 0] == number)
            rows, columns = places.places[here, 1], places.places[here, 2]
            features[here] = self._everywhere(picture)[rows, columns]
            features[here[np.isnan(picture[rows, columns]).any(axis=-1)]] = np.nan
        return features

    @property
    def reach(self) -> int:
        """How many pixels away the network looks."""
        return len(self.parameters.filters)

    def get_state(self) -> State:
        """Return weights, scales, what the pictures show, and the loss of each step."""
        state: dict[str, Any] = {"unit": np.array(self.unit_), "channels": np.array(self.channels_)}
        state |= {"mean": self.mean_, "scale": self.scale_, "level": self.level_, "history/loss": self.history_}
        for place, (kernel, bias) in enumerate(self.layers_):
            state |= below("layers", {f"{place}/kernel": kernel, f"{place}/bias": bias})
        return state if self.um_per_pixel_ is None else state | {"um_per_pixel": np.array(self.um_per_pixel_)}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.unit_, self.channels_ = str(state["unit"]), int(state["channels"])
        self.um_per_pixel_ = float(state["um_per_pixel"]) if "um_per_pixel" in state else None
        self.mean_, self.scale_, self.level_ = state["mean"], state["scale"], state["level"]
        self.layers_, self.history_ = numbered(within(state, "layers")), state["history/loss"]
        return self

    @property
    def _oriented(self) -> bool:
        return self.unit_ == ANGLES or self.parameters.orientations

    @property
    def _inputs(self) -> int:
        return 6 if self._oriented else self.channels_

    def _channels(self, picture: Any) -> Singles:
        """Return what the network sees of a picture (height, width, channels), before it is scaled."""
        if self._oriented:
            return tensors(axes_of(picture, self.unit_))
        return shares_of_white(picture)

    def _turned(self, picture: Any, quarters: int, mirrored: bool) -> Any:
        if self._oriented:
            return turned(picture, self.unit_, quarters=quarters, mirrored=mirrored)
        return np.rot90(picture[:, ::-1] if mirrored else picture, quarters)

    def _inputs_of(self, picture: Any) -> Singles:
        """Return what the network sees, with a channel that is 1 where the picture is known and 0 elsewhere."""
        scaled = (self._channels(picture) - self.mean_) / self.scale_
        known = np.isfinite(scaled).all(axis=-1, keepdims=True)
        return np.concatenate([np.where(known, scaled, 0), known], axis=-1).astype(np.float32)

    def _everywhere(self, picture: Any) -> Singles:
        """Return the answers at all pixels of a picture, some rows at a time."""
        edge, height = self.reach, picture.shape[0]
        seen = np.pad(self._inputs_of(picture), ((edge, edge), (edge, edge), (0, 0)))
        strips = [
            self._answers(seen[start : min(start + _ROWS, height) + 2 * edge]) for start in range(0, height, _ROWS)
        ]
        level, width = self.level_.astype(np.float32)
        return np.concatenate(strips) * width + level

    def _answers(self, seen: Singles) -> Singles:
        values = seen[np.newaxis]
        for layer in self.layers_[: self.reach]:
            values = activated(convolution(values, layer), "relu")
        *hidden, last = self.layers_[self.reach :]
        for layer in hidden:
            values = activated(dense(values, layer), "relu")
        answers: Singles = dense(values, last)[0]
        return answers


def _checked(signal: Signal) -> Places:
    if not isinstance(signal, Places):
        raise InputError(f"The encoder 'map-network' takes places in pictures, not {signal.kind}.")
    return signal
