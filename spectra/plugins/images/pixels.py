"""Pictures to features: their pixels, or means over equal areas, standardised; a few at a time as floats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Image, Signal
from spectra.plugins.images.area_means import area_means

Singles = NDArray[np.float32]
Shape = tuple[int, int, int]

_NUMBERS = 4_000_000  # pixels times channels that stand in memory as floats: 16 MB
_SMALLEST = 1e-5  # standard deviation, as a share of the mean, below which a channel says nothing
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # red, green, blue: ITU-R BT.601


class PixelsParameters(BaseModel):
    """Parameters of the encoder 'pixels'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: tuple[PositiveInt, PositiveInt] | None = Field(
        default=None, description="height and width of the features; default: those of the training pictures"
    )
    grey: bool = Field(default=False, description="reduce colours to grey (ITU-R BT.601)")
    normalisation: Literal["set", "picture"] = Field(
        default="set",
        description="subtract mean and divide by standard deviation of each channel, over the whole training set "
        "(keeps brightness comparable), or over each picture (where exposure is arbitrary)",
    )


class Pixels:
    """Pixels as features, in the order row, column, channel; bytes count as shares of 255.

    A picture has no axis that says how large what it shows is: so all have the size in pixels of the training pictures,
    and are reduced alike. Whatever the number of pictures, only a few stand in memory as floats before they are
    reduced.
    """

    def __init__(self, parameters: PixelsParameters) -> None:
        self.parameters = parameters
        self.picture_: Shape = (0, 0, 0)  # height, width and channels of a training picture
        self.unit_ = ""
        self.mean_: Singles
        self.scale_: Singles

    def fit(self, signal: Signal) -> Self:
        """Learn the size of the pictures, and mean and standard deviation of each channel.

        Raises
        ------
        InputError
            If the signal is no stack of images, or a size is asked for that is larger than theirs.
        """
        image = _image(signal)
        height, width, channels = self.picture_ = image.pixels.shape[1:]
        self.unit_ = image.unit
        if self.parameters.grey and channels not in (1, 3):
            raise InputError(f"Pictures with {channels} channels cannot be reduced to grey.")
        if any(asked > given for asked, given in zip(self.shapes()[0], (height, width), strict=False)):
            raise InputError(
                f"The training pictures have {height} × {width} pixels; features of "
                f"{' × '.join(map(str, self.shapes()[0][:2]))} would have to be interpolated.",
                hint="Ask for a smaller size, or for none.",
            )
        self.mean_, self.scale_ = np.zeros(1, np.float32), np.ones(1, np.float32)
        if self.parameters.normalisation == "set":
            self.mean_, self.scale_ = _mean_and_deviation(self._reduced(image))
        return self

    def encode(self, signal: Signal) -> Features:
        """Reduce and standardise: shape (n, d).

        Raises
        ------
        InputError
            If the pictures have another size, unit or number of channels than the training pictures, or gaps.
        """
        image = self._like_training(_image(signal))
        features, done = np.empty((len(image), int(np.prod(self.shapes()[0]))), dtype=np.float32), 0
        for reduced in self._reduced(image):
            mean, scale = self.mean_, self.scale_
            if self.parameters.normalisation == "picture":
                mean, scale = reduced.mean(axis=(1, 2), keepdims=True), reduced.std(axis=(1, 2), keepdims=True)
                if not np.all(scale > _SMALLEST * np.abs(mean)):
                    raise InputError(
                        "A picture is of one shade all over; it cannot be normalised.", hint="Was the lamp on?"
                    )
            features[done : done + len(reduced)] = ((reduced - mean) / scale).reshape(len(reduced), -1)
            done += len(reduced)
        return features

    def shapes(self) -> tuple[Shape]:
        """Return height, width and channels of the features."""
        height, width = self.parameters.size or self.picture_[:2]
        return ((height, width, 1 if self.parameters.grey else self.picture_[2]),)

    def get_state(self) -> State:
        """Return size and unit of the training pictures, mean and scale."""
        return {
            "picture": np.array(self.picture_),
            "unit": np.array(self.unit_),
            "mean": self.mean_,
            "scale": self.scale_,
        }

    def set_state(self, state: State) -> Self:
        """Restore what ``get_state`` returned."""
        height, width, channels = (int(size) for size in state["picture"])
        self.picture_, self.unit_ = (height, width, channels), str(state["unit"])
        self.mean_, self.scale_ = state["mean"], state["scale"]
        return self

    def _like_training(self, image: Image) -> Image:
        height, width, channels = image.pixels.shape[1:]
        if (height, width) != self.picture_[:2]:
            raise InputError(
                f"The picture has {height} × {width} pixels (height × width); the model was trained on pictures of "
                f"{self.picture_[0]} × {self.picture_[1]}.",
                hint="Read a region of that size, '--set reader.region=[LEFT, TOP, WIDTH, HEIGHT]'; if its pixels are "
                "of another size on the specimen, resample it first.",
            )
        if image.unit != self.unit_:
            raise InputError(
                f"The picture's values are in {image.unit!r}; the model was trained on pictures in {self.unit_!r}."
            )
        if channels == self.picture_[2] or (self.parameters.grey and channels in (1, 3)):
            return image
        if (channels, self.picture_[2]) == (1, 3):  # grey is a colour
            colours: Any = np.repeat(image.pixels, 3, axis=3)
            return Image(pixels=colours, unit=image.unit)
        raise InputError(
            f"The picture has {channels} channels; the model was trained on pictures with {self.picture_[2]}.",
            hint="Train with '--set encoder.grey=true' where colour says nothing.",
        )

    def _reduced(self, image: Image) -> Iterator[Singles]:
        """Yield the pictures as means over areas, (n, height, width, channels), a few at a time.

        Raises
        ------
        InputError
            If they hold values that are not finite.
        """
        height, width, channels = self.shapes()[0]
        size = max(1, _NUMBERS // int(np.prod(image.pixels.shape[1:])))
        for start in range(0, len(image), size):
            part = image.pixels[start : start + size]
            values = part.astype(np.float32)
            if part.dtype == np.uint8:
                values /= 255
            reduced = area_means(values, height, width)
            if not np.isfinite(reduced).all():
                raise InputError("A picture holds values that are not finite numbers.")
            yield reduced if reduced.shape[3] == channels else (reduced @ _LUMA)[..., np.newaxis]


def _image(signal: Signal) -> Image:
    if not isinstance(signal, Image):
        raise InputError(f"The encoder 'pixels' takes images, not a signal of kind '{signal.kind}'.")
    return signal


def _mean_and_deviation(parts: Iterator[Singles]) -> tuple[Singles, Singles]:
    """Return mean and standard deviation of each channel, part by part (Chan, Golub & LeVeque 1983, eq. 2.1).

    A channel that is the same everywhere is left as it is.
    """
    count, mean, squares = 0, np.zeros(1), np.zeros(1)
    for part in parts:
        of_part = part.mean(axis=0, dtype=np.float64).mean(axis=(0, 1))  # in two steps: along channels alone is slow
        around = np.square(part - of_part.astype(np.float32)).sum(axis=0, dtype=np.float64).sum(axis=(0, 1))
        added, off = part[..., 0].size, of_part - mean
        total = count + added
        squares = squares + around + off**2 * (count * added / total)
        mean, count = mean + off * (added / total), total
    deviation = np.sqrt(squares / count)
    deviation[deviation <= _SMALLEST * np.abs(mean)] = 1.0
    return mean.astype(np.float32), deviation.astype(np.float32)
