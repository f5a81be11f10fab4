"""``spectra reproduce``: a prediction repeated from its record alone, number by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options

if TYPE_CHECKING:
    from spectra.core.workflows.reproduce import Reproduction


def reproduce(
    prediction: Annotated[
        str, typer.Argument(metavar="PREDICTION", help="Identifier of a prediction, or its first characters.")
    ],
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Repeat a prediction from its record alone, and compare every number with the recorded one.

    Sample, measured bytes, reader, model and refiner are those on record; nothing is added to it. The exit code is 6 if
    a number differs by more than 1 % of its standard deviation, or by 0.01 % where that is unknown.
    """
    from spectra.cli import session
    from spectra.cli.printing.output import print_json
    from spectra.core.workflows.reproduce import reproduce as run

    registry = session.open_registry(db)
    record = registry.get_prediction(prediction)
    repeated = run(registry, session.load().catalogue, record)
    if json:
        print_json("reproduction", _document(repeated))
    else:
        _print(repeated)
    if not repeated.same:
        raise typer.Exit(options.SOMETHING_AMISS)


def _document(repeated: Reproduction) -> dict[str, Any]:
    from spectra.core.workflows.reproduce import RELATIVE_TOLERANCE, TOLERANCE

    return {
        "prediction_id": repeated.prediction.id,
        "same": repeated.same,
        "tolerance": {"standard_deviations": TOLERANCE, "relative": RELATIVE_TOLERANCE},
        "quantities": repeated.quantities,
        "changed": repeated.changed,
        "assumed": repeated.assumed,
    }


def _print(repeated: Reproduction) -> None:
    from spectra.cli.printing.output import console, print_line, print_rows
    from spectra.views.numbers import shown

    print_rows(
        ("quantity", "unit", "method", "recorded", "now", "in recorded σ", ""),
        [
            (
                quantity.name,
                quantity.unit,
                quantity.method,
                shown(quantity.recorded),
                shown(quantity.now),
                "" if quantity.deviations is None else f"{quantity.deviations:+.2f}",
                "same" if quantity.same else "differs",
            )
            for quantity in repeated.quantities
        ],
        title=f"Prediction {repeated.prediction.id}",
    )
    console.print()
    for sentence in repeated.assumed:
        print_line(f"Note: {sentence}")
    if repeated.changed:
        print_rows(("version of", "then", "now"), [(d.key, d.first, d.second) for d in repeated.changed])
        console.print()
    else:
        print_line("All versions are those of then.")
    differing = sum(not quantity.same for quantity in repeated.quantities)
    total = len(repeated.quantities)
    print_line(f"{differing} of {total} numbers differ." if differing else f"All {total} numbers are the same.")
