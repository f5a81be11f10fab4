"""A study: how well each variant found each quantity under each condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from spectra.core.quantities import with_uncertainty
from spectra.core.studies.scores import Score
from spectra.core.tables import Column as TableColumn
from spectra.core.tables import Table
from spectra.registry.query.columns import Column
from spectra.views.layout import Block

if TYPE_CHECKING:
    from spectra.core.studies.evaluate import Evaluation

Row = tuple[str, str, str]
"""Variant, condition and method."""
Rows = dict[Row, list[Score]]
"""Of each row the scores, in the order of the quantities."""


def score_columns() -> list[Column]:
    """Return the columns of the scores for CSV: one line for each variant, condition, method and quantity."""
    return [Column(name=field.name, holds="number", value=attrgetter(field.name)) for field in fields(Score)]


def study_document(evaluation: Evaluation, *, quick: bool) -> dict[str, Any]:
    """Return a study for a program."""
    return {
        "title": evaluation.study.title,
        "quick": quick,
        "sample": evaluation.sample.name,
        "seeds": evaluation.study.seeds,
        "trained_now": evaluation.trained,
        "recipes": {name: recipe.model_dump(mode="json") for name, recipe in evaluation.recipes.items()},
        "scores": evaluation.scores,
    }


def study_blocks(evaluation: Evaluation, *, quick: bool) -> Iterator[Block]:
    """Yield errors in percent of the truth, or in units where a truth may be zero and a percentage means nothing."""
    rows: Rows = {}
    for score in evaluation.scores:
        rows.setdefault((score.variant, score.condition, score.method), []).append(score)
    scores = [score for found in rows.values() for score in found]
    seeds = len(evaluation.study.seeds)
    deviation = ", ± standard deviation over the seeds" if seeds > 1 else ""
    counted = f"{_spectra(scores)} in each row; {seeds} seed{'s' if seeds > 1 else ''}"
    if evaluation.study.held_out:
        counted += ", each tested on points held out of its training"
    if evaluation.study.measurement is None and any(q.lower <= 0 <= q.upper for q in evaluation.quantities):
        yield _rmse_table(evaluation, rows)
        if len(evaluation.study.variants) > 1:
            yield _rivals_table(evaluation, rows)
        yield (
            f"{counted}. Errors: root mean square (RMSE){deviation}, also in percent of the range searched; "
            "percentages of the truth would mean nothing, because it may be zero."
        )
        if seeds > 1:
            yield (
                "Best model: RMSE of that seed whose RMSE in fractions of the ranges is smallest on average; best "
                "RMSE: the smallest of any seed. Both were chosen by these very test spectra."
            )
    else:
        yield _percentage_table(evaluation, rows)
        yield f"{counted}. Errors: mean absolute percentage error{deviation}."
    if any(score.scatter is not None for score in scores):
        yield "Values: mean ± standard deviation over the draws of the condition."
    if failed := sum(score.failed for score in scores[:: len(evaluation.quantities)]):
        yield f"Note: {failed} spectra could not be refined and are left out of the rows 'refined'."
    if quick:
        yield "Note: --quick only shows that the study runs; its numbers are meaningless."


def _rmse_table(evaluation: Evaluation, rows: Rows) -> Table:
    """Return a line for each quantity, like tables II to V of Vizoso & Dingreville (2025)."""
    scores = [score for found in rows.values() for score in found]
    columns = _heads([row for row, found in rows.items() for _ in found]) | {
        "quantity": [f"{score.quantity} ({score.unit})" if score.unit else score.quantity for score in scores],
        "RMSE": [_rmse(score) for score in scores],
        "of range (%)": [_percent(score.rmse_percent_of_range) for score in scores],
    }
    if len(evaluation.study.seeds) > 1:
        columns |= {
            "best model": [_digits(score.best_model_rmse) for score in scores],
            "best RMSE": [_digits(score.best_rmse) for score in scores],
        }
    columns |= {
        "R²": ["" if score.r2 is None else f"{score.r2:.4f}" for score in scores],
        "within 1σ (%)": [_percent(score.within_one_spread, 100, 0) for score in scores],
        "within 1.96σ (%)": [_percent(score.within_1_96_spreads, 100, 0) for score in scores],
    }
    return _table("scores", evaluation.study.title, columns.items())


def _rivals_table(evaluation: Evaluation, rows: Rows) -> Table:
    """Return the variants below each other, with a mark at the smallest RMSE."""
    columns = _heads(list(rows))
    firsts = dict.fromkeys(rows, 0)
    for place, quantity in enumerate(evaluation.quantities):
        cells = columns[quantity.label] = []
        for row, found in rows.items():
            rivals = [other[place].rmse for rival, other in rows.items() if rival[1:] == row[1:]]
            first = found[place].rmse == min((rmse for rmse in rivals if rmse is not None), default=-1)
            firsts[row] += first
            cells.append(_digits(found[place].rmse) + (" *" if first else ""))
    columns["smallest for"] = [f"{count} of {len(evaluation.quantities)}" for count in firsts.values()]
    return _table("variants", "RMSE of the variants, * the smallest", columns.items())


def _percentage_table(evaluation: Evaluation, rows: Rows) -> Table:
    """Return one row for each variant, condition and method; a column stands only where it says something."""
    columns = list(_heads(list(rows)).items())
    for place, quantity in enumerate(evaluation.quantities):
        scores = [found[place] for found in rows.values()]
        columns += [
            (quantity.label, [_value(score) for score in scores]),
            (f"{quantity.name} error (%)", [_error(score) for score in scores]),
            ("median (%)", [_percent(score.median_percent) if score.value is not None else "" for score in scores]),
            ("within 1σ (%)", [_percent(score.within_one_spread, 100, 0) for score in scores]),
        ]
    columns.append(("features ≠ 0 (%)", [_percent(found[0].occupied, 100, 1) for found in rows.values()]))
    return _table("scores", evaluation.study.title, [(name, cells) for name, cells in columns if any(cells)])


def _table(name: str, title: str, columns: Iterable[tuple[str, list[str]]]) -> Table:
    return Table(name=name, title=title, columns=tuple(TableColumn(name=head, values=cells) for head, cells in columns))


def _heads(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return the columns that say what a row is; that of the method only where there are two."""
    heads = {name: [row[place] for row in rows] for place, name in enumerate(("variant", "condition", "method"))}
    if len(set(heads["method"])) == 1:
        del heads["method"]
    return heads


def _spectra(scores: Sequence[Score]) -> str:
    counts = [sorted({s.count for s in scores if s.method == method}) for method in ("learned", "refined")]
    learned, refined = (" or ".join(f"{count:,}" for count in found) for found in counts)
    return f"{learned} spectra" + (f", {refined} of them refined," if refined else "")


def _value(score: Score) -> str:
    if score.value is None:
        return ""
    return f"{score.value:.1f}" + (f" ± {score.scatter:.1f}" if score.scatter is not None else "")


def _error(score: Score) -> str:
    if score.mape_percent is None:
        return ""
    deviation = f" ± {score.mape_percent_std:.2f}" if score.mape_percent_std is not None else ""
    return f"{score.mape_percent:.2f}{deviation}"


def _rmse(score: Score) -> str:
    if score.rmse is None or not score.rmse_std:
        return _digits(score.rmse)
    return with_uncertainty(score.rmse, score.rmse_std)


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _percent(share: float | None, factor: float = 1, digits: int = 2) -> str:
    return "" if share is None else f"{factor * share:.{digits}f}"
