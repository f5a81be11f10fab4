"""``spectra generate``: a training set by itself, on record and as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spectra.cli import options
from spectra.core.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectra.core.quantities import Quantity
    from spectra.core.signals import Signal
    from spectra.core.workflows.training_set import DataSet


def generate(
    sample_file: options.SampleFile,
    technique_name: options.Technique = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write it here, too, as a file that says what it holds (npz)."),
    ] = None,
    forward_model: options.ForwardModel = None,
    settings: options.Set = None,
    jobs: options.Jobs = None,
    db: options.Database = None,
    json: options.Json = False,
) -> None:
    """Make the training set of a sample, or find it on record, and say what it holds.

    An interrupted command goes on where it stopped.
    """
    parameters = options.parse_settings(settings)
    if output is not None:
        _check_output(output)

    from spectra.cli import session
    from spectra.cli.printing.output import plain, print_fields, print_json, print_line, print_rows
    from spectra.cli.progress import TerminalProgress
    from spectra.core.data_set_file import DataSetFile
    from spectra.core.files import write_atomically
    from spectra.core.workflows.train import complete_recipe, data_set

    plugins = session.load()
    technique, sample = session.load_sample(plugins, sample_file, technique_name)
    recipe = complete_recipe(
        plugins.catalogue,
        technique.recipe(sample),
        names=options.chosen(forward_model=forward_model),
        parameters=parameters,
    )
    progress = TerminalProgress()
    record, data = data_set(
        session.open_registry(db), plugins.catalogue, technique, sample, recipe, jobs=jobs, progress=progress
    )
    quantities = technique.quantities(sample)
    if output is not None:
        file = DataSetFile(
            quantities=quantities,
            values=data.values,
            signal=data.signal,
            points=data.points,
            recipe={**record.recipe, "sample": sample.document(), "digest": record.digest},
            notes=tuple(record.notes),
            environment=record.environment,
        )
        try:
            write_atomically(output, file.to_bytes())
        except OSError as error:
            hint = "The data set is on record; the same command with another --output finds it there."
            raise InputError(f"The file {output} cannot be written: {error.strerror}.", hint=hint) from error
        progress.say(f"Data set: {output} ({output.stat().st_size / 1e6:.1f} MB)")
    points = len(technique.design(sample).points)
    reached = _reached(data, quantities)
    if json:
        found: dict[str, Any] = {"points_made": points, "not_used": points - len(data), "reached": reached}
        found |= {"signals": _shapes(data.signal), "output": None if output is None else str(output)}
        print_json("data_set", plain(record) | found)
        return
    print_fields(
        {
            "data set": record.id,
            "sample": f"{sample.name} ({sample.technique})",
            "forward model": recipe.forward_model.name,
            "points": f"{points:,}: {len(data):,} used, {points - len(data):,} not used",
            **{
                f"signal {part['name']}".strip(): f"{part['kind']}, {' × '.join(f'{n:,}' for n in part['shape'])}"
                for part in _shapes(data.signal)
            },
            "artefact": record.artefact,
            "recipe": record.digest,
        }
    )
    print_rows(["quantity", "unit", "searched", "reached"], [_row(entry) for entry in reached])
    for note in record.notes:
        print_line(f"Note: {note}")


def _check_output(path: Path) -> None:
    """Refuse a file that could not be written, before anything is computed.

    Raises
    ------
    UsageError
        If it is a folder, or in one that does not exist.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} for {path.name}.", hint="Create it or choose another.")


def _reached(data: DataSet, quantities: Sequence[Quantity]) -> list[dict[str, Any]]:
    """Return, for each quantity, the range searched and the range that the values fill."""
    lowest, highest = data.values.min(axis=0).tolist(), data.values.max(axis=0).tolist()
    return [
        {"name": q.name, "unit": q.unit, "searched": [q.lower, q.upper], "reached": [low, high]}
        for q, low, high in zip(quantities, lowest, highest, strict=True)
    ]


def _row(entry: dict[str, Any]) -> list[str]:
    ranges = (f"{low:.4g} to {high:.4g}" for low, high in (entry["searched"], entry["reached"]))
    return [entry["name"], entry["unit"], *ranges]


def _shapes(signal: Signal, name: str = "") -> list[dict[str, Any]]:
    """Return name, kind and shape of each part of a bundle; any other signal is the only part, without a name."""
    from spectra.core.signals import Bundle, Image, Peaks

    if isinstance(signal, Bundle):
        return [shape for part, inner in signal.parts.items() for shape in _shapes(inner, part)]
    array = signal.positions if isinstance(signal, Peaks) else signal.pixels if isinstance(signal, Image) else signal.y
    return [{"name": name, "kind": signal.kind, "shape": list(array.shape)}]
