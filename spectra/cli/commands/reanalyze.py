"""``spectra reanalyze``: old measurements with another model, and what that moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from spectra.core.store import MeasurementRecord
    from spectra.registry.registry import Registry


def reanalyze(
    what: Annotated[
        list[str],
        typer.Argument(metavar="WHAT...", help="Name or identifier of a sample, or identifiers of measurements."),
    ],
    model: options.ModelOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Repeat analyses that are on record for this model and refiner.")
    ] = False,
    no_figure: options.NoFigure = False,
    no_refine: options.NoRefine = False,
    recipe_name: options.RecipeName = None,
    no_network: options.NoNetwork = False,
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    refiner: options.Refiner = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Reanalyze all measurements of a sample with another model, and list how the results moved.

    The model is that of --model, or the newest of the recipe, which is trained if there is none. What it has answered
    already is left as it is, so that an interrupted command goes on where it stopped. A measurement that fails does not
    stop the others; the exit code is then 6, as it is where an answer is doubtful.
    """
    parameters = arguments.parse_settings(settings)

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.workflows.reanalyze import reanalyze as run
    from spectra.views.figures.canvas import Drawing
    from spectra.views.tasks.reanalysis import reanalysis_blocks, reanalysis_document

    registry = session.open_registry(db)
    measurements = _measurements(registry, what)
    plugins = session.load()
    work = session.session_on(registry, plugins, jobs=jobs, on=on, draw=None if no_figure else Drawing())
    specimen = session.specimen_on_record(work, registry, measurements[0].sample_id)
    recipe = session.chosen_recipe(
        plugins.catalogue,
        specimen,
        options.recipe_name(recipe_name, no_network=no_network),
        names=options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor, refiner=refiner),
        parameters=parameters,
        no_refine=no_refine,
    )
    used, done = run(work, specimen, measurements, recipe, model_id=model, seed=seed, again=again)
    if json:
        print_json("reanalysis", reanalysis_document(used, done))
    else:
        print_blocks(reanalysis_blocks(used, done))
    if any(one.now is None or one.doubtful for one in done):
        raise typer.Exit(options.SOMETHING_AMISS)


def _measurements(registry: Registry, what: Sequence[str]) -> list[MeasurementRecord]:
    """Return the measurements that are meant, each once, all of samples with the same facts.

    Raises
    ------
    NotFoundError
        If there are none.
    InputError
        If they are of samples with different facts, or something else is meant.
    """
    from spectra.core.store import MeasurementRecord, SampleRecord, kind_of
    from spectra.registry.query.language import quote

    found: dict[str, MeasurementRecord] = {}
    for name in what:
        samples: Sequence[SampleRecord] = registry.list_samples(f"sample={quote(name)}")
        if not samples:
            try:
                record = registry.get_any(name)
            except NotFoundError as error:
                raise NotFoundError(
                    f"There is no sample named {name!r}. {error.message}", hint="'spectra samples list' lists them."
                ) from error
            match record:
                case SampleRecord():
                    samples = (record,)
                case MeasurementRecord():
                    found[record.id] = record
                case _:
                    raise InputError(
                        f"{record.id} is a {kind_of(record)}, not a sample or a measurement.",
                        hint=f"'spectra show {record.id}' says what it came from.",
                    )
        for sample in samples:
            measured = registry.list_measurements(f"sample={quote(sample.name)}")
            found |= {record.id: record for record in measured if record.sample_id == sample.id}
    if not found:
        raise NotFoundError(f"There is no measurement of {', '.join(map(repr, what))} on record.")
    owners = {record.sample_id: registry.get_sample(record.sample_id) for record in found.values()}
    if len({owner.digest for owner in owners.values()}) > 1:
        listed = ", ".join(f"{owner.id} of {owner.created:%Y-%m-%d}" for owner in owners.values())
        raise InputError(
            f"These measurements are of samples with different facts ({listed}), and a model serves one.",
            hint="Give the identifier of one sample; 'spectra compare' says how two differ.",
        )
    return list(found.values())
