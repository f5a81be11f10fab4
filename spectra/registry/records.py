"""Rows of the tables as the frozen records of :mod:`spectra.core.store`, and the other way round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, overload

from spectra.core.errors import InputError
from spectra.core.measurements import Condition
from spectra.core.quantities import EstimatedQuantity, final
from spectra.core.store import (
    AnnotatedRecord,
    AnyRecord,
    DataSetRecord,
    FileRecord,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    PredictionSummary,
    SampleRecord,
)
from spectra.registry.conditions import condition_of
from spectra.registry.database.tables import (
    DataSetRow,
    Entry,
    EstimatedQuantityRow,
    MeasurementConditionRow,
    MeasurementRow,
    MeasurementTagRow,
    ModelRow,
    ModelTagRow,
    PredictionRow,
    PredictionTagRow,
    SampleRow,
    SampleTagRow,
)

AnnotatedRow = SampleRow | ModelRow | MeasurementRow | PredictionRow


@overload
def any_record(row: AnnotatedRow) -> AnnotatedRecord: ...


@overload
def any_record(row: Entry) -> AnyRecord: ...


def any_record(row: Entry) -> AnyRecord:
    """Return a row of any kind as a record."""
    match row:
        case SampleRow():
            return sample_record(row)
        case DataSetRow():
            return data_set_record(row)
        case ModelRow():
            return model_record(row)
        case MeasurementRow():
            return measurement_record(row)
        case PredictionRow():
            return prediction_record(row)
    raise TypeError(f"{row!r} has no record")


def sample_record(row: SampleRow) -> SampleRecord:
    """Return a sample as a record."""
    return SampleRecord(
        id=row.id,
        name=row.name,
        technique=row.technique,
        digest=row.digest,
        document=row.document,
        note=row.note,
        tags=_tags(row.tags),
        created=row.created,
    )


def data_set_record(row: DataSetRow) -> DataSetRecord:
    """Return a data set as a record."""
    return DataSetRecord(
        id=row.id,
        sample_id=row.sample_id,
        technique=row.sample.technique,
        digest=row.digest,
        recipe=row.recipe,
        points=row.points,
        notes=tuple(row.notes),
        artefact=row.artefact,
        artefact_size=row.artefact_size,
        environment=row.environment,
        created=row.created,
    )


def model_record(row: ModelRow) -> ModelRecord:
    """Return a model as a record."""
    return ModelRecord(
        id=row.id,
        sample_id=row.sample_id,
        sample_name=row.sample.name,
        data_set_id=row.data_set_id,
        technique=row.sample.technique,
        recipe=row.recipe,
        recipe_digest=row.recipe_digest,
        quantities=tuple(row.quantities),
        seed=row.seed,
        metrics=row.metrics,
        environment=row.environment,
        artefact=row.artefact,
        artefact_size=row.artefact_size,
        note=row.note,
        tags=_tags(row.tags),
        aliases=tuple(alias.alias for alias in row.aliases),
        retired=row.retired,
        created=row.created,
    )


def measurement_record(row: MeasurementRow) -> MeasurementRecord:
    """Return a measurement as a record."""
    return MeasurementRecord(
        id=row.id,
        sample_id=row.sample_id,
        sample_name=row.sample.name,
        technique=row.sample.technique,
        file_name=row.file_name,
        artefact=row.artefact,
        artefact_size=row.artefact_size,
        reader=row.reader,
        kind=row.kind,
        details=row.details,
        conditions=_conditions(row.conditions),
        note=row.note,
        tags=_tags(row.tags),
        created=row.created,
    )


def prediction_record(row: PredictionRow) -> PredictionRecord:
    """Return a prediction with its quantities as a record."""
    files = tuple(
        FileRecord(name=file.name, artefact=file.artefact, artefact_size=file.artefact_size) for file in row.files
    )
    return PredictionRecord(**_summary(row), report=row.report, environment=row.environment, files=files)


def prediction_summary(row: PredictionRow) -> PredictionSummary:
    """Return a prediction without its documents."""
    return PredictionSummary(**_summary(row))


def _summary(row: PredictionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "model_id": row.model_id,
        "measurement_id": row.measurement_id,
        "sample_name": row.measurement.sample.name,
        "technique": row.measurement.sample.technique,
        "file_name": row.measurement.file_name,
        "conditions": _conditions(row.measurement.conditions),
        "quantities": tuple(_quantity(quantity) for quantity in row.quantities),
        "misfit": row.misfit,
        "misfit_unit": row.misfit_unit,
        "verdict": row.verdict,
        "command": row.command,
        "operator": row.operator,
        "note": row.note,
        "tags": _tags(row.tags),
        "created": row.created,
    }


def _tags(rows: Sequence[SampleTagRow | ModelTagRow | MeasurementTagRow | PredictionTagRow]) -> tuple[str, ...]:
    return tuple(row.tag for row in rows)


def _conditions(rows: Sequence[MeasurementConditionRow]) -> tuple[Condition, ...]:
    return tuple(map(condition_of, rows))


def _quantity(row: EstimatedQuantityRow) -> EstimatedQuantity:
    return EstimatedQuantity(
        name=row.name, unit=row.unit, method=row.method, value=row.value, std=row.std, note=row.note
    )


def quantity_rows(quantities: Sequence[EstimatedQuantity]) -> list[EstimatedQuantityRow]:
    """Return the rows of the quantities of a prediction.

    Raises
    ------
    InputError
        If a number is not finite, or an uncertainty is missing without a note that says why.
    """
    for quantity in quantities:
        if not math.isfinite(quantity.value):
            raise InputError(f"{quantity.name} ({quantity.method}) is {quantity.value}, which cannot go on record.")
        if quantity.std is None and not quantity.note:
            raise InputError(f"{quantity.name} ({quantity.method}) has no uncertainty and no note that says why.")
        if quantity.std is not None and not (math.isfinite(quantity.std) and quantity.std >= 0):
            raise InputError(
                f"The uncertainty of {quantity.name} ({quantity.method}) is {quantity.std}, which cannot go on record.",
                hint="Give None, and a note that says why it is unknown.",
            )
    finals = {(quantity.name, quantity.method) for quantity in final(quantities)}
    return [
        EstimatedQuantityRow(
            position=position,
            name=quantity.name,
            unit=quantity.unit,
            method=quantity.method,
            value=float(quantity.value),
            std=None if quantity.std is None else float(quantity.std),
            note=quantity.note,
            final=(quantity.name, quantity.method) in finals,
        )
        for position, quantity in enumerate(quantities)
    ]
