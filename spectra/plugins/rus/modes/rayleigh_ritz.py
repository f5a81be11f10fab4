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
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from os import cpu_count

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph

from spectra.plugins.rus.bodies.basis import Basis
from spectra.plugins.rus.crystals.elasticity import Symmetry
from spectra.plugins.rus.crystals.orientation import rotation_derivatives
from spectra.plugins.rus.modes.symmetry_labels import adapted_basis, joined_label, label_columns
from spectra.plugins.rus.threads import one_blas_thread

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DEGENERATE = 1e-9
"""Relative distance below which modes count as degenerate; rounding is far smaller, accidents far rarer."""

_BATCH_BYTES = 32_000_000
_LAPACK_BLOCK = 64  # of its blocked reduction to tridiagonal form
_DENSE = 0.05  # share of entries beyond which a dense product is faster
_VOIGT = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """An invariant subspace: matrices whose combination Σ c_k Γ_k has squared frequencies in Hz² as eigenvalues.

    Parameters
    ----------
    matrices : ndarray, shape (k, n, n)
        Γ_k / (2π)², in Hz²/Pa.
    copies : tuple of ndarray of int, shape (n,)
        The places of its coordinates in the whole basis; several, if several blocks are equal.
    rigid
        How many rigid-body motions it holds; they come first among its eigenvalues.
    labels
        The symmetry of the displacements in each copy.
    """

    matrices: Floats
    copies: tuple[Integers, ...]
    rigid: int
    labels: tuple[str, ...]

    @property
    def multiplicity(self) -> int:
        """How many equal blocks this one stands for."""
        return len(self.copies)


@dataclass(frozen=True, kw_only=True, eq=False)
class Modes:
    """The lowest modes of one spectrum, ascending.

    Parameters
    ----------
    frequencies : ndarray, shape (m,)
        In Hz; a degenerate mode stands as often as it is degenerate.
    derivatives : ndarray, shape (m, k)
        ∂f/∂c_k in Hz/Pa. That with respect to the density is -f/(2ρ).
    multiplet : ndarray of int, shape (m,)
        Equal numbers mark the partners of a mode that symmetry makes degenerate.
    labels
        Symmetry and family of each mode; see :mod:`~spectra.plugins.rus.modes.symmetry_labels`.
    vectors : ndarray, shape (m, 3n)
        Coefficients of u_x, u_y and u_z in the basis, each row of length 1: the mean of u² over the body is 1.
    """

    frequencies: Floats
    derivatives: Floats
    multiplet: Integers
    labels: tuple[str, ...]
    vectors: Floats

    def taken(self, places: Sequence[int] | Integers) -> Modes:
        """Return some of them."""
        kept = np.asarray(places, dtype=np.int64)
        return Modes(
            frequencies=self.frequencies[kept],
            derivatives=self.derivatives[kept],
            multiplet=self.multiplet[kept],
            labels=tuple(self.labels[place] for place in kept),
            vectors=self.vectors[kept],
        )


class RayleighRitz:
    """The forward model of one specimen: moduli to resonance frequencies.

    Parameters
    ----------
    basis
        The shape, and the order of the expansion.
    symmetry
        Elastic symmetry, and the crystal's orientation in the sample.
    density
        In kg/m³.
    """

    def __init__(self, basis: Basis, symmetry: Symmetry, density: float) -> None:
        self.basis = basis
        self.symmetry = symmetry
        self.density = density
        self._to_cartesian = adapted_basis(basis)
        with one_blas_thread():
            self._products = gradient_products(basis)
            matrices = [self._matrix(v) for v in symmetry.basis]
            strain_energy = self._matrix(np.eye(6))
            self.blocks = tuple(_blocks(matrices, strain_energy, self._degrees, label_columns(basis)))

    def truncated_blocks(self, degree: int) -> tuple[Block, ...]:
        """Return the blocks for a basis of a lower degree, 1 or more, on the same body."""
        blocks = []
        for block in self.blocks:
            kept = self._degrees[block.copies[0]] <= degree
            matrices, copies = block.matrices[:, kept][:, :, kept], tuple(copy[kept] for copy in block.copies)
            blocks.append(replace(block, matrices=matrices, copies=copies))
        return tuple(block for block in blocks if block.matrices.size)

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
        return block_frequencies(self.blocks, moduli, highest=highest, workers=workers)

    def linearize(self, moduli: Floats, *, highest: float = np.inf) -> tuple[Floats, Floats]:
        """Compute the frequencies (m,) of one set of moduli, and their derivatives (m, k); see :meth:`modes`."""
        return linearized(self.blocks, moduli, highest=highest)

    def modes(self, moduli: Floats, *, highest: float = np.inf) -> Modes:
        """Compute the modes of one set of moduli, shape (k,), with exact derivatives.

        Notes
        -----
        For a normalised eigenvector ∂ω²/∂c_k = aᵀ Γ_k a (Hellmann-Feynman). Modes that symmetry makes degenerate lie
        in different blocks, which no modulus couples, so each derivative is well defined.
        """
        frequencies: list[Floats] = []
        derivatives: list[Floats] = []
        multiplets: list[Integers] = []
        vectors: list[Floats] = []
        labels: list[str] = []
        with one_blas_thread():
            for block in self.blocks:
                f, slopes, a = _solve(block, moduli, highest)
                numbers = sum(len(known) for known in frequencies) + np.arange(len(f))
                for copy, label in zip(block.copies, block.labels, strict=True):
                    frequencies.append(f)
                    derivatives.append(slopes)
                    multiplets.append(numbers)
                    vectors.append((self._to_cartesian[:, copy] @ a).T)
                    labels += [label] * len(f)
        order = np.argsort(np.concatenate(frequencies), kind="stable")
        return Modes(
            frequencies=np.concatenate(frequencies)[order],
            derivatives=np.concatenate(derivatives)[order],
            multiplet=np.concatenate(multiplets)[order],
            labels=tuple(labels[place] for place in order),
            vectors=np.concatenate(vectors)[order],
        )

    def displacements(self, modes: Modes, points: Floats) -> Floats:
        """Return the displacement fields of ``modes`` at ``points``, shape (q, 3) in m: an array (m, q, 3)."""
        values = self.basis.evaluate(points)  # (q, n)
        coefficients = modes.vectors.reshape(len(modes.vectors), 3, self.basis.size)
        return np.einsum("qn,mcn->mqc", values, coefficients)

    def stretch_derivatives(self, modes: Modes, moduli: Floats, stretches: Floats | None = None) -> Floats:
        """Return ∂f/∂ln s for stretches of the body at fixed density: (m, q), in Hz.

        A stretch that breaks the symmetry splits a degenerate mode; its partners then hold the derivatives of what
        they split into.

        Parameters
        ----------
        stretches : ndarray, shape (q, 3)
            By which power of s each grows along x, y and z; by default along one of them each.
        """
        stiffness = self.symmetry.stiffness(moduli)
        along = np.eye(3) if stretches is None else stretches  # ∂/∂x_a falls with the stretch along a
        changes = [self._matrix(stiffness, -(powers[:, None] + powers[None])) for powers in along]
        return self._frequency_changes(modes, changes)

    def stiffness_derivatives(self, modes: Modes, changes: Floats) -> Floats:
        """Return ∂f/∂c for any changes of the stiffness, shape (q, 6, 6) per unit c: (m, q), in Hz/Pa.

        As with stretches, one that breaks the symmetry splits a degenerate mode.
        """
        return self._frequency_changes(modes, [self._matrix(change) for change in changes])

    def orientation_derivatives(self, modes: Modes, moduli: Floats) -> Floats:
        """Return ∂f/∂φ for small rotations of the crystal about the sample's x, y and z: (m, 3), in Hz per radian."""
        changes = rotation_derivatives(self.symmetry.stiffness(moduli))
        return self._frequency_changes(modes, [self._matrix(change) for change in changes])

    @cached_property
    def _degrees(self) -> Integers:
        """Degree of each adapted coordinate, shape (3n,)."""
        terms = self._to_cartesian.tocsc()
        degrees: Integers = self.basis.degrees[terms.indices[terms.indptr[:-1]] % self.basis.size]
        return degrees

    def _matrix(self, stiffness: Floats, weights: Floats | None = None) -> sparse.csr_array:
        """Return the squared frequencies that a stiffness gives, as a quadratic form in the adapted coordinates."""
        matrix = elastic_matrix(self._products, stiffness, weights) / (self.density * (2 * np.pi) ** 2)
        if self.basis.angular is None:
            return matrix
        return sparse.csr_array(self._to_cartesian.T @ matrix @ self._to_cartesian)

    def _frequency_changes(self, modes: Modes, changes: Sequence[sparse.csr_array]) -> Floats:
        """First-order perturbation within each group of degenerate modes: (m, p)."""
        vectors = modes.vectors @ self._to_cartesian
        steps = np.diff(modes.frequencies) > DEGENERATE * modes.frequencies[1:]
        groups = np.split(np.arange(len(vectors)), np.flatnonzero(steps) + 1)
        slopes = np.empty((len(vectors), len(changes)))
        for column, change in enumerate(changes):
            moved = change @ vectors.T
            for group in groups:
                slopes[group, column] = np.linalg.eigvalsh(vectors[group] @ moved[:, group])
        return slopes / (2 * modes.frequencies[:, None])


def block_frequencies(
    blocks: Sequence[Block], moduli: Floats, *, highest: float = np.inf, workers: int | None = None
) -> Floats:
    """Compute the frequencies that a set of blocks has; see :meth:`RayleighRitz.frequencies`."""
    tasks = [(block, part) for block in blocks for part in _batches(moduli, block)]
    with one_blas_thread(), ThreadPoolExecutor(workers or cpu_count()) as pool:
        squares = list(pool.map(lambda task: np.linalg.eigvalsh(combined(task[0], task[1])), tasks))
    columns = []
    for block in blocks:
        found = [square for (owner, _), square in zip(tasks, squares, strict=True) if owner is block]
        elastic = np.concatenate(found)[:, block.rigid :]
        columns += [elastic] * block.multiplicity
    frequencies = np.sqrt(np.sort(np.concatenate(columns, axis=1), axis=1))
    frequencies[frequencies > highest] = np.nan
    return frequencies[:, np.isfinite(frequencies).any(axis=0)]


def linearized(blocks: Sequence[Block], moduli: Floats, *, highest: float = np.inf) -> tuple[Floats, Floats]:
    """Compute frequencies and derivatives that a set of blocks has; see :meth:`RayleighRitz.linearize`."""
    with one_blas_thread():
        solved = [part for block in blocks for part in [_solve(block, moduli, highest)[:2]] * block.multiplicity]
    frequencies, derivatives = (np.concatenate(column) for column in zip(*solved, strict=True))
    order = np.argsort(frequencies, kind="stable")
    return frequencies[order], derivatives[order]


def gradient_products(basis: Basis) -> dict[tuple[int, int], sparse.csr_array]:
    """Return the means of ∂_a φ_i ∂_b φ_j over the body, for each pair of axes a, b a matrix (n, n)."""
    products = {}
    for a, b in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)):
        left, right = basis.derivatives[a].T, basis.derivatives[b]
        if right.nnz > _DENSE * right.shape[0] ** 2:
            products[a, b] = sparse.csr_array(left.toarray() @ right.toarray())
        else:
            products[a, b] = sparse.csr_array(left @ right)
        products[b, a] = sparse.csr_array(products[a, b].T)
    return products


def elastic_matrix(
    products: dict[tuple[int, int], sparse.csr_array], stiffness: Floats, weights: Floats | None = None
) -> sparse.csr_array:
    """Return Σ_ab w_ab C_caeb ∫ ∂_a φ_i ∂_b φ_j dV / V, with rows (c, i) and columns (e, j), shape (3n, 3n).

    Parameters
    ----------
    products
        From :func:`gradient_products`.
    stiffness : ndarray, shape (6, 6)
        In Voigt order.
    weights : ndarray, shape (3, 3)
        All 1 by default, for the elastic energy.
    """
    size = products[0, 0].shape
    blocks: list[list[sparse.csr_array]] = [[sparse.csr_array(size) for _ in range(3)] for _ in range(3)]
    for c, a, e, b in product(range(3), repeat=4):
        factor = stiffness[_VOIGT[c, a], _VOIGT[e, b]] * (1.0 if weights is None else weights[a, b])
        if factor:
            blocks[c][e] = blocks[c][e] + factor * products[a, b]
    return sparse.csr_array(sparse.block_array(blocks, format="csr"))


def _solve(block: Block, moduli: Floats, highest: float) -> tuple[Floats, Floats, Floats]:
    """Return frequencies (m,), derivatives (m, k) and eigenvectors (n, m) of one block, rigid motions left out."""
    squares, vectors = eigenpairs(combined(block, moduli[None])[0], highest)
    f, a = np.sqrt(squares[block.rigid :]), vectors[:, block.rigid :]
    return f, np.einsum("im,kim->mk", a, block.matrices @ a) / (2 * f[:, None]), a


def eigenpairs(matrix: Floats, highest: float) -> tuple[Floats, Floats]:
    """Return the squared frequencies (m,) of a matrix up to ``highest`` in Hz, and their eigenvectors (n, m)."""
    if np.isinf(highest):
        squares, vectors = linalg.eigh(matrix, driver="evd", check_finite=False)
        return squares, vectors
    # One in ten or fewer is wanted: bisection and inverse iteration take half the time. Without scipy.linalg.eigh
    # around it, which takes as long as LAPACK for a small block; lwork is what the blocked reduction works with.
    squares, vectors, count, _, failed = linalg.lapack.dsyevr(
        matrix.T, range="V", vl=-np.inf, vu=highest**2, lower=1, lwork=(_LAPACK_BLOCK + 6) * len(matrix)
    )
    if failed:
        raise np.linalg.LinAlgError(f"LAPACK's dsyevr failed with info = {failed}.")
    return squares[:count], vectors[:, :count]


def combined(block: Block, moduli: Floats) -> Floats:
    """Return Σ_k c_k Γ_k for moduli (n, k), shape (n, size, size)."""
    return np.tensordot(moduli, block.matrices, axes=1)


def _batches(moduli: Floats, block: Block) -> Iterator[Floats]:
    size = max(1, _BATCH_BYTES // block.matrices[0].nbytes)
    for start in range(0, len(moduli), size):
        yield moduli[start : start + size]


def _blocks(
    matrices: Sequence[sparse.csr_array], strain_energy: sparse.csr_array, degrees: Integers, labels: Sequence[str]
) -> list[Block]:
    """Split into the connected components of the matrices' common pattern, and join equal ones."""
    pattern = sum(abs(matrix) / abs(matrix).max() for matrix in matrices)
    pattern.data[pattern.data < 1e-11] = 0.0  # rounding where a symmetry makes zeros
    pattern.eliminate_zeros()
    count, component = csgraph.connected_components(pattern, directed=False)
    indices = np.split(np.argsort(component, kind="stable"), np.cumsum(np.bincount(component, minlength=count))[:-1])
    rigid = _rigid_motions(strain_energy, [index[degrees[index] <= 1] for index in indices])
    blocks: list[Block] = []
    for index, motions in zip(indices, rigid, strict=True):
        dense = np.stack([matrix[index][:, index].toarray() for matrix in matrices])
        label = joined_label({labels[column] for column in index})
        for place, known in enumerate(blocks):
            if known.rigid == motions and _equal(known.matrices, dense):
                blocks[place] = replace(known, copies=(*known.copies, index), labels=(*known.labels, label))
                break
        else:
            blocks.append(Block(matrices=dense, copies=(index,), rigid=motions, labels=(label,)))
    return blocks


def _equal(a: Floats, b: Floats) -> bool:
    return a.shape == b.shape and bool(np.abs(a - b).max() <= 1e-11 * np.abs(a).max())


def _rigid_motions(strain_energy: sparse.csr_array, linear: Sequence[Integers]) -> list[int]:
    """Count the rigid-body motions of each block: of all motions linear in the place, the six with the least strain."""
    energies = [np.linalg.eigvalsh(strain_energy[index][:, index].toarray()) for index in linear]
    sixth = np.sort(np.concatenate(energies))[5]
    return [int((energy <= sixth).sum()) for energy in energies]
