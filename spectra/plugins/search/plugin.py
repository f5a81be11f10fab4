"""What is registered for every search. Descriptions only: the code behind them is imported when one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spectra.core.components import Component
from spectra.core.hookspecs import hookimpl

SPECTRA_API_VERSION = 2

_HERE = "spectra.plugins.search"
Register = Callable[[Component[Any]], None]


@hookimpl
def spectra_register_optimizers(register: Register) -> None:
    """Register an evolution strategy and a genetic algorithm."""
    register(
        Component(
            name="cma",
            summary="CMA-ES, with a prior that keeps designs among real structures",
            factory=f"{_HERE}.evolution_strategy:EvolutionStrategy",
            parameters=f"{_HERE}.evolution_strategy:EvolutionStrategyParameters",
            packages=("cma",),
        )
    )
    register(
        Component(
            name="genetic",
            summary="Genetic algorithm with the five operators of Lew et al. (2023)",
            factory=f"{_HERE}.genetic:GeneticAlgorithm",
            parameters=f"{_HERE}.genetic:GeneticParameters",
        )
    )
