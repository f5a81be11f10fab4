"""Resonant ultrasound spectroscopy: the reference technique.

The forward model can be used without the rest of the platform::

    from spectra.plugins.rus import SYMMETRIES, RayleighRitz, cylinder_basis

    model = RayleighRitz(cylinder_basis(2.38e-3, 3.45e-3, 14), SYMMETRIES["isotropic"], 7818.0)
    modes = model.modes(np.array([270e9, 80e9]), highest=1.3e6)  # SI units throughout

Names are imported when they are first used, because listing the plugins must not import SciPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Basis": "bodies.basis",
    "RayleighRitz": "modes.rayleigh_ritz",
    "SYMMETRIES": "crystals.elasticity",
    "body_basis": "bodies.basis",
    "box_basis": "bodies.basis",
    "cone_frustum_basis": "bodies.shapes",
    "Mesh": "bodies.triangulation",
    "converged_order": "modes.convergence",
    "cylinder_basis": "bodies.shapes",
    "ellipsoid_basis": "bodies.shapes",
    "elliptic_cylinder_basis": "bodies.shapes",
    "engineering_values": "crystals.elasticity",
    "make_plan": "planning.task",
    "mass_properties": "bodies.triangulation",
    "mesh_basis": "bodies.basis",
    "prism_basis": "bodies.basis",
    "read_mesh": "bodies.triangulation",
    "reduce_model": "modes.reduced",
    "regular_prism_basis": "bodies.shapes",
    "revolution_basis": "bodies.basis",
    "rotation_derivatives": "crystals.orientation",
    "violated_criterion": "crystals.elasticity",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
