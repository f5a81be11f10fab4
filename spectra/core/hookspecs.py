"""The hooks that a plugin may implement. Hooks hand over components once; the workflows call the components.

A plugin is a module (or an object) with functions of these names, marked by :data:`hookimpl`, and an entry point in
the group ``spectra``::

    # my_package/plugin.py
    from spectra.core.components import Component
    from spectra.core.hookspecs import hookimpl

    @hookimpl
    def spectra_register_encoders(register):
        register(Component(name="moments", summary="Moments of the peaks", factory="my_package.moments:Moments"))

    # pyproject.toml
    [project.entry-points.spectra]
    my-plugin = "my_package.plugin"

An implementation may leave out arguments that it does not need, so that a hook can gain one without breaking it.
A plugin says with a module attribute ``SPECTRA_API_VERSION`` for which version of these hooks it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pluggy

from spectra.core.components import (
    Component,
    Distortion,
    Encoder,
    ForwardModel,
    GeneratingModel,
    Generator,
    Layout,
    LearningEncoder,
    Optimizer,
    Processor,
    Reader,
    Refiner,
    Regressor,
)
from spectra.core.technique import Technique

if TYPE_CHECKING:
    import typer

    from spectra.core.session import Session

API_VERSION = 2
"""Raised when a plugin written for the hooks as they are would no longer work with older ones, or one written for older
ones should change."""

OLDEST_API_VERSION = 1
"""Plugins for this version up to :data:`API_VERSION` are loaded; those for one before the latest with a note."""

PROJECT = "spectra"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def spectra_register_forward_models(register: Callable[[Component[ForwardModel | GeneratingModel]], None]) -> None:
    """Register the physics: ``register(Component(name=…, summary=…, factory=…))``, made from sample and parameters."""


@hookspec
def spectra_register_encoders(register: Callable[[Component[Encoder | LearningEncoder]], None]) -> None:
    """Register ways to turn signals into features."""


@hookspec
def spectra_register_regressors(register: Callable[[Component[Regressor]], None]) -> None:
    """Register ways to learn quantities from features."""


@hookspec
def spectra_register_distortions(register: Callable[[Component[Distortion]], None]) -> None:
    """Register what laboratories do to ideal signals."""


@hookspec
def spectra_register_refiners(register: Callable[[Component[Refiner]], None]) -> None:
    """Register ways to polish an answer against the physics."""


@hookspec
def spectra_register_readers(register: Callable[[Component[Reader]], None]) -> None:
    """Register file formats."""


@hookspec
def spectra_register_processors(register: Callable[[Component[Processor]], None]) -> None:
    """Register what turns one measurement into another."""


@hookspec
def spectra_register_optimizers(register: Callable[[Component[Optimizer]], None]) -> None:
    """Register ways to search for a design."""


@hookspec
def spectra_register_generators(register: Callable[[Component[Generator]], None]) -> None:
    """Register spaces of structures to search in."""


@hookspec
def spectra_register_layouts(register: Callable[[Component[Layout]], None]) -> None:
    """Register ways to show features as points of a map."""


@hookspec
def spectra_register_techniques(register: Callable[[Component[Technique]], None]) -> None:
    """Register techniques: sample schema, quantities, default components, report and figure."""


@hookspec
def spectra_register_commands(cli: typer.Typer, session: Callable[..., Session]) -> None:
    """Add sub-commands of the plugin's own to the command line.

    Within a command, ``session()`` opens the registry, or ``session(database)`` that of an option ``--db``, and returns
    the :class:`~spectra.core.session.Session` that tasks work with: ``session().store`` is the registry.
    """
