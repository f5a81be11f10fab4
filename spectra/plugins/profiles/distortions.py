"""Distortions of profiles by an instrument: broadening, zero shift, background, counting noise.

The defaults are those of a powder diffractometer. Of a bundle, the profiles over an angle are distorted and no other;
all of its profiles if none is over an angle.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from spectra.core.errors import InputError
from spectra.core.signals import Bundle, Profile, Signal

Floats = NDArray[np.float64]

_ANGLE = "°"  # what the unit of a diffractometer's axis begins with
_DEGREE = 4  # of the background: a fall and a hump


class _Range(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    least: float
    most: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"'least' is {self.least:g} and larger than 'most', {self.most:g}")
        return self


class _OfProfiles:
    """Base of the distortions of profiles; a subclass distorts one stack."""

    def distort(self, signal: Signal, rng: np.random.Generator) -> Signal:
        """Return the distorted copies of a stack of n profiles, each with its own draw.

        Raises
        ------
        InputError
            If the signal is neither a profile nor a bundle with one.
        """
        if isinstance(signal, Profile):
            return self._distorted(signal, rng)
        parts: dict[str, Any] = dict(signal.parts) if isinstance(signal, Bundle) else {}
        profiles = {name: part for name, part in parts.items() if isinstance(part, Profile)}
        if not profiles:
            raise InputError(f"This distortion takes profiles, not a signal of kind '{signal.kind}' without one.")
        over_angles = {name: part for name, part in profiles.items() if part.x_unit.startswith(_ANGLE)}
        return Bundle(parts=parts | {k: self._distorted(part, rng) for k, part in (over_angles or profiles).items()})

    def _distorted(self, profile: Profile, rng: np.random.Generator) -> Profile:
        raise NotImplementedError


class BroadeningParameters(_Range):
    """Parameters of the distortion 'broadening'."""

    least: float = Field(default=0.05, gt=0, description="smallest full width at half maximum, in the unit of the axis")
    most: float = Field(default=0.3, gt=0, description="largest full width at half maximum, in the unit of the axis")
    lorentzian: float = Field(
        default=0.5, ge=0, le=1, description="largest Lorentzian share of the line; the rest is Gaussian"
    )


class Broadening(_OfProfiles):
    """Convolves each profile with the pseudo-Voigt line shape of the instrument, of one width for the whole profile."""

    def __init__(self, parameters: BroadeningParameters) -> None:
        self.parameters = parameters

    def _distorted(self, profile: Profile, rng: np.random.Generator) -> Profile:
        """Draw a width and a Lorentzian share for each profile, and convolve it; the counts stay the same."""
        from scipy.fft import dct, idct

        step = _step(profile)
        size = (len(profile), 1)
        width = rng.uniform(self.parameters.least, self.parameters.most, size)
        lorentzian = rng.uniform(0, self.parameters.lorentzian, size)
        k = len(profile.x)
        # What a line in the middle of a bin leaves in those 0 … k bins away: kernels, shape (n, k + 1)
        below = _pseudo_voigt_below(step * np.arange(-0.5, k + 1), width, lorentzian)
        response = dct(np.diff(below, axis=1), type=1)
        # A cosine transform reflects a profile at its ends, so what leaves there comes back: no ends sink
        spectrum = dct(profile.y, type=2) * (response / response[:, :1])[:, :k]
        return replace(profile, y=np.maximum(idct(spectrum, type=2), 0))  # the transforms' rounding is not negative


def _pseudo_voigt_below(offset: Floats, width: Floats, lorentzian: Floats) -> Floats:
    """Return the share of a line below ``offset`` (k,) from its centre, for ``width`` and ``lorentzian`` (n, 1)."""
    from scipy.special import ndtr

    scaled = offset / width
    gauss = ndtr(scaled * np.sqrt(8 * np.log(2)))
    cauchy = 0.5 + np.arctan(2 * scaled) / np.pi
    return (1 - lorentzian) * gauss + lorentzian * cauchy


class ZeroShiftParameters(BaseModel):
    """Parameters of the distortion 'zero-shift'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: float = Field(default=0.05, ge=0, lt=5, description="largest shift, in the unit of the axis, either way")


class ZeroShift(_OfProfiles):
    """Shifts each profile as a whole along its axis: a zero error, as of a goniometer."""

    def __init__(self, parameters: ZeroShiftParameters) -> None:
        self.parameters = parameters

    def _distorted(self, profile: Profile, rng: np.random.Generator) -> Profile:
        """Shift each profile uniformly within ±size; the outermost bin is repeated for what comes in from outside.

        Each bin is taken as evenly filled, so that a shift by part of a bin leaves that part in the next one.
        """
        step = _step(profile)
        shift = rng.uniform(-self.parameters.size, self.parameters.size, (len(profile), 1)) / step
        whole = np.floor(shift)
        part = shift - whole
        source = np.arange(len(profile.x)) - whole.astype(np.intp)  # (n, k)
        last = len(profile.x) - 1
        here = np.take_along_axis(profile.y, np.clip(source, 0, last), axis=1)
        before = np.take_along_axis(profile.y, np.clip(source - 1, 0, last), axis=1)
        return replace(profile, y=(1 - part) * here + part * before)


class BackgroundParameters(_Range):
    """Parameters of the distortion 'background'."""

    least: float = Field(default=0.0, ge=0, description="lowest top of the background, as a share of the tallest bin")
    most: float = Field(default=0.3, ge=0, description="highest top of the background, as a share of the tallest bin")


class Background(_OfProfiles):
    """Adds a smooth background: scattering by air, an amorphous part, fluorescence."""

    def __init__(self, parameters: BackgroundParameters) -> None:
        self.parameters = parameters

    def _distorted(self, profile: Profile, rng: np.random.Generator) -> Profile:
        """Add a polynomial of degree 4 with random Bernstein coefficients, so nowhere negative, to each profile."""
        from scipy.special import comb

        t = (profile.x - profile.x[0]) / (profile.x[-1] - profile.x[0])
        order = np.arange(_DEGREE + 1)[:, np.newaxis]
        bernstein = comb(_DEGREE, order) * t**order * (1 - t) ** (_DEGREE - order)  # (5, k)
        shape = rng.random((len(profile), _DEGREE + 1)) @ bernstein
        top = rng.uniform(self.parameters.least, self.parameters.most, (len(profile), 1))
        top = top * profile.y.max(axis=1, keepdims=True)
        return replace(profile, y=profile.y + top * shape / shape.max(axis=1, keepdims=True))


class CountingNoiseParameters(_Range):
    """Parameters of the distortion 'counting-noise'."""

    least: float = Field(default=1e3, gt=0, description="fewest counts in the tallest bin")
    most: float = Field(default=1e5, gt=0, le=1e15, description="most counts in the tallest bin")


class CountingNoise(_OfProfiles):
    """Poisson noise in every bin of a profile."""

    def __init__(self, parameters: CountingNoiseParameters) -> None:
        self.parameters = parameters

    def _distorted(self, profile: Profile, rng: np.random.Generator) -> Profile:
        """Draw counts for the tallest bin of each profile, evenly on a logarithmic scale, then those of all bins.

        The result is scaled back, so that a longer counting time makes a profile less noisy but not larger.
        """
        least, most = np.log(self.parameters.least), np.log(self.parameters.most)
        counts = np.exp(rng.uniform(least, most, (len(profile), 1)))
        tallest = profile.y.max(axis=1, keepdims=True)
        counts_per_unit = np.divide(counts, tallest, out=np.ones_like(counts), where=tallest > 0)
        return replace(profile, y=rng.poisson(np.maximum(profile.y, 0) * counts_per_unit) / counts_per_unit)


def _step(profile: Profile) -> float:
    """Return the step of the axis.

    Raises
    ------
    InputError
        If its steps differ.
    """
    steps = np.diff(profile.x)
    if len(steps) == 0 or np.ptp(steps) > 1e-6 * steps[0]:
        raise InputError("Broadening and zero shift need an even axis.", hint="Bring the profile to a model's axis.")
    return float(steps[0])
