"""Symmetry-adapted coordinates of a body, and labels for the symmetry of a mode.

On a body with mirror planes at x = 0, y = 0 and z = 0 a mode is even or odd under each. The eight combinations are
called after Ohno, J. Phys. Earth 24, 355 (1976): OD dilatation, EV torsion, OX, OY, OZ shear, EX, EY, EZ flexure.
On a body of revolution a mode has an azimuthal order m; those of m = 0 are torsional or extensional, those of m = 1
flexural, and "+" or "-" says whether the mode is even or odd under reflection at z = 0, where that is a mirror plane.
A crystal of less symmetry than its body mixes some of them: "EX/OY".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from spectra.plugins.rus.bodies.basis import Basis

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_OHNO = {
    (1, 1, 1): "OD",
    (-1, -1, -1): "EV",
    (1, -1, -1): "OX",
    (-1, 1, -1): "OY",
    (-1, -1, 1): "OZ",
    (-1, 1, 1): "EX",
    (1, -1, 1): "EY",
    (1, 1, -1): "EZ",
}

_MOST_JOINED = 4  # on a body with mirror planes a crystal without any mixes so many


def joined_label(labels: set[str]) -> str:
    """Return the label of a mode with components of all these symmetries; "mixed" if there are many."""
    return "/".join(sorted(labels)) if len(labels) <= _MOST_JOINED else "mixed"


def adapted_basis(basis: Basis) -> sparse.csr_array:
    """Return the symmetry-adapted coordinates, as columns of an orthogonal matrix (3n, 3n).

    On a body of revolution these are displacements of one azimuthal order: (u_x, u_y) = (cos lφ, ± sin lφ) has the
    order |l ∓ 1| and u_z = cos lφ the order l; turned by a quarter of the period they become their partners, listed in
    the same order and with the same signs, so that the blocks of the two are equal to the last entry.
    """
    n = basis.size
    if basis.angular is None:
        return sparse.eye_array(3 * n, format="csr")
    rows, places, values = [], [], []
    start = 0
    for terms, _, _ in _azimuthal_columns(basis.angular):
        for index, factor in terms:
            rows.append(index)
            places.append(start + np.arange(len(index)))
            values.append(np.full(len(index), factor))
        start += len(terms[0][0])
    coordinates = (np.concatenate(rows), np.concatenate(places))
    return sparse.csr_array((np.concatenate(values), coordinates), shape=(3 * n, 3 * n))


def label_columns(basis: Basis) -> list[str]:
    """Return the symmetry of each column of :func:`adapted_basis`; "" where the body has none of its own."""
    parities = _parities(basis)  # (3, n)
    if basis.angular is None:
        labels = []
        for component in range(3):
            flipped = parities.copy()
            flipped[component] *= -1  # a mirror turns the displacement normal to it round
            labels += [_OHNO.get((int(x), int(y), int(z)), "") for x, y, z in flipped.T]
        return labels
    labels = []
    for terms, order, is_partner in _azimuthal_columns(basis.angular):
        first = terms[0][0]
        flips = first[0] >= 2 * basis.size if len(first) else False  # u_z
        signs = parities[2, first % basis.size] * (-1 if flips else 1)
        for m, sign in zip(np.broadcast_to(order, first.shape), signs, strict=True):
            family = {0: "torsional" if is_partner else "extensional", 1: "flexural"}.get(int(m), f"m={int(m)}")
            labels.append(family + {1: "+", -1: "-"}.get(int(sign), ""))
    return labels


def _azimuthal_columns(
    angular: Integers,
) -> list[tuple[tuple[tuple[Integers, float], ...], Integers, bool]]:
    """List the columns of the adapted basis: terms (place, factor), azimuthal orders, and if they are partners."""
    n = len(angular)
    waves, is_sine = angular.T
    cos, sin = np.flatnonzero((waves > 0) & (is_sine == 0)), np.flatnonzero(is_sine == 1)
    mean = np.flatnonzero(waves == 0)
    x, y, z, half = 0, n, 2 * n, np.sqrt(0.5)
    orders, ones, zeros = waves[cos], np.ones(len(mean), dtype=int), np.zeros(len(mean), dtype=int)
    return [
        (((x + cos, half), (y + sin, half)), orders - 1, False),
        (((x + cos, half), (y + sin, -half)), orders + 1, False),
        (((z + cos, 1.0),), orders, False),
        (((x + mean, 1.0),), ones, False),
        (((x + sin, half), (y + cos, -half)), orders - 1, True),
        (((x + sin, half), (y + cos, half)), orders + 1, True),
        (((z + sin, 1.0),), orders, True),
        (((y + mean, 1.0),), ones, True),
        (((z + mean, 1.0),), zeros, False),
    ]


def _parities(basis: Basis) -> Integers:
    """Say whether each function is even (1), odd (-1) or neither (0) in x, y and z: shape (3, n)."""
    reach = 0.1 / np.array([abs(d).max() for d in basis.derivatives])  # a small part of the body, near its centre
    points = np.random.default_rng(0).uniform(0.2, 1.0, (7, 3)) * reach
    values = basis.evaluate(points)
    size = np.abs(values).max(axis=0)
    parities = np.zeros((3, basis.size), dtype=np.int64)
    for axis in range(3):
        mirrored = points.copy()
        mirrored[:, axis] *= -1
        other = basis.evaluate(mirrored)
        for sign in (1, -1):
            parities[axis, np.abs(values - sign * other).max(axis=0) < 1e-9 * size] = sign
    return parities
