"""The ranking of a model: how recipes did on groups that they had not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spectra.core.store import Json, ModelRecord
from spectra.core.tables import Table
from spectra.views.layout import Block, table


def ranking_blocks(record: ModelRecord) -> Iterator[Block]:
    """Yield a table for each quantity, and what its numbers mean; nothing for a model that had no rivals."""
    ranking = record.metrics.get("ranking")
    if ranking is None:
        return
    for quantity in record.quantities:
        yield _table(ranking, quantity)
        yield _meaning(ranking, quantity)


def _table(ranking: Json, quantity: Json) -> Table:
    leaking = any(_standing(recipe, quantity)["r2_leaking"] is not None for recipe in ranking["recipes"])
    header = ["recipe", "R²", "R² of folds", "μ", "σ", "R² of groups", f"± {ranking['level']:.0%}", "inside (%)"]
    rows = []
    for recipe in ranking["recipes"]:
        standing = _standing(recipe, quantity)
        folds = [value for value in standing["r2_of_folds"] if value is not None]
        row = [
            recipe["name"],
            f"{standing['r2']:.3f}",
            f"{min(folds):.2f}…{max(folds):.2f}" if folds else "",
            f"{standing['mean_error']:+.3f}",
            f"{standing['deviation']:.3f}",
            _written(standing["r2_of_groups"], ".3f"),
            _written(standing["half_width"], ".3f"),
            "" if standing["covered"] is None else f"{100 * standing['covered']:.1f}",
        ]
        rows.append([*row, _written(standing["r2_leaking"], ".3f")] if leaking else row)
    if leaking:
        header.append("R² leaking")
    unit = f" in {quantity['unit']}" if quantity["unit"] else ""
    title = (
        f"{quantity['name']}{unit}, {ranking['examples']:,} measurements of {ranking['groups']} groups, each answered "
        f"by a model that had not seen its group ({ranking['folds']} folds)"
    )
    return table(header, rows, title=title, name="ranking", priorities={"R² of folds": 3, "μ": 2, "R² of groups": 1})


def _meaning(ranking: Json, quantity: Json) -> str:
    """Say who is best, what its intervals are worth, and how well anybody could do."""
    ceiling, unit = ranking["ceilings"][quantity["name"]], f" {quantity['unit']}".rstrip()
    best = next(recipe for recipe in ranking["recipes"] if recipe["name"] == ranking["best"])
    standing = _standing(best, quantity)
    said = [f"The best is {ranking['best']!r} ({best['recipe']}), which has learned from everything and answers."]
    if standing["half_width"] is None:
        said.append("There are too few groups to calibrate intervals.")
    else:
        said.append(
            f"Its {ranking['level']:.0%} intervals, ± {standing['half_width']:.3f}{unit}, are calibrated on whole "
            f"groups; calibrated without each fold they held {standing['covered']:.1%} of it."
        )
    if ceiling["repeatability"] is not None:
        said.append(
            f"Neighbours within a group differ as measurements with an error of {ceiling['repeatability']:.3f}{unit} "
            f"do; a model with no other errors than these would have an R² of {ceiling['r2']:.2f}."
        )
    if ceiling["r2_of_group_means"] is not None:
        said.append(f"Who knew the mean of every group, and no more, would have {ceiling['r2_of_group_means']:.2f}.")
    if standing["r2_leaking"] is not None:
        said.append(
            "'R² leaking' is that of folds at random, where members of a group stand on both sides: it says nothing of "
            "a group never seen."
        )
    return " ".join(said)


def _standing(recipe: Json, quantity: Json) -> dict[str, Any]:
    standing: dict[str, Any] = recipe["quantities"][quantity["name"]]
    return standing


def _written(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
