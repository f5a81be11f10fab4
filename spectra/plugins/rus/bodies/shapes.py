"""Bases on named shapes, each from the quadrature rule of its section or volume.

Every body is centred at the origin; lengths are in m. All rules are Gauss products that integrate what the basis needs
exactly.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spectra.plugins.rus.bodies.basis import Basis, prism_basis, revolution_basis

Floats = NDArray[np.float64]


def cylinder_basis(radius: float, height: float, degree: int, *, inner_radius: float = 0.0) -> Basis:
    """Return a basis on a circular cylinder about z, hollow if ``inner_radius`` is given."""
    t, w = _gauss(degree + 2)
    squared = inner_radius**2 + (radius**2 - inner_radius**2) * t
    z = height * (t - 0.5)
    points = np.stack(np.meshgrid(squared, z, indexing="ij"), axis=-1).reshape(-1, 2)
    return revolution_basis(points, np.outer(w, w).ravel(), degree)


def cone_frustum_basis(bottom_radius: float, top_radius: float, height: float, degree: int) -> Basis:
    """Return a basis on a cone frustum about z; its middle plane is z = 0, which is not its centre of mass."""
    t, w = _gauss(degree + 3)
    z = height * (t - 0.5)
    radius = bottom_radius + (top_radius - bottom_radius) * t
    points = np.stack([np.outer(t, radius**2), np.broadcast_to(z, (len(t), len(z)))], axis=-1).reshape(-1, 2)
    return revolution_basis(points, np.outer(w, w * radius**2).ravel(), degree)


def ellipsoid_basis(semi_axes: tuple[float, float, float], degree: int) -> Basis:
    """Return a basis on an ellipsoid with semi-axes along x, y and z."""
    t, w = _gauss(degree + 3)
    z = 2 * t - 1
    height_left = 1 - z**2  # the section of the unit sphere at z reaches to r² = 1 - z²
    points = np.stack([np.outer(t, height_left), np.broadcast_to(z, (len(t), len(z)))], axis=-1).reshape(-1, 2)
    return revolution_basis(points, np.outer(w, w * height_left).ravel(), degree).stretched(semi_axes)


def elliptic_cylinder_basis(semi_axes: tuple[float, float], height: float, degree: int) -> Basis:
    """Return a basis on an elliptic cylinder about z with semi-axes along x and y."""
    return cylinder_basis(1.0, height, degree).stretched((*semi_axes, 1.0))


def regular_prism_basis(sides: int, circumradius: float, height: float, degree: int) -> Basis:
    """Return a basis on a prism about z over a regular polygon with a corner on the x axis."""
    turn = 2 * np.pi * np.arange(sides + 1) / sides
    corners = circumradius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    t, w = _gauss(degree + 2)
    # Triangles from the centre: the point u ((1-v) a + v b), with the Jacobian 2 area u.
    u, v = (grid.ravel() for grid in np.meshgrid(t, t, indexing="ij"))
    weights = np.outer(w * t, w).ravel()
    points = [u[:, None] * ((1 - v)[:, None] * a + v[:, None] * b) for a, b in pairwise(corners)]
    return prism_basis(np.concatenate(points), np.tile(weights, sides), height, degree)


def _gauss(count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2
