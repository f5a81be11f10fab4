"""The techniques of diffraction and vibrational spectra: quantities, default recipe, design, preparation and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spectra.core.basics.verdict import Verdict
from spectra.core.components import Refinement
from spectra.core.errors import InputError, NotFoundError
from spectra.core.measurements import Measurement
from spectra.core.quantities import EstimatedQuantity, Quantity
from spectra.core.recipe import DEFAULT, QUICK, Choice, Recipe
from spectra.core.samples import Sample
from spectra.core.signals import Bundle, Profile
from spectra.core.technique import Design, Result
from spectra.plugins.learning import doubts, familiarity
from spectra.plugins.learning.recorded_structures import structures_of
from spectra.plugins.xrd.forward import DESCRIPTORS, seeds, two_theta, wavenumbers
from spectra.plugins.xrd.preparation import on_axis, on_wavenumbers
from spectra.plugins.xrd.sample import AtomisticSample

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_READERS = {"xrd": ("xrdml", "profile-text"), "vdos": ("vdos-text",)}
_AVERAGES = 4  # labels err by a third of what one quench errs; docs/xrd.md has the figures
_OF_DIFFRACTOMETERS = ("broadening", "zero-shift", "background", "counting-noise")


class Atomistic:
    """Spectra of a specimen to its stress, phases and dislocations, by comparison with simulated structures.

    Parameters
    ----------
    parts
        Names of the spectra that are measured: "xrd", "vdos" or both.
    """

    sample_schema: type[Sample] = AtomisticSample
    references = "spectra.plugins.xrd:references.bib"

    def __init__(self, *parts: str) -> None:
        self._parts = parts

    @property
    def readers(self) -> Sequence[str] | Mapping[str, Sequence[str]]:
        """The readers of each spectrum."""
        readers = {part: _READERS[part] for part in self._parts}
        return readers if len(readers) > 1 else readers[self._parts[0]]

    def example_sample(self) -> Mapping[str, Any]:
        """Return a sample of small structures, simulated in seconds.

        Raises
        ------
        NotFoundError
            If LAMMPS or OVITO is not installed.
        """
        if missing := [name for name in ("LAMMPS", "OVITO") if find_spec(name.lower()) is None]:
            raise NotFoundError(
                f"Molecular dynamics needs {' and '.join(missing)}.", hint="pip install 'spectra-platform[xrd]'"
            )
        simulation = {"structures": 20, "atoms": 200, "duration": "0.5 ps"}
        return {"name": "example", "technique": "+".join(self._parts), "simulation": simulation}

    def quantities(self, sample: Sample) -> tuple[Quantity, ...]:
        """Return the descriptors of the data set, or those of molecular dynamics."""
        sample = _atomistic(sample)
        return DESCRIPTORS if sample.data_set is None else structures_of(sample).quantities

    def recipes(self, sample: Sample) -> dict[str, Recipe]:
        """Return the default recipe: each profile divided by its own maximum, and distorted in training.

        On a thousand structures a Gaussian process is as good as the networks, and learned within seconds; so the
        default recipe is the quick one, too. 'stretched' takes the strain out of the spectra first.
        """
        simulated = _atomistic(sample).data_set is None
        diffraction = "xrd" in self._parts
        recipe = Recipe(
            forward_model=Choice(name="molecular-dynamics", parameters={"averages": _AVERAGES})
            if simulated
            else Choice(name="recorded-structures"),
            distortions=tuple(Choice(name=name) for name in _OF_DIFFRACTOMETERS) if diffraction else (),
            encoder=Choice(name="binned", parameters={"normalisation": "profile"}),
            regressor=Choice(name="gaussian-process"),
        )
        stretched = recipe.model_copy(
            update={
                "encoder": recipe.encoder.model_copy(update={"name": "stretched"}),
                "regressor": Choice(name="stacked-gaussian-processes"),
            }
        )
        return {DEFAULT: recipe, QUICK: recipe, "stretched": stretched}

    def design(self, sample: Sample) -> Design:
        """Return the seeds to simulate, or the rows of the data set.

        Raises
        ------
        InputError
            If the data set cannot be used, or lacks a spectrum.
        """
        sample = _atomistic(sample)
        if sample.simulation is not None:
            points = seeds(sample.simulation)
            families = sample.simulation.family is not None and sample.split is None
            return Design(points=points, groups=points[:, 0].astype(np.int64) if families else None)
        file = structures_of(sample)
        rows = np.arange(len(file.signal), dtype=np.float64)
        return Design(
            points=rows[:, np.newaxis], notes=file.notes, groups=file.groups if sample.split is None else None
        )

    def prepare(self, measurement: Measurement, sample: Sample) -> Measurement:
        """Bring every measured spectrum to the axis of the simulated ones, whichever of them were measured.

        Raises
        ------
        InputError
            If a spectrum is not a profile, does not cover the axis, is coarser, or has an unknown wavelength.
        """
        sample, signal = _atomistic(sample), measurement.signal
        if not isinstance(signal, Bundle):
            return _prepared(self._parts[0], measurement, sample)
        if strange := [name for name in signal.parts if name not in self._parts]:
            raise InputError(f"{measurement.file.name} holds {strange[0]!r}; needed are {' and '.join(self._parts)}.")
        prepared = {
            name: _prepared(name, replace(measurement, signal=part, details=_told_of(name, measurement)), sample)
            for name, part in signal.parts.items()
        }
        parts: dict[str, Any] = {name: part.signal for name, part in prepared.items()}
        notes = [note for part in prepared.values() for note in part.notes]
        return replace(measurement, signal=Bundle(parts=parts), notes=tuple(dict.fromkeys(notes)))

    def derive(self, sample: Sample, refinement: Refinement) -> Sequence[EstimatedQuantity]:  # noqa: ARG002
        """Return nothing: there are no derived quantities."""
        return ()

    def remarks(self, result: Result) -> Sequence[str]:  # noqa: ARG002
        """Return nothing: what there is to say speaks against a result."""
        return ()

    def judge(self, result: Result) -> Verdict:
        """Doubt a spectrum that is unlike the data set, where there is one, and answers outside its ranges."""
        sample, reasons = _atomistic(result.sample), [*doubts.of_ranges(result)]
        if sample.data_set is not None:
            known = structures_of(sample).signal
            reasons = [*familiarity.doubt(result.model.encoder, result.measurement.signal, known), *reasons]
        return Verdict(reasons=tuple(reasons))

    def draw(self, result: Result, figure: Figure) -> None:
        """Draw the measured spectra over simulated ones, and the answers in their ranges."""
        from spectra.plugins.xrd.figure import draw

        draw(result, figure)


def xrd() -> Atomistic:
    """Make the technique of diffraction profiles."""
    return Atomistic("xrd")


def vdos() -> Atomistic:
    """Make the technique of vibrational densities of states."""
    return Atomistic("vdos")


def xrd_and_vdos() -> Atomistic:
    """Make the technique of both."""
    return Atomistic("xrd", "vdos")


def _told_of(part: str, measurement: Measurement) -> Mapping[str, Any]:
    """Return what the file of a part says about itself; nothing if the measurement was not read part by part."""
    details = measurement.details.get(part)
    return details if isinstance(details, Mapping) else {}


def _prepared(name: str, measurement: Measurement, sample: AtomisticSample) -> Measurement:
    if not isinstance(measurement.signal, Profile):
        raise InputError(f"{name} needs a profile; {measurement.file.name} holds a {measurement.signal.kind}.")
    axis = _axis(name, sample)
    if name == "vdos":
        return on_wavenumbers(measurement, axis=axis)
    return on_axis(measurement, axis=axis, wavelength=sample.wavelength)


def _axis(name: str, sample: AtomisticSample) -> Floats:
    """Return the axis of the simulated spectra of one kind."""
    if sample.simulation is not None:
        return two_theta(sample.simulation) if name == "xrd" else wavenumbers(sample.simulation)
    signal = structures_of(sample).signal
    part = signal.parts[name] if isinstance(signal, Bundle) else signal
    assert isinstance(part, Profile)  # noqa: S101 - nothing else is let through
    return part.x


def _atomistic(sample: Sample) -> AtomisticSample:
    if not isinstance(sample, AtomisticSample):
        raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}.")
    return sample
