"""How what is on record is described to a person: itself, its lineage, and the command that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from spectra.cli.printing.output import ago, console, print_fields, print_line, print_rows
from spectra.core.bundles import BUNDLE
from spectra.core.comparison import leaves
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
from spectra.views.numbers import shown, test_error

if TYPE_CHECKING:
    from spectra.registry.lineage import Lineage


def repeating_command(record: AnyRecord, db: str | None) -> str | None:
    """Return the command that makes ``record`` again from what is on record; None for a sample, which was given."""
    match record:
        case PredictionRecord():
            words = ["reproduce", record.id]
        case MeasurementRecord():
            words = ["reanalyze", record.id, "--again"]
        case ModelRecord():
            words = ["train", "--like", record.id, "--again"]
        case DataSetRecord():
            words = ["simulate", "--like", record.id]
        case SampleRecord():
            return None
    where = ["--db", db] if db and "://" not in db else []  # a URL may hold a password
    return shlex.join(["spectra", *words, *where])


def print_model(record: ModelRecord) -> None:
    """Print a model for a person."""
    print_fields(
        {
            "model": record.id,
            "trained": ago(record.created),
            "sample": f"{record.sample_name} ({record.technique})",
            "data set": record.data_set_id,
            "recipe": recipe_line(record),
            "seed": record.seed,
            "artefact": _artefact(record),
            "made with": _versions(record.environment),
            "called": ", ".join(f"{record.sample_name}@{alias}" for alias in record.aliases) or None,
            "retired": ago(record.retired) if record.retired else None,
            **_annotations(record),
        }
    )
    console.print()
    test = record.metrics["test"]
    print_rows(
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
        title=f"On {record.metrics['points']['test']:,} distorted test spectra",
    )
    console.print()
    parts = [(role, choice) for role, choice in record.recipe.items() if isinstance(choice, dict)]
    parts += [("distortion", choice) for choice in record.recipe["distortions"]]
    rows = [(role.replace("_", " "), choice["name"], _parameters(choice)) for role, choice in parts]
    print_rows(("part", "component", "parameters"), rows, title="Recipe")


def recipe_line(record: ModelRecord) -> str:
    """Write a recipe in one line."""
    recipe = record.recipe
    return " > ".join(recipe[role]["name"] for role in ("forward_model", "encoder", "regressor"))


def print_lineage(lineage: Lineage, command: str | None) -> None:
    """Print a record, what it came from, what came from it, and how to repeat it."""
    match lineage.record:
        case SampleRecord() as record:
            _print_sample(record)
        case DataSetRecord() as record:
            _print_data_set(record)
        case ModelRecord() as record:
            print_model(record)
        case MeasurementRecord() as record:
            _print_measurement(record)
        case PredictionRecord() as record:
            _print_prediction(record)
    if lineage.ancestors:
        console.print()
        rows = [(kind_of(r), r.id, ago(r.created), _label(r)) for r in lineage.ancestors]
        print_rows(("came from", "identifier", "made", "what it is"), rows)
    if lineage.descendants:
        console.print()
        print_rows(
            ("led to", "count", "newest"),
            [(f"{below.kind}s", f"{below.count:,}", _ids(below.newest, below.count)) for below in lineage.descendants],
        )
    if command is not None:
        console.print()
        print_line(f"Repeat it with: {command}")


def lineage_document(lineage: Lineage) -> dict[str, Any]:
    """Return what a record came from and what came from it, for JSON."""

    def link(record: AnyRecord) -> dict[str, Any]:
        return {"kind": kind_of(record), "id": record.id, "created": record.created, "label": _label(record)}

    return {
        "came_from": [link(record) for record in lineage.ancestors],
        "led_to": [
            {"kind": below.kind, "count": below.count, "newest": [link(record) for record in below.newest]}
            for below in lineage.descendants
        ],
    }


def _print_sample(record: SampleRecord) -> None:
    print_fields(
        {
            "sample": record.id,
            "name": record.name,
            "technique": record.technique,
            "added": ago(record.created),
            "digest of its facts": record.digest,
            **_annotations(record),
        }
    )
    console.print()
    print_rows(("fact", "value"), leaves(record.document).items(), title="Facts")


def _print_data_set(record: DataSetRecord) -> None:
    print_fields(
        {
            "data set": record.id,
            "simulated": ago(record.created),
            "points": f"{record.points:,}",
            "forward model": _choice(record.recipe["forward_model"]),
            "artefact": _artefact(record),
            "made with": _versions(record.environment),
        }
    )
    for note in record.notes:
        print_line(f"Note: {note}")


def _print_measurement(record: MeasurementRecord) -> None:
    print_fields(
        {
            "measurement": record.id,
            "file": record.file_name,
            "added": ago(record.created),
            "sample": f"{record.sample_name} ({record.technique})",
            "artefact": _artefact(record),
            "reader": record.reader,
            "kind": record.kind,
            "details": ", ".join(f"{name}: {value}" for name, value in leaves(record.details).items()) or None,
            **_annotations(record),
        }
    )


def _print_prediction(record: PredictionRecord) -> None:
    print_fields(
        {
            "prediction": record.id,
            "made": f"{ago(record.created)} by {record.operator or 'unknown'}",
            "sample": f"{record.sample_name} ({record.technique})",
            "reader": _reader(record.report.get("reader")),
            "refiner": _choice(record.report.get("refiner")) or "none",
            "rms misfit": None if record.misfit is None else f"{record.misfit:.3f} {record.misfit_unit}",
            "made with": _versions(record.environment),
            "command as typed": record.command,
            **_annotations(record),
        }
    )
    console.print()
    rows = [(q.name, q.unit, shown(q), q.method, q.note) for q in record.quantities]
    print_rows(("quantity", "unit", "value", "method", "note"), rows)
    for table in record.report.get("tables", {}).values():
        console.print()
        units, columns = table["units"], table["columns"]
        header = [f"{name} ({units[name]})" if name in units else name for name in columns]
        cells = [[f"{v:.6g}" if isinstance(v, float) else v for v in values] for values in columns.values()]
        print_rows(header, zip(*cells, strict=True), title=table["title"])
    for note in record.report.get("notes", ()):
        print_line(f"Note: {note}")


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
    return ", ".join(f"{name}={value}" for name, value in choice["parameters"].items())


def _versions(environment: Json) -> str:
    return ", ".join(f"{name} {version}" for name, version in environment.items())


def _label(record: AnyRecord) -> str:
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


def _ids(newest: Sequence[AnyRecord], count: int) -> str:
    return ", ".join(record.id for record in newest) + (", …" if count > len(newest) else "")
