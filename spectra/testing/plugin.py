"""All checks of one plugin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spectra.core.basics.documents import nearest
from spectra.core.errors import NotFoundError
from spectra.core.manager import Plugins
from spectra.core.recipe import Kind
from spectra.testing.checking import CHECKS, Case
from spectra.testing.checks import (  # noqa: F401 - importing them registers their checks
    distortions,
    encoders,
    forward_models,
    generating_models,
    generators,
    layouts,
    optimizers,
    processors,
    readers,
    refiners,
    registration,
    regressors,
    techniques,
)
from spectra.testing.layouts import LayoutSubject
from spectra.testing.searching import GeneratorSubject, OptimizerSubject
from spectra.testing.subjects import (
    Bench,
    DistortionSubject,
    EncoderSubject,
    ForwardModelSubject,
    ProcessorSubject,
    RefinerSubject,
    RegressorSubject,
    Subject,
    TechniqueSubject,
)

_SUBJECTS: dict[Kind, type[Subject]] = {
    "technique": TechniqueSubject,
    "forward model": ForwardModelSubject,
    "distortion": DistortionSubject,
    "encoder": EncoderSubject,
    "regressor": RegressorSubject,
    "refiner": RefinerSubject,
    "reader": Subject,
    "processor": ProcessorSubject,
    "optimizer": OptimizerSubject,
    "generator": GeneratorSubject,
    "layout": LayoutSubject,
}


def cases(plugins: Plugins, name: str, *, sample: Path | None = None, measurements: Sequence[Path] = ()) -> list[Case]:
    """Return the checks of a plugin, none of them made yet.

    Parameters
    ----------
    sample
        A sample file, for a technique that has no example of its own, or whose example is not what is to be tried.
    measurements
        Measured files, for the readers.

    Raises
    ------
    NotFoundError
        If no such plugin is installed, or none with the technique of the sample file.
    InputError
        If a file cannot be used.
    """
    known = {status.name: status for status in plugins.statuses}
    if name not in known:
        raise NotFoundError(
            f"There is no plugin {name!r}{nearest(name, known) or '; known are ' + ', '.join(known)}.",
            hint="Install it, for example with 'pip install --editable .' in its folder.",
        )
    bench = Bench(plugins=plugins, status=known[name], sample=sample, measurements=tuple(measurements))
    bench.read_files()
    of_plugin = [check for check in CHECKS if check.kind == "plugin"]
    if bench.status.state != "active":
        of_plugin = of_plugin[:1]  # it says why; the others need a plugin
    made = [Case(check=check, component=f"plugin {name}", subject=bench) for check in of_plugin]
    of_any = [check for check in CHECKS if check.kind == "any"]
    for kind, make in _SUBJECTS.items():
        concerning = of_any + [check for check in CHECKS if check.kind == kind]
        for entry in bench.entries:
            if entry.kind == kind:
                subject, component = make(bench, entry), f"{kind} {entry.component.name}"
                made += [Case(check=check, component=component, subject=subject) for check in concerning]
    return made
