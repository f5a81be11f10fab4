"""Comparison of predictions, models or samples: equal facts, differences, and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spectra.core.errors import UsageError
from spectra.core.quantities import EstimatedQuantity
from spectra.core.recipe import ROLES
from spectra.core.store import AnyRecord, Json, ModelRecord, PredictionRecord, SampleRecord, kind_of
from spectra.core.workflows.comparison import Difference, Pair, differences, leaves, pairs
from spectra.registry.registry import Registry

MOST_COMPARED = 12
"""Number of records that can be put side by side."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two records of one kind, compared.

    Parameters
    ----------
    same, differences
        Facts by their key: of the sample, of the recipe, versions.
    numbers
        Final values of predictions, test errors of models.
    notes
        Sentences on how to interpret the numbers.
    """

    first: AnyRecord
    second: AnyRecord
    same: Mapping[str, Any]
    differences: tuple[Difference, ...]
    numbers: tuple[Pair, ...]
    notes: tuple[str, ...]


def compare(registry: Registry, first: str, second: str) -> Comparison:
    """Compare two predictions, two models or two samples.

    Raises
    ------
    UsageError
        If they are of different kinds, or of another.
    NotFoundError
        If one is not on record.
    """
    one, other = registry.get_any(first), registry.get_any(second)
    facts = [_facts(registry, record) for record in _of_one_kind((one, other))]
    numbers = pairs(_numbers(one), _numbers(other))
    apart = differences(*facts)
    different = {difference.key for difference in apart}
    return Comparison(
        first=one,
        second=other,
        same={key: fact for key, fact in leaves(facts[0]).items() if key not in different},
        differences=apart,
        numbers=numbers,
        notes=tuple(_notes(one, other, numbers, measured_alike="measurement.content" not in different)),
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """A quantity, or a fact by its key, with its value in each of several records; ``None`` where one has none."""

    name: str
    unit: str = ""
    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Several records of one kind, side by side.

    Parameters
    ----------
    same
        Facts that are the same in all of them.
    differences
        Facts that are not.
    numbers
        Final values of predictions, test errors of models.
    """

    records: tuple[AnyRecord, ...]
    same: Mapping[str, Any]
    differences: tuple[Row, ...]
    numbers: tuple[Row, ...]


def overview(registry: Registry, ids: Sequence[str]) -> Overview:
    """Put several predictions, models or samples side by side.

    Raises
    ------
    UsageError
        If there are fewer than two or too many, or they are of different kinds or of another.
    NotFoundError
        If one is not on record.
    """
    records = tuple({record.id: record for record in map(registry.get_any, dict.fromkeys(ids))}.values())
    if not 2 <= len(records) <= MOST_COMPARED:
        raise UsageError(f"{len(records)} given: 2 to {MOST_COMPARED} different records can be compared.")
    facts = [leaves(_facts(registry, record)) for record in _of_one_kind(records)]
    keys = dict.fromkeys(key for one in facts for key in one)
    rows = [Row(name=key, values=tuple(one.get(key) for one in facts)) for key in keys]
    of_each = [{(number.name, number.unit): number for number in _numbers(record)} for record in records]
    named = dict.fromkeys(key for one in of_each for key in one)
    return Overview(
        records=records,
        same={row.name: row.values[0] for row in rows if all(value == row.values[0] for value in row.values)},
        differences=tuple(row for row in rows if any(value != row.values[0] for value in row.values)),
        numbers=tuple(
            Row(name=name, unit=unit, values=tuple(one.get((name, unit)) for one in of_each)) for name, unit in named
        ),
    )


def _of_one_kind(records: Sequence[AnyRecord]) -> Sequence[AnyRecord]:
    """Return the records, if they can be compared."""
    first = records[0]
    for other in records[1:]:
        if type(first) is not type(other) or not isinstance(first, PredictionRecord | ModelRecord | SampleRecord):
            raise UsageError(
                f"{first.id} is a {kind_of(first)} and {other.id} a {kind_of(other)}, which cannot be compared.",
                hint="Give predictions, models or samples, all of one kind.",
            )
    return records


def _facts(registry: Registry, record: AnyRecord) -> Json:
    match record:
        case PredictionRecord():
            return _facts_of_prediction(registry, record)
        case ModelRecord():
            return _facts_of_model(registry, record)
        case SampleRecord():
            return record.document
    raise TypeError(f"a {kind_of(record)} is not compared")


def _numbers(record: AnyRecord) -> Sequence[EstimatedQuantity]:
    match record:
        case PredictionRecord():
            return record.final
        case ModelRecord():
            return _test_errors(record)
    return ()


def _facts_of_prediction(registry: Registry, record: PredictionRecord) -> dict[str, Any]:
    measurement = registry.get_measurement(record.measurement_id)
    model = registry.get_model(record.model_id)
    return {
        "sample": registry.get_sample(measurement.sample_id).document,
        "measurement": {
            "id": measurement.id,
            "file": measurement.file_name,
            "content": measurement.artefact,
            "conditions": {condition.name: condition.amount for condition in measurement.conditions},
        },
        "reader": record.report.get("reader"),
        "model": {"id": model.id, "seed": model.seed, "recipe": _recipe(model.recipe)},
        "refiner": record.report.get("refiner"),
        "verdict": record.verdict,
        "reasons": "; ".join(record.reasons) or None,
        "environment": record.environment,
    }


def _facts_of_model(registry: Registry, record: ModelRecord) -> dict[str, Any]:
    return {
        "sample": registry.get_sample(record.sample_id).document,
        "data set": record.data_set_id,
        "seed": record.seed,
        "recipe": _recipe(record.recipe),
        "environment": record.environment,
    }


def _recipe(recipe: Json) -> dict[str, Any]:
    """Return what made the model, the components of a role that takes several numbered."""
    ignored = [role.field for role in ROLES if role.used == "analysis"]
    return {
        field: {str(n): choice for n, choice in enumerate(chosen, 1)} if isinstance(chosen, list) else chosen
        for field, chosen in recipe.items()
        if field not in ignored
    }


def _test_errors(record: ModelRecord) -> list[EstimatedQuantity]:
    errors = []
    for quantity in record.quantities:
        tested = record.metrics.get("test", {}).get(quantity["name"], {})
        for key, what, unit in (("mape_percent", "mean error", "%"), ("rmse", "rms error", quantity["unit"])):
            if key in tested:
                name = f"{quantity['name']} {what}"
                errors.append(EstimatedQuantity(name=name, unit=unit, method="test", value=tested[key], std=None))
    return errors


def _notes(one: AnyRecord, other: AnyRecord, numbers: tuple[Pair, ...], *, measured_alike: bool) -> Iterator[str]:
    if isinstance(one, PredictionRecord) and any(pair.deviations is not None for pair in numbers):
        yield "σ: the standard deviations of both, added in quadrature; this supposes that the errors are independent."
        if measured_alike:
            yield (
                "Both come from the same measured file, so the errors are not independent: the standard deviation of a "
                "difference is smaller than that."
            )
    if isinstance(one, ModelRecord):
        yield "The errors of each model are those on its own distorted test spectra."
    if isinstance(one, SampleRecord) and isinstance(other, SampleRecord) and one.digest == other.digest:
        yield "A model of one serves the other: what differs are names and notes."
