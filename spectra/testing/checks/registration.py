"""Checks of a plugin as a whole, and of what all components have in common."""

from __future__ import annotations

import json
from importlib import import_module, metadata
from pathlib import Path
from typing import get_args

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.recipe import Kind
from spectra.core.signals import SignalKind
from spectra.testing.checking import ConformanceError, NotApplicable, check, require
from spectra.testing.fresh_process import heavy_imports
from spectra.testing.subjects import Bench, Subject, imported_module

_TAKE: tuple[Kind, ...] = ("distortion", "encoder", "regressor", "refiner", "processor", "technique", "generator")
_GIVE: tuple[Kind, ...] = ("forward model", "reader", "processor")


@check("plugin")
def is_active(bench: Bench) -> None:
    """A plugin can be loaded and all that it registers is accepted; otherwise none of it is there."""
    require(bench.status.state == "active", f"The plugin is {bench.status.state}: {bench.status.reason}.")


@check("plugin")
def importing_it_imports_no_large_library(bench: Bench) -> None:
    """Importing the plugin's module imports no TensorFlow, Keras, PyTorch or JAX.

    Every command imports all plugins, and these libraries take ten seconds: name factories by strings, and import
    the libraries where they are used.
    """
    heavy = heavy_imports(bench.module)
    require(not heavy, f"Importing {bench.module} imports {', '.join(heavy)}; import them where they are used.")


@check("plugin")
def its_modules_are_in_its_distribution(bench: Bench) -> None:
    """Every module that the plugin names is among the files of the distribution that brings it.

    A module that a wheel leaves out is there where the plugin is written, and nowhere else.
    """
    name = bench.status.distribution.name
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        raise NotApplicable(f"{name} is not installed as a distribution") from None
    direct = json.loads(distribution.read_text("direct_url.json") or "{}")
    if distribution.files is None or direct.get("dir_info", {}).get("editable"):
        raise NotApplicable(f"{name} is installed without a list of its files (editable?); check it from a wheel")
    installed = {Path(str(distribution.locate_file(file))).resolve() for file in distribution.files}
    targets = [t for e in bench.entries for t in (e.component.factory, e.component.parameters)]
    for module in sorted({bench.module, *map(imported_module, targets)} - {NoParameters.__module__}):
        file = Path(str(import_module(module).__file__)).resolve()
        require(file in installed, f"The module {module} ({file}) is not among the files of {name}.")


@check("any")
def its_name_can_be_typed(subject: Subject) -> None:
    """A name holds no blank, dot, comma or equals sign, and the summary is one line.

    Names are typed on the command line and in ``--set PART.PARAMETER=VALUE``; summaries stand in tables.
    """
    name, summary = subject.entry.component.name, subject.entry.component.summary
    require(
        name.isprintable() and name and not set(name) & set(" .,=\"'"),
        f"The name {name!r} is hard to type; use letters, digits and hyphens.",
    )
    require(summary.strip() and summary.isprintable(), "The summary is no line of text; listings show it.")


@check("any")
def its_kinds_of_signal_are_valid(subject: Subject) -> None:
    """``takes`` and ``gives`` are tuples of peaks, profile, image and bundle.

    Components that do not fit together are refused by comparing them. ``("profile")`` is a string, not a tuple.
    """
    component, kind = subject.entry.component, subject.entry.kind
    for verb, kinds, having in (("takes", component.takes, _TAKE), ("gives", component.gives, _GIVE)):
        require(
            isinstance(kinds, tuple) and set(kinds) <= set(get_args(SignalKind)),
            f"{verb}={kinds!r} is not a tuple of {', '.join(get_args(SignalKind))}.",
        )
        require(
            not kinds or kind in having,
            f"{verb}={kinds!r} means nothing for a component of this kind.",
        )


@check("any")
def its_factory_can_be_imported(subject: Subject) -> None:
    """The factory is callable; a string names one as "package.module:name".

    A misspelt one is found only when a user first asks for the component.
    """
    component = subject.entry.component
    if isinstance(component.factory, str):
        module, _, name = component.factory.partition(":")
        try:
            factory = getattr(import_module(module), name)
        except (ImportError, AttributeError, ValueError) as error:
            raise ConformanceError(f"The factory {component.factory!r} cannot be imported: {error}.") from error
    else:
        factory = component.factory
    require(callable(factory), f"The factory {component.factory!r} is not callable.")


@check("any")
def its_parameters_have_defaults(subject: Subject) -> None:
    """Every parameter has a default, and the defaults survive JSON; those for quick checks are valid.

    Recipes name components by name alone, and keep all parameters as a JSON document.
    """
    component = subject.entry.component
    try:
        defaults = component.validate({})
    except InputError as error:
        raise ConformanceError(f"Without parameters it cannot be made: {error} Give each a default.") from error
    document = json.loads(json.dumps(defaults.model_dump(mode="json"), allow_nan=False))
    require(component.validate(document) == defaults, f"The defaults come back from JSON changed: {document}.")
    try:
        component.validate(component.quick)
    except InputError as error:
        raise ConformanceError(f"Those for quick checks are refused: {error}") from error


@check("any")
def its_parameters_refuse_unknown_keys(subject: Subject) -> None:
    """A parameter that does not exist is refused: ``model_config = ConfigDict(extra="forbid")``.

    Otherwise a misspelt parameter is silently ignored, and a model is trained with the default.
    """
    try:
        subject.entry.component.validate({"no_such_parameter": 1})
    except InputError:
        return
    raise ConformanceError(
        'An unknown parameter is accepted; give the schema model_config = ConfigDict(extra="forbid").'
    )
