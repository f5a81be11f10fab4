"""The residual network of the virtual indenter, evaluated by NumPy: for windows, and over a whole picture at once.

Lew et al., Matter 6, 1975 (2023), figure 2D and experimental procedures, with the layers in the order of the code that
was released with it: batch normalisation; a convolution; stages of residual blocks, each two convolutions beside a
shortcut, the rectifier *before* batch normalisation; averages; one linear layer on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

from spectra.core.errors import InputError
from spectra.plugins.learning.networks.layers import Layer, Weights, named
from spectra.plugins.learning.networks.pullbacks import (
    Differentiated,
    Section,
    Values,
    composed,
    convolved,
    cropped,
    pooled,
    rectified,
    scaled,
)

_TILE = 1024  # windows start on so many rows and columns of a picture that are evaluated together


class ResidualDesign(BaseModel):
    """Sizes of the network; the defaults are the paper's, with 3,550,797 weights for three channels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    window: PositiveInt = Field(default=200, description="height and width in pixels of what the network sees")
    filters: tuple[PositiveInt, ...] = Field(
        default=(32, 64, 128, 256), min_length=1, description="filters of each stage; every later one halves the pixels"
    )
    blocks: tuple[PositiveInt, ...] = Field(
        default=(2, 4, 4, 2), min_length=1, description="residual blocks of each stage"
    )
    pool: PositiveInt = Field(default=4, description="pixels of the last stage, along each axis, that are averaged")
    padding: Literal["same", "valid"] = Field(
        default="same",
        description="what convolutions meet at the edge of a window: zeros (the paper), or nothing, so that a map "
        "of a whole picture has exactly the values of single windows",
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.filters) != len(self.blocks):
            raise ValueError(f"{len(self.filters)} stages have filters, {len(self.blocks)} blocks")
        if self.padding == "same" and self.window % self.step:
            raise ValueError(f"the window must be a multiple of {self.step} pixels for {len(self.blocks)} stages")
        if self.averages < 1:
            raise ValueError(f"a window of {self.window} pixels is too small for the stages and the pool")
        return self

    @property
    def step(self) -> int:
        """Pixels of the picture between pixels of the last stage."""
        return 2 ** (len(self.blocks) - 1)

    @property
    def averages(self) -> int:
        """How many averages along each axis the last layer sees."""
        size = self.window if self.padding == "same" else self.window - 2
        for stage, blocks in enumerate(self.blocks):
            for block in range(blocks):
                if stage and not block:
                    size = size // 2 if self.padding == "same" else (size - 1) // 2
                elif self.padding == "valid":
                    size -= 2
                if self.padding == "valid":
                    size -= 2
        return max(size, 0) // self.pool

    @property
    def reach(self) -> int:
        """How far from a pixel of the last stage the network looks at most, in whole steps of the picture."""
        pixels = 1 + sum(2 * blocks * 2**stage for stage, blocks in enumerate(self.blocks))
        return -(-pixels // self.step) * self.step


@dataclass(frozen=True, eq=False)
class ResidualNetwork:
    """The network after training.

    Parameters
    ----------
    weights
        By the names of :mod:`residual_training`; batch normalisations are scale and shift of each channel.
    """

    design: ResidualDesign
    weights: Weights

    def answers(self, windows: Values) -> Values:
        """Evaluate windows (n, window, window, channels), one at a time: shape (n, p)."""
        return np.concatenate([self.differentiated(windows[[place]])[0] for place in range(len(windows))])

    def everywhere(
        self, picture: Values, rows: tuple[int, int] | None = None, columns: tuple[int, int] | None = None
    ) -> Values:
        """Evaluate all windows of a picture (height, width, channels) that start on multiples of ``design.step``.

        Convolutions run over the whole picture once (Long, Shelhamer & Darrell 2015); the last layer becomes a
        convolution of its averages. With the padding ``valid`` each value is that of its window alone; with ``same``
        it differs, because where the window ends, the map sees the picture and the single window sees zeros. Large
        pictures are evaluated in overlapping tiles, with the same result.

        Parameters
        ----------
        rows, columns
            First and end of the rows and columns of the map to evaluate; default: all.

        Returns
        -------
        ndarray, shape ((height - window) // step + 1, (width - window) // step + 1, p)
            The value at ``[i, j]`` is of the window whose top left pixel is ``(i * step, j * step)``.

        Raises
        ------
        InputError
            If the picture is smaller than a window.
        """
        window, step = self.design.window, self.design.step
        if min(picture.shape[:2]) < window:
            raise InputError(
                f"The picture has {picture.shape[0]} × {picture.shape[1]} pixels (height × width); the network looks "
                f"at windows of {window} × {window}."
            )
        whole = tuple((0, (size - window) // step + 1) for size in picture.shape[:2])
        (top, bottom), (left, right) = rows or whole[0], columns or whole[1]
        result = np.empty((bottom - top, right - left, len(self.weights["answer/bias"])), dtype=picture.dtype)
        tile = max(1, _TILE // step)
        for row in range(top, bottom, tile):
            for column in range(left, right, tile):
                down, across = (row, min(row + tile, bottom)), (column, min(column + tile, right))
                part = (slice(down[0] - top, down[1] - top), slice(across[0] - left, across[1] - left))
                result[part] = self._tile(picture, down, across)
        return result

    def differentiated(self, windows: Values) -> Differentiated:
        """Evaluate windows (n, window, window, channels): answers (n, p), and how their gradients go back."""
        last = _last(self.sections(windows))
        averages, of_averages = pooled(last.values, self.design.pool)
        kernel, bias = named(self.weights, "answer")
        flat = averages.reshape(len(windows), -1)

        def pullback(gradient: Values) -> Values:
            return last.pullback(of_averages((gradient @ kernel.T.astype(flat.dtype)).reshape(averages.shape)))

        return flat @ kernel.astype(flat.dtype) + bias.astype(flat.dtype), pullback

    def sections(self, pictures: Values, *, recording: bool = True) -> Iterator[Section]:
        """Go through the parts of the network: the first convolution, and each stage.

        Parameters
        ----------
        recording
            Whether to keep in memory what the pullbacks need; without it they must not be called.
        """
        values, normalised = scaled(pictures, self._normalisation("input"))
        values, convolution = convolved(values, named(self.weights, "first"), padding=self._padding(1))
        values, activation = self._activated(values, "first")
        pullbacks = [normalised, convolution, activation] if recording else []
        del normalised, convolution, activation
        yield Section("first convolution", values, composed(pullbacks))
        for stage, blocks in enumerate(self.design.blocks):
            for block in range(blocks):
                step = 2 if stage and not block else 1
                values, pullback = self._block(values, f"stage{stage}/{block}", step)
                if recording:
                    pullbacks.append(pullback)
                del pullback
            yield Section(f"stage {stage + 1}", values, composed(pullbacks))

    def _tile(self, picture: Values, rows: tuple[int, int], columns: tuple[int, int]) -> Values:
        """Evaluate the windows that start on rows and columns of the map."""
        design = self.design
        parts = [self._seen(ends, size) for ends, size in zip((rows, columns), picture.shape[:2], strict=True)]
        part = picture[tuple(slice(start, stop) for start, stop, _ in parts)]
        last = _last(self.sections(part[np.newaxis], recording=False))
        (top, left), values = (skipped for *_, skipped in parts), last.values[0]
        averages = _moving_average(values[top:, left:], design.pool)
        kernel, bias = named(self.weights, "answer")
        taps = kernel.reshape(design.averages, design.averages, values.shape[-1], -1)
        height, width = rows[1] - rows[0], columns[1] - columns[0]
        result = np.zeros((height, width, len(bias)), dtype=values.dtype) + bias
        for row, column in np.ndindex(taps.shape[:2]):
            first, second = row * design.pool, column * design.pool
            result += averages[first : first + height, second : second + width] @ taps[row, column]
        return result

    def _seen(self, ends: tuple[int, int], size: int) -> tuple[int, int, int]:
        """Return which pixels along one axis a tile needs, and how many pixels of the last stage to skip then."""
        design = self.design
        start, stop = ends[0] * design.step, (ends[1] - 1) * design.step + design.window
        if design.padding == "valid":
            return start, stop, 0
        whole = size // design.step * design.step  # the rest belongs to no window
        first = max(0, start - design.reach)
        return first, min(whole, stop + design.reach), (start - first) // design.step

    def _block(self, values: Values, name: str, step: int) -> Differentiated:
        """Apply one residual block."""
        changed, first = convolved(values, named(self.weights, f"{name}/first"), step=step, padding=self._padding(step))
        changed, activation = self._activated(changed, f"{name}/first")
        changed, second = convolved(changed, named(self.weights, f"{name}/second"), padding=self._padding(1))
        outside = 0 if self.design.padding == "same" else step + 1
        kept, shortcut = cropped(values, outside, step, *changed.shape[1:3])
        if f"{name}/skip/kernel" in self.weights:
            kept, skip = convolved(kept, named(self.weights, f"{name}/skip"))
            shortcut = composed((shortcut, skip))
        changed += kept
        result, last = self._activated(changed, name)
        branch = composed((first, activation, second))

        def pullback(gradient: Values) -> Values:
            gradient = last(gradient)
            return branch(gradient) + shortcut(gradient)

        return result, pullback

    def _activated(self, values: Values, name: str) -> Differentiated:
        values, rectifier = rectified(values)
        values, normalisation = scaled(values, self._normalisation(name))
        return values, composed((rectifier, normalisation))

    def _normalisation(self, name: str) -> Layer:
        return self.weights[f"{name}/scale"], self.weights[f"{name}/shift"]

    def _padding(self, step: int) -> tuple[int, int]:
        """Return how many zeros Keras puts before and after an even number of pixels, for three taps."""
        if self.design.padding == "valid":
            return 0, 0
        return (1, 1) if step == 1 else (0, 1)


def _last(sections: Iterator[Section]) -> Section:
    for section in sections:  # noqa: B007
        pass
    return section


def _moving_average(values: Values, size: int) -> NDArray[np.float32]:
    """Average squares of ``size`` × ``size`` pixels around every pixel where they fit."""
    for axis in (0, 1):
        count = values.shape[axis] - size + 1
        parts = (values.take(range(start, start + count), axis=axis) for start in range(size))
        values = sum(parts, start=np.zeros(1, dtype=values.dtype)) / np.array(size, dtype=values.dtype)
    return values
