"""Changes between answers of one specimen, sharper than the answers: what misfits have in common drops out.

The frequency of mode k at a temperature T is f_k = F_k(C) exp(o_k + e), where F is the forward model, C the moduli, o_k
the misfit of the mode (faces that are not parallel, a rounded edge) and e the error of the measurement. The misfit
belongs to the specimen and is the same at all temperatures. It is therefore learnt at the reference, and the changes
follow from

    ln f_k(T)/f_k(ref) = ln F_k(C(T)) - ln F_k(C(ref)) + noise,

whose noise is that of reading two frequencies: its scatter about the fit says how large it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import DifferentiableForwardModel
from spectra.core.errors import SpectraError
from spectra.core.signals import Peaks
from spectra.core.workflows.series.answers import Answer, Contrast, Track
from spectra.plugins.peaks.mode_table import MODES, line_names
from spectra.plugins.peaks.sampler.lists import DEGENERATE

Floats = NDArray[np.float64]

_STEPS = 3
_HUBER = 1.5
_CERTAIN = 0.7  # probability of a pair of peak and mode
_FEW_PEAKS, _SHARE = 3, 0.08
_WORSE = 1.6  # times the misfit


def surprise(now: Answer, before: Answer) -> str:
    """Say how many more peaks are left without a mode, or how much larger the misfit is, if that is unexpected."""
    left, peaks = _unmatched(now)
    left_before, _ = _unmatched(before)
    if left > left_before + max(_FEW_PEAKS, _SHARE * peaks):
        return f"{left} of {peaks} peaks belong to no mode, {left_before} in the answer next to it"
    if now.misfit > _WORSE * before.misfit:
        return f"the misfit is {now.misfit:.3g} %, {before.misfit:.3g} % in the answer next to it"
    return ""


def contrast(forward: DifferentiableForwardModel, answers: Sequence[Answer], reference: int) -> Contrast:
    """Return the changes of all answers from that at the place ``reference``.

    Peaks are compared mode by mode, by the names in the tables of modes. Gauss-Newton steps with Huber's (1964) weights
    lead to the change; its covariance is that of the scatter, and what an error of the reference itself does to it: the
    reference moved by Δ moves the other answer by MΔ, M = (GᵀWG)⁻¹GᵀWG_ref with the slopes G at both.
    """
    base = answers[reference]
    there = _Modes.computed(forward, base.values)
    groups = there.groups()
    read = _frequencies(base, groups)
    shape = (len(answers), len(base.values))
    differences, stds, relative, relative_stds = (np.full(shape, np.nan) for _ in range(4))
    for place, answer in enumerate(answers):
        if place == reference:
            differences[place] = stds[place] = relative[place] = relative_stds[place] = 0.0
            continue
        found = _changed(forward, base, there, read, answer, groups)
        if found is None:
            continue
        differences[place], covariance, moved = found
        slopes = np.nan_to_num(moved) - np.eye(len(moved))  # of the difference by an error of the reference
        shared = np.nan_to_num(base.covariance)
        stds[place] = np.sqrt(np.diag(covariance + slopes @ shared @ slopes.T))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative[place] = differences[place] / base.values
            slopes = slopes / base.values[:, None] - np.diag(differences[place] / base.values**2)
            scaled = covariance / np.outer(base.values, base.values)
        relative_stds[place] = np.sqrt(np.diag(scaled + slopes @ shared @ slopes.T))
    return Contrast(
        differences=differences,
        stds=stds,
        relative=relative,
        relative_stds=relative_stds,
        method="Errors of changes: what a mode's misfit has in common with that at the reference is left out.",
        shared=True,
        tracks=tuple(_tracks(answers, there, groups)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Modes:
    """Modes at some values: ln f, shape (m,), and ∂ ln f/∂ quantity, shape (m, p), by name."""

    names: Sequence[str]
    logs: Floats
    slopes: Floats
    unit: str

    @classmethod
    def computed(cls, forward: DifferentiableForwardModel, values: Floats) -> _Modes:
        named = line_names(forward, values)  # first: a model may linearize what it has solved for them
        computed, slopes = forward.linearize(values)
        assert isinstance(computed, Peaks)  # noqa: S101
        positions = computed.positions[0]
        names = list(islice(named, len(positions)))
        return cls(names=names, logs=np.log(positions), slopes=slopes / positions[:, None], unit=computed.unit)

    def groups(self) -> Mapping[str, str]:
        """Return for each mode the first of those degenerate with it: which of them a peak is, nobody knows."""
        found: dict[str, str] = {}
        first = ""
        for place, name in enumerate(self.names):
            if not place or self.logs[place] - self.logs[place - 1] > DEGENERATE:
                first = name
            found[name] = first
        return found

    def taken(self, names: Sequence[str], groups: Mapping[str, str]) -> tuple[Floats, Floats]:
        """Return logs and slopes of the modes that lead the groups ``names``."""
        place = {groups[name]: k for k, name in reversed(list(enumerate(self.names))) if name in groups}
        rows = [place[name] for name in names]
        return self.logs[rows], self.slopes[rows]

    def known(self, groups: Mapping[str, str]) -> set[str]:
        return {groups[name] for name in self.names if name in groups}


def _changed(
    forward: DifferentiableForwardModel,
    base: Answer,
    there: _Modes,
    read: Mapping[str, float],
    answer: Answer,
    groups: Mapping[str, str],
) -> tuple[Floats, Floats, Floats] | None:
    """Return the change, its covariance from the scatter, and M; None if too few modes are in both lists."""
    mine = _frequencies(answer, groups)
    values, count = answer.values, len(answer.values)
    try:
        for _ in range(_STEPS):
            here = _Modes.computed(forward, values)
            common = sorted(set(read) & set(mine) & here.known(groups) & there.known(groups))
            if len(common) <= count + 1:
                return None
            logs, slopes = here.taken(common, groups)
            logs_there, slopes_there = there.taken(common, groups)
            change = np.array([np.log(mine[name] / read[name]) for name in common])
            residuals = change - (logs - logs_there)
            spread = 1.4826 * float(np.median(np.abs(residuals - np.median(residuals)))) or 1e-12
            weights = np.minimum(1.0, _HUBER * spread / np.maximum(np.abs(residuals), 1e-300))
            normal = slopes.T @ (weights[:, None] * slopes)
            step = np.linalg.solve(normal, slopes.T @ (weights * residuals))
            values = values + step
    except (SpectraError, np.linalg.LinAlgError):
        return None
    left = residuals - slopes @ step
    scatter = float(weights @ left**2) / (len(common) - count)
    inverse = np.asarray(np.linalg.inv(normal), dtype=np.float64)
    moved = inverse @ slopes.T @ (weights[:, None] * slopes_there)
    covariance: Floats = scatter * inverse
    return values - base.values, covariance, moved


def _rows(answer: Answer) -> list[tuple[str, float, float]]:
    """Return mode, frequency and quality factor of each peak that certainly belongs to a mode."""
    table = answer.tables.get(MODES)
    if table is None or "mode" not in {column.name for column in table.columns}:
        return []
    qualities = table.column("Q") if any(column.name == "Q" for column in table.columns) else [None] * len(table)
    return [
        (name, frequency, np.nan if quality is None else quality)
        for name, frequency, quality, status, probability in zip(
            table.column("mode"),
            table.column("measured"),
            qualities,
            table.column("status"),
            table.column("probability"),
            strict=True,
        )
        if status == "matched" and probability is not None and probability >= _CERTAIN
    ]


def _frequencies(answer: Answer, groups: Mapping[str, str]) -> dict[str, float]:
    """Return the measured frequency of each mode, of degenerate ones the mean."""
    found: dict[str, list[float]] = {}
    for name, frequency, _ in _rows(answer):
        if name in groups:
            found.setdefault(groups[name], []).append(frequency)
    return {name: float(np.mean(frequencies)) for name, frequencies in found.items()}


def _tracks(answers: Sequence[Answer], there: _Modes, groups: Mapping[str, str]) -> list[Track]:
    """Return the frequencies and quality factors of each mode that was found more than once, lowest first."""
    leaders = list(dict.fromkeys(groups.values()))
    positions = {name: np.full(len(answers), np.nan) for name in leaders}
    qualities = {name: np.full(len(answers), np.nan) for name in leaders}
    for place, answer in enumerate(answers):
        for name, frequency in _frequencies(answer, groups).items():
            positions[name][place] = frequency
        for name, _, quality in _rows(answer):
            if name in groups and not np.isfinite(qualities[groups[name]][place]):
                qualities[groups[name]][place] = quality
    return [
        Track(name=name, unit=there.unit, positions=positions[name], qualities=qualities[name])
        for name in leaders
        if np.isfinite(positions[name]).sum() > 1
    ]


def _unmatched(answer: Answer) -> tuple[int, int]:
    """Return the number of peaks without a mode, and of all peaks."""
    table = answer.tables.get(MODES)
    status = list(table.column("status")) if table is not None else []
    return status.count("spurious"), status.count("spurious") + status.count("matched")
