"""What is registered for every map. Descriptions only: the code behind them is imported when one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.layouts"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_layouts(register: Register) -> None:
    """Register UMAP, and two layouts by packages of others."""
    register(
        Component(
            name="umap",
            summary="Neighbours stay together (UMAP); needs no package",
            factory=f"{_HERE}.umap:Umap",
            parameters=f"{_HERE}.umap:UmapParameters",
        )
    )
    register(
        Component(
            name="pacmap",
            summary="Pairs near and far in balance (PaCMAP); needs the package pacmap",
            factory=f"{_HERE}.optional:Pacmap",
            parameters=f"{_HERE}.optional:PacmapParameters",
            packages=("pacmap",),
        )
    )
    register(
        Component(
            name="opentsne",
            summary="More of the nearest kept, less of the rest (t-SNE); needs the package openTSNE",
            factory=f"{_HERE}.optional:Opentsne",
            parameters=f"{_HERE}.optional:OpentsneParameters",
            packages=("openTSNE",),
        )
    )
