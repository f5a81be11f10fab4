"""Remedies of an answer that is doubted: the fit with another premise, and by how much that is the likelier one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel
from spectra.core.quantities import Quantity, with_uncertainty
from spectra.core.tables import Column, Table
from spectra.plugins.peaks import doubts, scale_free
from spectra.plugins.peaks.exploration import ReducedModel, ReducibleForwardModel
from spectra.plugins.peaks.least_squares import Fit, Search

Floats = NDArray[np.float64]

CONVINCING = 3.0
"""Decades of odds in favour of another premise from which it is recommended: of as many premises as are tried here,
chance makes none so likely; Jeffreys (1961) calls two decades decisive."""
SUSPICIOUS = 0.3
"""Rms difference in percent from which a premise that leaves no pattern is worth a fit: single crystals with the right
axes stay below it, one of strontium titanate turned by 17° and taken for aligned leaves 0.37 %."""
RIVAL = 2.0
"""Decades of odds that another remedy may be behind the best and still be told."""
_BOLD = 0.015  # spread of the peaks to begin with, where an answer is far from what the peaks mean
_SLID = 1.04  # by how much all lines may be off at a start
_LIKEST = 12  # of many starts
_POLISHED = 2  # ends of the rough model


@dataclass(frozen=True, kw_only=True, eq=False)
class Remedy:
    """Another premise that may explain the peaks.

    Parameters
    ----------
    name
        As a sentence goes on after "with": "symmetry cubic".
    forward
        The forward model with this premise.
    quantities
        Its values, each within its range.
    starts : ndarray, shape (k, q)
        Where fits begin.
    written
        Function from values (q,) to what to write or enter, as a sentence.
    prior : ndarray, shape (q,), optional
        Standard deviations about zero of what is known beforehand, infinite where nothing is.
    changes
        How many of the values, the last ones, are relative changes.
    rough
        A cheaper model of the same, for many starts.
    special_of
        Name of a remedy tried before, of which this one is a special case.
    projected
        Function from values of that to the nearest of this.
    """

    name: str
    forward: DifferentiableForwardModel
    quantities: Sequence[Quantity]
    starts: Floats
    written: Callable[[Floats], str]
    prior: Floats | None = None
    changes: int = 0
    rough: ReducedModel | None = None
    special_of: str = ""
    projected: Callable[[Floats], Floats] | None = None


@runtime_checkable
class RemediableForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model that knows what could be otherwise, and can compute it."""

    def remedies(self, values: Floats, accuracy: float, *, far: bool) -> Iterable[Remedy]:
        """Yield other premises to try, from the answer (p,) or all ``far`` around it.

        Parameters
        ----------
        accuracy
            Relative error of a line that makes no difference.
        """

    def unseen(self, values: Floats, accuracy: float) -> Iterable[Remedy]:
        """Yield those premises that only a fit tells from the answer's, for no suspect stands for them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tried:
    """A remedy with its fit.

    Parameters
    ----------
    rms
        Root mean square of ln(measured/computed) of the pairs, in percent.
    log_odds
        Decimal logarithm of the odds of this premise against the one of the answer, from the peaks alone.
    accidental
        Whether accidental lines would explain the peaks better still.
    """

    remedy: Remedy
    values: Floats
    deviations: Floats
    rms: float
    log_odds: float
    accidental: bool

    @property
    def convinces(self) -> bool:
        """Whether to recommend it."""
        return self.log_odds > CONVINCING and not self.accidental

    def sentence(self, before: float) -> str:
        """Say what it brings, with the rms ``before`` in percent."""
        return (
            f"Tried: with {self.remedy.name} the rms falls from {before:.2f} to {self.rms:.2f} % and "
            f"{', '.join(self._listed())}; that is 10^{self.log_odds:.0f} times as likely. "
            f"{self.remedy.written(self.values)}"
        )

    def _listed(self) -> list[str]:
        first = len(self.values) - self.remedy.changes
        found = zip(self.remedy.quantities, self.values.tolist(), self.deviations.tolist(), strict=True)
        return [
            f"{q.name} = {with_uncertainty(value, std)} {q.unit}".rstrip()
            if place < first
            else f"{q.name} {100 * value:+.2f} ± {100 * std:.2f} %"
            for place, (q, value, std) in enumerate(found)
        ]

    def document(self) -> dict[str, Any]:
        """Return what goes on record."""
        names = [quantity.name for quantity in self.remedy.quantities]
        return {
            "remedy": self.remedy.name,
            "misfit": self.rms,
            "log10_odds": self.log_odds,
            "values": dict(zip(names, self.values.tolist(), strict=True)),
            "deviations": dict(zip(names, self.deviations.tolist(), strict=True)),
            "written": self.remedy.written(self.values),
        }


def tried(search: Search, fit: Fit, *, doubted: bool) -> list[Tried]:
    """Fit the peaks of ``search`` anew under other premises that its forward model suggests; the likeliest comes first.

    Of an answer that is not doubted, only premises that leave no pattern are tried, and only if the differences are
    large enough to hide one; those that do not convince are not returned.

    Parameters
    ----------
    fit
        The end of a descent of ``search``, under the premise of the answer.
    """
    forward, rms = search.forward, fit.rms(search.peaks)
    if not isinstance(forward, RemediableForwardModel):
        return []
    if doubted:
        far = 100 * rms > doubts.LARGE or len(fit.assignment.peaks) < doubts.LEAST_ASSIGNED * len(search.peaks)
        return _compared(search, fit, forward.remedies(fit.values, 0.1 * rms, far=far))
    if 100 * rms < SUSPICIOUS:
        return []
    found = _compared(search, fit, forward.unseen(fit.values, 0.1 * rms))
    return [one for one in found if one.convinces]


def _compared(search: Search, fit: Fit, remedies: Iterable[Remedy]) -> list[Tried]:
    found: list[Tried] = []
    for remedy in remedies:
        if len(search.peaks) <= len(remedy.quantities):
            continue
        general = [one.values for one in found if one.remedy.name == remedy.special_of]
        more = [remedy.projected(values) for values in general] if remedy.projected else []
        end = _fitted(search, fit, remedy, more)
        if end is not None:
            found.append(_told(search, fit, remedy, end))
    return sorted(found, key=lambda one: -one.log_odds)


def of_remedies(found: Sequence[Tried], before: float) -> str | None:
    """Return a sentence on the best of the remedies, or that none helps; None if there was none to try.

    Parameters
    ----------
    found
        The likeliest first.
    before
        Rms difference of the answer in percent.
    """
    if not found:
        return None
    best = found[0]
    if not best.convinces:
        listed = ", ".join(f"{one.remedy.name} ({one.rms:.2f} %)" for one in found)
        return f"Tried, with the rms that each leaves: {listed}. None of these explains the peaks."
    others = [one for one in found[1:] if one.convinces and one.log_odds > best.log_odds - RIVAL]
    rivals = ", ".join(f"{one.remedy.name} ({one.rms:.2f} %)" for one in others)
    return best.sentence(before) + (f" Nearly as likely: {rivals}." if rivals else "")


def table_of(found: Sequence[Tried]) -> Table:
    """Return one row for each remedy."""
    return Table(
        name="remedies",
        title="Other premises, fitted",
        columns=(
            Column(name="premise", values=[one.remedy.name for one in found]),
            Column(name="quantities", values=[len(one.values) for one in found], priority=1),
            Column(name="rms", unit="%", values=[one.rms for one in found], digits=3),
            Column(name="log10 odds", values=[one.log_odds for one in found], digits=1),
        ),
    )


def log_odds(ratio: float, *, peaks: int, known: int, added: int) -> float:
    """Return the decimal logarithm of the odds of a linear model with ``added`` quantities against one without them.

    The errors are normal with a size that is unknown; the added quantities have Zellner's g-prior with g = ``peaks``,
    which is worth one measurement (unit information): what Schwarz's BIC approximates for long lists, here exact for
    short ones (Liang et al., J. Am. Stat. Assoc. 103, 410 (2008), eq. 6).

    Parameters
    ----------
    ratio
        Sum of squared differences with the added quantities, over that without.
    known
        Number of quantities that both have.
    """
    left = peaks - known
    return float(((left - added) * np.log1p(peaks) - left * np.log1p(peaks * ratio)) / (2 * np.log(10)))


def _fitted(search: Search, fit: Fit, remedy: Remedy, more: Sequence[Floats]) -> Fit | None:
    """Return the best end from the remedy's starts and ``more``."""
    bounds = np.array([[q.lower for q in remedy.quantities], [q.upper for q in remedy.quantities]])
    prior = np.full(len(remedy.quantities), np.inf) if remedy.prior is None else remedy.prior
    starts, bold = list(remedy.starts), replace(fit.detection, spread=max(fit.detection.spread, _BOLD))
    if remedy.rough is not None and isinstance(remedy.forward, ReducibleForwardModel):
        rough = Search(search.peaks, search.window, remedy.rough, bounds, prior)
        likest = [*_likest(search, remedy.rough, remedy.starts[1:], remedy.forward.scaling)]
        starts = [end.values for end in rough.descend([starts[0], *likest], bold)[:_POLISHED]]
    starts += more
    fitting = Search(search.peaks, search.window, remedy.forward, bounds, prior)
    ends = fitting.descend([remedy.starts[0]], fit.detection, fitting.descend(starts, bold))
    return ends[0] if ends else None


def _told(search: Search, fit: Fit, remedy: Remedy, end: Fit) -> Tried:
    residuals, count = end.residuals(search.peaks), len(remedy.quantities)
    slopes = end.modes.slopes[end.assignment.modes]
    free = max(len(residuals) - count, 1)
    precision = slopes.T @ slopes * free / float(residuals @ residuals) + np.diag(end.prior**-2.0)
    peaks, known = len(search.peaks), len(fit.values)
    # of the same pairs, the costs differ by as many times the logarithm of the errors' size
    ratio = float(np.exp(2 * (end.cost - fit.cost) / peaks))
    return Tried(
        remedy=remedy,
        values=end.values,
        deviations=np.sqrt(np.diag(np.linalg.pinv(precision))),
        rms=100 * end.rms(search.peaks),
        accidental=end.assignment.cost > doubts.accidental_cost(peaks, search.window),
        log_odds=log_odds(ratio, peaks=peaks, known=known, added=max(count - known, 0)),
    )


def _likest(search: Search, rough: ReducedModel, starts: Floats, scaling: NDArray[np.bool_]) -> Floats:
    """Return those of many starts (k, q) whose lines are most like the peaks, all a little larger or smaller."""
    smaller = np.where(scaling, starts / _SLID**2, starts)
    found = scale_free.likest(search.peaks, search.window, rough.lines(smaller), np.full(len(starts), _SLID**2))
    places = found.places[:_LIKEST]
    return np.where(scaling, found.factors[places, None] ** 2 * smaller[places], starts[places])
