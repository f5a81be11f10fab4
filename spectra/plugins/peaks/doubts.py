"""What speaks against a fit of computed lines to measured peaks; every threshold stands here, with its reason.

"Real lists" are those in ``examples/rus`` and ``tests/acceptance``, with the dimensions that their authors measured:
13 to 86 peaks, rms differences of 0.12 to 0.46 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel
from spectra.core.quantities import Quantity

Floats = NDArray[np.float64]

AT_END, CUT = 1.25, 2.0
"""Distances from an end of the range to the mean of what the range leaves, in standard deviations of that: 1.32 of a
normal distribution cut at its maximum, 1.73 of a uniform one. From 1.25 on, the maximum is outside by at most 0.4 of
its own standard deviations: even if only the peaks say where the true value is, at most one in twenty lies more than
five of the stated ones away. That is no reason to doubt, but one to say that the range cuts."""
UNDETERMINED = 0.2
"""Of the searched range, as a standard deviation; a uniform distribution has 0.29."""
MOSTLY = 0.5
"""Share of the quantities that are undetermined, from which the answer is that of the ranges more than of the peaks."""
LEAST_ASSIGNED = 0.8
"""Share of the peaks: of real lists at most one in twenty belongs to no mode, and of chance lists half find one."""
RIVAL, FAR = 3.0, 4.0
"""Units of log-likelihood below the best answer, for a factor of 20 is no proof; stated standard deviations away from
the stated value, for nearer ones are included."""
FEWEST_ASSIGNED = 0.5
"""Share of the peaks below which there is no answer: of accidental lists with 15 to 40 peaks 67 to 87 % find a mode."""
NO_BETTER = 0.75
"""Units of log-likelihood for each peak by which accidental lines explain a list better than the modes do. That is 0.7
to 2.0 for accidental lists and those of other specimens; at most 0.35 for right ones with modes shifted by up to
1.5 %, and 0.45 to 0.6 for real ones with a wrong symmetry or turned axes. With the right premises, modes explain real
ones better, by 0.9 to 1.0."""
LARGE = 0.6
"""Rms difference in percent. Real lists stay below 0.5 %; a cubic crystal fitted as isotropic leaves 0.6 to 0.9 %, a
hexagonal one as cubic 1.2 %, one turned by 17° as aligned 0.9 %."""
CHANCE = 1e-5
"""Probability that random differences follow a suspect as well; with a list a day, once in a century.
A height wrong by 0.5 to 1 % gives 1e-7 to 1e-19."""
EXPLAINED = 1 / 3
"""Share of the squared differences that a suspect must explain besides, or the errors change little without it. Of
real lists with the lengths, strontium titanate has a chance of 6e-6 but 0.28 here, Ti-6Al-4V 0.44 but one of 5e-5."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Suspect:
    """Something that could be otherwise than the forward model supposes, and how that would move the lines.

    Parameters
    ----------
    directions : ndarray, shape (m, k)
        ∂ ln f/∂x for k ways x to be otherwise, of the lines that ``linearize`` computes, in their order.
    clause
        What the lines then follow: "what other lengths of the specimen would cause".
    remedy
        A sentence with what to do.
    names
        Of the ways, if their sizes mean something to a reader, as relative changes.
    least
        Rms difference in percent below which it is no reason to doubt: what specimens have that are used all the same.
    measured
        Whether each way is the relative error of something measured, which nobody knows exactly.
    """

    directions: Floats
    clause: str
    remedy: str
    names: Sequence[str] = ()
    least: float = 0.0
    measured: bool = False


@runtime_checkable
class SuspectingForwardModel(DifferentiableForwardModel, Protocol):
    """A forward model that knows what it supposes."""

    def suspects(self, values: Floats) -> Sequence[Suspect]:
        """Return what could be otherwise, at values of shape (p,)."""


@dataclass(frozen=True, kw_only=True)
class RangeRemark:
    """What the searched range has to do with the answer for one quantity.

    Parameters
    ----------
    place
        Of the quantity.
    unknown
        Whether its uncertainty means nothing.
    doubtful
        Whether the answer as a whole is doubtful, or right if the true value lies in the range.
    """

    place: int
    sentence: str
    unknown: bool
    doubtful: bool


def of_ranges(values: Floats, deviations: Floats, quantities: Sequence[Quantity]) -> Iterator[RangeRemark]:
    """Yield remarks on quantities near the ends of what was searched, or that are hardly determined."""
    widths = np.array([quantity.upper - quantity.lower for quantity in quantities])
    undetermined = deviations > UNDETERMINED * widths
    mostly = bool(np.mean(undetermined) >= MOSTLY)
    for place, (quantity, value, std) in enumerate(zip(quantities, values, deviations, strict=True)):
        name, low, high, unit = quantity.name, quantity.lower, quantity.upper, quantity.unit
        end, distance = (low, value - low) if value - low < high - value else (high, high - value)
        if undetermined[place]:
            sentence = (
                f"The data do not determine {name}: its standard deviation, {std:.3g} {unit}, is more than a fifth of "
                "the searched range, so it has no uncertainty; those of the others hold if it lies in that range."
            )
            yield RangeRemark(place=place, sentence=sentence, unknown=True, doubtful=mostly)
        elif distance < max(AT_END * std, 1e-6 * (high - low)):
            sentence = (
                f"{name} lies at an end of its searched range ({end:g} {unit}), so it has no uncertainty and the true "
                "value is probably outside; widen the range and train again."
            )
            yield RangeRemark(place=place, sentence=sentence, unknown=True, doubtful=True)
        elif distance < CUT * std:
            sentence = (
                f"The end of its searched range, {end:g} {unit}, cuts the uncertainty of {name}; widen the range and "
                f"train again if {'lower' if end == low else 'higher'} values are possible."
            )
            yield RangeRemark(place=place, sentence=sentence, unknown=False, doubtful=False)


def of_assignment(share: float) -> Iterator[str]:
    """Yield a doubt if only this share of the peaks could be assigned."""
    if share < LEAST_ASSIGNED:
        yield (
            f"Only {share:.0%} of the peaks could be assigned to a computed one; check the sample file and the "
            "searched ranges."
        )


def accidental_cost(count: int, window: tuple[float, float]) -> float:
    """Return the negative logarithm of the likelihood of ``count`` peaks that fall into the window by accident."""
    return -count * float(np.log(count / np.log(window[1] / window[0])))


def of_chance(cost: float, count: int, window: tuple[float, float], share: float) -> Iterator[str]:
    """Yield a reason to refuse an answer that is no better than none.

    Parameters
    ----------
    cost
        Negative logarithm of the likelihood of the list with its modes.
    count
        Number of the peaks.
    share
        How many of the peaks were assigned.
    """
    accidental = accidental_cost(count, window)
    if share < FEWEST_ASSIGNED:
        yield (
            f"Under half of the peaks, {share:.0%}, could be assigned to a computed one: this is no answer. Check that "
            "the list is one of this specimen, and the sample file."
        )
    elif cost - accidental > NO_BETTER * count:
        yield (
            "Accidental lines would explain the peaks better than the modes of this specimen do, by a factor of "
            f"10^{(cost - accidental) / np.log(10):.0f}: this is no answer. Check that the list is one of this "
            "specimen, and the sample file."
        )


def of_misfit(percent: float, stated: float = 0.0) -> Iterator[str]:
    """Yield a doubt if the differences are larger than those of real specimens with the right premises.

    Parameters
    ----------
    percent, stated
        Their rms, and that of the standard deviations that the peaks of the list have of their own.
    """
    if percent**2 - stated**2 > LARGE**2:
        yield (
            f"The rms difference of measured and computed peaks, {percent:.2f} %, is larger than that of a specimen "
            f"that is as described, at most {LARGE:g} %; check symmetry, orientation, dimensions and the list."
        )


def of_structure(
    residuals: Floats,
    slopes: Floats,
    places: NDArray[np.int64],
    suspects: Sequence[Suspect],
    *,
    advise: bool = True,
) -> str | None:
    """Return a doubt if the differences are no accident but follow what one of the suspects would cause.

    A score test: the differences and the directions, each without what the quantities themselves could explain, are
    compared by an F-test; nothing is fitted anew.

    Parameters
    ----------
    residuals : ndarray, shape (k,)
        ln(measured/computed) of the pairs.
    slopes : ndarray, shape (k, p)
        ∂ ln f/∂ quantity.
    places : ndarray of int, shape (k,)
        Of the pairs among the computed lines.
    advise
        Whether to say what to do.
    """
    percent = 100 * float(np.sqrt(np.mean(residuals**2)))
    found: list[tuple[float, str]] = []
    for suspect in suspects:
        tested = _score(residuals, slopes, suspect.directions[places])
        if tested is None or percent < suspect.least:
            continue
        if tested.chance < CHANCE and tested.explained > EXPLAINED:
            changes = _changes(suspect.names, tested.sizes)
            found.append(
                (
                    tested.chance,
                    f"The differences of measured and computed peaks are no accident: they follow {suspect.clause}"
                    f"{changes}, which would bring the rms from {percent:.2f} to {100 * tested.remaining:.2f} %; the "
                    f"uncertainties do not include that.{f' {suspect.remedy}' if advise else ''}",
                )
            )
    return min(found)[1] if found else None


@dataclass(frozen=True, kw_only=True, eq=False)
class _Score:
    chance: float
    explained: float
    remaining: float
    sizes: Floats


def _score(residuals: Floats, slopes: Floats, directions: Floats) -> _Score | None:
    from scipy.special import fdtrc

    known, _ = np.linalg.qr(slopes)
    left, along = residuals - known @ (known.T @ residuals), directions - known @ (known.T @ directions)
    scale = np.linalg.norm(directions, axis=0)
    scale[scale == 0] = 1.0
    u, s, vt = np.linalg.svd(along / scale, full_matrices=False)
    kept = s > 1e-3  # others can hardly be told from the quantities
    free = len(residuals) - slopes.shape[1] - int(kept.sum())
    total = float(left @ left)
    if not kept.any() or free < 1 or total == 0:
        return None
    parts = u[:, kept].T @ left
    explained, rest = float(parts @ parts), max(total - float(parts @ parts), 1e-300)
    ratio = (explained / kept.sum()) / (rest / free)
    return _Score(
        chance=float(fdtrc(kept.sum(), free, ratio)),
        explained=explained / total,
        remaining=float(np.sqrt(rest / len(residuals))),
        sizes=(vt[kept].T @ (parts / s[kept])) / scale,
    )


def _changes(names: Sequence[str], sizes: Floats) -> str:
    """Write the changes, the sum of squares the least possible, in percent."""
    if not names:
        return ""
    return f" ({', '.join(f'{name} {100 * size:+.2f} %' for name, size in zip(names, sizes, strict=True))})"
