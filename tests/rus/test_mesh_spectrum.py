"""A body given by its surface rings as the same body given by its dimensions."""

import numpy as np
import pytest
import trimesh

from spectra.plugins.rus import SYMMETRIES, RayleighRitz, body_basis, box_basis, mesh_quadrature


def test_the_surface_of_a_box_gives_the_spectrum_of_the_box():
    surface = trimesh.creation.box(extents=(2e-3, 3e-3, 4e-3))
    points, weights = mesh_quadrature(np.array(surface.vertices), np.array(surface.faces), 14)
    moduli = 1e9 * np.array([[250.0, 160.0, 120.0]])

    meshed = RayleighRitz(body_basis(points, weights, 7), SYMMETRIES["cubic"], 7800.0).frequencies(moduli)
    exact = RayleighRitz(box_basis((2e-3, 3e-3, 4e-3), 7), SYMMETRIES["cubic"], 7800.0).frequencies(moduli)

    assert meshed == pytest.approx(exact, rel=1e-10)
