"""``spectra train``: a model of a sample, before there is a measurement."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import options


def train(
    sample: options.SampleFile,
    technique: options.Technique = None,
    again: Annotated[bool, typer.Option("--again", help="Train even if there is such a model already.")] = False,
    forward_model: options.ForwardModel = None,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    settings: options.Set = None,
    seed: options.Seed = None,
    figure: options.ModelFigure = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Simulate the training set of a sample, train a model and put both on record."""
    parameters = options.parse_settings(settings)
    if figure is not None:
        options.check_figure(figure)

    from spectra.cli import session
    from spectra.cli.output import print_json
    from spectra.cli.progress import TerminalProgress
    from spectra.cli.records import print_model
    from spectra.core.workflows.train import complete_recipe
    from spectra.core.workflows.train import train as run

    plugins = session.load()
    made, specimen = session.load_sample(plugins, sample, technique)
    names = options.chosen(forward_model=forward_model, encoder=encoder, regressor=regressor)
    recipe = complete_recipe(plugins.catalogue, made.recipe(specimen), names=names, parameters=parameters)
    registry, progress = session.open_registry(db), TerminalProgress()
    model = None
    if not again:
        model = registry.find_model(
            technique=specimen.technique, sample_digest=specimen.digest, recipe_digest=recipe.digest, seed=seed
        )
        if model is not None:
            progress.say(f"The model {model.id} of this recipe is on record; --again trains another.")
    if model is None:
        model = run(registry, plugins.catalogue, made, specimen, recipe, seed=seed or 0, progress=progress)
    if figure is not None:
        from spectra.cli.figures import save_model_figure

        save_model_figure(model, registry.read_artefact(model.artefact), figure)
    if json:
        print_json("model", model)
    else:
        print_model(model)
