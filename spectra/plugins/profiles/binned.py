"""Profiles to features of fixed size: means of equal bins, normalised (Vizoso & Dingreville 2025, section II B)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from spectra.core.components import Features, State
from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Profile, Signal, within

Floats = NDArray[np.float64]

_ALONE = "profile"  # what the one part of a signal is called that is no bundle


class BinnedParameters(BaseModel):
    """Parameters of the encoder 'binned'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bins: PositiveInt | dict[str, PositiveInt] | None = Field(
        default=None,
        description="number of equal bins, for a bundle also by the names of its parts; "
        "default: the points of the training profiles",
    )
    parts: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="parts of a bundle to use; default: all"
    )
    normalisation: Literal["set", "profile"] = Field(
        default="set",
        description="divide by the highest bin of the whole training set (the paper; keeps intensities comparable), or "
        "of each profile (where counting time is arbitrary)",
    )


class Binned:
    """Profiles averaged over equal bins of the training profiles' range; those of a bundle stand one after the other.

    A measured profile may have its own, finer axis, but it is never interpolated: every bin must hold a point.
    """

    name: ClassVar[str] = "binned"

    def __init__(self, parameters: BinnedParameters) -> None:
        self.parameters = parameters
        self.parts_: dict[str, Part] = {}

    def fit(self, signal: Signal) -> Self:
        """Learn the bins, and the highest of all bins, of each part.

        Raises
        ------
        InputError
            If the signal is neither a profile nor a bundle of profiles, or if an unknown part is asked for.
        """
        profiles, bins = self._profiles(signal), self.parameters.bins
        if self.parameters.parts is not None:
            if unknown := [name for name in self.parameters.parts if name not in profiles]:
                raise InputError(
                    f"The encoder {self.name!r} is to use {' and '.join(unknown)}; "
                    f"the signal has {', '.join(profiles)}."
                )
            profiles = {name: profiles[name] for name in self.parameters.parts}
        if isinstance(bins, dict) and bins.keys() != profiles.keys():
            raise InputError(
                f"The bins of the encoder {self.name!r} name {', '.join(bins)}; the signal has {', '.join(profiles)}.",
                hint="Give one number of bins for each part of the signal, by its name.",
            )
        for name, profile in profiles.items():
            count = bins[name] if isinstance(bins, dict) else bins
            edges = _edges(profile.x, count or len(profile.x))
            highest = float(_averaged(profile, edges, name).max())
            if highest <= 0:
                raise InputError(f"All training signals of {name!r} are zero.", hint="Look at the forward model.")
            self.parts_[name] = Part(edges, profile.x_unit, highest)
        return self

    def encode(self, signal: Signal) -> Features:
        """Average and normalise: shape (n, d).

        Raises
        ------
        InputError
            If a part is missing, has another unit, does not cover the bins, is sparser than they are, or is empty.
        """
        profiles = self._profiles(signal)
        if missing := [name for name in self.parts_ if name not in profiles]:
            raise InputError(
                f"The model was trained with {' and '.join(self.parts_)}; the signal lacks {' and '.join(missing)}.",
                hint="Measure all of them, or use a model that was trained with what there is.",
            )
        encoded = [self._encoded(profiles[name], part, name) for name, part in self.parts_.items()]
        return np.concatenate(encoded, axis=1).astype(np.float32)

    def sizes(self) -> tuple[int, ...]:
        """Return the number of bins of each part."""
        return tuple(len(part.edges) - 1 for part in self.parts_.values())

    def get_state(self) -> State:
        """Return bins, unit and scale of each part."""
        state: dict[str, NDArray[np.generic]] = {"parts": np.array(list(self.parts_))}
        for name, part in self.parts_.items():
            fields = {"edges": part.edges, "unit": np.array(part.unit), "scale": np.array(part.scale)}
            state |= {f"{name}/{field}": array for field, array in fields.items()}
        return state

    def set_state(self, state: State) -> Self:
        """Restore what ``get_state`` returned."""
        self.parts_ = {}
        for name in map(str, state["parts"]):
            fields = within(state, name)
            self.parts_[name] = Part(fields["edges"], str(fields["unit"]), float(fields["scale"]))
        return self

    def _profiles(self, signal: Signal) -> Mapping[str, Profile]:
        parts = signal.parts if isinstance(signal, Bundle) else {_ALONE: signal}
        profiles = {name: part for name, part in parts.items() if isinstance(part, Profile)}
        if len(profiles) < len(parts):
            raise InputError(
                f"The encoder {self.name!r} takes profiles, not a signal of kind '{signal.kind}' with other parts."
            )
        return profiles

    def _encoded(self, profile: Profile, part: Part, name: str) -> Floats:
        if profile.x_unit != part.unit:
            raise InputError(f"The {name} is given over {profile.x_unit}; the model was trained over {part.unit}.")
        bins = _averaged(profile, part.edges, name)
        if self.parameters.normalisation == "set":
            return bins / part.scale
        highest = bins.max(axis=1, keepdims=True)
        if not np.all(highest > 0):
            raise InputError(f"A {name} is nowhere above zero; it cannot be normalised.", hint="Was the detector on?")
        return bins / highest


@dataclass(frozen=True)
class Part:
    """State of one part: bin edges (d + 1,), their unit, and the highest bin of the training set."""

    edges: Floats
    unit: str
    scale: float


def _edges(x: Floats, bins: int) -> Floats:
    """Divide the range of ``x`` equally, with half a step more at either end, as if its points were bins themselves."""
    if bins == len(x) and len(x) > 1:
        middle = (x[1:] + x[:-1]) / 2
        return np.concatenate([[1.5 * x[0] - 0.5 * x[1]], middle, [1.5 * x[-1] - 0.5 * x[-2]]])
    if bins > len(x):
        raise InputError(
            f"The training profiles have {len(x)} points; {bins} bins would have to be interpolated.",
            hint="Ask for fewer bins, or for a finer axis of the forward model.",
        )
    half = (x[-1] - x[0]) / (len(x) - 1) / 2
    return np.linspace(x[0] - half, x[-1] + half, bins + 1)


def _averaged(profile: Profile, edges: Floats, name: str) -> Floats:
    """Return the mean of the points in each bin, shape (n, d); the paper's sums are these times a constant."""
    if not np.all(np.isfinite(profile.y)):
        raise InputError(f"The {name} holds values that are not finite numbers.")
    borders = np.searchsorted(profile.x, edges)
    counts = np.diff(borders)
    if profile.x[0] > edges[1] or profile.x[-1] < edges[-2]:
        raise InputError(
            f"The {name} covers {profile.x[0]:g} to {profile.x[-1]:g} {profile.x_unit}; the model needs "
            f"{edges[0]:g} to {edges[-1]:g} {profile.x_unit}.",
            hint="Measure the whole range, or train a model for the range that was measured.",
        )
    if not np.all(counts):
        empty = int(np.argmin(counts))
        raise InputError(
            f"The {name} has no point between {edges[empty]:g} and {edges[empty + 1]:g} {profile.x_unit}; it is "
            f"sparser than the {len(counts)} bins of the model.",
            hint="Interpolation would invent what was not measured; use a model with fewer bins.",
        )
    # what lies beyond the last edge would be added to the last bin
    inside = profile.y[:, : borders[-1]]
    return np.add.reduceat(inside, borders[:-1], axis=1) / counts
