"""``spectra reproduce``: a prediction repeated from its record alone, number by number."""

from __future__ import annotations

from typing import Annotated

import typer

from spectra.cli import completion, options


def reproduce(
    prediction: Annotated[
        str,
        typer.Argument(
            metavar="PREDICTION",
            help="Identifier of a prediction or its beginning; name of its file.",
            autocompletion=completion.record("prediction"),
        ),
    ],
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Repeat a prediction from its record alone, and compare every number with the recorded one.

    Sample, measured bytes, reader, model and refiner are those on record; nothing is added to it. The exit code is 6 if
    a number differs by more than 1 % of its standard deviation, or by 0.01 % where that is unknown.
    """
    from spectra.cli import session
    from spectra.cli.printing.blocks import print_blocks
    from spectra.cli.printing.data import print_json
    from spectra.core.workflows.reproduce import reproduce as run
    from spectra.views.tasks.reproduction import reproduction_blocks, reproduction_document

    registry = session.open_registry(db)
    record = registry.get_prediction(prediction)
    repeated = run(session.session_on(registry, session.load()), record)
    if json:
        print_json("reproduction", reproduction_document(repeated))
    else:
        print_blocks(reproduction_blocks(repeated))
    if not repeated.same:
        raise typer.Exit(options.SOMETHING_AMISS)
