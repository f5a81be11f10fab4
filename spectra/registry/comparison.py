"""Comparison of two predictions, two models or two samples: equal facts, differences, and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spectra.core.errors import UsageError
from spectra.core.quantities import EstimatedQuantity
from spectra.core.recipe import ROLES
from spectra.core.store import AnyRecord, Json, ModelRecord, PredictionRecord, SampleRecord, kind_of
from spectra.core.workflows.comparison import Difference, Pair, differences, leaves, pairs
from spectra.registry.registry import Registry


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
    facts: list[Json]
    match one, other:
        case PredictionRecord(), PredictionRecord():
            facts = [_facts_of_prediction(registry, record) for record in (one, other)]
            numbers = pairs(one.final, other.final)
        case ModelRecord(), ModelRecord():
            facts = [_facts_of_model(registry, record) for record in (one, other)]
            numbers = pairs(_test_errors(one), _test_errors(other))
        case SampleRecord(), SampleRecord():
            facts = [record.document for record in (one, other)]
            numbers = ()
        case _:
            raise UsageError(
                f"{one.id} is a {kind_of(one)} and {other.id} a {kind_of(other)}, which cannot be compared.",
                hint="Give two predictions, two models or two samples.",
            )
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
