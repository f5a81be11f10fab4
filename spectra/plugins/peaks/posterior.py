"""Refiner of unlabelled peaks: least-squares fits locate the candidate answers, a posterior sample weighs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from spectra.core.components import DifferentiableForwardModel, ForwardModel, Refinement
from spectra.core.errors import InputError
from spectra.core.progress import Progress, Silent
from spectra.core.quantities import Quantity
from spectra.core.signals import Peaks, Signal
from spectra.core.workflows.series.answers import Answer, Contrast
from spectra.plugins.peaks import doubts
from spectra.plugins.peaks.allowance import hidden_covariance
from spectra.plugins.peaks.assignment import DetectionModel
from spectra.plugins.peaks.contrast import contrast, surprise
from spectra.plugins.peaks.exploration import ApproximateForwardModel, descents, explore
from spectra.plugins.peaks.least_squares import Fit, Search
from spectra.plugins.peaks.lengths import StretchableForwardModel, WithLengths
from spectra.plugins.peaks.mode_table import lengths_table, mode_table
from spectra.plugins.peaks.remedies import RemediableForwardModel, of_remedies, table_of, tried
from spectra.plugins.peaks.sampler import lobes
from spectra.plugins.peaks.sampler.lists import DEGENERATE, Draws, PeakList
from spectra.plugins.peaks.sampler.matching import Chains
from spectra.plugins.peaks.sampler.recorded import RecordedChains
from spectra.plugins.peaks.sampler.sampling import Sampling, sampled

Floats = NDArray[np.float64]
Advance = Callable[[int], None]

_NEAR = 0.005  # deviation of peaks from computed ones at an answer next to theirs
_CHAINS = 64
_BURN_IN = (25, 10)  # sweeps, before and after the modes are computed anew
_CORRELATED = 0.65  # independent errors of partners in a crowded spectrum come out at up to 0.6, for having been sorted
_FARTHEST = 5.0  # standard deviations beforehand
_UNLIKELY = 20.0  # units of log-likelihood below the best fit


class PosteriorParameters(BaseModel):
    """Parameters of the refiner 'posterior'."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    initial_spread: float = Field(
        default=0.02, gt=0, lt=0.5, description="expected relative deviation of measured from computed peaks at a start"
    )
    spurious: float = Field(default=1.0, gt=0, description="expected number of spurious peaks")
    lengths: float = Field(
        default=0.0,
        ge=0,
        le=0.05,
        description="relative standard deviation of the specimen's lengths, then fitted as well; 0 for exact ones",
    )
    spectra: int = Field(
        default=0,
        ge=0,
        description="number of spectra all over the ranges for a search of its own; 0 to start from the regressor",
    )
    tolerance: float = Field(
        default=0.0,
        ge=0,
        le=0.05,
        description="relative standard deviation of lengths that are not fitted; uncertainties include it as far as "
        "the peaks leave it open",
    )
    start: tuple[float, ...] | None = Field(
        default=None,
        description="values of the quantities to start at, in place of the regressor's answer and of a search",
    )
    sweeps: int = Field(default=60, ge=20, description="length of each Markov chain")
    most_sweeps: int = Field(
        default=0,
        ge=0,
        description="to how many sweeps chains go on that have not converged; 0 for no more than `sweeps`",
    )


class Posterior:
    """Posterior mean and covariance, averaged over values, measurement errors and assignments of peaks to modes.

    From each start a least-squares fit looks for an assignment; near the best of them, Markov chains draw quantities,
    assignment, and size and shape of the errors from their joint posterior. Its mean and covariance are the answer.
    """

    def __init__(self, parameters: PosteriorParameters) -> None:
        self.parameters = parameters

    def refine(
        self,
        measured: Signal,
        forward: ForwardModel,
        *,
        starts: Floats,
        quantities: Sequence[Quantity],
        progress: Progress | None = None,
    ) -> Refinement:
        """Sample the posterior of the quantities, with a search from each of ``starts``.

        Parameters
        ----------
        progress
            Told of descents and sweeps.

        Raises
        ------
        InputError
            If signal or forward model is of the wrong kind, there are too few peaks, or no start leads to a fit.
        """
        if not isinstance(measured, Peaks) or not isinstance(forward, DifferentiableForwardModel):
            raise InputError("This refiner needs peaks and a forward model with derivatives.")
        peaks, deviations = _sorted(measured)
        if len(peaks) <= len(quantities):
            raise InputError(
                f"{len(peaks)} peaks cannot determine {len(quantities)} quantities with an uncertainty.",
                hint="Measure more peaks or search fewer quantities.",
            )
        progress, spectra, own = progress or Silent(), self.parameters.spectra, self.parameters.start
        if own is not None:
            if len(own) != len(quantities):
                raise InputError(
                    f"refiner.start has {len(own)} values, but there are {len(quantities)} quantities: "
                    f"{', '.join(quantity.name for quantity in quantities)}."
                )
            starts, spectra = np.array([own]), 0
        searched = forward
        first, spread = len(quantities), self.parameters.lengths
        if spread:
            if not isinstance(forward, StretchableForwardModel):
                raise InputError("This forward model has no adjustable lengths; leave out refiner.lengths.")
            searched = WithLengths(forward)
        more = len(searched.names) if isinstance(searched, WithLengths) else 0
        density = self.parameters.spurious / np.log(measured.window[1] / measured.window[0])
        expected = DetectionModel(
            spread=self.parameters.initial_spread, seen=0.9, spurious_density=density, deviations=deviations
        )
        low = [q.lower for q in quantities] + [-_FARTHEST * spread] * more
        high = [q.upper for q in quantities] + [_FARTHEST * spread] * more
        prior = np.array([np.inf] * first + [spread] * more)
        expected_descents = descents(len(starts), len(low), spectra=spectra)
        with progress.task("Searching", expected_descents) as advance:
            step = _at_most(expected_descents, advance)
            search = Search(peaks, measured.window, searched, np.array([low, high]), prior, step)
            if more and spectra:
                # first for the lengths as they are, which a cheap model serves
                exact = Search(peaks, measured.window, forward, np.array([low, high])[:, :first], prior[:first], step)
                explored = explore(exact, list(starts), expected, spectra=spectra)
                starts = np.array([end.values for end in explored] or starts)
            padded = list(np.pad(starts, [(0, 0), (0, more)]))
            ends = explore(search, padded, expected, spectra=spectra)
            step(expected_descents)
        if not ends:
            raise InputError(
                "No fit: from none of the starting values are enough peaks matched to computed ones.",
                hint="Check the sample file, the unit of the peaks and the searched ranges.",
            )
        stretched = searched.names if isinstance(searched, WithLengths) else ()
        names = [*(quantity.name for quantity in quantities), *(f"length {name}" for name in stretched)]
        sweeps = sum(_BURN_IN) + max(self.parameters.sweeps, self.parameters.most_sweeps)
        with progress.task("Sampling", sweeps) as advance:
            step = _at_most(sweeps, advance)
            sampling, fit = self._sample(search, ends, names, step)
            step(sweeps)
        draws = sampling.draws
        forward = search.forward
        suspects = forward.suspects(fit.values) if isinstance(forward, doubts.SuspectingForwardModel) else ()
        allowing = _allowing(draws, fit, suspects, self.parameters.tolerance)
        refinement = _report(allowing, fit, peaks, measured, quantities, forward)
        refinement = _judged(refinement, search, ends, sampling, fit, suspects, quantities)
        if isinstance(searched, WithLengths):
            found = lengths_table(searched.names, draws.values[:, first:], spread)
            return replace(refinement, tables=(*refinement.tables, found))
        return refinement

    def starting_at(self, values: Floats) -> Mapping[str, Any]:
        """Return the parameters of the same refiner with its start at ``values`` (p,), to six digits."""
        return {"start": [float(f"{value:.6g}") for value in values], "initial_spread": _NEAR}

    def surprise(self, now: Answer, before: Answer) -> str:
        """Say how many more peaks are left without a mode, or how much larger the misfit is, if that is unexpected."""
        return surprise(now, before)

    def contrast(self, forward: ForwardModel, answers: Sequence[Answer], reference: int) -> Contrast:
        """Return changes from a reference, with what the misfits of each mode have in common left out.

        Raises
        ------
        InputError
            If the forward model has no derivatives.
        """
        if not isinstance(forward, DifferentiableForwardModel):
            raise InputError("This refiner needs a forward model with derivatives.")
        return contrast(forward, answers, reference)

    def _sample(
        self, search: Search, ends: Sequence[Fit], names: Sequence[str], advance: Advance
    ) -> tuple[Sampling, Fit]:
        """Draw from the posterior, with modes computed at its mean; return that point, too."""
        rng = np.random.default_rng(0)  # the same list gives the same answer
        best = ends[0]
        costs = np.array([end.cost for end in ends]) - best.cost
        near = [place for place, end in enumerate(ends) if costs[place] < _UNLIKELY and _reaches(best, end)]
        likely, odds = [ends[place] for place in near], np.exp(-costs[near])
        chosen = rng.choice(len(likely), _CHAINS, p=odds / odds.sum())
        partners = np.array([_partners(search, best, end) for end in likely])
        chains = (Chains if self.parameters.most_sweeps else RecordedChains)(
            _weighted(search, best, self.parameters.spurious),
            best.modes,
            starts=np.array([end.values for end in likely])[chosen],
            partners=partners[chosen],
            spread=best.detection.spread,
            bounds=search.bounds,
            prior=search.prior,
            rng=rng,
            advance=advance,
        )
        chains.burn_in(_BURN_IN[0])
        centre = search.compute(chains.values.mean(axis=0), best.detection)
        if centre is not None:
            chains.relinearize(centre.modes)
        chains.burn_in(_BURN_IN[1])
        limits = self.parameters
        sampling = sampled(chains, names, sweeps=limits.sweeps, most_sweeps=limits.most_sweeps)
        draws = sampling.draws
        detection = replace(best.detection, spread=float(draws.spread.mean()), seen=float(draws.seen.mean()))
        final = search.compute(draws.values.mean(axis=0), detection) or centre or best
        draws = draws.renamed(chains.modes.names_in(final.modes), len(final.modes.logs))
        return replace(sampling, draws=draws), final


def _at_most(total: int, advance: Advance) -> Advance:
    """Return a function that advances by no more than ``total`` steps: nobody knows how many it will be."""
    left = total

    def step(steps: int) -> None:
        nonlocal left
        done = min(steps, left)
        left -= done
        advance(done)

    return step


def _sorted(measured: Peaks) -> tuple[Floats, Floats | None]:
    """Return the peaks (m,) and their own relative standard deviations, both by frequency."""
    positions = measured.positions[0]
    order = np.argsort(positions, kind="stable")[: np.isfinite(positions).sum()]
    peaks = positions[order]
    own = np.zeros(1) if measured.deviations is None else np.nan_to_num(measured.deviations[0][order]) / peaks
    return peaks, own if own.any() else None


def _inaccuracy(forward: ForwardModel, fit: Fit) -> Sequence[str]:
    """Say if the forward model is not accurate enough at a fit."""
    return forward.doubts_at(fit.values) if isinstance(forward, ApproximateForwardModel) else ()


def _judged(
    refinement: Refinement,
    search: Search,
    ends: Sequence[Fit],
    sampling: Sampling,
    fit: Fit,
    suspects: Sequence[doubts.Suspect],
    quantities: Sequence[Quantity],
) -> Refinement:
    """Add what speaks against the answer, and what other premises have to say where something does."""
    draws, remediable = sampling.draws, isinstance(search.forward, RemediableForwardModel)
    share = 1 - float(draws.partners[:, -1].mean())
    hopeless = [*doubts.of_chance(ends[0].assignment.cost, len(search.peaks), search.window, share)]
    misfits = [
        *hopeless,
        *_misfits(share, fit, search.peaks),
        *_structure(fit, search.peaks, suspects, advise=not remediable),
    ]
    remedies = tried(search, ends[0], doubted=bool(misfits))
    told = of_remedies(remedies, refinement.misfit)
    diagnostics, tables = sampling.diagnostics(), list(refinement.tables)
    if remedies:
        diagnostics |= {"remedies": [one.document() for one in remedies]}
        tables.append(table_of(remedies))
    separate = lobes.lobes_of(draws.values[:, : len(quantities)])
    if separate:
        diagnostics |= {"lobes": [lobe.document(quantities) for lobe in separate]}
        tables.append(lobes.table_of(separate, quantities))
    return replace(
        refinement,
        doubts=(
            *misfits,
            *([told] if told else []),
            *refinement.doubts,
            *lobes.of_lobes(separate, quantities),
            *sampling.doubts(),
            *_inaccuracy(search.forward, fit),
            *_rivals(ends, draws, quantities),
        ),
        refused=bool(hopeless) and not any(one.convinces for one in remedies),
        tables=tuple(tables),
        diagnostics=diagnostics,
    )


def _allowing(draws: Draws, fit: Fit, suspects: Sequence[doubts.Suspect], tolerance: float) -> Draws:
    """Spread the draws by what the differences cannot show of what is measured to a tolerance."""
    if not tolerance:
        return draws
    values = draws.values.copy()
    added = hidden_covariance(fit, [suspect for suspect in suspects if suspect.measured], tolerance)
    values += np.random.default_rng(0).multivariate_normal(np.zeros(len(added)), added, len(values))
    return replace(draws, values=values)


def _misfits(share: float, fit: Fit, peaks: Floats) -> list[str]:
    """Say if too small a share of the peaks belongs to modes, or if they are too far from them."""
    own = fit.detection.deviations
    stated = 0.0 if own is None else 100 * float(np.sqrt(np.mean(own[fit.assignment.peaks] ** 2)))
    misfit = 100 * fit.rms(peaks)
    return [*doubts.of_assignment(share), *doubts.of_misfit(misfit, stated)]


def _structure(fit: Fit, peaks: Floats, suspects: Sequence[doubts.Suspect], *, advise: bool) -> list[str]:
    """Say if the differences follow something that the forward model supposes to be otherwise."""
    pairs = fit.assignment.modes
    found = doubts.of_structure(fit.residuals(peaks), fit.modes.slopes[pairs], pairs, suspects, advise=advise)
    return [] if found is None else [found]


def _rivals(ends: Sequence[Fit], draws: Draws, quantities: Sequence[Quantity]) -> list[str]:
    """Describe answers nearly as likely as the best but excluded by it; one at an end of the ranges is none."""
    stated, spread = draws.values.mean(axis=0), draws.values.std(axis=0)
    low, high = np.array([q.lower for q in quantities]), np.array([q.upper for q in quantities])
    margin = 1e-6 * (high - low)
    found = []
    for end in ends[1:]:
        behind, values = end.cost - ends[0].cost, end.values[: len(quantities)]
        if np.any((values < low + margin) | (values > high - margin)):
            continue
        if behind < doubts.RIVAL and np.any(np.abs(end.values - stated) > doubts.FAR * spread):
            answer = ", ".join(
                f"{q.name} = {v:.4g} {q.unit}".strip() for q, v in zip(quantities, end.values, strict=False)
            )
            found.append(
                f"Another answer explains the peaks nearly as well, {answer}: its likelihood is lower by a factor of "
                f"{np.exp(behind):.2g} only. More peaks or a specimen of another shape could tell them apart."
            )
    return found


def _reaches(best: Fit, end: Fit) -> bool:
    """Say whether the modes of ``best``, extrapolated to another fit, are the modes there, to half a peak's error."""
    count = min(len(best.modes.logs), len(end.modes.logs))
    extrapolated = np.sort(best.modes.at(end.values))[:count]
    error = float(np.median(best.detection.errors()))
    return bool(np.sqrt(np.mean((extrapolated - end.modes.logs[:count]) ** 2)) < 0.5 * error)


def _partners(search: Search, best: Fit, end: Fit) -> NDArray[np.int64]:
    """Return the partner of each peak at ``end``, among the modes of ``best``; their number for none."""
    assignment = search.assigned(best.modes, end.values, end.detection)
    partners = np.full(len(search.peaks), len(best.modes.logs))
    partners[assignment.peaks] = assignment.modes
    return partners


def _weighted(search: Search, fit: Fit, spurious: float) -> PeakList:
    """Let the peaks of degenerate partners count for less, as far as their errors are one and the same.

    Two measurements whose errors have the correlation r are worth 2 / (1 + r). Often a list holds such a pair as one
    peak written twice: then r is 1.
    """
    pairs, modes = fit.assignment, fit.modes.at(fit.values)[fit.assignment.modes]
    weights = np.ones(len(search.peaks))
    first = np.flatnonzero(np.diff(modes) <= DEGENERATE)
    correlation = _partner_correlation(modes, fit.residuals(search.peaks))
    if correlation > _CORRELATED:
        weights[pairs.peaks[first]] = weights[pairs.peaks[first + 1]] = 1 / (1 + correlation)
    low, high = np.log(search.window)
    return PeakList(
        logs=np.log(search.peaks),
        weights=weights,
        window=(low, high),
        spurious=spurious,
        deviations=fit.detection.deviations,
    )


def _partner_correlation(modes: Floats, residuals: Floats) -> float:
    """Return the correlation of the errors of degenerate partners: 1 if each pair is one peak written twice."""
    first = np.flatnonzero(np.diff(modes) <= DEGENERATE)
    second = first + 1
    alone = 0.5 * (residuals[first] @ residuals[first] + residuals[second] @ residuals[second])
    return float(np.clip(residuals[first] @ residuals[second] / alone, 0.0, 1.0)) if alone > 0 else 0.0


def _report(
    draws: Draws,
    fit: Fit,
    peaks: Floats,
    measured: Peaks,
    quantities: Sequence[Quantity],
    forward: DifferentiableForwardModel,
) -> Refinement:
    drawn = draws.values[:, : len(quantities)]
    values, covariance = drawn.mean(axis=0), np.atleast_2d(np.cov(drawn.T))
    remarks = list(doubts.of_ranges(values, np.sqrt(np.diag(covariance)), quantities))
    for place in (remark.place for remark in remarks if remark.unknown):
        covariance[place, :] = covariance[:, place] = np.nan
    return Refinement(
        values=values,
        covariance=covariance,
        misfit=100 * fit.rms(peaks),
        misfit_unit="%",
        tables=(mode_table(draws, fit, peaks, measured, quantities, forward),),
        notes=tuple(remark.sentence for remark in remarks if not remark.doubtful),
        doubts=tuple(remark.sentence for remark in remarks if remark.doubtful),
        draws=drawn,
    )
