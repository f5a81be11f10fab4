"""Conditions of a measurement: on record once for each name, found by queries, shown in tables, carried by archives."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import InputError, NotFoundError, UsageError
from spectra.core.measurements import Condition
from spectra.core.progress import Silent
from spectra.core.quantities import EstimatedQuantity
from spectra.registry.archive.moving import copy, export, import_archive
from spectra.registry.comparison import compare
from spectra.registry.query.arrow import to_arrow
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

WARM = Condition(name="temperature", value=300.0, unit="K")
HOT = Condition(name="temperature", value=600.0, unit="K")
PRESSED = Condition(name="pressure", value=1.5, unit="GPa")
PLACE = Condition(name="row", value=3.0)


def test_the_conditions_of_a_measurement_are_on_record_and_those_of_its_predictions(
    registry: Registry, put: Filler
) -> None:
    measurement = put.measurement(conditions=(WARM, PRESSED, PLACE))
    assert measurement.conditions == (PRESSED, PLACE, WARM)
    assert registry.get_measurement(measurement.id) == measurement
    prediction = put.prediction()
    assert prediction.measurement_id == measurement.id
    assert prediction.conditions == measurement.conditions
    (summary,) = registry.list_predictions()
    assert summary.conditions == measurement.conditions


def test_measured_again_new_conditions_are_added_and_another_value_is_refused(registry: Registry, put: Filler) -> None:
    measurement = put.measurement(conditions=(WARM,))
    assert put.measurement().conditions == (WARM,)
    assert put.measurement(conditions=(WARM, PRESSED)).conditions == (PRESSED, WARM)
    with pytest.raises(InputError, match="is on record as 300 K, not 600 K") as caught:
        put.measurement(conditions=(PLACE, HOT), tags=("again",))
    assert f'spectra condition {measurement.id} "temperature=600 K"' in str(caught.value)
    assert registry.get_measurement(measurement.id).conditions == (PRESSED, WARM)
    assert registry.get_measurement(measurement.id).tags == ()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_condition_that_is_not_finite_is_refused(registry: Registry, put: Filler, value: float) -> None:
    with pytest.raises(InputError, match="cannot go on record"):
        put.measurement(conditions=(Condition(name="temperature", value=value, unit="K"),))
    assert not registry.list_measurements()
    measurement = put.measurement()
    with pytest.raises(InputError, match="cannot go on record"):
        registry.curation.set_conditions(measurement.id, [Condition(name="temperature", value=value, unit="K")])


def test_a_condition_is_corrected_and_removed(registry: Registry, put: Filler) -> None:
    id = put.measurement().id[:6]
    assert registry.curation.set_conditions(id, [WARM]).conditions == (WARM,)
    assert registry.curation.set_conditions(id, [PRESSED]).conditions == (PRESSED, WARM)
    assert registry.curation.set_conditions(id, [HOT]).conditions == (PRESSED, HOT)
    assert registry.curation.remove_conditions(id, ["pressure"]).conditions == (HOT,)
    with pytest.raises(NotFoundError, match="has no condition 'pressure'; its conditions are temperature"):
        registry.curation.remove_conditions(id, ["pressure"])
    assert registry.curation.remove_conditions(id, ["temperature"]).conditions == ()
    with pytest.raises(NotFoundError, match="it has none"):
        registry.curation.remove_conditions(id, ["temperature"])
    with pytest.raises(NotFoundError, match="no measurement"):
        registry.curation.set_conditions(put.sample().id, [WARM])


def test_measurements_and_predictions_are_found_by_conditions(registry: Registry, put: Filler) -> None:
    warm = put.measurement(content=b"1", conditions=(WARM, PLACE))
    hot = put.measurement(content=b"2", conditions=(HOT,))
    cold = put.measurement(content=b"3")
    assert registry.list_measurements("temperature>300 K").ids == [hot.id]
    assert registry.list_measurements("temperature>=26.85 degC", sort="-temperature").ids == [hot.id, warm.id]
    assert registry.list_measurements("condition.temperature=300,row=3").ids == [warm.id]
    assert set(registry.list_measurements("temperature!=600").ids) == {warm.id, cold.id}
    assert registry.list_measurements(sort="temperature").ids == [warm.id, hot.id, cold.id]
    assert registry.explain("measurements", "temperature>26.85 degC")[0] == (
        "temperature>26.85 degC: the condition temperature is greater than 300 K."
    )
    for query, said in {
        "temprature>3": r"'temprature' is no key .* Did you mean 'temperature'\? .* Conditions on record: row, temper",
        "temperature>3 GPa": "the unit cannot be used",
        "temperature>hot": "is no number",
        "condition.pressure>1": "'condition.pressure' is no key",
    }.items():
        with pytest.raises(UsageError, match=said):
            registry.list_measurements(query)
    with pytest.raises(UsageError, match="'temperature' is no key of models"):
        registry.list_models("temperature>3")


def test_a_quantity_or_key_of_the_same_name_wins(registry: Registry, put: Filler) -> None:
    estimated = EstimatedQuantity(name="temperature", unit="K", method="learned", value=450.0, std=5.0)
    put.measurement(conditions=(WARM, Condition(name="operator", value=2.0)))
    prediction = put.prediction(quantities=(estimated,))
    assert registry.list_predictions("temperature>400").ids == [prediction.id]
    assert registry.list_predictions("condition.temperature>400").ids == []
    query = "condition.temperature<400,operator=ada,condition.operator=2"
    assert registry.list_predictions(query).ids == [prediction.id]
    found = registry.list_predictions()
    expected = ["condition.operator", "condition.temperature (K)", "temperature (K)", "temperature.std (K)"]
    assert [column.heading for column in found.columns()][-4:] == expected
    assert to_arrow(found).column_names[-4:] == expected
    (row,) = to_arrow(found).to_pylist()
    assert [row[name] for name in expected] == [2.0, 300.0, 450.0, 5.0]
    assert [column.heading for column in registry.list_measurements().columns()][-2:] == [
        *("operator", "temperature (K)")
    ]


def test_conditions_are_columns_of_tables(registry: Registry, put: Filler) -> None:
    put.prediction()
    put.measurement(content=b"2", conditions=(WARM, PRESSED))
    put.measurement(content=b"3", conditions=(Condition(name="pressure", value=50.0, unit="MPa"),))
    found = registry.list_measurements(sort="-temperature")
    assert [column.heading for column in found.columns()][-3:] == [
        "pressure (GPa)",
        "pressure (MPa)",
        "temperature (K)",
    ]
    made = to_arrow(found, found.columns(["file", "temperature", "pressure"]))
    assert made.column_names == ["file", "temperature (K)", "pressure (GPa)", "pressure (MPa)"]
    assert made.column("temperature (K)").to_pylist() == [300.0, None, None]
    assert made.schema.field("temperature (K)").metadata == {b"unit": b"K"}
    assert "temperature (K)" not in to_arrow(registry.list_predictions()).column_names
    (column,) = registry.list_predictions().columns(["condition.temperature"])
    assert column.heading == "condition.temperature (K)"


def test_two_predictions_are_compared_with_the_conditions_of_their_measurements(
    registry: Registry, put: Filler
) -> None:
    put.measurement(conditions=(WARM,))
    first = put.prediction()
    registry.curation.set_conditions(first.measurement_id, [PRESSED])
    comparison = compare(registry, first.id, put.prediction(put.sample("glass")).id)
    conditions = [difference for difference in comparison.differences if ".conditions." in difference.key]
    assert [(one.key, one.first, one.second) for one in conditions] == [
        ("measurement.conditions.pressure", "1.5 GPa", None),
        ("measurement.conditions.temperature", "300 K", None),
    ]


@pytest.mark.parametrize("way", ["archive", "copy"])
def test_conditions_travel_and_what_is_there_stays(registry: Registry, put: Filler, tmp_path: Path, way: str) -> None:
    def travel(target: Registry) -> list[str]:
        if way == "copy":
            return copy(registry, target, Silent()).remarks
        export(registry, tmp_path / "all.zip", Silent())
        return import_archive(target, tmp_path / "all.zip", Silent()).remarks

    measurement = put.measurement(conditions=(WARM, PRESSED))
    with Registry.open(tmp_path / "target") as target:
        assert travel(target) == []
        assert target.get_measurement(measurement.id) == measurement
        target.curation.set_conditions(measurement.id, [HOT])
        target.curation.remove_conditions(measurement.id, ["pressure"])
        assert travel(target) == [f"The measurement {measurement.id} has another temperature here, which it keeps."]
        assert target.get_measurement(measurement.id).conditions == (PRESSED, HOT)


def older(path: Path, revision: str) -> Path:
    """The archive as a spectra with an older schema wrote it: without what came later, with the method "network"."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"]) | {"revision": revision}
    for table in ("measurements", "predictions"):
        entries = [json.loads(line) for line in members[f"records/{table}.jsonl"].splitlines()]
        for entry in entries:
            for later in ("conditions", "verdict", "files"):
                entry.pop(later, None)
            for quantity in entry.get("quantities", ()):
                quantity["method"] = quantity["method"].replace("learned", "network")
        content = b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)
        members[f"records/{table}.jsonl"] = content
        manifest["records"][table] |= {"size": len(content), "digest": digest_bytes(content)}
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def test_an_archive_of_the_schema_before_is_imported(registry: Registry, put: Filler, tmp_path: Path) -> None:
    prediction = put.prediction()
    export(registry, tmp_path / "all.zip", Silent())
    with Registry.open(tmp_path / "target") as target:
        import_archive(target, older(tmp_path / "all.zip", "0002"), Silent())
        assert target.get_prediction(prediction.id) == prediction
        assert target.get_measurement(prediction.measurement_id).conditions == ()
    with Registry.open(tmp_path / "another") as target, pytest.raises(InputError, match="conditions"):
        import_archive(target, older(tmp_path / "all.zip", "0003"), Silent())


def test_conditions_of_an_archive_are_checked(registry: Registry, put: Filler, tmp_path: Path) -> None:
    put.measurement(conditions=(WARM,))
    for fault, said in (
        ([{"name": "a", "value": 1.0, "unit": ""}, {"name": "a", "value": 2.0, "unit": ""}], "stands twice"),
        ([{"name": "a", "value": "hot", "unit": ""}], "value"),
        ([{"name": "a", "value": 1.0}], "unit"),
    ):
        export(registry, tmp_path / "all.zip", Silent())
        with zipfile.ZipFile(tmp_path / "all.zip") as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        entry = json.loads(members["records/measurements.jsonl"]) | {"conditions": fault}
        content = members["records/measurements.jsonl"] = json.dumps(entry).encode() + b"\n"
        manifest = json.loads(members["manifest.json"])
        manifest["records"]["measurements"] |= {"size": len(content), "digest": digest_bytes(content)}
        members["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        with Registry.open(tmp_path / "target") as target, pytest.raises(InputError, match=said):
            import_archive(target, tmp_path / "bad.zip", Silent())
