"""``spectra show``: anything on record, between what it came from and what came from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spectra.cli import options
from spectra.core.basics import arguments
from spectra.core.errors import UsageError

if TYPE_CHECKING:
    from spectra.core.store import AnyRecord
    from spectra.registry.registry import Registry


def show(
    id: options.AnyId,
    figure: options.RecordFigure = None,
    posterior: options.Posterior = None,
    map_file: options.Map = None,
    db: options.Database = None,
    all_columns: options.AllColumns = False,
    latex: options.Latex = False,
    json: options.Json = False,
) -> None:
    """Show a record: what it is, what it came from, what came from it, and the command that repeats it."""
    options.check_one_form(json=json, latex=latex)
    if figure is not None:
        arguments.check_figure(figure)
    if posterior is not None:
        arguments.check_figure(posterior, options.OF_POSTERIORS)
    if map_file is not None:
        arguments.check_figure(map_file, options.OF_MAPS)

    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.core.store import kind_of
    from spectra.views.lineage import lineage_blocks, lineage_document, repeating_command

    registry = open_registry(db)
    lineage = registry.lineage(id)
    record, command = lineage.record, repeating_command(lineage.record, db)
    if figure is not None:
        _save_figure(registry, record, figure)
    if posterior is not None:
        _save_posterior(registry, record, posterior)
    if map_file is not None:
        _save_map(registry, record, map_file)
    if json:
        print_json(kind_of(record).replace(" ", "_"), lineage_document(lineage, command))
    else:
        print_blocks(lineage_blocks(lineage, command), all_columns=all_columns, as_latex=latex)


def _save_figure(registry: Registry, record: AnyRecord, path: Path) -> None:
    """Save the figure of a prediction as it is on record, or draw that of a model."""
    from spectra.core.basics.files import write_atomically
    from spectra.core.store import FIGURE, ModelRecord, PredictionRecord, kind_of
    from spectra.views.report.record import recorded_file

    match record:
        case PredictionRecord():
            if path.suffix.lower() != ".svg":
                raise UsageError(
                    f"The figure of the prediction {record.id} is on record as SVG, and {path} is of another format.",
                    hint=f"Use '--figure {path.with_suffix('.svg')}'; browsers, Inkscape and Word open it.",
                )
            write_atomically(path, recorded_file(registry, record, FIGURE, "figure"))
        case ModelRecord():
            from spectra.views.figures.canvas import save_figure
            from spectra.views.figures.model import model_figure

            save_figure(model_figure(record, registry.read_artefact(record.artefact)), path)
        case _:
            raise UsageError(f"{record.id} is a {kind_of(record)}; --figure is for predictions and models.")


def _save_posterior(registry: Registry, record: AnyRecord, path: Path) -> None:
    """Save the posterior sample of a prediction."""
    from spectra.core.store import PredictionRecord, kind_of

    if not isinstance(record, PredictionRecord):
        raise UsageError(f"{record.id} is a {kind_of(record)}; --posterior is for predictions.")

    from spectra.views.figures.posterior import save_posterior
    from spectra.views.report.record import posterior_of

    save_posterior(*posterior_of(registry, record), path)


def _save_map(registry: Registry, record: AnyRecord, path: Path) -> None:
    """Save the map of a prediction."""
    from spectra.core.store import MAP, PredictionRecord, kind_of

    if not isinstance(record, PredictionRecord):
        raise UsageError(f"{record.id} is a {kind_of(record)}; --map is for predictions.")

    from spectra.core.formats.maps import QuantityMap
    from spectra.views.maps import save_map
    from spectra.views.report.record import recorded_file

    save_map(QuantityMap.from_bytes(recorded_file(registry, record, MAP, "map")), path)
