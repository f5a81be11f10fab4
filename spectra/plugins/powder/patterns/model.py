"""From the parameters of a powder pattern to its lines: where they are, how wide, and how both depend on these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.powder.crystals.cell import Constraint, free_parameters, held, volume, with_slopes
from spectra.plugins.powder.crystals.structure import Reflections, Structure, reflections
from spectra.plugins.powder.patterns.peak_shape import Curves, curves, shape_of
from spectra.plugins.powder.radiation import Radiation
from spectra.plugins.powder.sample import Instrument, PowderSample, structure_of

Floats = NDArray[np.float64]

SHIFT, WIDTH, ASYMMETRY = "shift", "width", "asymmetry"
_MARGIN = 1.5  # degrees beyond the fitted range in which lines are computed: their tails reach into it
_LEAST_WIDTH = 1e-3  # degrees
# Axial divergence draws each line out away from 2θ = 90°, by a t² cot 2θ for rays inclined by t of the steepest (van
# Laar & Yelon, J. Appl. Cryst. 17, 47 (1984)). Their weight is (1 - t)², which fits real scans better than the (1 - t)
# of two slits of one height; here are its Gaussian nodes
_NODES = np.array([0.0485005494, 0.2386007376, 0.5170472951, 0.7958514179]) ** 2
_NODE_WEIGHTS = np.array([0.3326652468, 0.4303763694, 0.2059016615, 0.0310567222])
_ALONE = 60.0  # degrees, above which one node will do


@dataclass(frozen=True, kw_only=True, eq=False)
class PhaseModel:
    """One phase with its reflections, and where its parameters stand."""

    name: str
    structure: Structure
    constraint: Constraint
    """What is free of the cell; nothing, of a standard."""
    reflections: Reflections
    lower: Floats
    """Least free parameters of the cell (k,), Å and degrees."""
    upper: Floats
    cell: slice
    """Of the free parameters of the cell; size and strain broadening follow."""

    @property
    def free(self) -> tuple[str, ...]:
        """Names of the free parameters of the cell."""
        return self.constraint.free

    @property
    def published(self) -> Floats:
        """The free parameters of the published cell."""
        return (self.lower + self.upper) / 2

    @property
    def broadening(self) -> slice:
        """Of the Lorentzian widths in degrees: by size, times 1/cos θ, and by strain, times tan θ."""
        return slice(self.cell.stop, self.cell.stop + 2)

    @property
    def has_atoms(self) -> bool:
        """Whether strengths are those of a known structure."""
        return self.structure.crystal is not None

    def mass_of_scale(self, values: Floats) -> float:
        """Return the mass in the beam for a scale of 1, in arbitrary units: mass of the cell times its volume."""
        mass = self.structure.mass
        assert mass is not None  # noqa: S101 - of phases with atoms
        return mass * float(volume(self.constraint.full(values)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """Lines (m,) of a pattern, with their derivatives (m, p) by the parameters.

    Attributes
    ----------
    reflection
        To which reflection each belongs, counted through all phases.
    weight
        Share of the reflection's intensity.
    """

    reflection: NDArray[np.int64]
    weight: Floats
    centre: Floats
    width: Floats
    mixing: Floats
    centre_slopes: Floats
    width_slopes: Floats
    mixing_slopes: Floats

    def curves(self, x: Floats, *, slopes: bool = True) -> Curves:
        """Compute them over an axis."""
        return curves(x, self.centre, self.width, self.mixing, slopes=slopes)


class PatternModel:
    """The lines of all phases of a sample as functions of one vector of parameters.

    The parameters are, phase after phase, the free ones of the cell (Å, degrees) and two Lorentzian widths (degrees),
    then the shift of the lines (degrees 2θ), their asymmetry (degrees), and, of an unknown diffractometer, the Gaussian
    width of its lines (degrees).

    Parameters
    ----------
    range_of_angles
        2θ in degrees; by default the sample's.
    """

    def __init__(self, sample: PowderSample, range_of_angles: tuple[float, float] | None = None) -> None:
        self.radiation: Radiation = sample.lines
        self.instrument: Instrument | None = sample.instrument
        self.in_reflection = sample.geometry == "reflection"
        self.window = range_of_angles or (sample.angles.lower, sample.angles.upper)
        self.phases = self._phases(sample)
        place = self.phases[-1].broadening.stop
        self.shift, self.asymmetry = place, place + 1
        self.width = place + 2 if self.instrument is None else None
        self.size = place + 2 + (self.instrument is None)
        counts = [len(phase.reflections.planes) for phase in self.phases]
        self.members = [slice(end - n, end) for n, end in zip(counts, np.cumsum(counts).tolist(), strict=True)]
        self.count = sum(counts)

    def _phases(self, sample: PowderSample) -> tuple[PhaseModel, ...]:
        wavelength, end = float(self.radiation.wavelengths[0]), min(self.window[1] + _MARGIN, 178.0)
        shortest = float(self.radiation.wavelengths.min()) / (2 * np.sin(np.radians(end / 2)))
        phases, place = [], 0
        for phase in sample.phases:
            structure = structure_of(phase)
            constraint = held(structure.cell) if phase.standard else structure.constraint
            published, share = free_parameters(constraint, structure.cell), phase.range / 100
            is_edge = np.array([name in "abc" for name in constraint.free], dtype=bool)
            spread = np.where(is_edge, share * published, np.degrees(share))
            largest = constraint.full(published + np.where(is_edge, spread, 0.0))
            phases.append(
                PhaseModel(
                    name=phase.name,
                    structure=structure,
                    constraint=constraint,
                    reflections=reflections(structure, cell=largest, shortest=shortest, wavelength=wavelength),
                    lower=published - spread,
                    upper=published + spread,
                    cell=slice(place, place + len(published)),
                )
            )
            place += len(published) + 2
        return tuple(phases)

    def bounds(self) -> tuple[Floats, Floats]:
        """Return the least and the largest values of the parameters (p,)."""
        lower, upper = np.zeros(self.size), np.full(self.size, 5.0)
        for phase in self.phases:
            lower[phase.cell], upper[phase.cell] = phase.lower, phase.upper
        lower[self.shift], upper[self.shift] = -1.0, 1.0
        upper[self.asymmetry] = 0.6
        if self.width is not None:
            lower[self.width], upper[self.width] = 0.01, 2.0
        return lower, upper

    def lines(self, values: Floats) -> Lines:
        """Return the lines of parameters (p,) that lie in the range of angles, or just beyond."""
        parts = [
            self._lines(phase, members.start, values, wavelength, weight)
            for phase, members in zip(self.phases, self.members, strict=True)
            for wavelength, weight in zip(self.radiation.wavelengths, self.radiation.weights, strict=True)
        ]
        names = Lines.__dataclass_fields__
        return Lines(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})

    def _lines(self, phase: PhaseModel, first: int, values: Floats, wavelength: float, weight: float) -> Lines:
        inverse, by_cell = with_slopes(phase.constraint, values[phase.cell], phase.reflections.planes)
        sine = wavelength * np.sqrt(inverse) / 2
        low, high = (np.sin(np.radians(np.clip(end, 0.5, 178) / 2)) for end in self._extended())
        seen = np.flatnonzero((sine > low) & (sine < high))
        sine, inverse, by_cell = sine[seen], inverse[seen], by_cell[seen]
        theta = np.arcsin(sine)
        cosine, tangent = np.cos(theta), np.tan(theta)
        law = cosine if self.in_reflection else np.ones_like(theta)
        centre = np.degrees(2 * theta) + values[self.shift] * law
        centre_slopes = np.zeros((len(seen), self.size))
        centre_slopes[:, phase.cell] = (np.degrees(tangent / inverse))[:, np.newaxis] * by_cell
        centre_slopes[:, self.shift] = law
        gaussian, lorentzian, gaussian_slopes, lorentzian_slopes = self._widths(phase, values, cosine, tangent)
        shape = shape_of(gaussian, lorentzian)
        both = np.stack([gaussian_slopes, lorentzian_slopes])
        width_slopes = np.einsum("kn,knp->np", np.stack([shape.width_by_gaussian, shape.width_by_lorentzian]), both)
        mixing_slopes = np.einsum("kn,knp->np", np.stack([shape.mixing_by_gaussian, shape.mixing_by_lorentzian]), both)
        lines = Lines(
            reflection=first + seen,
            weight=np.full(len(seen), weight),
            centre=centre,
            width=shape.width,
            mixing=shape.mixing,
            centre_slopes=centre_slopes,
            width_slopes=width_slopes,
            mixing_slopes=mixing_slopes,
        )
        return self._drawn_out(lines, values[self.asymmetry])

    def _extended(self) -> tuple[float, float]:
        return self.window[0] - _MARGIN, self.window[1] + _MARGIN

    def _widths(
        self, phase: PhaseModel, values: Floats, cosine: Floats, tangent: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Return Gaussian and Lorentzian widths (n,) and their derivatives (n, p)."""
        gaussian_slopes, lorentzian_slopes = np.zeros((2, len(cosine), self.size))
        by_size, by_strain = values[phase.broadening]
        lorentzian = by_size / cosine + by_strain * tangent
        lorentzian_slopes[:, phase.broadening] = np.stack([1 / cosine, tangent], axis=1)
        if self.instrument is None:
            assert self.width is not None  # noqa: S101
            gaussian = np.full(len(cosine), values[self.width])
            gaussian_slopes[:, self.width] = 1
        else:
            given = self.instrument
            squared = given.U * tangent**2 + given.V * tangent + given.W
            gaussian = np.sqrt(np.maximum(squared, _LEAST_WIDTH**2))
            lorentzian = lorentzian + given.X / cosine + given.Y * tangent
        return gaussian, np.maximum(lorentzian, 1e-6), gaussian_slopes, lorentzian_slopes

    def _drawn_out(self, lines: Lines, asymmetry: float) -> Lines:
        """Divide each line into several that axial divergence shifts by different amounts."""
        cotangent = 1 / np.tan(np.radians(np.clip(lines.centre, 2, 178)))
        several = lines.centre < _ALONE
        row = np.concatenate([np.repeat(np.flatnonzero(several), len(_NODES)), np.flatnonzero(~several)])
        mean = float(_NODES @ _NODE_WEIGHTS)
        node = np.concatenate([np.tile(_NODES, several.sum()), np.full((~several).sum(), mean)])
        share = np.concatenate([np.tile(_NODE_WEIGHTS, several.sum()), np.ones((~several).sum())])
        if asymmetry <= 0:  # one line, and the slope of all
            row, node = np.arange(len(lines.centre)), np.full(len(lines.centre), mean)
            share = np.ones(len(lines.centre))
        centre_slopes = lines.centre_slopes[row]
        centre_slopes[:, self.asymmetry] = -cotangent[row] * node
        return Lines(
            reflection=lines.reflection[row],
            weight=lines.weight[row] * share,
            centre=lines.centre[row] - asymmetry * cotangent[row] * node,
            width=lines.width[row],
            mixing=lines.mixing[row],
            centre_slopes=centre_slopes,
            width_slopes=lines.width_slopes[row],
            mixing_slopes=lines.mixing_slopes[row],
        )

    def angles(self, values: Floats) -> Floats:
        """Return 2θ (n,) in degrees of the first wavelength for all reflections; NaN where there is none."""
        found = []
        for phase in self.phases:
            inverse, _ = with_slopes(phase.constraint, values[phase.cell], phase.reflections.planes)
            sine = self.radiation.wavelengths[0] * np.sqrt(inverse) / 2
            theta = np.arcsin(np.where(sine < 1, sine, np.nan))
            law = np.cos(theta) if self.in_reflection else np.ones_like(theta)
            found.append(np.degrees(2 * theta) + values[self.shift] * law)
        return np.concatenate(found)

    def expected(self, values: Floats) -> Floats:
        """Return the intensities (n,) of all reflections for scales of 1: strengths with the factor of angles."""
        theta = np.radians(np.nan_to_num(self.angles(values), nan=179.0)) / 2
        factor = (1 + np.cos(2 * theta) ** 2) / (np.sin(theta) ** 2 * np.cos(theta))
        return np.concatenate([phase.reflections.strengths for phase in self.phases]) * factor
