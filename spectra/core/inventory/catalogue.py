"""What the loaded plugins provide, by kind and name."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from spectra.core.basics.documents import nearest
from spectra.core.components import (
    Component,
    Distortion,
    Encoder,
    ForwardModel,
    GeneratingModel,
    Generator,
    Layout,
    Optimizer,
    Processor,
    Reader,
    Refiner,
    Regressor,
)
from spectra.core.errors import ComponentNotFoundError, InputError, PluginError, SpectraError, fault
from spectra.core.formats.bundles import BUNDLE
from spectra.core.inventory.status import PluginStatus
from spectra.core.recipe import Choice, Kind
from spectra.core.samples import Sample
from spectra.core.technique import Technique

HOOK_OF_KIND: Mapping[Kind, str] = {
    "forward model": "spectra_register_forward_models",
    "encoder": "spectra_register_encoders",
    "regressor": "spectra_register_regressors",
    "distortion": "spectra_register_distortions",
    "refiner": "spectra_register_refiners",
    "reader": "spectra_register_readers",
    "processor": "spectra_register_processors",
    "technique": "spectra_register_techniques",
    "optimizer": "spectra_register_optimizers",
    "generator": "spectra_register_generators",
    "layout": "spectra_register_layouts",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A registered component, the plugin that it comes from, and the distribution that brought that."""

    kind: Kind
    plugin: str
    source: str
    component: Component[Any]

    @property
    def schema(self) -> type[BaseModel]:
        """The schema of its parameters, imported if need be; raises like :meth:`make`."""
        with self._blamed():
            return self.component.schema

    def validate(self, parameters: Mapping[str, Any]) -> BaseModel:
        """Return the parameters completed and checked.

        Raises
        ------
        InputError
            If a parameter is unknown or has an impossible value.
        PluginError
            As for :meth:`make`.
        """
        with self._blamed():
            return self.component.validate(parameters)

    def make(self, *arguments: Any) -> Any:
        """Make the component.

        Raises
        ------
        PluginError
            If the plugin's code fails.
        """
        with self._blamed():
            return self.component.make(*arguments)

    def makes(self, protocol: type[Any]) -> bool:
        """Say whether what it makes is of a protocol with nothing but methods; raises like :meth:`make`."""
        with self._blamed():
            return self.component.makes(protocol)

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        """Say whose fault it is if the plugin's code fails, and keep what it prints off standard output."""
        try:
            with redirect_stdout(sys.stderr):
                yield
        except SpectraError:
            raise
        except (Exception, SystemExit) as error:
            raise PluginError(
                f"The {self.kind} {self.component.name!r} cannot be made, by a fault of the plugin {self.plugin!r} "
                f"({self.source}): {fault(error)}.",
                hint="SPECTRA_DEBUG=1 shows where it happened.",
            ) from error


@dataclass
class Catalogue:
    """All components by kind and name, and the plugins whose components are absent."""

    absent: list[PluginStatus] = field(default_factory=list)
    _entries: dict[tuple[Kind, str], Entry] = field(default_factory=dict)

    def add(self, entries: list[Entry]) -> None:
        """Add what one plugin registered: all of it, or nothing if a name is taken.

        Raises
        ------
        PluginError
            If another plugin, or this one, already gave a component of that kind that name, or a reader takes that of
            bundles.
        """
        added: dict[tuple[Kind, str], Entry] = {}
        for entry in entries:
            key = (entry.kind, entry.component.name)
            known = self._entries.get(key) or added.get(key)
            if key == ("reader", BUNDLE):
                raise PluginError(f"the reader name {BUNDLE!r} is the platform's own")
            if known is not None:
                raise PluginError(f"the {entry.kind} {entry.component.name!r} is already provided by {known.plugin!r}")
            added[key] = entry
        self._entries |= added

    def entries(self, kind: Kind | None = None) -> Iterator[Entry]:
        """Go through the components of one kind, or all, in the order of their registration."""
        return (entry for entry in self._entries.values() if kind in (None, entry.kind))

    def find(self, kind: Kind, name: str) -> Entry:
        """Return the component of this kind and name.

        Raises
        ------
        ComponentNotFoundError
            If there is none; the sentence names the nearest one, the hint all plugins that are not loaded.
        """
        entry = self._entries.get((kind, name))
        if entry is None:
            known = [other.component.name for other in self.entries(kind)]
            listed = f"; known are {', '.join(known)}" if known else "; no plugin provides any"
            absent = "".join(f"{status.absence} " for status in self.absent)
            raise ComponentNotFoundError(
                f"There is no {kind} {name!r}{nearest(name, known) or listed}.",
                hint=f"{absent}See 'spectra plugins list' for plugins that could not be loaded.",
                kind=kind,
                name=name,
            )
        return entry

    def choose(self, kind: Kind, name: str, parameters: Mapping[str, Any] | None = None) -> Choice:
        """Return the choice of a component as a recipe records it, its parameters complete and checked."""
        entry = self.find(kind, name)
        complete = entry.validate(parameters or {}).model_dump(mode="json")
        return Choice(name=name, parameters=complete, version=entry.component.version)

    def technique(self, name: str) -> Technique:
        """Make the technique ``name``."""
        return self.find("technique", name).make()

    def simulation(self, choice: Choice, sample: Sample) -> ForwardModel | GeneratingModel:
        """Make a forward model for ``sample``, of either sort."""
        entry = self.find("forward model", choice.name)
        return entry.make(sample, entry.validate(choice.parameters))

    def forward_model(self, choice: Choice, sample: Sample) -> ForwardModel:
        """Make a forward model for ``sample`` that can be asked for given quantities.

        Raises
        ------
        InputError
            If its quantities are outcomes.
        """
        return asked_for_quantities(self.simulation(choice, sample), choice.name)

    def encoder(self, choice: Choice) -> Encoder:
        """Make an encoder."""
        return self._make("encoder", choice)

    def regressor(self, choice: Choice) -> Regressor:
        """Make a regressor."""
        return self._make("regressor", choice)

    def distortion(self, choice: Choice) -> Distortion:
        """Make a distortion."""
        return self._make("distortion", choice)

    def refiner(self, choice: Choice) -> Refiner:
        """Make a refiner."""
        return self._make("refiner", choice)

    def reader(self, choice: Choice) -> Reader:
        """Make a reader."""
        return self._make("reader", choice)

    def processor(self, choice: Choice) -> Processor:
        """Make a processor."""
        return self._make("processor", choice)

    def optimizer(self, choice: Choice) -> Optimizer:
        """Make an optimizer."""
        return self._make("optimizer", choice)

    def generator(self, choice: Choice) -> Generator:
        """Make a generator."""
        return self._make("generator", choice)

    def layout(self, choice: Choice) -> Layout:
        """Make a layout."""
        return self._make("layout", choice)

    def _make(self, kind: Kind, choice: Choice) -> Any:
        entry = self.find(kind, choice.name)
        return entry.make(entry.validate(choice.parameters))


def asked_for_quantities(model: ForwardModel | GeneratingModel, name: str) -> ForwardModel:
    """Return ``model`` if it can be asked for given quantities; raises like :meth:`Catalogue.forward_model`."""
    if isinstance(model, GeneratingModel):
        raise InputError(
            f"The quantities of {name!r} are outcomes of the simulation; it cannot be asked for given ones.",
            hint="So nothing can be refined with it, and no spectrum simulated at chosen or random quantities; "
            "'spectra generate' makes its training set.",
        )
    return model
