"""The residual network of the virtual indenter as an encoder of places: its answer is the only feature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.signals import Places, Signal, below, within
from spectra.plugins.images.windows.cutting import Cutter, channels_of, padded
from spectra.plugins.images.windows.training import WindowNetworkParameters, Windows, trained
from spectra.plugins.learning.networks.layers import Singles
from spectra.plugins.learning.networks.residual import ResidualNetwork

Floats = NDArray[np.float64]

_HELD_OUT = 0.2  # of the places (or groups), to see when to stop: the paper's share


class WindowNetwork:
    """The residual network of Lew et al. (2023), trained by Ranger on windows around places.

    A window that leaves the picture shows the mean of the training there, as where nothing is known. A fifth of the
    groups (of the places, where there are none) is held out to see when to stop; the paper divides windows at random,
    whatever they share. Keras trains, NumPy predicts.
    """

    def __init__(self, parameters: WindowNetworkParameters) -> None:
        self.parameters = parameters
        self.unit_ = ""
        self.channels_ = 0
        self.um_per_pixel_: float | None = None
        self.fill_: Singles
        self.level_: Floats  # (2, p): mean and standard deviation of the targets
        self.weights_: dict[str, Singles] = {}
        self.history_: dict[str, Floats] = {}

    def fit(
        self,
        signal: Signal,
        *,
        targets: Floats,
        rng: np.random.Generator,
        progress: Progress,
        groups: NDArray[np.int64] | None = None,
    ) -> Self:
        """Train on the places of ``signal``.

        Raises
        ------
        InputError
            If the signal holds no places, or no orientations where they are asked for.
        """
        places, parameters = _checked(signal), self.parameters
        self.unit_, self.channels_, self.um_per_pixel_ = places.unit, places.pictures.shape[3], places.um_per_pixel
        channels = [self._channels(picture) for picture in places.pictures]
        self.fill_ = np.nanmean([np.nanmean(part, axis=(0, 1), dtype=np.float64) for part in channels], axis=0).astype(
            np.float32
        )
        self.level_ = np.stack([targets.mean(axis=0), np.maximum(targets.std(axis=0), np.finfo(float).tiny)])
        cutter = Cutter(
            places,
            parameters.window,
            fill=self.fill_,
            orientations=parameters.orientations,
            turn=parameters.turn,
            zoom=parameters.zoom,
        )
        learned, held_out = divided(len(places), groups, rng)
        windows = Windows(cutter, (targets - self.level_[0]) / self.level_[1], learned, held_out)
        self.weights_, self.history_ = trained(
            windows, parameters, channels=len(self.fill_), outputs=targets.shape[1], rng=rng, progress=progress
        )
        return self

    def encode(self, signal: Signal) -> Features:
        """Evaluate at the places: shape (n, p), NaN where a pixel is not known.

        Raises
        ------
        InputError
            If the pictures show something else than those of the training, or at another scale.
        """
        places = self._like_training(_checked(signal))
        features = np.empty((len(places), self.level_.shape[1]), dtype=np.float32)
        for number, picture in enumerate(places.pictures):
            here = np.flatnonzero(places.places[:, 0] == number)
            if not here.size:
                continue
            start, stop = self._needed(places.places[here, 1:], picture.shape[:2])
            middles = places.places[here, 1:] - start
            channels = self._channels(picture[start[0] : stop[0], start[1] : stop[1]])
            seen = padded(channels, self.parameters.window, self.fill_)
            evaluate = self._in_windows if self.parameters.sliding else self._on_a_map
            features[here] = evaluate(seen, middles) * self.level_[1] + self.level_[0]
            features[here[np.isnan(channels[tuple(middles.T)]).any(axis=-1)]] = np.nan
        return features

    @property
    def size(self) -> int:
        """Height and width of a window in pixels."""
        return self.parameters.window

    @property
    def smallest(self) -> int:
        """Fewest pixels along the sides of a picture that reaches all sections of the network."""
        return self.parameters.step if self.parameters.padding == "same" else self.parameters.window

    @property
    def network(self) -> ResidualNetwork:
        """The trained network; it sees what :meth:`windows` cuts and answers in standard deviations of the targets."""
        return ResidualNetwork(self.parameters, self.weights_)

    def windows(self, signal: Signal) -> Iterator[Singles]:
        """Cut the windows of places as the network sees them, one after the other: (window, window, channels)."""
        places, size = self._like_training(_checked(signal)), self.parameters.window
        pictures = [padded(self._channels(picture), size, self.fill_) for picture in places.pictures]
        for number, row, column in places.places.tolist():
            yield pictures[number][row : row + size, column : column + size]

    def get_state(self) -> State:
        """Return weights, what the pictures show, and the losses of each epoch."""
        state: dict[str, Any] = {"unit": np.array(self.unit_), "channels": np.array(self.channels_)}
        state |= {"fill": self.fill_, "level": self.level_}
        state |= below("weights", self.weights_) | below("history", self.history_)
        return state if self.um_per_pixel_ is None else state | {"um_per_pixel": np.array(self.um_per_pixel_)}

    def set_state(self, state: State) -> Self:
        """Take over what another instance learned."""
        self.unit_, self.channels_ = str(state["unit"]), int(state["channels"])
        self.um_per_pixel_ = float(state["um_per_pixel"]) if "um_per_pixel" in state else None
        self.fill_, self.level_ = state["fill"], state["level"]
        self.weights_, self.history_ = within(state, "weights"), within(state, "history")
        return self

    def _channels(self, picture: Any) -> Singles:
        return channels_of(picture, self.unit_, orientations=self.parameters.orientations)

    def _needed(
        self, middles: NDArray[np.int32], shape: tuple[int, ...]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return first and end of the rows and columns that windows around places see; they start on whole steps."""
        design = self.parameters
        around = design.window + design.reach + design.step
        first = np.maximum(middles.min(axis=0) - around, 0) // design.step * design.step
        return first, np.minimum(middles.max(axis=0) + around, shape)

    def _in_windows(self, seen: Singles, middles: NDArray[np.int32]) -> Singles:
        size, network = self.parameters.window, self.network
        return np.concatenate(
            [network.answers(seen[np.newaxis, row : row + size, column : column + size]) for row, column in middles]
        )

    def _on_a_map(self, seen: Singles, middles: NDArray[np.int32]) -> Singles:
        """Interpolate between the values of a map, which stand at multiples of the network's step, bilinearly."""
        at = middles / self.parameters.step
        low = np.floor(at).astype(int)
        first, last = low.min(axis=0), low.max(axis=0) + 2
        ends = (np.array(seen.shape[:2]) - self.parameters.window) // self.parameters.step + 1
        last = np.minimum(last, ends)
        values = self.network.everywhere(seen, (int(first[0]), int(last[0])), (int(first[1]), int(last[1])))
        shares = (at - low).astype(np.float32)
        result = np.zeros((len(middles), values.shape[2]), dtype=np.float32)
        for corner in np.ndindex(2, 2):
            node = np.minimum(low + corner, last - 1) - first  # at the end of a picture, the last value goes on
            weight = np.abs(1 - np.array(corner, dtype=np.float32) - shares).prod(axis=1, keepdims=True)
            result += weight * values[tuple(node.T)]
        return result

    def _like_training(self, places: Places) -> Places:
        shown = (places.unit, places.pictures.shape[3])
        if shown != (self.unit_, self.channels_):
            raise InputError(
                f"The pictures have {shown[1]} channels in {shown[0]!r}; the network was trained on {self.channels_} "
                f"in {self.unit_!r}."
            )
        sizes = (places.um_per_pixel, self.um_per_pixel_)
        if sizes[0] != sizes[1] and (None in sizes or not np.isclose(*sizes, rtol=0.02)):  # type: ignore[arg-type]
            given, known = ("of unknown size" if size is None else f"of {size:g} µm" for size in sizes)
            raise InputError(
                f"The pictures have pixels {given}; the network was trained on pixels {known}.",
                hint="Bring the pictures to the scale of the training.",
            )
        return places


def divided(
    count: int, groups: NDArray[np.int64] | None, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of ``count`` places are learned from and which held out: whole groups, if there are any."""
    members = np.arange(count) if groups is None else groups
    names = rng.permutation(np.unique(members))
    held_out = np.isin(members, names[: max(1, round(_HELD_OUT * len(names)))])
    if held_out.all():  # a single group
        held_out = rng.permutation(count) < max(1, round(_HELD_OUT * count))
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def _checked(signal: Signal) -> Places:
    if not isinstance(signal, Places):
        raise InputError(f"The encoder 'residual-network' takes places in pictures, not {signal.kind}.")
    return signal
