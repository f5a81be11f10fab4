"""Least squares on a whole powder pattern, with all intensities free or held near those of a structure.

Intensities and background are linear and are solved for at every step (variable projection: Golub & Pereyra, SIAM J.
Numer. Anal. 10, 413 (1973), in the simpler form of Kaufman, BIT 15, 49 (1975)); cells, widths and shift are found by
Levenberg and Marquardt's method. With free intensities that is the fit of Pawley, J. Appl. Cryst. 14, 357 (1981).
Where the atoms are known, each intensity is expected at a scale times that of the structure, within a relative
tolerance for texture and for what is not known of the atoms; then the scales tell how much there is of each phase.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from spectra.plugins.powder.fitting.linear import solve_bounded
from spectra.plugins.powder.fitting.scan import Scan
from spectra.plugins.powder.patterns.model import Lines, PatternModel

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_UNKNOWN = 1.5  # relative tolerance of an intensity where the atoms are unknown: hardly any
_LEAST = 0.002  # of the strongest intensity, to which none is expected more exactly
_RIDGE = 1e-9  # of the background's diagonal
_DAMPING = 1e-3
_CONVERGED = 1e-5  # relative change of the sum of squares


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """The best intensities and background for given parameters.

    Parameters
    ----------
    values : ndarray, shape (p,)
    intensities : ndarray, shape (n,)
        Areas of the reflections, in the unit of the counts times degrees.
    scales : ndarray, shape (phases,)
        Of the expected intensities.
    background, computed : ndarray, shape (k,)
    loss
        Sum of the squares that are minimised, deviations from expected intensities among them.
    """

    values: Floats
    intensities: Floats
    scales: Floats
    background: Floats
    computed: Floats
    loss: float
    # for the next step
    lines: Lines
    columns: csc_array
    system: Floats
    free: Booleans


@dataclass(frozen=True, kw_only=True, eq=False)
class Covariance:
    """Covariances of parameters (p, p), zero in the rows of those held fixed, and of the scales (phases, phases)."""

    parameters: Floats
    scales: Floats
    intensities: Floats
    """Variances of the intensities (n,)."""


class WholePattern:
    """The fit of a model to a scan.

    Parameters
    ----------
    tolerance
        Relative standard deviation of intensities from those of the structure.
    """

    def __init__(self, model: PatternModel, scan: Scan, *, tolerance: float) -> None:
        self.model, self.scan, self.tolerance = model, scan, tolerance
        self.used = np.ones(len(scan.x), dtype=bool)
        self._basis = scan.background_basis()
        self._expected = np.ones(model.count)
        self._spread = np.ones(model.count)
        self._phase = np.repeat(np.arange(len(model.phases)), [m.stop - m.start for m in model.members])

    @property
    def _weights(self) -> Floats:
        return np.where(self.used, 1 / self.scan.variance, 0.0)

    def expect(self, values: Floats) -> None:
        """Take the intensities that structures have at these parameters as those to expect."""
        expected = self.model.expected(values)
        for members in self.model.members:
            expected[members] /= max(expected[members].max(initial=0.0), 1e-30)
        self._expected = expected
        scales = self._rough_scales(values)
        tolerances = np.array([self.tolerance if phase.has_atoms else _UNKNOWN for phase in self.model.phases])
        self._spread = scales[self._phase] * (tolerances[self._phase] * expected + _LEAST)

    def _rough_scales(self, values: Floats) -> Floats:
        """Return the scales (phases,) with which expected intensities alone fit best."""
        lines = self.model.lines(values)
        reflection = self._reflection_columns(lines)
        columns = reflection @ csc_array(
            (self._expected, (np.arange(self.model.count), self._phase)),
            shape=(self.model.count, len(self.model.phases)),
        )
        design = np.column_stack([columns.toarray(), self._basis])
        weighted = design * self._weights[:, np.newaxis]
        bounded = np.arange(design.shape[1]) < columns.shape[1]
        solution, _ = solve_bounded(design.T @ weighted, weighted.T @ self.scan.y, bounded)
        scales = solution[: columns.shape[1]]
        strongest = max(float(scales.max(initial=0.0)), float(np.sqrt(self.scan.variance.mean())) * self.scan.step)
        return np.maximum(scales, 0.01 * strongest)

    def _reflection_columns(self, lines: Lines) -> csc_array:
        """Return the profiles (k, n) of all reflections with intensity 1."""
        gathered = csc_array(
            (lines.weight, (np.arange(len(lines.weight)), lines.reflection)),
            shape=(len(lines.weight), self.model.count),
        )
        return csc_array(lines.curves(self.scan.x, slopes=False).values @ gathered)

    def solve(self, values: Floats) -> Solution:
        """Find the intensities and the background for given parameters (p,)."""
        lines = self.model.lines(values)
        columns = self._reflection_columns(lines)
        weights, y, basis = self._weights, self.scan.y, self._basis
        n, phases = self.model.count, len(self.model.phases)
        tied = 1 / self._spread**2
        # lines overlap so much that BLAS is faster on all points than sparse products are on those that are not zero
        dense = columns.toarray()
        weighted = dense * np.sqrt(weights)[:, np.newaxis]
        size = n + phases + basis.shape[1]
        system, right = np.zeros((size, size)), np.zeros(size)
        system[:n, :n] = weighted.T @ weighted
        system[np.arange(n), np.arange(n)] += tied
        cross = -tied * self._expected
        system[np.arange(n), n + self._phase] = cross
        system[n + self._phase, np.arange(n)] = cross
        place = n + np.arange(phases)
        system[place, place] = np.bincount(self._phase, weights=tied * self._expected**2, minlength=phases)
        with_background = dense.T @ (weights[:, np.newaxis] * basis)
        system[:n, n + phases :], system[n + phases :, :n] = with_background, with_background.T
        own = basis.T @ (weights[:, np.newaxis] * basis)
        system[n + phases :, n + phases :] = own + _RIDGE * np.diag(np.diag(own))
        right[:n] = dense.T @ (weights * y)
        right[n + phases :] = basis.T @ (weights * y)
        solution, free = solve_bounded(system, right, np.arange(size) < n + phases)
        intensities, scales = solution[:n], solution[n : n + phases]
        background = basis @ solution[n + phases :]
        computed = dense @ intensities + background
        ties = (intensities - scales[self._phase] * self._expected) ** 2 * tied
        return Solution(
            values=values,
            intensities=intensities,
            scales=scales,
            background=background,
            computed=computed,
            loss=float(np.sum(weights * (y - computed) ** 2) + ties.sum()),
            lines=lines,
            columns=columns,
            system=system,
            free=free,
        )

    def slopes(self, solution: Solution) -> Floats:
        """Return the derivatives (k, p) of the computed counts by the parameters, at fixed intensities."""
        lines = solution.lines
        parts = lines.curves(self.scan.x)
        amounts = (lines.weight * solution.intensities[lines.reflection])[:, np.newaxis]
        return (
            parts.by_centre @ (amounts * lines.centre_slopes)
            + parts.by_width @ (amounts * lines.width_slopes)
            + parts.by_mixing @ (amounts * lines.mixing_slopes)
        )

    def _normal(self, solution: Solution) -> tuple[Floats, Floats, Floats]:
        """Return the normal matrix of the parameters (p, p), the rest of it (p, linear), and the gradient (p,)."""
        slopes, weights = self.slopes(solution), self._weights
        weighted = slopes * weights[:, np.newaxis]
        columns, n, phases = solution.columns, self.model.count, len(self.model.phases)
        rest = np.zeros((slopes.shape[1], len(solution.free)))
        rest[:, :n] = (columns.T @ weighted).T
        rest[:, n + phases :] = weighted.T @ self._basis
        return slopes.T @ weighted, rest, weighted.T @ (self.scan.y - solution.computed)

    def fit(self, values: Floats, *, held: Booleans | None = None, steps: int = 40) -> Solution:
        """Improve parameters (p,) from a start by at most so many steps; those ``held`` stay."""
        lower, upper = self.model.bounds()
        held = np.zeros(self.model.size, dtype=bool) if held is None else held
        current, damping = self.solve(np.clip(values, lower, upper)), _DAMPING
        for _ in range(steps):
            normal, rest, gradient = self._normal(current)
            reduced = self._reduced(current, normal, rest)
            at_end = ((current.values <= lower) & (gradient < 0)) | ((current.values >= upper) & (gradient > 0))
            moving = ~held & ~at_end & (np.diag(reduced) > 0)
            improved = None
            for _ in range(8):
                step = np.zeros(self.model.size)
                matrix = reduced[np.ix_(moving, moving)]
                damped = matrix + damping * np.diag(np.diag(matrix))
                step[moving] = np.linalg.lstsq(damped, gradient[moving], rcond=1e-14)[0]
                trial = self.solve(np.clip(current.values + step, lower, upper))
                if trial.loss < current.loss:
                    improved = trial
                    break
                damping = max(10 * damping, 1e-3)
            if improved is None:
                break
            gained = 1 - improved.loss / current.loss
            current, damping = improved, max(damping / 5, 1e-9)
            if gained < _CONVERGED:
                break
        return current

    def _reduced(self, solution: Solution, normal: Floats, rest: Floats) -> Floats:
        """Return the normal matrix of the parameters once the linear unknowns are eliminated (p, p)."""
        free = solution.free
        eliminated = _regular_solve(solution.system[np.ix_(free, free)], rest[:, free].T)
        return normal - rest[:, free] @ eliminated

    def covariance(self, solution: Solution, *, held: Booleans | None = None) -> Covariance:
        """Return the covariances at a minimum, for noise as assumed and points that know nothing of each other."""
        lower, upper = self.model.bounds()
        normal, rest, _ = self._normal(solution)
        moving = (solution.values > lower) & (solution.values < upper)
        if held is not None:
            moving &= ~held
        free = solution.free
        reduced = self._reduced(solution, normal, rest)[np.ix_(moving, moving)]
        scale = 1 / np.sqrt(np.maximum(np.diag(reduced), 1e-300))
        inverse = np.linalg.pinv(reduced * scale * scale[:, np.newaxis], rcond=1e-12) * scale * scale[:, np.newaxis]
        parameters = np.zeros((self.model.size, self.model.size))
        parameters[np.ix_(moving, moving)] = inverse
        linear = solution.system[np.ix_(free, free)]
        own = _regular_solve(linear, np.eye(len(linear)))
        through = own @ rest[np.ix_(moving, free)].T
        full = np.zeros_like(solution.system)
        full[np.ix_(free, free)] = own + through @ inverse @ through.T
        n, phases = self.model.count, len(self.model.phases)
        return Covariance(
            parameters=parameters, scales=full[n : n + phases, n : n + phases], intensities=np.diag(full)[:n].copy()
        )

    def deviations_by_parts(self, solution: Solution, parts: int) -> Floats:
        """Return standard deviations (p,) of the parameters from how parts of the scan pull them apart.

        At the minimum the pulls of all parts add up to nothing; their squares say how uncertain that balance is,
        whatever the residuals within a part have to do with each other (Liang & Zeger, Biometrika 73, 13 (1986)).
        Systematic misfits, different from line to line, count in full. Parameters at a bound have 0.

        Parameters
        ----------
        parts
            Number of equal ranges of angles.
        """
        lower, upper = self.model.bounds()
        normal, rest, _ = self._normal(solution)
        moving = (solution.values > lower) & (solution.values < upper)
        free, n, phases = solution.free, self.model.count, len(self.model.phases)
        through = np.zeros_like(rest)
        through[:, free] = _regular_solve(solution.system[np.ix_(free, free)], rest[:, free].T).T
        explained = solution.columns @ through[:, :n].T + self._basis @ through[:, n + phases :].T
        pulls = (self.slopes(solution) - explained) * (self._weights * (self.scan.y - solution.computed))[:, np.newaxis]
        starts = np.linspace(0, len(pulls), parts + 1).astype(int)[:-1]
        together = np.add.reduceat(pulls[:, moving], starts, axis=0)
        matrix = self._reduced(solution, normal, rest)[np.ix_(moving, moving)]
        moved = _regular_solve(matrix, together.T)  # (p, parts)
        deviations = np.zeros(self.model.size)
        deviations[moving] = np.sqrt(np.sum(moved**2, axis=1) * parts / (parts - 1))
        return deviations

    def leave_out(self, used: Booleans) -> None:
        """Fit these points (k,) alone."""
        self.used = used


def _regular_solve(matrix: Floats, right: Floats) -> Floats:
    """Solve with a matrix whose rows differ by orders of magnitude."""
    scale = 1 / np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = matrix * scale * scale[:, np.newaxis] + 1e-12 * np.eye(len(matrix))
    return scale[:, np.newaxis] * np.linalg.solve(scaled, scale[:, np.newaxis] * right)
