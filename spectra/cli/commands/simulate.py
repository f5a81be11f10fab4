"""``spectra simulate``: the forward model by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.errors import UsageError


def simulate(
    sample_file: options.SampleFileOrLike = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="DATA_SET",
            help="Use the sample and forward model of this data set on record, instead of a file.",
        ),
    ] = None,
    technique_name: options.Technique = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="NAME=VALUE,…", help="Print the spectrum at these values, for example C11=270,C44=80."
        ),
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
    from spectra.cli.printing.blocks import print_blocks, print_fields
    from spectra.cli.printing.data import print_json
    from spectra.core.recipe import Choice
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.recipes import complete_recipe
    from spectra.core.workflows.specimens import load_specimen
    from spectra.core.workflows.training_set import data_set

    plugins = session.load()
    if sample_file is not None and like is None:
        specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
        recipe, origins = specimen.recipe(), []
        registry = None
    elif like is not None and sample_file is None:
        registry = session.open_registry(db)
        former = registry.get_data_set(like)
        work = session.session_on(registry, plugins)
        specimen = session.specimen_on_record(work, registry, former.sample_id)
        forward = Choice.model_validate(former.recipe["forward_model"])
        recipe, origins = specimen.recipe().model_copy(update={"forward_model": forward}), [former.environment]
    else:
        raise UsageError("Give either a sample file with --sample, or a data set on record with --like.")
    names = options.chosen(forward_model=forward_model)
    with saying_what_to_install(plugins.catalogue, origins):
        recipe = complete_recipe(plugins.catalogue, recipe, names=names, parameters=parameters)
    if at is not None:
        from spectra.views.tasks.spectrum import spectrum_tables

        quantities = specimen.quantities
        forward_of_sample = specimen.forward_model(plugins.catalogue, recipe.forward_model)
        tables = spectrum_tables(forward_of_sample, options.parse_values(at, quantities), quantities)
        if json:
            print_json("spectrum", {table.name: table.document() for table in tables})
        else:
            print_blocks(tables)
        return
    record, _ = data_set(
        session.session_on(registry or session.open_registry(db), plugins, jobs=jobs), specimen, recipe
    )
    if json:
        print_json("data_set", record)
    else:
        print_fields(
            {
                "data set": record.id,
                "sample": specimen.sample.name,
                "points": f"{record.points:,}",
                "size": f"{record.artefact_size / 1e6:.1f} MB",
                "artefact": record.artefact,
            }
        )
