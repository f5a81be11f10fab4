"""Records as a table for pandas and its like."""

from __future__ import annotations

import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from spectra.core.errors import InputError, UsageError
from spectra.core.quantities import EstimatedQuantity
from spectra.registry.query.arrow import to_arrow, write_parquet
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def refined(name: str, value: float, unit: str, std: float | None = None) -> EstimatedQuantity:
    note = "" if std is not None else "unknown"
    return EstimatedQuantity(name=name, unit=unit, method="refined", value=value, std=std, note=note)


def test_each_quantity_and_unit_has_a_column_for_its_value_and_one_for_its_uncertainty(
    registry: Registry, put: Filler
) -> None:
    first = put.prediction(tags=("paper", "a|b"))
    second = put.prediction(
        put.sample("glass", technique="xrd"),
        quantities=(refined("C11", 1e11, "Pa", 1e9), refined("nu", 0.25, "")),
        misfit=None,
        operator="=1+1",
    )
    made = to_arrow(registry.list_predictions(sort="created"))

    assert made.column_names == [
        *("id", "created", "technique", "sample", "file", "operator", "verdict", "tag", "note", "model", "measurement"),
        *("misfit", "misfit_unit", "C11 (GPa)", "C11.std (GPa)", "C44 (GPa)", "C44.std (GPa)"),
        *("C11 (Pa)", "C11.std (Pa)", "nu", "nu.std"),
    ]
    rows = made.to_pylist()
    assert list(rows[0].values()) == [
        *(first.id, first.created, "toy", "steel", "peaks.dat", "ada", None, ["a|b", "paper"], ""),
        *(first.model_id, first.measurement_id, 0.25, "kHz", 271.25, 0.125, 130.0, None),
        *(None, None, None, None),
    ]
    assert rows[1]["operator"] == "=1+1"
    assert (rows[1]["misfit"], rows[1]["C11 (GPa)"]) == (None, None)
    assert (rows[1]["C11 (Pa)"], rows[1]["C11.std (Pa)"], rows[1]["nu"], rows[1]["nu.std"]) == (1e11, 1e9, 0.25, None)
    assert rows[1]["id"] == second.id
    assert made.schema.field("C11.std (GPa)").metadata == {b"unit": b"GPa"}
    assert made.schema.field("nu").metadata is None
    assert made.schema.field("created").type == pa.timestamp("us", tz="UTC")


def test_models_measurements_and_samples_are_tables_as_well(registry: Registry, put: Filler) -> None:
    model = put.model(seed=2**40)
    measurement = put.measurement(tags=("cold",))
    (row,) = to_arrow(registry.list_models()).to_pylist()
    assert (row["id"], row["sample"], row["seed"], row["alias"], row["retired"]) == (model.id, "steel", 2**40, [], None)
    (row,) = to_arrow(registry.list_measurements()).to_pylist()
    assert (row["id"], row["file"], row["tag"]) == (measurement.id, "peaks.dat", ["cold"])
    assert row["created"].astimezone(UTC) == measurement.created
    assert to_arrow(registry.list_samples()).column_names == ["id", "created", "technique", "sample", "tag", "note"]
    (row,) = to_arrow(registry.list_data_sets()).to_pylist()
    assert (row["technique"], row["points"]) == ("toy", 20_000)
    assert to_arrow(()).num_columns == 0


def test_columns_can_be_chosen_by_the_words_of_a_query(registry: Registry, put: Filler) -> None:
    put.prediction()
    put.prediction(quantities=(refined("C11", 1e11, "Pa"),))
    found = registry.list_predictions(sort="-created")
    columns = found.columns(["id", "C11", "C11.std", "C11.learned", "sample"])
    made = to_arrow(found, columns)
    assert made.column_names == [
        *("id", "C11 (GPa)", "C11 (Pa)", "C11.std (GPa)", "C11.std (Pa)", "C11.learned (GPa)", "sample")
    ]
    assert made.column("C11 (GPa)").to_pylist() == [None, 271.25]
    assert made.column("C11.learned (GPa)").to_pylist() == [None, 268.0]
    with pytest.raises(UsageError, match=r"'c11' is no key of predictions\. Did you mean 'C11'"):
        found.columns(["c11"])
    with pytest.raises(UsageError, match=r"'age' is no column of predictions\. Columns: id, created, technique"):
        found.columns(["age"])


def test_only_quantities_of_what_was_found_have_columns(registry: Registry, put: Filler) -> None:
    put.prediction()
    put.prediction(quantities=(refined("nu", 0.3, ""),), operator="ben")
    headings = [column.heading for column in registry.list_predictions("operator=ben").columns()]
    assert headings[-2:] == ["nu", "nu.std"]
    assert "C11 (GPa)" not in headings


def test_a_parquet_file_holds_all_batches_and_is_there_when_it_is_complete(
    registry: Registry, put: Filler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [put.prediction() for _ in range(5)]
    monkeypatch.setattr("spectra.registry.query.arrow._BATCH", 2)
    found = registry.list_predictions(sort="created")
    path = tmp_path / "out.parquet"
    assert write_parquet(found, found.columns(), path) == 5
    read = parquet.read_table(path)
    assert read.column("id").to_pylist() == [record.id for record in records]
    assert read.equals(to_arrow(records))
    assert read.schema.field("C11 (GPa)").metadata[b"unit"] == b"GPa"
    before = path.read_bytes()

    def broken():
        yield records[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_parquet(broken(), found.columns(), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if "parquet" in file.name] == ["out.parquet"]
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        write_parquet(iter(records), found.columns(), tmp_path / "nowhere" / "out.parquet")


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install spectra-platform\[table\]"):
        to_arrow(())
