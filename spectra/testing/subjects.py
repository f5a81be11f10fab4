"""What the checks are handed: a component, and what it can be tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from inspect import ismodule
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from spectra.core.components import (
    Encoder,
    Features,
    Floats,
    ForwardModel,
    GeneratingModel,
    Processor,
    Refinement,
    Refiner,
    Regressor,
)
from spectra.core.inventory.catalogue import HOOK_OF_KIND, Catalogue, Entry
from spectra.core.inventory.status import PluginStatus
from spectra.core.manager import Plugins
from spectra.core.measurements import Measurement, RawFile
from spectra.core.progress import Progress, Silent
from spectra.core.quantities import Estimate
from spectra.core.recipe import Choice
from spectra.core.session import Specimen
from spectra.core.signals import Signal, take
from spectra.core.technique import Technique
from spectra.core.workflows.solving import refined
from spectra.core.workflows.training_data import fitted_encoder
from spectra.testing.checking import NotApplicable, require_said
from spectra.testing.comparing import copied
from spectra.testing.counting import Counted
from spectra.testing.learning import Examples, synthetic_examples
from spectra.testing.synthetic import Material, materials
from spectra.testing.trials import Trial, named_technique, sample_for, simulated, trials

SEED = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Bench:
    """A plugin on trial, with what its author gave to try it on.

    Parameters
    ----------
    sample
        A sample file; without it, techniques are asked for an example.
    measurements
        Measured files for the readers.
    """

    plugins: Plugins
    status: PluginStatus
    sample: Path | None = None
    measurements: Sequence[Path] = ()

    @property
    def catalogue(self) -> Catalogue:
        """The components of all plugins."""
        return self.plugins.catalogue

    @cached_property
    def entries(self) -> list[Entry]:
        """What the plugin registers."""
        return [e for e in self.catalogue.entries() if (e.plugin, e.source) == (self.status.name, self.status.source)]

    @property
    def module(self) -> str:
        """The name of the plugin's module.

        Raises
        ------
        NotApplicable
            If it registers nothing.
        """
        hooks = self.plugins.hooks[self.status.name]
        implementations = [found for hook in HOOK_OF_KIND.values() for found in getattr(hooks, hook).get_hookimpls()]
        if not implementations:
            raise NotApplicable("it registers no component")
        plugin = implementations[0].plugin
        return plugin.__name__ if ismodule(plugin) else type(plugin).__module__

    def read_files(self) -> None:
        """Read what was given to try the plugin on, before anything is checked.

        Raises
        ------
        InputError
            If a file is missing, or the sample file breaks its technique's schema.
        NotFoundError
            If no plugin provides the technique that it names.
        """
        for path in self.measurements:
            RawFile.read(path)
        if self.sample:
            entry = self.catalogue.find("technique", named_technique(self.sample))
            sample_for(entry, self.catalogue.technique(entry.component.name), self.sample)

    @cached_property
    def trials(self) -> list[Trial]:
        """The plugin's techniques that have a sample, and the one that the sample file names."""
        named = named_technique(self.sample) if self.sample else None
        techniques = [e for e in self.catalogue.entries("technique") if e in self.entries or e.component.name == named]
        return list(trials(self.catalogue, techniques, self.sample))

    @cached_property
    def materials(self) -> list[Material]:
        """Signals of the techniques on trial, as far as they can be computed, then one of every kind."""
        computed = []
        for trial in self.trials:
            try:
                computed.append(trial.material)
            except Exception:  # noqa: S112 - the checks of its forward model say so
                continue
        return [*computed, *self.synthetic]

    @cached_property
    def synthetic(self) -> list[Material]:
        """Synthetic signals of every kind."""
        return materials()

    def files(self) -> list[RawFile]:
        """Read the measured files.

        Raises
        ------
        NotApplicable
            If none was given.
        """
        if not self.measurements:
            raise NotApplicable("no measured file was given")
        return [RawFile.read(path) for path in self.measurements]


@dataclass(frozen=True, eq=False)
class Subject:
    """A component on trial."""

    bench: Bench
    entry: Entry

    @property
    def choice(self) -> Choice:
        """The component with its quick parameters, as a recipe would name it."""
        component = self.entry.component
        return self.bench.catalogue.choose(self.entry.kind, component.name, component.quick)

    def make(self) -> Any:
        """Make it with its quick parameters."""
        component = self.entry.component
        return component.make(component.validate(component.quick))

    @cached_property
    def refusals(self) -> list[str]:
        """What :meth:`first_accepted` was told by the component."""
        return []

    @property
    def said(self) -> str:
        """The same, for a sentence."""
        return f"It said: {'; '.join(dict.fromkeys(self.refusals))}" if self.refusals else ""

    def first_accepted(self, offered: Iterable[Any], attempt: Callable[[Any], Any]) -> Any:
        """Return the first of ``offered`` that the component works with, or None."""
        for candidate in offered:
            try:
                attempt(candidate)
            except Exception as error:  # whether it is one of ours is a check of its own
                self.refusals.append(f"{type(error).__name__}: {error}")
                continue
            return candidate
        return None


class SignalSubject(Subject):
    """A component with signals that it works with."""

    def attempt(self, signal: Signal) -> Any:
        """Let it do its work."""
        raise NotImplementedError

    @property
    def materials(self) -> list[Material]:
        """What it is tried on, beginning with the kinds of signal that its description takes."""
        takes = self.entry.component.takes
        return sorted(self.bench.materials, key=lambda material: material.signal.kind not in takes)

    @cached_property
    def accepted(self) -> Material | None:
        """The first signals that it works with.

        Raises
        ------
        NotApplicable
            If it needs what only a user can give it.
        """
        if self.entry.component.needs:
            raise NotApplicable(f"it needs {self.entry.component.needs}")
        return self.first_accepted(self.materials, lambda material: self.attempt(copied(material.signal)))

    @property
    def signal(self) -> Signal:
        """A copy of them, for checks that need some."""
        return copied(_needed(self.accepted, "it works with none of the signals tried").signal)

    def require_taken(self) -> None:
        """Compare what it works with to what its description takes.

        Raises
        ------
        NotApplicable
            If the description names no kind, or one of which it works with none of the signals tried.
        """
        takes = self.entry.component.takes
        require_said(self.signal.kind, takes, "takes")
        for kind in takes:
            offered = [material for material in self.materials if material.signal.kind == kind]
            if not self.first_accepted(offered, lambda material: self.attempt(copied(material.signal))):
                raise NotApplicable(f"its description takes {kind}, and none that was tried suits it. {self.said}")


class DistortionSubject(SignalSubject):
    """A distortion with signals that it works with."""

    def attempt(self, signal: Signal) -> Signal:
        """Distort."""
        return self.distorted(signal)

    def distorted(self, signal: Signal) -> Signal:
        """Distort with a seed."""
        return self.make().distort(signal, np.random.default_rng(SEED))


class EncoderSubject(SignalSubject):
    """An encoder with signals that it works with."""

    def attempt(self, signal: Signal) -> Features:
        """Fit and encode."""
        return self.encoded(signal)

    def fitted(self, signal: Signal, *, encoder: Encoder | None = None, targets: Floats | None = None) -> Encoder:
        """Fit it, or one that was made before, with a seed; targets are made up if none are given."""
        rng = np.random.default_rng(SEED)
        targets = rng.random((len(signal), 2)) if targets is None else targets
        return fitted_encoder(encoder or self.make(), signal, targets=targets, rng=rng, progress=Silent())

    def encoded(self, signal: Signal) -> Features:
        """Fit and encode."""
        return self.fitted(signal).encode(signal)


class ProcessorSubject(Subject):
    """A processor with a measurement that it works with."""

    @cached_property
    def accepted(self) -> Measurement | None:
        """The first measurement that it processes: a measured one, or else one that is simulated or synthetic."""
        takes = self.entry.component.takes
        offered = [*self._measured(), *map(_as_measured, self.bench.materials)]
        offered.sort(key=lambda measurement: measurement.signal.kind not in takes)
        return self.first_accepted(offered, lambda measurement: self.processed(_copied(measurement)))

    @property
    def measurement(self) -> Measurement:
        """A copy of it, for checks that need one."""
        return _copied(
            _needed(self.accepted, f"it processes none of the signals tried; give a measured file. {self.said}")
        )

    def synthetic(self) -> list[tuple[str, Measurement]]:
        """Return a measurement of every kind of signal that the platform would hand over, with what it is."""
        takes = self.entry.component.takes
        return [(m.label, _as_measured(m)) for m in self.bench.synthetic if not takes or m.signal.kind in takes]

    def processed(self, measurement: Measurement) -> Measurement:
        """Make and use it."""
        processor: Processor = self.make()
        return processor.process(measurement)

    def _measured(self) -> Iterator[Measurement]:
        """Read the measured files with every reader that understands them, those of the plugin first."""
        readers = sorted(self.bench.catalogue.entries("reader"), key=lambda entry: entry not in self.bench.entries)
        for path, entry in product(self.bench.measurements, readers):
            try:
                yield entry.make(entry.validate({})).read(RawFile.read(path))
            except Exception:  # noqa: S112 - the checks of readers say so
                continue


class RegressorSubject(Subject):
    """A regressor with examples that it learns from; it is fitted twice, with one seed."""

    @cached_property
    def accepted(self) -> tuple[Examples, Regressor] | None:
        """The first examples that it learns from, and what it then is."""
        learned = []

        def attempt(examples: Examples) -> None:
            learned.append((examples, self.fitted(examples)))
            learned[-1][1].predict(examples.test[0])

        return learned[-1] if self.first_accepted(synthetic_examples(), attempt) else None

    @property
    def examples(self) -> Examples:
        """Training data, with a test set beside."""
        return self._learned[0]

    @property
    def regressor(self) -> Regressor:
        """The regressor, fitted."""
        return self._learned[1]

    @cached_property
    def estimate(self) -> Estimate:
        """What it predicts for the test set."""
        return self.regressor.predict(self.examples.test[0])

    def fitted(self, examples: Examples) -> Regressor:
        """Make and fit it with a seed."""
        regressor: Regressor = self.make()
        return regressor.fit(examples, rng=np.random.default_rng(SEED), progress=Silent())

    @property
    def _learned(self) -> tuple[Examples, Regressor]:
        return _needed(self.accepted, "it learns from none of the examples tried")


class ForwardModelSubject(Subject):
    """A forward model with a technique's sample."""

    @cached_property
    def trial(self) -> Trial:
        """A technique whose recipe uses it, or else any whose sample it understands."""
        found = _using(self)
        return _needed(
            found[0] if found else self.first_accepted(self.bench.trials, self._made),
            "no technique on trial has a sample for it; give a sample file",
        )

    @cached_property
    def model(self) -> ForwardModel | GeneratingModel:
        """The forward model of that sample, of either sort."""
        return self._made(self.trial)

    @property
    def forward(self) -> ForwardModel:
        """The same, for what only a model can do that is asked for given quantities."""
        if isinstance(self.model, GeneratingModel):
            raise NotApplicable("its quantities are outcomes")
        return self.model

    @property
    def generating(self) -> GeneratingModel:
        """The same, for what only a model can do whose quantities are outcomes."""
        if not isinstance(self.model, GeneratingModel):
            raise NotApplicable("its quantities are given, not outcomes")
        return self.model

    @cached_property
    def simulated(self) -> tuple[Floats, Signal]:
        """Quantities (n, p) and signals of a few points of the design; NaN where a specimen is not to be used."""
        return simulated(self.model, self.trial.points)

    def _made(self, trial: Trial) -> ForwardModel | GeneratingModel:
        return self.bench.catalogue.simulation(self.choice, trial.sample)


@dataclass(frozen=True, kw_only=True, eq=False)
class Again:
    """An answer of a refiner, with the signal and the starts as it leaves them, and what it has told ``progress``."""

    refinement: Refinement
    signal: Signal
    starts: Floats
    progress: Counted


class RefinerSubject(Subject):
    """A refiner with a signal to refine and a forward model."""

    @property
    def trial(self) -> Trial:
        """A technique whose recipe uses it, or else any whose quantities are not outcomes."""
        found = _using(self) or [trial for trial in self.bench.trials if self._suits(trial)]
        return _needed(
            found[0] if found else None, "no technique with a sample that it suits is on trial; give a sample file"
        )

    @property
    def truth(self) -> Floats:
        """The quantities behind the measured signal, shape (p,): a point in the middle of the design."""
        return self.trial.material.values[self._place]

    @property
    def measured(self) -> Signal:
        """A stack of one, just as it is simulated."""
        return copied(take(self.trial.material.signal, slice(self._place, self._place + 1)))

    @property
    def starts(self) -> Floats:
        """Where to look, shape (3, p): near the truth, and a little to either side, within the ranges."""
        low, high = np.array([[q.lower, q.upper] for q in self.trial.quantities]).T
        return np.clip(self.truth + np.array([[0.01], [0.05], [-0.05]]) * (high - low), low, high)

    @cached_property
    def refinement(self) -> Refinement:
        """The answer for the measured signal."""
        return self.refined(self.measured, self.starts)

    @cached_property
    def again(self) -> Again:
        """A second answer for the measured signal, with a progress."""
        signal, starts, progress = self.measured, self.starts, Counted()
        return Again(refinement=self.refined(signal, starts, progress), signal=signal, starts=starts, progress=progress)

    def refined(self, signal: Signal, starts: Floats, progress: Progress | None = None) -> Refinement:
        """Make the refiner and refine, with a progress if it asks for one."""
        refiner: Refiner = self.make()
        return refined(
            refiner,
            signal,
            self.trial.forward,
            starts=starts,
            quantities=self.trial.quantities,
            progress=progress or Silent(),
        )

    def _suits(self, trial: Trial) -> bool:
        takes = self.entry.component.takes
        return not isinstance(trial.model, GeneratingModel) and (not takes or trial.material.signal.kind in takes)

    @property
    def _place(self) -> int:
        return len(self.trial.material.values) // 2


class TechniqueSubject(Subject):
    """A technique."""

    @cached_property
    def technique(self) -> Technique:
        """The technique itself."""
        return self.bench.catalogue.technique(self.entry.component.name)

    @cached_property
    def trial(self) -> Trial:
        """The technique with its sample."""
        sample = sample_for(self.entry, self.technique, self.bench.sample)
        specimen = Specimen(technique=self.technique, sample=sample)
        return Trial(self.bench.catalogue, self.entry.component.name, specimen)


def _using(subject: Subject) -> list[Trial]:
    return [trial for trial in subject.bench.trials if trial.uses(subject.entry)]


def _needed(found: Any, otherwise: str) -> Any:
    if found is None:
        raise NotApplicable(otherwise)
    return found


def _as_measured(material: Material) -> Measurement:
    """Return the first of some signals as if it were measured."""
    file = RawFile(name=f"{material.label}.dat", content=b"")
    return Measurement(signal=take(material.signal, slice(0, 1)), file=file, reader="")


def _copied(measurement: Measurement) -> Measurement:
    return replace(measurement, signal=copied(measurement.signal), details=deepcopy(dict(measurement.details)))


def imported_module(target: Any) -> str:
    """Return the module in which a factory or schema is, importing it if it is named by a string."""
    if isinstance(target, str):
        return import_module(target.partition(":")[0]).__name__
    return str(target.__module__)
