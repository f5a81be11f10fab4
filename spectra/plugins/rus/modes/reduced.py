"""Reduced model for many spectra of one sample: the eigenvectors at a few sets of moduli nearly span all others.

A Rayleigh-Ritz model of high order is projected onto the modes that it has at some sets of moduli (snapshots). What is
left is a Rayleigh-Ritz model of the same form with far smaller blocks. Its error is measured against the full model at
other sets of moduli, and the worst of them become snapshots until the error is small enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from spectra.plugins.rus.modes.rayleigh_ritz import (
    Block,
    RayleighRitz,
    block_frequencies,
    combined,
    eigenpairs,
    linearized,
)
from spectra.plugins.rus.threads import one_blas_thread

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Modes up to this multiple of the highest frequency go into a snapshot: those beyond it still shape those below.
_MARGIN = 1.1
_SNAPSHOTS = 12
_CHECKS = 24
_ROUNDS = 8
# Singular values below this share of the largest carry less than an error of 1e-8 in a frequency.
_NEGLIGIBLE = 1e-5
# Without a check: boxes with three to nine moduli within 30 % have rms errors of 1e-5 to 2e-4, in blocks two thirds
# as with what carries less than that.
_FEW = 8
_SMALL = 1e-3
_COARSE = 2e-2  # rms errors of 1e-3, in blocks half as large again
_LEAST_MODES = 4  # of a block in a snapshot


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedModel:
    """A projected Rayleigh-Ritz model.

    Parameters
    ----------
    blocks
        As in the full model, but small.
    highest
        Frequency in Hz up to which it holds.
    error
        Largest relative error of a frequency that was found against the full model; NaN if nobody looked.
    coarse
        Smaller blocks yet, that give the frequencies within a percent, if there are any.
    """

    blocks: tuple[Block, ...]
    highest: float
    error: float
    coarse: tuple[Block, ...] = ()

    def frequencies(self, moduli: Floats) -> Floats:
        """Compute the frequencies up to ``highest`` of many sets of moduli; see :meth:`RayleighRitz.frequencies`."""
        return block_frequencies(self.blocks, moduli, highest=self.highest)

    def coarse_frequencies(self, moduli: Floats) -> Floats:
        """Compute the same frequencies within a percent, in a fraction of the time."""
        return block_frequencies(self.coarse or self.blocks, moduli, highest=self.highest)

    def linearize(self, moduli: Floats) -> tuple[Floats, Floats]:
        """Compute the frequencies up to ``highest`` of one set of moduli, and their derivatives."""
        return linearized(self.blocks, moduli, highest=self.highest)


def reduce_model(model: RayleighRitz, candidates: Floats, *, highest: float, accuracy: float) -> ReducedModel | None:
    """Project ``model`` so that it keeps its frequencies up to ``highest`` to a relative ``accuracy``.

    Parameters
    ----------
    candidates : ndarray, shape (n, k)
        Sets of moduli in Pa that fill the region in which the reduced model is to be used.
    highest
        In Hz.

    Returns
    -------
    ReducedModel or None
        None if the accuracy is not reached; the full model has to be used then.
    """
    rng = np.random.default_rng(0)
    spread_out = _spread_out(model, candidates, _SNAPSHOTS + _CHECKS)
    added, sparse_places = spread_out[:_SNAPSHOTS], spread_out[_SNAPSHOTS:]
    subspaces: list[list[Floats]] = [[] for _ in model.blocks]
    for round_ in range(_ROUNDS):
        _take_snapshots(subspaces, model.blocks, candidates[added], highest)
        blocks = tuple(
            _projected(b, _directions(s, _NEGLIGIBLE)[0]) for b, s in zip(model.blocks, subspaces, strict=True) if s
        )
        checks = np.unique([*rng.permutation(len(candidates))[:_CHECKS], *sparse_places])
        errors = _errors(model, blocks, candidates[checks], highest)
        if errors.max() <= accuracy:
            return ReducedModel(blocks=blocks, highest=highest, error=float(errors.max()))
        added = checks[np.argsort(errors)[-(2 + round_) :]]
    return None


def reduce_roughly(model: RayleighRitz, candidates: Floats, *, highest: float) -> ReducedModel:
    """Project ``model`` onto its modes at a few of ``candidates`` (n, k) in Pa; the error is not known."""
    blocks, coarse = [], []
    chosen = candidates[_spread_out(model, candidates, _FEW)]
    with one_blas_thread():
        for block in model.blocks:
            if block.matrices.shape[1] == block.rigid:
                continue
            basis, singular = _directions([_lowest(block, one, _MARGIN * highest) for one in chosen], _SMALL)
            blocks.append(_projected(block, basis))
            first = int((singular > _COARSE * singular[0]).sum())
            coarse.append(replace(blocks[-1], matrices=blocks[-1].matrices[:, :first, :first]))
    return ReducedModel(blocks=tuple(blocks), highest=highest, error=np.nan, coarse=tuple(coarse))


def _lowest(block: Block, moduli: Floats, highest: float) -> Floats:
    """Return the elastic modes (n, m) of a block up to ``highest``, and some in any case."""
    matrix, rigid = combined(block, moduli[None])[0], block.rigid
    _, vectors = eigenpairs(matrix, highest)
    least = min(rigid + _LEAST_MODES, len(matrix))
    if vectors.shape[1] < least:
        _, vectors = linalg.eigh(matrix, subset_by_index=(0, least - 1), driver="evr", check_finite=False)
    elastic: Floats = vectors[:, rigid:]
    return elastic


def _spread_out(model: RayleighRitz, candidates: Floats, count: int) -> Integers:
    """Pick sets of moduli that lie far from each other, in the sense that matters for the shape of the modes.

    The scale of the moduli does not change the modes, and near the end of stability they change fast; so distances are
    those of the logarithms of the stiffness' eigenvalues, less their mean (farthest-point sampling, Gonzalez 1985). Of
    the sets near each pick the softest is taken, because it has the most modes below a given frequency.
    """
    logarithms = np.log(np.linalg.eigvalsh(model.symmetry.stiffness(candidates)))
    scale = logarithms.mean(axis=1)
    features = logarithms - scale[:, None]
    chosen = [int(np.argmin(((features - features.mean(axis=0)) ** 2).sum(axis=1)))]
    distance = np.full(len(features), np.inf)
    while len(chosen) < min(count, len(features)):
        distance = np.minimum(distance, ((features - features[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(distance.argmax()))
    near = 0.25 * distance.max()
    softest = []
    for pick in chosen:
        close = np.flatnonzero(((features - features[pick]) ** 2).sum(axis=1) <= near)
        softest.append(int(close[scale[close].argmin()]))
    return np.array(list(dict.fromkeys(softest)))


def _take_snapshots(subspaces: list[list[Floats]], blocks: Sequence[Block], moduli: Floats, highest: float) -> None:
    with one_blas_thread():
        for found, block in zip(subspaces, blocks, strict=True):
            for one in moduli:
                _, vectors = eigenpairs(combined(block, one[None])[0], _MARGIN * highest)
                if vectors.shape[1] > block.rigid:
                    found.append(vectors[:, block.rigid :])


def _directions(snapshots: list[Floats], negligible: float) -> tuple[Floats, Floats]:
    """Return an orthonormal basis (n, k) of snapshots, what they share first, and its singular values (k,)."""
    left, singular, _ = np.linalg.svd(np.concatenate(snapshots, axis=1), full_matrices=False)
    kept = singular > negligible * singular[0]
    return left[:, kept], singular[kept]


def _projected(block: Block, basis: Floats) -> Block:
    return replace(block, matrices=basis.T @ block.matrices @ basis, rigid=0)


def _errors(model: RayleighRitz, blocks: Sequence[Block], moduli: Floats, highest: float) -> Floats:
    """Return the largest relative error of each set of moduli; infinite where the number of modes differs."""
    # A little beyond the highest frequency, so that a mode at the very end is not lost to rounding.
    exact = model.frequencies(moduli, highest=highest)
    ours = block_frequencies(blocks, moduli, highest=1.0001 * highest)
    ours = ours[:, : exact.shape[1]]
    if ours.shape[1] < exact.shape[1]:
        return np.full(len(moduli), np.inf)
    seen = np.isfinite(exact)
    difference = np.where(seen, np.abs(ours / np.where(seen, exact, 1.0) - 1), 0.0)
    return np.nan_to_num(difference, nan=np.inf).max(axis=1)
