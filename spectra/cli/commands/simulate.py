"""``spectra simulate``: the forward model by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError


def simulate(
    sample: options.SampleFileOrLike = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="DATA_SET",
            help="Take sample and forward model from this data set on record, not from a file.",
        ),
    ] = None,
    technique: options.Technique = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="NAME=VALUE,…", help="Print the one spectrum of these quantities: C11=270,C44=80"),
    ] = None,
    forward_model: options.ForwardModel = None,
    settings: options.Set = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Simulate the training set of a sample and put it on record, or print one spectrum with --at."""
    parameters = options.parse_settings(settings)

    from spectra.cli import session
    from spectra.cli.printing.output import print_fields, print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.technique import Choice
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.train import complete_recipe, data_set

    plugins = session.load()
    if sample is not None and like is None:
        made, specimen = session.load_sample(plugins, sample, technique)
        recipe, origins = made.recipe(specimen), []
    elif like is not None and sample is None:
        registry = session.open_registry(db)
        former = registry.get_data_set(like)
        made, specimen = session.recorded_sample(plugins, registry, former.sample_id)
        forward = Choice.model_validate(former.recipe["forward_model"])
        recipe, origins = made.recipe(specimen).model_copy(update={"forward_model": forward}), [former.environment]
    else:
        raise UsageError("Give either a sample file with --sample, or a data set on record with --like.")
    names = options.chosen(forward_model=forward_model)
    with saying_what_to_install(plugins.catalogue, origins):
        recipe = complete_recipe(plugins.catalogue, recipe, names=names, parameters=parameters)
    if at is not None:
        from spectra.cli.printing.spectrum import print_spectrum

        print_spectrum(
            plugins.catalogue.forward_model(recipe.forward_model, specimen),
            options.parse_values(at, made.quantities(specimen)),
            made.quantities(specimen),
            json=json,
        )
        return
    record, _ = data_set(
        session.open_registry(db), plugins.catalogue, made, specimen, recipe, jobs=jobs, progress=TerminalProgress()
    )
    if json:
        print_json("data_set", record)
    else:
        print_fields(
            {
                "data set": record.id,
                "sample": specimen.name,
                "points": f"{record.points:,}",
                "size": f"{record.artefact_size / 1e6:.1f} MB",
                "artefact": record.artefact,
            }
        )
