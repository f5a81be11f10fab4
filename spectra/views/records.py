"""What each kind of record is, in facts and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spectra.core.errors import RegistryError, fault
from spectra.core.formats.bundles import BUNDLE
from spectra.core.recipe import Recipe
from spectra.core.store import (
    AnnotatedRecord,
    AnyRecord,
    DataSetRecord,
    Json,
    MeasurementRecord,
    ModelRecord,
    PredictionRecord,
    SampleRecord,
    kind_of,
)
from spectra.core.tables import Table
from spectra.core.workflows.comparison import leaves
from spectra.views.layout import Block, table
from spectra.views.numbers import local_time, shown, test_error
from spectra.views.ranking import ranking_blocks
from spectra.views.verdict import verdict_lines


def record_blocks(record: AnyRecord) -> Iterator[Block]:
    """Yield what a record is, without what it came from.

    Raises
    ------
    RegistryError
        If it holds a document that no spectra wrote, which an archive can bring.
    """
    try:
        yield from _blocks(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RegistryError(
            f"The {kind_of(record)} {record.id} cannot be shown; a document on record of it is damaged: "
            f"{fault(error):.300}.",
            hint="If it came in an archive, import it again from where it was made.",
        ) from error


def _blocks(record: AnyRecord) -> Iterator[Block]:
    match record:
        case SampleRecord():
            yield from _sample(record)
        case DataSetRecord():
            yield from _data_set(record)
        case ModelRecord():
            yield from _model(record)
        case MeasurementRecord():
            yield _measurement(record)
        case PredictionRecord():
            yield from _prediction(record)


def record_label(record: AnyRecord) -> str:
    """Say in a few words what a record is."""
    match record:
        case SampleRecord():
            return record.name
        case DataSetRecord():
            return f"{record.points:,} points"
        case ModelRecord():
            return f"{recipe_line(record)}, seed {record.seed}"
        case MeasurementRecord():
            return f"{record.file_name}, {record.artefact}"
        case PredictionRecord():
            found = [q for q in record.final if q.method != "derived"]
            return ", ".join(f"{q.name} {shown(q)} {q.unit}".strip() for q in found)


def recipe_line(record: ModelRecord) -> str:
    """Write a recipe in one line, for a list, which is not to end at one that cannot be read."""
    try:
        recipe = Recipe.model_validate(record.recipe)
    except ValueError:
        return "damaged"
    return " > ".join(choice.name for role, choice in recipe.choices() if role.used == "model")


def _sample(record: SampleRecord) -> Iterator[Block]:
    yield {
        "sample": record.id,
        "name": record.name,
        "technique": record.technique,
        "added": local_time(record.created),
        "digest of its facts": record.digest,
        **_annotations(record),
    }
    yield table(("fact", "value"), leaves(record.document).items(), title="Facts")


def _data_set(record: DataSetRecord) -> Iterator[Block]:
    yield {
        "data set": record.id,
        "simulated": local_time(record.created),
        "points": f"{record.points:,}",
        "forward model": _choice(record.recipe["forward_model"]),
        "artefact": _artefact(record),
        "made with": _versions(record.environment),
    }
    for note in record.notes:
        yield f"Note: {note}"


def _model(record: ModelRecord) -> Iterator[Block]:
    yield {
        "model": record.id,
        "trained": local_time(record.created),
        "sample": f"{record.sample_name} ({record.technique})",
        "data set": record.data_set_id,
        "recipe": recipe_line(record),
        "seed": record.seed,
        "artefact": _artefact(record),
        "made with": _versions(record.environment),
        "called": ", ".join(f"{record.sample_name}@{alias}" for alias in record.aliases) or None,
        "retired": local_time(record.retired) if record.retired else None,
        **_annotations(record),
    }
    test = record.metrics["test"]
    yield table(
        ("quantity", "unit", "searched", "mean error", "rms error", "within one spread (%)"),
        [
            (
                q["name"],
                q["unit"],
                f"{q['lower']:g} to {q['upper']:g}",
                test_error(q, test[q["name"]]),
                f"{test[q['name']]['rmse']:.3g}",
                f"{100 * test[q['name']]['within_one_spread']:.0f}",
            )
            for q in record.quantities
        ],
        title=f"On {record.metrics['points']['test']:,} {_tested(record)}",
    )
    yield from ranking_blocks(record)
    recipe = Recipe.model_validate(record.recipe)
    rows = [(role.kind, choice.name, _parameters(choice.model_dump())) for role, choice in recipe.choices()]
    yield table(("role", "component", "parameters"), rows, title="Recipe")


def _tested(record: ModelRecord) -> str:
    """Say what a model was tested on."""
    return "examples of groups not learned from" if "ranking" in record.metrics else "distorted test spectra"


def _measurement(record: MeasurementRecord) -> Block:
    return {
        "measurement": record.id,
        "file": record.file_name,
        "added": local_time(record.created),
        "sample": f"{record.sample_name} ({record.technique})",
        "artefact": _artefact(record),
        "reader": record.reader,
        "kind": record.kind,
        "details": ", ".join(f"{name}: {value}" for name, value in leaves(record.details).items()) or None,
        "conditions": ", ".join(f"{condition.name} {condition.amount}" for condition in record.conditions) or None,
        **_annotations(record),
    }


def _prediction(record: PredictionRecord) -> Iterator[Block]:
    yield {
        "prediction": record.id,
        "made": f"{local_time(record.created)} by {record.operator or 'unknown'}",
        "sample": f"{record.sample_name} ({record.technique})",
        "reader": _reader(record.report.get("reader")),
        "refiner": _choice(record.report.get("refiner")) or "none",
        "rms misfit": None if record.misfit is None else f"{record.misfit:.3f} {record.misfit_unit}",
        "files": ", ".join(f"{file.name} ({file.artefact_size / 1e6:.3g} MB)" for file in record.files) or None,
        "verdict": record.verdict,
        "made with": _versions(record.environment),
        "command as typed": record.command,
        **_annotations(record),
    }
    rows = [(q.name, q.unit, shown(q), q.method, q.note) for q in record.quantities]
    yield table(("quantity", "unit", "value", "method", "note"), rows)
    for name, recorded in record.report.get("tables", {}).items():
        yield _recorded_table(name, recorded)
    for note in record.report.get("notes", ()):
        yield f"Note: {note}"
    yield from verdict_lines(record.verdict, record.reasons)


def _recorded_table(name: str, recorded: Json) -> Table:
    """Return a table as it was printed then, with six digits."""
    full = Table.from_document(name, recorded)
    columns = (
        replace(column, values=[f"{value:.6g}" if isinstance(value, float) else value for value in column.values])
        for column in full.columns
    )
    return replace(full, columns=tuple(columns), notes=())


def _annotations(record: AnnotatedRecord) -> dict[str, Any]:
    return {"tags": ", ".join(record.tags) or None, "note": record.note or None}


def _artefact(record: DataSetRecord | ModelRecord | MeasurementRecord) -> str:
    return f"{record.artefact} ({record.artefact_size / 1e6:.3g} MB)"


def _choice(choice: Json | None) -> str | None:
    """Write a component with its parameters, as a recipe or report holds it."""
    if choice is None:
        return None
    return " ".join([choice["name"], _parameters(choice)])


def _reader(reading: Json | None) -> str | None:
    """Write a reader with its parameters, for a bundle that of each part."""
    if reading is None or reading["name"] != BUNDLE:
        return _choice(reading)
    return "; ".join(f"{part}: {_choice(one)}" for part, one in reading["parameters"].items())


def _parameters(choice: Json) -> str:
    """Write the parameters of a component that have a value."""
    return ", ".join(f"{name}={value}" for name, value in choice["parameters"].items() if value is not None)


def _versions(environment: Json) -> str:
    return ", ".join(f"{name} {version}" for name, version in environment.items())
