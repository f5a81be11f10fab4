"""Resonance frequencies of a free elastic body by the Rayleigh-Ritz method, in SI units.

The displacement is expanded in an orthonormal polynomial basis, which makes the stationary points of the Lagrangian
(Visscher et al., J. Acoust. Soc. Am. 90, 2154 (1991), eq. 8) the eigenvalues of one symmetric matrix, Γ a = ω² a. It is
affine in the moduli, Γ = Σ_k c_k Γ_k, so that a sample is assembled once and each spectrum costs only its eigenvalues.
Symmetry splits the matrix into blocks (parity; azimuthal order on a body of revolution), found as the connected
components of the matrices' common pattern, whatever the cause; equal blocks are solved once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph
from threadpoolctl import threadpool_limits

from spectra.plugins.rus.basis import Basis
from spectra.plugins.rus.elasticity import Symmetry

Floats = NDArray[np.float64]

_BATCH_BYTES = 32_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """An invariant subspace: matrices whose combination Σ c_k Γ_k has squared frequencies in Hz² as eigenvalues.

    Parameters
    ----------
    matrices : ndarray, shape (k, n, n)
        Γ_k / (2π)², in Hz²/Pa.
    multiplicity
        How many equal blocks this one stands for.
    rigid
        How many rigid-body motions it holds; they come first among its eigenvalues.
    """

    matrices: Floats
    multiplicity: int
    rigid: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Modes:
    """The lowest modes of one spectrum, ascending.

    Parameters
    ----------
    frequencies : ndarray, shape (m,)
        In Hz; a degenerate mode stands as often as it is degenerate.
    derivatives : ndarray, shape (m, k)
        ∂f/∂c_k in Hz/Pa.
    multiplet : ndarray of int, shape (m,)
        Equal numbers mark the partners of a mode that symmetry makes degenerate.
    """

    frequencies: Floats
    derivatives: Floats
    multiplet: NDArray[np.int64]


class RayleighRitz:
    """The forward model of one specimen: moduli to resonance frequencies.

    Parameters
    ----------
    basis
        The shape, and the order of the expansion.
    symmetry
        Elastic symmetry, with the crystal axes along the sample's.
    density
        In kg/m³.
    """

    def __init__(self, basis: Basis, symmetry: Symmetry, density: float) -> None:
        self.symmetry = symmetry
        self.density = density
        self.blocks = tuple(_blocks(_elastic_matrices(basis, symmetry, density)))

    def frequencies(self, moduli: Floats, *, highest: float = np.inf, workers: int | None = None) -> Floats:
        """Compute the frequencies of many sets of moduli.

        Parameters
        ----------
        moduli : ndarray, shape (n, k)
            In Pa.
        highest
            Leave out modes above this frequency, in Hz.
        workers
            Number of threads; by default one for each processor.

        Returns
        -------
        ndarray, shape (n, m)
            In Hz, ascending; rows with fewer than m modes end with NaN.
        """
        tasks = [(block, part) for block in self.blocks for part in _batches(moduli, block)]
        # One BLAS thread for each of ours: two on a small matrix run slower than one.
        with threadpool_limits(1), ThreadPoolExecutor(workers or cpu_count()) as pool:
            squares = list(pool.map(lambda task: np.linalg.eigvalsh(_combined(task[0], task[1])), tasks))
        columns = []
        for block in self.blocks:
            found = [square for (owner, _), square in zip(tasks, squares, strict=True) if owner is block]
            elastic = np.concatenate(found)[:, block.rigid :]
            columns += [elastic] * block.multiplicity
        frequencies = np.sqrt(np.sort(np.concatenate(columns, axis=1), axis=1))
        frequencies[frequencies > highest] = np.nan
        return frequencies[:, np.isfinite(frequencies).any(axis=0)]

    def modes(self, moduli: Floats, *, highest: float = np.inf) -> Modes:
        """Compute the modes of one set of moduli, shape (k,), with exact derivatives.

        Notes
        -----
        For a normalised eigenvector ∂ω²/∂c_k = aᵀ Γ_k a (Hellmann-Feynman). Modes that symmetry makes degenerate lie
        in different blocks, which no modulus couples, so each derivative is well defined.
        """
        frequencies: list[Floats] = []
        derivatives: list[Floats] = []
        multiplets: list[NDArray[np.int64]] = []
        with threadpool_limits(1):
            for block in self.blocks:
                squares, vectors = linalg.eigh(_combined(block, moduli[None])[0], driver="evd", check_finite=False)
                count = int(np.searchsorted(squares, highest**2, side="right"))
                f, a = np.sqrt(squares[block.rigid : count]), vectors[:, block.rigid : count]
                slopes = np.einsum("im,kim->mk", a, block.matrices @ a) / (2 * f[:, None])
                numbers = sum(len(known) for known in frequencies) + np.arange(len(f))
                frequencies += [f] * block.multiplicity
                derivatives += [slopes] * block.multiplicity
                multiplets += [numbers] * block.multiplicity
        order = np.argsort(np.concatenate(frequencies), kind="stable")
        return Modes(
            frequencies=np.concatenate(frequencies)[order],
            derivatives=np.concatenate(derivatives)[order],
            multiplet=np.concatenate(multiplets)[order],
        )


def _combined(block: Block, moduli: Floats) -> Floats:
    """Σ_k c_k Γ_k for moduli (n, k), shape (n, size, size)."""
    combined: Floats = np.tensordot(moduli, block.matrices, axes=1)
    return combined


def _batches(moduli: Floats, block: Block) -> Iterator[Floats]:
    size = max(1, _BATCH_BYTES // block.matrices[0].nbytes)
    for start in range(0, len(moduli), size):
        yield moduli[start : start + size]


def _elastic_matrices(basis: Basis, symmetry: Symmetry, density: float) -> list[sparse.csr_array]:
    """Γ_k / (2π)² of the whole basis, sparse, each shape (3n, 3n).

    With the strain operator B, which maps the coefficients of a displacement to those of its six strains,
    Γ_k = Bᵀ (V_k ⊗ 1) B / ρ.
    """
    d_x, d_y, d_z = basis.derivatives
    strain = sparse.block_array(
        [[d_x, None, None], [None, d_y, None], [None, None, d_z], [None, d_z, d_y], [d_z, None, d_x], [d_y, d_x, None]],
        format="csr",
    )
    if basis.angular is not None:
        strain = strain @ _azimuthal_basis(basis.angular)
    one = sparse.eye_array(basis.size, format="csr")
    scale = 1 / (density * (2 * np.pi) ** 2)
    return [sparse.csr_array(strain.T @ sparse.kron(v, one) @ strain) * scale for v in symmetry.basis]


def _azimuthal_basis(angular: NDArray[np.int64]) -> sparse.csr_array:
    """Orthogonal change of basis, shape (3n, 3n), to displacements of one azimuthal order on a body of revolution.

    (u_x, u_y) = (cos lφ, ± sin lφ) has the order |l ∓ 1| and u_z = cos lφ the order l; turned by a quarter of the
    period they become their partners, listed in the same order and with the same signs, so that the blocks of the two
    are equal to the last entry.
    """
    n = len(angular)
    waves, is_sine = angular.T
    cos, sin = np.flatnonzero((waves > 0) & (is_sine == 0)), np.flatnonzero(is_sine == 1)
    mean = np.flatnonzero(waves == 0)
    x, y, z, half = 0, n, 2 * n, np.sqrt(0.5)
    columns: list[tuple[tuple[NDArray[np.int64], float], ...]] = [
        ((x + cos, half), (y + sin, half)),
        ((x + cos, half), (y + sin, -half)),
        ((z + cos, 1.0),),
        ((x + mean, 1.0),),
        ((x + sin, half), (y + cos, -half)),
        ((x + sin, half), (y + cos, half)),
        ((z + sin, 1.0),),
        ((y + mean, 1.0),),
        ((z + mean, 1.0),),
    ]
    rows, places, values, start = [], [], [], 0
    for terms in columns:
        for index, factor in terms:
            rows.append(index)
            places.append(start + np.arange(len(index)))
            values.append(np.full(len(index), factor))
        start += len(terms[0][0])
    coordinates = (np.concatenate(rows), np.concatenate(places))
    return sparse.csr_array((np.concatenate(values), coordinates), shape=(3 * n, 3 * n))


def _blocks(matrices: Sequence[sparse.csr_array]) -> list[Block]:
    """Split into the connected components of the matrices' common pattern, and count equal ones."""
    pattern = sum(abs(matrix) / abs(matrix).max() for matrix in matrices)
    pattern.data[pattern.data < 1e-11] = 0.0  # rounding where a symmetry makes zeros
    pattern.eliminate_zeros()
    count, labels = csgraph.connected_components(pattern, directed=False)
    blocks: list[Block] = []
    for index in np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels, minlength=count))[:-1]):
        dense = np.stack([matrix[index][:, index].toarray() for matrix in matrices])
        for place, known in enumerate(blocks):
            if _equal(known.matrices, dense):
                blocks[place] = Block(matrices=dense, multiplicity=known.multiplicity + 1, rigid=known.rigid)
                break
        else:
            blocks.append(Block(matrices=dense, multiplicity=1, rigid=_rigid_motions(dense)))
    return blocks


def _equal(a: Floats, b: Floats) -> bool:
    return a.shape == b.shape and bool(np.abs(a - b).max() <= 1e-11 * np.abs(a).max())


def _rigid_motions(matrices: Floats) -> int:
    """Count the motions without strain: the common null space of all Γ_k."""
    # Γ_k alone may be indefinite (isotropic C44), but the squares of all cannot cancel.
    scaled = matrices / np.abs(matrices).max(axis=(1, 2), keepdims=True).clip(min=np.finfo(float).tiny)
    eigenvalues = np.linalg.eigvalsh(np.einsum("kij,kjl->il", scaled, scaled))
    return int((eigenvalues < 1e-12 * max(eigenvalues[-1], 1.0)).sum())
