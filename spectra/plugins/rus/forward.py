"""Forward model of RUS: moduli in GPa to peaks in MHz."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from spectra.core.errors import InputError
from spectra.core.signals import Peaks
from spectra.core.tables import Column, Table
from spectra.plugins.peaks.doubts import Suspect
from spectra.plugins.peaks.remedies import Remedy
from spectra.plugins.peaks.scale_free import spread_over
from spectra.plugins.rus.bodies.schema import Surface
from spectra.plugins.rus.crystals.elasticity import SYMMETRIES, violated_criterion
from spectra.plugins.rus.modes.convergence import HIGHEST, converged_order, largest_step, truncation_error
from spectra.plugins.rus.modes.rayleigh_ritz import Modes, RayleighRitz, block_frequencies
from spectra.plugins.rus.modes.reduced import ReducedModel, reduce_model, reduce_roughly
from spectra.plugins.rus.remedies import remedies, unseen
from spectra.plugins.rus.sample import RusSample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

# Modes this far beyond the window are still handed to a refiner: an error may have moved their peaks inside.
_MARGIN = 0.05
# A reduced model costs about as much as this number of spectra.
_MANY = 300
_ROUNDING = 1.05  # of the size of moduli for which a truncation error is computed once
_REDUCED_ACCURACY = 1e-6
_LOWER = SYMMETRIES["orthorhombic"]
# Percent: rolled and drawn metals are textured, which leaves an rms of 0.15 to 0.25 % in a fit as isotropic bodies.
_TEXTURED = 0.3
_DRAWN = 200  # solids, from the searched ranges


class RusForwardModel:
    """Rayleigh-Ritz resonance frequencies of one sample.

    Parameters
    ----------
    sample
        Shape, mass, symmetry, window and order.
    """

    def __init__(self, sample: RusSample, parameters: BaseModel | None = None) -> None:  # noqa: ARG002 - none to set
        self.sample = sample
        self.window = (sample.window.lower, sample.window.upper)
        self.parametrization = sample.parametrization
        self.lengths = tuple(sample.shape.stretches)
        self.solver = sample.solver
        self._truncation_errors: dict[tuple[float, ...], float] = {}
        self._last_modes: tuple[tuple[float, ...], Modes] | None = None

    def simulate(self, values: Floats) -> Peaks:
        """Compute the modes within the window, in MHz, of quantities (n, p), in GPa.

        Many spectra are computed by a reduced model, which is checked against the full one to 1e-6.

        Raises
        ------
        InputError
            If the moduli of one of them are not elastically stable.
        """
        moduli = self.moduli(values)
        # All frequencies grow as the root of all moduli together: one spectrum is enough for all sizes of a solid.
        sizes = np.linalg.norm(moduli, axis=1)
        _, kind = np.unique((moduli / sizes[:, None]).round(9), axis=0, return_inverse=True)
        softest = np.lexsort((sizes, kind))[np.concatenate([[0], np.cumsum(np.bincount(kind))[:-1]])]
        # Turned every way, a crystal has modes of so many shapes that no small set of them spans the others.
        reducible = len(values) >= _MANY and self.sample.unknown_orientation is None
        reduced = self._reduced if reducible else None
        if reduced is not None:
            frequencies = reduced.frequencies(moduli[softest])
        else:
            frequencies = self.solver.frequencies(moduli[softest], highest=1e6 * self.window[1])
        positions = 1e-6 * frequencies[kind] * np.sqrt(sizes / sizes[softest][kind])[:, None]
        return Peaks(positions=positions, unit="MHz", window=self.window).within(*self.window)

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        """Compute the modes up to a little beyond the window, and ∂f/∂quantity in MHz per unit, shape (m, p)."""
        moduli = self.moduli(values[None])[0]
        if (modes := self._kept_modes(moduli)) is not None:
            return self.in_field_units(values, modes.frequencies, modes.derivatives)
        return self.in_field_units(values, *self.solver.linearize(moduli, highest=self._highest))

    def lines(self, values: Floats) -> Floats:
        """Compute the modes up to the window's end, in MHz, of quantities (n, p), in GPa."""
        return 1e-6 * self.solver.frequencies(self.moduli(values), highest=1e6 * self.window[1])

    def linearize_with_lengths(self, values: Floats) -> tuple[Peaks, Floats, Floats]:
        """Compute peaks, slopes, and ∂ln f/∂ln of :attr:`lengths` at the given mass, or density if that is given."""
        moduli = self.moduli(values[None])[0]
        modes = self._modes_and_more(moduli)
        slopes = 1e3 * modes.derivatives @ self.parametrization.jacobian(values)
        by_length = self._by_length(modes, moduli)
        return Peaks(positions=1e-6 * modes.frequencies[None], unit="MHz", window=self.window), slopes, by_length

    def names_at(self, values: Floats) -> Sequence[str]:
        """Name the modes that :meth:`linearize` gives by symmetry and number, ``EX 3``: those never cross."""
        counts: dict[str, int] = {}
        names = []
        for label in self._modes_and_more(self.moduli(values[None])[0]).labels:
            counts[label] = counts.get(label, 0) + 1
            names.append(f"{label} {counts[label]}".strip())
        return names

    def suspects(self, values: Floats) -> Sequence[Suspect]:
        """Return what a specimen's file may have wrong: its lengths, and its symmetry if that is along its axes."""
        moduli = self.moduli(values[None])[0]
        modes = self._modes_and_more(moduli)
        found = [
            Suspect(
                directions=self._by_length(modes, moduli),
                clause="what other lengths of the specimen would cause",
                remedy="Measure the dimensions again, or fit them within their uncertainty with '--set "
                "refiner.lengths=0.005'.",
                names=self.lengths,
                measured=True,
            )
        ]
        if self.sample.orientation is None and len(moduli) < len(_LOWER.moduli):
            changes = self.solver.stiffness_derivatives(modes, _LOWER.basis) / modes.frequencies[:, None]
            found.append(
                Suspect(
                    directions=changes,
                    clause=f"what a lower elastic symmetry than {self.sample.symmetry} would cause",
                    remedy="Search the moduli of a lower symmetry.",
                    least=_TEXTURED,
                )
            )
        return found

    def remedies(self, values: Floats, accuracy: float, *, far: bool) -> Iterable[Remedy]:
        """Yield other premises to try, see :func:`~spectra.plugins.rus.remedies.remedies`."""
        return remedies(self.sample, values, accuracy, RusForwardModel, far=far)

    def unseen(self, values: Floats, accuracy: float) -> Iterable[Remedy]:
        """Yield turned axes, which only a fit shows, see :func:`~spectra.plugins.rus.remedies.unseen`."""
        return unseen(self.sample, values, accuracy, RusForwardModel)

    def _modes_and_more(self, moduli: Floats) -> Modes:
        """Return the modes up to a little beyond the window; what is asked of one solid is asked in a row."""
        modes = self._kept_modes(moduli)
        if modes is None:
            modes = self.solver.modes(moduli, highest=self._highest)
            self._last_modes = (self._order, *moduli.tolist()), modes
        return modes

    def _kept_modes(self, moduli: Floats) -> Modes | None:
        """Return the modes that were computed last, if they are those of these moduli."""
        if self._last_modes is None or self._last_modes[0] != (self._order, *moduli.tolist()):
            return None
        return self._last_modes[1]

    def _by_length(self, modes: Modes, moduli: Floats) -> Floats:
        """Return ∂ln f/∂ln of the lengths, at the given mass, or density if that is given."""
        stretches = np.array(list(self.sample.shape.stretches.values()), dtype=float)
        by_length = self.solver.stretch_derivatives(modes, moduli, stretches) / modes.frequencies[:, None]
        if self.sample.mass is not None:
            by_length += stretches.sum(axis=1) / 2  # a larger body is less dense
        return by_length

    @property
    def scaling(self) -> NDArray[np.bool_]:
        """Which quantities grow with the square of all frequencies: the moduli, shape (p,)."""
        return self.sample.are_moduli

    def possible(self, values: Floats) -> NDArray[np.bool_]:
        """Return which quantities, shape (n, p), are those of a stable solid."""
        return self.solver.symmetry.is_stable(self.parametrization.to_moduli(values))

    def reduced(self) -> ReducedForwardModel | None:
        """Return a cheap model that is nearly as accurate all over the ranges; None for unknown orientations."""
        return self._rough

    @cached_property
    def _rough(self) -> ReducedForwardModel | None:
        # Turned every way, a crystal has modes of so many shapes that no small set of them spans the others.
        if self.sample.unknown_orientation is not None or not len(self._drawn):
            return None
        moduli = 1e9 * self.parametrization.to_moduli(self._drawn)
        return ReducedForwardModel(self, reduce_roughly(self.solver, moduli, highest=self._highest))

    @cached_property
    def _drawn(self) -> Floats:
        """Stable solids drawn from the ranges, and of all orientations where it is unknown."""
        ranges = self.sample.ranges.values()
        bounds = np.array([[bound.lower, bound.upper] for bound in ranges]).T
        points = spread_over(bounds, _DRAWN, np.random.default_rng(0))
        if self.sample.unknown_orientation is not None:
            turned = self.sample.unknown_orientation.spread
            points = np.concatenate([points, turned[np.arange(len(points)) % len(turned)]], axis=1)
        return points[self.possible(points)]

    def accurate_at(self, values: Floats) -> RusForwardModel:
        """Return a model of an order that is enough at ``values`` (p,): itself, too, if the sample file gives it."""
        moduli = self.moduli(values[None])[0]
        if self.sample.order != "auto" or self._truncation_error(moduli) <= self.sample.accuracy:
            return self
        try:
            order, _ = converged_order(
                self.sample.shape.basis,
                self.solver.symmetry,
                moduli,
                self.solver.density,
                highest=1e6 * self.window[1],
                accuracy=self.sample.accuracy,
                lowest=self._order,
            )
        except ValueError:
            order = HIGHEST
        if order == self._order:
            return self
        other = copy(self)
        other.solver = RayleighRitz(self.sample.shape.basis(order), self.solver.symmetry, self.solver.density)
        for made_of_the_other in ("_rough", "_reduced"):
            other.__dict__.pop(made_of_the_other, None)
        return other

    def doubts_at(self, values: Floats) -> Sequence[str]:
        """Say if the modes at ``values`` (p,) have not converged."""
        error = self._truncation_error(self.moduli(values[None])[0])
        if error <= self.sample.accuracy:
            return ()
        remedy = (
            "The solid is nearly unstable, or the window ends too high."
            if self.sample.order == "auto"
            else "Raise 'order' in the sample file, or leave it out."
        )
        return (
            f"The modes have not converged: those up to {self.window[1]:g} MHz are computed up to {error:.1%} too high "
            f"at order {self._order}. {remedy}",
        )

    def _truncation_error(self, moduli: Floats) -> float:
        """Return the largest relative error of a mode in the window, or a larger number that is small enough.

        It is that of the moduli rounded, which differs by little, so that a series of alike solids computes it once.
        """
        coarse = _rounded(moduli)
        if not self.solver.symmetry.is_stable(1e-9 * coarse[None])[0]:
            coarse = moduli
        key = (self._order, *coarse.tolist())
        if key not in self._truncation_errors:
            self._truncation_errors[key] = self._computed_truncation_error(coarse)
        return self._truncation_errors[key]

    def _computed_truncation_error(self, moduli: Floats) -> float:
        highest = 1e6 * self.window[1]
        # The last step is larger than the next, and costs no assembly.
        coarse = block_frequencies(self.solver.truncated_blocks(self._order - 2), moduli[None])[0]
        step = largest_step(coarse, block_frequencies(self.solver.blocks, moduli[None])[0], highest)
        if step <= self.sample.accuracy:
            return step
        basis = self.sample.shape.basis
        return truncation_error(basis, self._order, self.solver.symmetry, moduli, self.solver.density, highest)

    @property
    def _order(self) -> int:
        return self.solver.basis.degree

    def representative(self, values: Floats) -> Floats:
        """Return the canonical member of the values (p,) with the same spectrum: the least rotated crystal."""
        unknown = self.sample.unknown_orientation
        if unknown is None:
            return values
        first = len(values) - len(unknown.names)
        return np.concatenate([values[:first], unknown.representative(values[None, first:])[0]])

    def tabulate(self, values: Floats) -> Table:
        """List the modes within the window with their symmetry and sensitivities.

        Raises
        ------
        InputError
            If there is none, none or thousands are expected for the searched solids, or the moduli are not stable.
        """
        moduli, modes = self.moduli(values[None])[0], self.modes_within(values)
        slopes = 1e9 * modes.derivatives @ self.parametrization.jacobian(values)
        effects = slopes * values / modes.frequencies[:, None]
        names = self.parametrization.names
        order, shape = self._order, self.sample.shape
        error = truncation_error(
            shape.basis, order, self.solver.symmetry, moduli, self.solver.density, 1e6 * self.window[1]
        )
        notes = [f"Order {order}: the frequencies are up to about {error:.1g} (relative) too high."]
        if isinstance(shape, Surface):
            notes.append(shape.description())
        return Table(
            name="spectrum",
            title="Modes",
            columns=(
                Column(name="frequency", unit="MHz", values=(1e-6 * modes.frequencies).tolist(), digits=6),
                Column(name="symmetry", values=list(modes.labels)),
                *(
                    Column(name=f"dlnf/dln{name}", values=effects[:, k].tolist(), digits=4, priority=2)
                    for k, name in enumerate(names)
                ),
            ),
            notes=tuple(notes),
        )

    def modes_within(self, values: Floats) -> Modes:
        """Return the modes within the window.

        Raises
        ------
        InputError
            If there is none, none or thousands are expected for the searched solids, or the moduli are not stable.
        """
        self.sample.check_units()
        moduli = self.moduli(values[None])[0]
        modes = self.solver.modes(moduli, highest=1e6 * self.window[1])
        shown = np.flatnonzero(modes.frequencies >= 1e6 * self.window[0])
        if not len(shown):
            first = 1e-6 * self.sample.expected_modes(1e-9 * moduli).first
            raise InputError(
                f"This solid has no mode in the window of {self.sample.name!r}, {self.window[0]:g} to "
                f"{self.window[1]:g} MHz; its lowest mode lies near {first:.3g} MHz.",
                hint="Check the values and their units, or move the window.",
            )
        return modes.taken(shown)

    @property
    def pictures(self) -> Mapping[str, str]:
        """What it draws besides the spectrum."""
        from spectra.plugins.rus.pictures.drawing import PICTURES

        return PICTURES

    def draw(self, values: Floats, figure: Figure, *, picture: str, rows: Sequence[int] | None) -> None:
        """Draw mode shapes, sensitivities, or Young's modulus over direction; ``rows`` are those of the table.

        Raises
        ------
        InputError
            If no solid has these values, or the spectrum no such row.
        """
        from spectra.plugins.rus.pictures.drawing import draw

        draw(self.sample, self.solver, self.modes_within(values), values, figure, picture=picture, rows=rows)

    @property
    def _highest(self) -> float:
        """How far modes are handed to a refiner, in Hz."""
        return 1e6 * self.window[1] * (1 + _MARGIN)

    def in_field_units(self, values: Floats, frequencies: Floats, derivatives: Floats) -> tuple[Peaks, Floats]:
        """Return modes in Hz and their derivatives in Hz/Pa as :meth:`linearize` does."""
        slopes = 1e3 * derivatives @ self.parametrization.jacobian(values)  # Hz/Pa is 1e3 MHz/GPa
        return Peaks(positions=1e-6 * frequencies[None], unit="MHz", window=self.window), slopes

    @cached_property
    def _reduced(self) -> ReducedModel | None:
        candidates = self.parametrization.to_moduli(self.sample.grid())
        candidates = candidates[self.solver.symmetry.is_stable(candidates)]
        return reduce_model(self.solver, 1e9 * candidates, highest=1e6 * self.window[1], accuracy=_REDUCED_ACCURACY)

    def moduli(self, values: Floats) -> Floats:
        """Return independent moduli (n, k) in Pa of quantities (n, p).

        Raises
        ------
        InputError
            If the moduli of one of them are not elastically stable.
        """
        moduli = self.parametrization.to_moduli(values)
        unstable = ~self.solver.symmetry.is_stable(moduli)
        if unstable.any():
            listed = ", ".join(
                f"{name} = {value:g}"
                for name, value in zip(self.parametrization.names, values[unstable][0], strict=True)
            )
            criterion = violated_criterion(self.solver.symmetry, moduli[unstable][0])
            raise InputError(f"No solid has {listed}: {criterion}.", hint="Change the moduli or the symmetry.")
        return 1e9 * moduli


def _rounded(moduli: Floats) -> Floats:
    """Return moduli, shape (k,), rounded to a fiftieth of the largest, and that to 5 %."""
    size = _ROUNDING ** np.round(np.log(np.abs(moduli).max()) / np.log(_ROUNDING))
    rounded: Floats = np.round(moduli / size * 50) / 50 * size
    return rounded


class SampledRusForwardModel(RusForwardModel):
    """The same with a small training set: solids drawn from the searched ranges, not their whole grid.

    It gives a first idea of the moduli; a refiner that searches for itself does not need more.
    """

    def training_points(self) -> Floats:
        """Return stable solids all over the ranges, and those of all orientations where it is unknown."""
        if not len(self._drawn):
            self.sample.softest()  # says so
        return self._drawn

    def simulate_roughly(self, values: Floats) -> Peaks:
        """Compute the modes within the window, in MHz, of quantities (n, p), in GPa, by a reduced model if possible."""
        reduced = self.reduced()
        return self.simulate(values) if reduced is None else reduced.simulate_roughly(values)


class ReducedForwardModel:
    """A forward model whose modes come from a reduced model.

    Parameters
    ----------
    whole
        What it approximates.
    modes
        Its modes.
    """

    def __init__(self, whole: RusForwardModel, modes: ReducedModel) -> None:
        self.whole, self.modes = whole, modes

    def simulate(self, values: Floats) -> Peaks:
        """Compute the modes within the window, in MHz, of quantities (n, p), in GPa."""
        return self._within(1e-6 * self.modes.frequencies(self.whole.moduli(values)))

    def simulate_roughly(self, values: Floats) -> Peaks:
        """Compute the same within a percent."""
        return self._within(self.lines(values))

    def linearize(self, values: Floats) -> tuple[Peaks, Floats]:
        """Compute the modes up to a little beyond the window, and ∂f/∂quantity in MHz per unit, shape (m, p)."""
        return self.whole.in_field_units(values, *self.modes.linearize(self.whole.moduli(values[None])[0]))

    def lines(self, values: Floats) -> Floats:
        """Compute the modes up to a little beyond the window, in MHz and within a percent, of quantities (n, p)."""
        return 1e-6 * self.modes.coarse_frequencies(self.whole.moduli(values))

    def _within(self, positions: Floats) -> Peaks:
        return Peaks(positions=positions, unit="MHz", window=self.whole.window).within(*self.whole.window)
