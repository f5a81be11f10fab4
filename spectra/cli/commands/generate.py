"""``spectra generate``: a training set by itself, on record and as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import InputError


def generate(
    sample_file: options.SampleFile,
    technique_name: options.Technique = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Also write the data set to a self-describing file (npz)."),
    ] = None,
    forward_model: options.ForwardModel = None,
    settings: options.Set = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Generate the training set of a sample, or find it on record, and summarize it.

    An interrupted command goes on where it stopped.
    """
    parameters = arguments.parse_settings(settings)
    if output is not None:
        arguments.check_output(output)

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.basics.files import write_atomically
    from spectra.core.formats.data_set_file import DataSetFile
    from spectra.core.workflows.recipes import complete_recipe
    from spectra.core.workflows.specimens import load_specimen
    from spectra.core.workflows.training_set import data_set
    from spectra.views.tasks.data_set import data_set_blocks, data_set_document

    plugins = session.load()
    specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
    recipe = complete_recipe(
        plugins.catalogue,
        specimen.recipe(),
        names=options.chosen(forward_model=forward_model),
        parameters=parameters,
    )
    work = session.open_session(plugins, db, jobs=jobs, on=on)
    record, data = data_set(work, specimen, recipe)
    sample, quantities = specimen.sample, specimen.quantities
    if output is not None:
        file = DataSetFile(
            quantities=quantities,
            values=data.values,
            signal=data.signal,
            points=data.points,
            groups=data.groups,
            recipe={**record.recipe, "sample": sample.document(), "digest": record.digest},
            notes=tuple(record.notes),
            environment=record.environment,
        )
        try:
            write_atomically(output, file.to_bytes())
        except OSError as error:
            hint = "The data set is on record; the same command with another --output finds it there."
            raise InputError(f"The file {output} cannot be written: {error.strerror}.", hint=hint) from error
        work.progress.say(f"Data set: {output} ({output.stat().st_size / 1e6:.1f} MB)")
    points = len(specimen.technique.design(sample).points)
    if json:
        document = data_set_document(record, data, quantities, points=points)
        print_json("data_set", document | {"output": None if output is None else str(output)})
    else:
        print_blocks(data_set_blocks(record, data, sample, quantities, points=points))
