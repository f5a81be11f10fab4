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
    "Basis": "basis",
    "RayleighRitz": "rayleigh_ritz",
    "SYMMETRIES": "elasticity",
    "body_basis": "basis",
    "box_basis": "basis",
    "cone_frustum_basis": "shapes",
    "Mesh": "mesh",
    "converged_order": "convergence",
    "cylinder_basis": "shapes",
    "ellipsoid_basis": "shapes",
    "elliptic_cylinder_basis": "shapes",
    "engineering_values": "elasticity",
    "mass_properties": "mesh",
    "mesh_basis": "basis",
    "prism_basis": "basis",
    "read_mesh": "mesh",
    "reduce_model": "reduced",
    "regular_prism_basis": "shapes",
    "revolution_basis": "basis",
    "rotation_derivatives": "orientation",
    "violated_criterion": "elasticity",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
