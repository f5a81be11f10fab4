"""``spectra train``: a model of a sample, before there is a measurement."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError


def train(
    sample_file: options.SampleFileOrLike = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="MODEL",
            help="Use the sample, recipe and seed of this model on record, instead of a file.",
        ),
    ] = None,
    technique_name: options.Technique = None,
    again: Annotated[bool, typer.Option("--again", help="Train even if such a model is on record.")] = False,
    recipe_name: options.RecipeName = None,
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    figure: options.ModelFigure = None,
    jobs: options.Jobs = None,
    on: options.On = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Simulate the training set of a sample, train a model, or rank several, and put both on record."""
    parameters = arguments.parse_settings(settings)
    if like is not None and recipe_name is not None:
        raise UsageError("--like takes the recipe of the model on record; leave out --recipe.")
    if figure is not None:
        arguments.check_figure(figure)

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.recipe import DEFAULT
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.recipes import complete_recipe
    from spectra.core.workflows.recorded import recorded_recipe
    from spectra.core.workflows.specimens import load_specimen
    from spectra.core.workflows.train import train as run
    from spectra.views.records import record_blocks

    names = options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor)
    plugins = session.load()
    if sample_file is not None and like is None:
        specimen = load_specimen(plugins.catalogue, sample_file, technique_name)
        recipe, origins = specimen.recipe(recipe_name or DEFAULT), []
        registry = session.open_registry(db)
        work = session.session_on(registry, plugins, jobs=jobs, on=on)
    elif like is not None and sample_file is None:
        registry = session.open_registry(db)
        work = session.session_on(registry, plugins, jobs=jobs, on=on)
        former = registry.get_model(like)
        specimen = session.specimen_on_record(work, registry, former.sample_id)
        recipe, origins = recorded_recipe(former, changed=bool(names or parameters)), [former.environment]
        seed = former.seed if seed is None else seed
    else:
        raise UsageError("Give either a sample file with --sample, or a model on record with --like.")
    with saying_what_to_install(plugins.catalogue, origins):
        recipe = complete_recipe(plugins.catalogue, recipe, names=names, parameters=parameters)
    model, sample = None, specimen.sample
    if not again:
        model = registry.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
        if model is not None:
            work.progress.say(f"The model {model.id} of this recipe is on record; --again trains another.")
    if model is None:
        model = run(work, specimen, recipe, seed=seed or 0)
    if figure is not None:
        from spectra.views.figures.canvas import save_figure
        from spectra.views.figures.model import model_figure

        save_figure(model_figure(model, registry.read_artefact(model.artefact)), figure)
    if json:
        print_json("model", model)
    else:
        print_blocks(record_blocks(model))
