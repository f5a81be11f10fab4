"""No list reads a large table from end to end, whatever is asked and however it is sorted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from spectra.core.measurements import Condition
from spectra.core.quantities import EstimatedQuantity
from spectra.registry.query import search
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def quantity(
    name: str, value: float, unit: str = "GPa", std: float | None = 1.0, method: str = "refined"
) -> EstimatedQuantity:
    return EstimatedQuantity(
        name=name, unit=unit, method=method, value=value, std=std, note="" if std is not None else "unknown"
    )


QUANTITIES = (
    quantity("C11", 268.0, std=6.0, method="learned"),
    quantity("C11", 271.25),
    quantity("Debye temperature", 470.0, "K", method="derived"),
    quantity("width", 1.5, "mm"),
    quantity("width", 3.0, "px", method="derived"),
    quantity("nu", 0.3, "", method="derived"),
)


@pytest.fixture
def plan(tmp_path: Path, filler: type[Filler]) -> Iterator[Callable[..., list[str]]]:
    """Return how SQLite goes about what a list asks of a registry that holds next to nothing."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    with Registry.open(tmp_path / "plans") as registry:
        put = filler(registry)
        put.measurement(conditions=(Condition(name="temperature", value=300.0, unit="K"),))
        record = put.prediction(quantities=QUANTITIES, tags=("paper",))
        event.listen(registry.storage.database.engine, "before_cursor_execute", note)
        with closing(sqlite3.connect(tmp_path / "plans" / "registry.sqlite")) as connection:

            def explain(query: str, sort: str = "-created", kind: str = "predictions") -> list[str]:
                asked.clear()
                getattr(registry, f"list_{kind}")(query.format(record=record), sort=sort, limit=1)
                return [
                    line
                    for statement, parameters in asked
                    for *_, line in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                ]

            yield explain


QUERIES = {
    "": [],
    "C11>260": ["ix_estimated_quantities_final_value (name=? AND unit=? AND value>?)"],
    "C11.std<2 GPa": ["ix_estimated_quantities_final_std (name=? AND unit=? AND std<?)"],
    "C11.learned>260": ["ix_estimated_quantities_name_method_unit_value (name=? AND method=? AND unit=? AND value>?)"],
    "sample=steel": [
        "ix_samples_name (name=?)",
        "(sample_id=?)",
        "ix_predictions_measurement_id_created (measurement_id=?)",
    ],
    "technique=toy": ["(sample_id=?)", "ix_predictions_measurement_id_created (measurement_id=?)"],
    "tag=paper": ["ix_prediction_tags_tag (tag=?)"],
    "age<30d": ["ix_predictions_created (created>?)"],
    "age<30d,created<2100": ["ix_predictions_created (created>?)", "ix_predictions_created (created<?)"],
    "temperature>300": [
        "ix_measurement_conditions_name_unit_value (name=? AND unit=? AND value>?)",
        "ix_predictions_measurement_id_created (measurement_id=?)",
    ],
    "operator=ada": ["ix_predictions_operator_created (operator=?)"],
    "misfit<0.5": ["ix_predictions_misfit_unit_misfit (misfit_unit=? AND misfit<?)"],
    "file=peaks.dat": ["ix_measurements_file_name (file_name=?)"],
    "model={record.model_id}": ["ix_predictions_model_id_created (model_id>? AND model_id<?)"],
    "measurement={record.measurement_id}": [
        "ix_predictions_measurement_id_created (measurement_id>? AND measurement_id<?)"
    ],
    "id={record.id}": ["sqlite_autoindex_predictions_1 (id>? AND id<?)"],
    "sample=steel,C11>260,tag=paper,tag!=x,age<30d,operator!=x": [
        "ix_estimated_quantities_final_value",
        "ix_prediction_tags_tag",
    ],
}


@pytest.mark.parametrize("few", [search.FEW, -1])
@pytest.mark.parametrize("query", QUERIES)
def test_no_list_reads_a_large_table_from_end_to_end(
    plan: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, query: str, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    for sort in ("-created", "created", "-C11", "C11.std"):
        lines = plan(query, sort)
        for index in QUERIES[query]:
            assert any(index in line for line in lines), (index, lines)
        large = re.compile(
            r"SCAN (predictions|measurements|measurement_conditions|estimated_quantities|prediction_tags)\b"
            r"(?! USING (COVERING )?INDEX)"
        )
        assert not [line for line in lines if large.match(line)]
        of_one = [line for line in lines if "(prediction_id=?" in line]
        assert all(re.search("sqlite_autoindex_(estimated_quantities|prediction_tags)_1", line) for line in of_one)


def test_a_list_goes_down_the_index_of_what_it_is_sorted_by(
    plan: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", -1)
    by_value = "SEARCH estimated_quantities USING INDEX ix_estimated_quantities_final_value (name=? AND unit=?"
    by_std = "SEARCH estimated_quantities USING INDEX ix_estimated_quantities_final_std (name=? AND unit=?"
    by_temperature = (
        "SEARCH measurement_conditions USING INDEX ix_measurement_conditions_name_unit_value (name=? AND unit"
    )
    for query in ("", "sample=steel", "age<30d"):
        assert any(line.startswith(by_value) for line in plan(query, "-C11"))
        assert any(line.startswith(by_std) for line in plan(query, "C11.std"))
        assert any(line.startswith(by_temperature) for line in plan(query, "-temperature"))
        assert any("ix_measurements_created" in line for line in plan(query, kind="measurements"))
    assert any("ix_predictions_created" in line for line in plan(""))
    for line in plan("C11>260,tag=paper,sample=steel"):
        assert "TEMP B-TREE FOR ORDER BY" not in line  # only for what comes after the date
