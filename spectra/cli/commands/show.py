"""``spectra show``: anything on record, between what it came from and what came from it."""

from __future__ import annotations

from spectra.cli import options
from spectra.core.errors import UsageError


def show(
    id: options.AnyId,
    figure: options.ModelFigure = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Show a record: what it is, what it came from, what came from it, and the command that repeats it."""
    if figure is not None:
        options.check_figure(figure)

    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.cli.session import open_registry
    from spectra.core.store import ModelRecord, kind_of
    from spectra.views.lineage import lineage_blocks, lineage_document, repeating_command

    registry = open_registry(db)
    lineage = registry.lineage(id)
    record, command = lineage.record, repeating_command(lineage.record, db)
    if figure is not None:
        if not isinstance(record, ModelRecord):
            raise UsageError(f"{record.id} is a {kind_of(record)}; --figure is for models.")
        from spectra.views.figures.canvas import save_figure
        from spectra.views.figures.model import model_figure

        save_figure(model_figure(record, registry.read_artefact(record.artefact)), figure)
    if json:
        print_json(kind_of(record).replace(" ", "_"), lineage_document(lineage, command))
    else:
        print_blocks(lineage_blocks(lineage, command))
