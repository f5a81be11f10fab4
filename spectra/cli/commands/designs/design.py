"""``spectra design``: which structure, or which specimen, has a wanted property."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.cli.commands.designs.arguments import Targets
    from spectra.core.recipe import Choice, Recipe
    from spectra.core.session import Session, Specimen
    from spectra.core.workflows.designs.ranges import SpecimenDesigns
    from spectra.core.workflows.designs.structures import StructureDesigns


def design(
    sample_file: options.SampleFile,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="[NAME=]VALUE",
            help="Wanted value, or a series as in 3..6 with --step: of the quantity, or of a line as in "
            "'peak 1=200 kHz'.",
        ),
    ],
    step: Annotated[float | None, typer.Option("--step", help="Step of a series of targets.")] = None,
    technique_name: options.Technique = None,
    model: options.ModelOption = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="NAME[=FROM..TO]",
            help="What may be chosen of a specimen: a quantity, or a number of the sample file with its range as in "
            "'shape.height=2..6 mm'; repeatable. Default: all quantities.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="NAME=VALUE,…", help="Quantities that are given, as in C11=270,C44=80."),
    ] = None,
    optimizer: Annotated[
        str, typer.Option("--search", metavar="NAME", help="Optimizer: cma, genetic, or a plugin's.")
    ] = "cma",
    generator: Annotated[
        str, typer.Option("--generator", metavar="NAME", help="Space of structures: pca, vae, or a plugin's.")
    ] = "pca",
    starts: Annotated[
        int, typer.Option("--starts", min=1, help="Number of designs for each target, each from another start.")
    ] = 3,
    tolerance: Annotated[
        float | None,
        typer.Option(
            "--tolerance",
            help="Tolerance of a target, in the unit of the quantity or line. Default: 3 % of "
            "the standard deviation of what was measured; 0.1 % of a line.",
        ),
    ] = None,
    evaluations: Annotated[
        int | None,
        typer.Option(
            "--evaluations", min=1, help="Maximum number of evaluations in one search. Default: 1300; 300 of specimens."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write structures, searches and what is needed to repeat them to a file (npz)."
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", help="Save a figure of the designs and how they came about (png, pdf, svg)."),
    ] = None,
    controls: Annotated[
        Path | None,
        typer.Option(
            "--controls", help="Save a figure of the designs beside their mean colour and scrambled (png, pdf, svg)."
        ),
    ] = None,
    recipe_name: options.RecipeName = None,
    no_network: options.NoNetwork = False,
    encoder: options.Encoder = None,
    regressor: options.Regressor = None,
    forward_model: options.ForwardModel = None,
    settings: options.Set = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**63 - 1, help="Random seed of generator and searches.")
    ] = 0,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Find structures with a target value of a predicted quantity, or specimens with a spectral line at a target.

    If no model of the sample is on record, one is trained first. The exit code is 6 if a design is doubtful or refused.
    An interrupted command keeps the searches that are finished; the same command goes on from there.
    """
    from spectra.cli.commands.designs.arguments import parse_targets

    targets = parse_targets(target, step)
    parameters = arguments.parse_settings(settings)
    for path in (figure, controls):
        if path is not None:
            arguments.check_figure(path)
    if output is not None:
        arguments.check_output(output)
    of_lines = targets.peak is not None
    if of_lines and controls is not None:
        raise UsageError("--controls is for structures; a line has no colours to average or scramble.")
    if not of_lines and (vary or at):
        raise UsageError(
            "--vary and --at are for specimens with a line at a wanted place.",
            hint="Name the line, as in --target 'peak 1=200 kHz'.",
        )

    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.workflows.recipes import complete_recipe
    from spectra.core.workflows.specimens import load_specimen
    from spectra.views.tasks.design import design_blocks

    plugins = session.load()
    catalogue = plugins.catalogue
    specimen = load_specimen(catalogue, sample_file, technique_name)
    chosen_optimizer = catalogue.choose("optimizer", optimizer, parameters.pop("search", {}))
    chosen_generator = catalogue.choose("generator", generator, parameters.pop("generator", {}))
    recipe = complete_recipe(
        catalogue,
        specimen.recipe(options.recipe_name(recipe_name, no_network=no_network)),
        names=options.chosen(encoder=encoder, regressor=regressor, forward_model=forward_model),
        parameters=parameters,
    )
    work = session.open_session(plugins, db, jobs=jobs)
    limits: dict[str, Any] = {"starts": starts, "tolerance": tolerance, "seed": seed, "optimizer": chosen_optimizer}
    if evaluations is not None:
        limits["evaluations"] = evaluations
    designs: StructureDesigns | SpecimenDesigns
    if of_lines:
        designs = _specimens(work, specimen, recipe, targets, vary or [], at, limits)
    else:
        designs = _structures(work, specimen, recipe, model, targets, chosen_generator, limits)
    if output is not None:
        _save(work, designs, output)
    _draw(work, designs, figure, controls)
    if json:
        files = {"output": output, "figure": figure, "controls_figure": controls}
        print_json("design", designs.document() | {name: path and str(path) for name, path in files.items()})
    else:
        print_blocks(design_blocks(designs))
    if any(not one.verdict.trusted for one in designs.designs):
        raise typer.Exit(options.SOMETHING_AMISS)


def _structures(
    work: Session,
    specimen: Specimen,
    recipe: Recipe,
    model_id: str | None,
    targets: Targets,
    generator: Choice,
    limits: dict[str, Any],
) -> StructureDesigns:
    from spectra.core.workflows.designs.structures import Plan, design_structures, in_unit

    values = in_unit(specimen.quantities, targets.name, targets.values, targets.unit)
    plan = Plan(quantity=targets.name, targets=values, generator=generator, **limits)
    return design_structures(work, specimen, recipe, plan, model_id=model_id)


def _specimens(
    work: Session,
    specimen: Specimen,
    recipe: Recipe,
    targets: Targets,
    vary: list[str],
    at: str | None,
    limits: dict[str, Any],
) -> SpecimenDesigns:
    from spectra.core.workflows.designs.ranges import RangePlan, design_specimens

    given = {}
    if at is not None:
        named = [quantity for quantity in specimen.quantities if f"{quantity.name}=" in at.replace(" ", "")]
        given = dict(zip([q.name for q in named], options.parse_values(at, named).tolist(), strict=True))
    plan = RangePlan(peak=targets.peak or 1, targets=targets.texts, vary=vary, at=given, **limits)
    return design_specimens(work, specimen, recipe, plan)


def _save(work: Session, designs: StructureDesigns | SpecimenDesigns, path: Path) -> None:
    from spectra.core.basics.files import write_atomically
    from spectra.core.workflows.designs.file import designs_file

    try:
        write_atomically(path, designs_file(work, designs))
    except OSError as error:  # do not lose the report over a file
        work.progress.say(f"The file {path} could not be written: {error.strerror}.")
    else:
        work.progress.say(f"Designs: {path} ({path.stat().st_size / 1e6:.1f} MB)")


def _draw(
    work: Session, designs: StructureDesigns | SpecimenDesigns, figure: Path | None, controls: Path | None
) -> None:
    if figure is None and controls is None:
        return
    from spectra.views.figures.canvas import save_figure
    from spectra.views.figures.design import controls_figure, designs_figure

    drawings = [(figure, designs_figure), (controls, controls_figure)]
    for path, draw in drawings:
        if path is None:
            continue
        drawn = draw(designs)
        if drawn is None:
            work.progress.say(f"There is nothing to draw in {path}: no structure was found, or none can be shown.")
            continue
        try:
            save_figure(drawn, path)
        except OSError as error:
            work.progress.say(f"The figure {path} could not be saved: {error.strerror}.")
        else:
            work.progress.say(f"Figure: {path}")
