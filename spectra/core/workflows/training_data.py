"""What a regressor learns from: signals distorted and encoded anew, all at once or a batch at a time."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.large import collected
from spectra.core.components import Distortion, Encoder, Features, PartitioningEncoder, Regressor, ShapingEncoder
from spectra.core.errors import InputError
from spectra.core.progress import Progress
from spectra.core.quantities import Estimate, Quantity, from_unit_interval, to_unit_interval
from spectra.core.signals import Signal, numbers_per_spectrum, take
from spectra.core.workflows.training_set import DataSet

Floats = NDArray[np.float64]

# Numbers of one batch of signals, and of the largest validation share that is kept encoded: 256 MB in single precision.
_NUMBERS = 64_000_000
# Numbers of all features at once, for a regressor that asks for that: 4 GB.
_MOST_FEATURES = 1_000_000_000


def distorted(signal: Signal, distortions: Sequence[Distortion], rng: np.random.Generator) -> Signal:
    """Apply the distortions one after the other."""
    for distortion in distortions:
        signal = distortion.distort(signal, rng)
    return signal


def batch_size(signal: Signal) -> int:
    """Return how many of such signals to distort and encode at a time."""
    return max(1, _NUMBERS // numbers_per_spectrum(signal))


def batches(signal: Signal) -> Iterator[Signal]:
    """Yield a stack of signals a batch at a time."""
    size = batch_size(signal)
    return (take(signal, slice(start, start + size)) for start in range(0, len(signal), size))


def answers(
    encoder: Encoder, regressor: Regressor, signals: Iterable[Signal], quantities: Sequence[Quantity]
) -> Estimate:
    """Estimate the quantities of one stack of signals after the other."""
    estimates = [regressor.predict(encoder.encode(signal)) for signal in signals]
    return from_unit_interval(Estimate.joined(estimates), quantities)


def fitted_encoder(
    encoder: Encoder,
    signal: Signal,
    *,
    targets: Floats,
    rng: np.random.Generator,
    progress: Progress,
    groups: NDArray[np.int64] | None = None,
) -> Encoder:
    """Let an encoder learn from training signals, and hand it what its signature asks for besides."""
    offered = {"targets": targets, "rng": rng, "progress": progress, "groups": groups}
    asked = inspect.signature(encoder.fit).parameters
    fit: Callable[..., Encoder] = encoder.fit
    return fit(signal, **{name: value for name, value in offered.items() if name in asked})


class FreshlyDistorted:
    """Training data for a regressor: ideal signals that are distorted and encoded anew at every draw."""

    def __init__(
        self,
        training: DataSet,
        validation: DataSet,
        *,
        quantities: Sequence[Quantity],
        distortions: Sequence[Distortion],
        encoder: Encoder,
        rng: np.random.Generator,
    ) -> None:
        self._distortions, self._encoder = distortions, encoder
        self._signal, self._targets = training.signal, to_unit_interval(training.values, quantities)
        self._unseen, self._truth = validation.signal, to_unit_interval(validation.values, quantities)
        (width,) = encoder.encode(take(self._signal, slice(0, 1))).shape[1:]
        self.sizes = encoder.sizes() if isinstance(encoder, PartitioningEncoder) else (width,)
        self.shapes = encoder.shapes() if isinstance(encoder, ShapingEncoder) else tuple((n,) for n in self.sizes)
        self._groups = np.arange(len(training) + len(validation))
        if training.groups is not None and validation.groups is not None:
            self._groups = np.concatenate([training.groups, validation.groups])
        self._kept: Features | None = None
        self._seed = 0
        if len(validation) <= batch_size(validation.signal):
            self._kept = self._encoded(self._unseen, rng)
        else:
            self._seed = int(rng.integers(2**63))
            if len(validation) * width <= _NUMBERS:
                self._kept, _ = self.validation

    def __len__(self) -> int:
        return len(self._targets)

    @cached_property
    def validation(self) -> tuple[Features, Floats]:
        """Encode every validation signal, distorted once.

        Raises
        ------
        InputError
            If that would take too much memory, as for :meth:`draw`.
        """
        if self._kept is not None:
            return self._kept, self._truth
        rng = np.random.default_rng(self._seed)
        return self._in_batches(self._unseen, lambda signal: self._encoded(signal, rng)), self._truth

    def validation_batches(self, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the validation signals in order, for one ``size`` always distorted alike."""
        rng = np.random.default_rng(self._seed)
        for start in range(0, len(self._truth), size):
            rows = slice(start, start + size)
            if self._kept is None:
                yield self._encoded(take(self._unseen, rows), rng), self._truth[rows]
            else:
                yield self._kept[rows], self._truth[rows]

    def batches(self, rng: np.random.Generator, size: int) -> Iterator[tuple[Features, Floats]]:
        """Go through the training signals once, in random order, distorting and encoding ``size`` at a time."""
        order = rng.permutation(len(self))
        for start in range(0, len(order), size):
            rows = np.sort(order[start : start + size])
            yield self._encoded(take(self._signal, rows), rng), self._targets[rows]

    def ideal(self) -> tuple[Features, Floats]:
        """Encode every training signal as it was computed; raises like :meth:`draw`."""
        return self._in_batches(self._signal, self._encoder.encode), self._targets

    def draw(self, rng: np.random.Generator) -> tuple[Features, Floats]:
        """Distort and encode every training signal once.

        Raises
        ------
        InputError
            If the features of all would take more than 4 GB.
        """
        return self._in_batches(self._signal, lambda signal: self._encoded(signal, rng)), self._targets

    def everything(self, rng: np.random.Generator) -> tuple[Features, Floats, NDArray[np.int64]]:
        """Return training and validation together, with the group of each; raises like :meth:`draw`."""
        features, targets = self.draw(rng)
        unseen, truth = self.validation
        return np.concatenate([features, unseen]), np.concatenate([targets, truth]), self._groups

    def _in_batches(self, signal: Signal, encode: Callable[[Signal], Features]) -> Features:
        """Encode all signals, at once if there are not too many."""
        count, width, size = len(signal), sum(self.sizes), batch_size(signal)
        if count <= size:
            return encode(signal)
        if count * width > _MOST_FEATURES:
            raise InputError(
                f"The regressor needs the features of all {count:,} spectra at once, {width:,} of each: "
                f"{4e-9 * count * width:.0f} GB.",
                hint="Let the encoder make fewer features (of pictures, a smaller size), or use a regressor that "
                "learns in batches.",
            )
        batches = (encode(take(signal, slice(start, start + size))) for start in range(0, count, size))
        return collected(batches, (count, width), np.float32)

    def _encoded(self, signal: Signal, rng: np.random.Generator) -> Features:
        return self._encoder.encode(distorted(signal, self._distortions, rng))
