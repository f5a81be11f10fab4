"""``spectra train``: a model of a sample, before there is a measurement."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options
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
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    figure: options.ModelFigure = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Simulate the training set of a sample, train a model and put both on record."""
    parameters = options.parse_settings(settings)
    if figure is not None:
        options.check_figure(figure)

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.core.recipe import Recipe
    from spectra.core.workflows.environment import saying_what_to_install
    from spectra.core.workflows.train import complete_recipe
    from spectra.core.workflows.train import train as run
    from spectra.views.records import record_blocks

    plugins = session.load()
    if sample_file is not None and like is None:
        technique, sample = session.load_sample(plugins, sample_file, technique_name)
        recipe, origins = technique.recipe(sample), []
        registry = session.open_registry(db)
    elif like is not None and sample_file is None:
        registry = session.open_registry(db)
        former = registry.get_model(like)
        technique, sample = session.recorded_sample(plugins, registry, former.sample_id)
        recipe, origins = Recipe.model_validate(former.recipe), [former.environment]
        seed = former.seed if seed is None else seed
    else:
        raise UsageError("Give either a sample file with --sample, or a model on record with --like.")
    names = options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor)
    with saying_what_to_install(plugins.catalogue, origins):
        recipe = complete_recipe(plugins.catalogue, recipe, names=names, parameters=parameters)
    progress = TerminalProgress()
    model = None
    if not again:
        model = registry.find_model(
            technique=sample.technique, sample_digest=sample.digest, recipe_digest=recipe.digest, seed=seed
        )
        if model is not None:
            progress.say(f"The model {model.id} of this recipe is on record; --again trains another.")
    if model is None:
        model = run(
            registry, plugins.catalogue, technique, sample, recipe, seed=seed or 0, jobs=jobs, progress=progress
        )
    if figure is not None:
        from spectra.views.figures.canvas import save_figure
        from spectra.views.figures.model import model_figure

        save_figure(model_figure(model, registry.read_artefact(model.artefact)), figure)
    if json:
        print_json("model", model)
    else:
        print_blocks(record_blocks(model))
