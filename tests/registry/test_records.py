"""What goes into the registry comes out of it unchanged."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sqlalchemy import event, text

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import InputError, NotFoundError, RegistryError
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.store import PredictionRecord, PredictionSummary, Store
from spectra.registry.query.language import quote
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler


def in_full(registry: Registry, found: Iterable[PredictionSummary]) -> list[PredictionRecord]:
    """Predictions of a list with their documents."""
    return [registry.get_prediction(summary.id) for summary in found]


def test_a_registry_is_a_store(registry: Registry) -> None:
    store: Store = registry  # mypy holds this
    assert store.find_data_set("unknown") is None


def test_a_sample_is_on_record_once_for_its_name_and_facts(registry: Registry, put: Filler) -> None:
    first = put.sample("steel")
    assert put.sample("steel") == first
    other = put.sample("steel 2")
    assert other.id != first.id
    assert other.digest == first.digest
    assert registry.get_sample(first.id) == first
    assert first.document == {"name": "steel", "technique": "toy", "notes": ""}


def test_a_data_set_comes_back_as_it_went_in(registry: Registry, put: Filler) -> None:
    record = put.data_set(digest="sha256:recipe")
    assert registry.find_data_set("sha256:recipe") == record
    assert registry.get_data_set(record.id) == record
    assert record.recipe == {"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]}
    assert record.notes == ("3 points without a solid were left out",)
    assert (record.technique, record.points) == ("toy", 20_000)
    assert registry.read_artefact(record.artefact) == b"points and signals"
    assert record.artefact_size == len(b"points and signals")


def test_equal_recipes_share_one_data_set(registry: Registry, put: Filler) -> None:
    assert put.data_set(digest="sha256:recipe") == put.data_set(digest="sha256:recipe")
    assert len(registry.list_data_sets()) == 1


def test_a_model_comes_back_as_it_went_in(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    record = put.model(sample, seed=2**40)
    assert registry.get_model(record.id) == record
    assert record.sample_id == sample.id
    assert (record.sample_name, record.technique, record.seed) == ("steel", "toy", 2**40)
    assert record.quantities == ({"name": "C11", "unit": "GPa", "lower": 170.0, "upper": 370.0},)
    assert record.metrics == {"rmse": {"C11": 1.5}}
    assert registry.read_artefact(record.artefact) == b"weights"


def test_the_newest_model_of_a_recipe_is_found(registry: Registry, put: Filler) -> None:
    sample = put.sample()
    first, second = put.model(sample, seed=1), put.model(sample, seed=2)
    put.model(sample, seed=3, recipe_digest="sha256:another")
    wanted: Any = {"technique": "toy", "sample_digest": sample.digest, "recipe_digest": "sha256:model"}
    assert registry.find_model(**wanted) == second
    assert registry.find_model(**wanted, seed=1) == first
    assert registry.find_model(**wanted, seed=9) is None
    assert registry.find_model(**{**wanted, "technique": "xrd"}) is None
    assert registry.find_model(**{**wanted, "sample_digest": "sha256:other"}) is None


def test_a_model_serves_every_sample_with_the_same_facts(registry: Registry, put: Filler) -> None:
    model = put.model(put.sample("steel"))
    twin = put.sample("steel renamed")
    found = registry.find_model(technique="toy", sample_digest=twin.digest, recipe_digest="sha256:model")
    assert found == model


def test_a_measurement_comes_back_as_it_went_in(registry: Registry, put: Filler) -> None:
    record = put.measurement(tags=("b", "a", "b"))
    assert registry.get_measurement(record.id) == record
    assert record.tags == ("a", "b")
    assert (record.file_name, record.reader, record.kind) == ("peaks.dat", "lines", "peaks")
    assert record.details == {"operator": "Ada", "date": "2026-01-31"}
    assert (record.sample_name, record.technique) == ("steel", "toy")
    assert registry.read_artefact(record.artefact) == b"1.0\n2.0\n"


def test_a_file_is_one_measurement_per_sample_and_reader_and_gathers_tags(registry: Registry, put: Filler) -> None:
    first = put.measurement(tags=("warm",))
    again = put.measurement(file_name="copy.dat", tags=("cold", "warm"))
    assert again.id == first.id
    assert again.tags == ("cold", "warm")
    assert put.measurement().tags == ("cold", "warm")
    assert len({first.id, put.measurement(reader="columns").id, put.measurement(put.sample("other")).id}) == 3


def test_a_prediction_comes_back_as_it_went_in(registry: Registry, put: Filler) -> None:
    record = put.prediction(tags=("paper", "final"))
    assert registry.get_prediction(record.id) == record
    assert record.quantities == put.quantities
    assert (record.misfit, record.misfit_unit) == (0.25, "kHz")
    assert record.report == {"covariance": [[1.0, 0.0], [0.0, None]]}
    assert record.tags == ("final", "paper")
    assert (record.sample_name, record.technique, record.file_name) == ("steel", "toy", "peaks.dat")
    assert (record.command, record.operator) == ("spectra analyze peaks.dat", "ada")
    assert registry.get_model(record.model_id).sample_name == "steel"
    assert registry.get_measurement(record.measurement_id).reader == "lines"


def test_numpy_numbers_are_accepted_and_come_back_as_floats(put: Filler) -> None:
    value = EstimatedQuantity(name="C11", unit="GPa", method="refined", value=np.float64(271.1), std=np.float64(0.5))
    record = put.prediction(quantities=(value,), misfit=np.float64(0.1))
    assert type(record.quantities[0].value) is float
    assert record.quantities[0].value == 271.1
    assert record.misfit == 0.1


@pytest.mark.parametrize(
    ("value", "std", "note"),
    [(math.nan, 1.0, ""), (math.inf, 1.0, ""), (1.0, math.nan, ""), (1.0, -1.0, ""), (1.0, None, "")],
)
def test_numbers_that_are_not_finite_or_unexplained_do_not_go_on_record(
    registry: Registry, put: Filler, value: float, std: float | None, note: str
) -> None:
    wrong = EstimatedQuantity(name="C11", unit="GPa", method="refined", value=value, std=std, note=note)
    with pytest.raises(InputError, match=r"C11 \(refined\)"):
        put.prediction(quantities=(*put.quantities[:1], wrong))
    assert not registry.list_predictions()


def test_a_misfit_may_be_unknown_but_not_infinite(put: Filler) -> None:
    assert put.prediction(misfit=None).misfit is None
    with pytest.raises(InputError, match="misfit"):
        put.prediction(misfit=math.inf)


@pytest.mark.parametrize("wrong", [math.nan, {1, 2}, np.float32(1)])
def test_a_document_that_is_no_json_is_refused_as_a_whole(registry: Registry, put: Filler, wrong: object) -> None:
    with pytest.raises(RegistryError, match=r"cannot be put on record: .*JSON"):
        put.prediction(report={"table": [wrong]})
    assert not registry.list_predictions()


def test_a_prediction_names_each_quantity_once_per_method(registry: Registry, put: Filler) -> None:
    with pytest.raises(RegistryError, match="does not accept the entry"):
        put.prediction(quantities=(put.quantities[0], put.quantities[0]))
    assert not registry.list_predictions()


def test_a_prediction_of_a_model_that_is_not_on_record_is_refused(
    registry: Registry, put: Filler, tmp_path: Path
) -> None:
    with Registry.open(tmp_path / "elsewhere") as other:
        sample = other.add_sample(Sample(name="steel", technique="toy"))
    with pytest.raises(RegistryError, match="does not accept the entry"):
        put.measurement(sample)
    assert not registry.list_measurements()


def test_lists_are_newest_first_and_filtered(registry: Registry, put: Filler) -> None:
    steel, glass, powder = put.sample("steel"), put.sample("glass"), put.sample("powder", technique="xrd")
    first = put.prediction(steel, tags=("paper",))
    second = put.prediction(glass)
    third = put.prediction(powder, tags=("paper",))

    assert in_full(registry, registry.list_predictions()) == [third, second, first]
    assert in_full(registry, registry.list_predictions(limit=2)) == [third, second]
    assert in_full(registry, registry.list_predictions("technique=toy")) == [second, first]
    assert in_full(registry, registry.list_predictions("sample=glass")) == [second]
    assert in_full(registry, registry.list_predictions("tag=paper")) == [third, first]
    assert in_full(registry, registry.list_predictions("tag=paper, technique=xrd, sample=powder", limit=5)) == [third]
    assert not registry.list_predictions("sample=s%")

    assert [sample.name for sample in registry.list_samples()] == ["powder", "glass", "steel"]
    assert list(registry.list_samples("technique=xrd", limit=1)) == [powder]
    assert [model.sample_name for model in registry.list_models()] == ["powder", "glass", "steel"]
    assert [model.sample_name for model in registry.list_models("technique=toy, sample=steel")] == ["steel"]
    assert [record.sample_id for record in registry.list_data_sets("sample=glass")] == [glass.id]
    assert [record.technique for record in registry.list_data_sets(limit=1)] == ["xrd"]
    tagged = put.measurement(steel, tags=("cold",))
    assert list(registry.list_measurements("tag=cold")) == [tagged]
    assert len(registry.list_measurements()) == 3
    assert [record.sample_name for record in registry.list_measurements("technique=xrd")] == ["powder"]


def test_a_list_takes_as_many_queries_for_many_records_as_for_one(registry: Registry, put: Filler) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(*arguments: Any) -> None:
            statements.append(arguments[2])

        event.listen(registry.storage.database.engine, "before_cursor_execute", note)
        registry.list_predictions()
        event.remove(registry.storage.database.engine, "before_cursor_execute", note)
        return len(statements)

    put.prediction(tags=("a",))
    one = count()
    for _ in range(10):
        put.prediction(tags=("a", "b"))
    assert count() == one


def test_moments_are_in_utc_whatever_the_local_time_zone(
    registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        record = put.sample()
        assert record.created.tzinfo is UTC
        assert abs(datetime.now(UTC) - record.created) < timedelta(seconds=10)
        assert registry.get_sample(record.id).created == record.created
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_record_is_found_by_any_unique_beginning_of_its_identifier(registry: Registry, put: Filler) -> None:
    record = put.sample()
    for length in range(3, len(record.id) + 1):
        assert registry.get_sample(record.id[:length]) == record
    assert registry.get_sample(record.id.upper()) == record


def test_an_ambiguous_beginning_names_the_candidates(registry: Registry, put: Filler) -> None:
    with registry.storage.database.writing() as session:
        for identifier in ("abc1111111", "abc2222222", "abd0000000"):
            session.execute(
                text("INSERT INTO samples VALUES (:id, :now, :name, 'toy', 'x', '{}', '')"),
                {"id": identifier, "name": identifier, "now": "2026-01-31 00:00:00.000000"},
            )
    with pytest.raises(NotFoundError, match=r"More than one sample .*'abc': abc1111111, abc2222222\."):
        registry.get_sample("abc")
    assert registry.get_sample("abd").name == "abd0000000"


@pytest.mark.parametrize(
    "prefix", ["zzz", "%%%", "___", "abc%", "a'b\"c", "abc\x00", "'; DROP TABLE samples; --", "é" * 9]
)
def test_an_unknown_beginning_is_named_and_nothing_in_it_is_a_wildcard(
    registry: Registry, put: Filler, prefix: str
) -> None:
    put.sample()
    with pytest.raises(NotFoundError, match="There is no sample ") as caught:
        registry.get_sample(prefix)
    assert repr(prefix) in str(caught.value)
    assert caught.value.exit_code == 4


def test_names_of_samples_and_files_are_taken_for_identifiers(registry: Registry, put: Filler) -> None:
    sample = put.sample("steel")
    prediction = put.prediction(sample)
    assert registry.get_any("steel") == registry.get_sample("steel") == sample
    assert registry.get_any("peaks.dat") == registry.get_measurement("peaks.dat")
    assert registry.get_model("steel").id == prediction.model_id
    assert registry.get_prediction("peaks.dat") == registry.get_prediction("steel") == prediction
    for other in ("Steel", "stee", "peaks", "%", "peaks.da_"):
        with pytest.raises(NotFoundError):
            registry.get_any(other)


def test_a_name_of_several_records_is_refused_with_the_newest_of_them(registry: Registry, put: Filler) -> None:
    sample = put.sample("steel")
    ids = [put.measurement(sample, content=bytes([number]), file_name="p.dat").id for number in range(7)]
    with pytest.raises(NotFoundError, match=r"More than one measurement .* 'p.dat': .*, …\.") as caught:
        registry.get_measurement("p.dat")
    named = [id for id in ids if id in str(caught.value)]
    assert named == ids[2:]


def test_a_name_that_begins_like_an_identifier_is_refused_unless_that_is_whole(registry: Registry, put: Filler) -> None:
    record = put.sample("steel")
    other = put.sample(record.id[:5])
    with pytest.raises(NotFoundError, match="More than one sample"):
        registry.get_sample(record.id[:5])
    assert registry.get_sample(record.id) == record
    assert registry.get_sample(other.id) == other
    assert put.sample("Al").id == registry.get_sample("Al").id


@pytest.mark.parametrize("prefix", ["", "a", "ab", "%"])
def test_a_beginning_needs_three_characters(registry: Registry, prefix: str) -> None:
    with pytest.raises(NotFoundError, match="too short"):
        registry.get_prediction(prefix)


@pytest.mark.parametrize(
    "hostile", ["'); DROP TABLE predictions; --", "\x1b[31mred\x07\r\n", "%_\\", "émigré 漢字 🧪", "a\u202eb", ""]
)
def test_hostile_text_is_stored_inert(registry: Registry, put: Filler, hostile: str) -> None:
    quantity = EstimatedQuantity(name=hostile, unit=hostile, method=hostile, value=1.0, std=1.0, note=hostile)
    record = put.prediction(
        quantities=(quantity,), report={hostile: hostile}, command=hostile, operator=hostile, tags=(hostile,)
    )
    measurement = put.measurement(content=b"3.0", file_name=hostile, tags=(hostile,))
    assert registry.get_prediction(record.id) == record
    assert record.quantities == (quantity,)
    assert (record.command, record.operator, record.tags) == (hostile, hostile, (hostile,))
    assert record.report == {hostile: hostile}
    assert measurement.file_name == hostile
    assert in_full(registry, registry.list_predictions(f"tag={quote(hostile)}")) == [record]
    assert not registry.list_samples(f"technique={quote(hostile)}")


def test_what_no_database_stores_is_kept_as_an_escape(put: Filler) -> None:
    name = b"m\xfcller\x00.dat".decode("utf-8", "surrogateescape")  # what os.listdir gives for a Latin-1 name
    assert put.measurement(file_name=name).file_name == r"m\udcfcller\x00.dat"


def test_what_others_refer_to_cannot_be_deleted(registry: Registry, put: Filler) -> None:
    put.prediction(tags=("paper",))
    for table in ("samples", "data_sets", "models", "measurements"):
        with pytest.raises(RegistryError, match=r"(?i)foreign key"), registry.storage.database.writing() as session:
            session.execute(text(f"DELETE FROM {table}"))
    with registry.storage.database.writing() as session:
        session.execute(text("DELETE FROM predictions"))
        parts = "SELECT (SELECT count(*) FROM estimated_quantities) + (SELECT count(*) FROM prediction_tags)"
        assert session.scalar(text(parts)) == 0


def test_an_identifier_drawn_twice_is_drawn_again(
    registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter("a" * 20 + "b" * 10)
    monkeypatch.setattr("spectra.registry.identifiers.secrets.choice", lambda alphabet: next(drawn))
    assert [put.sample("steel").id, put.sample("glass").id] == ["aaaaaaaaaa", "bbbbbbbbbb"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_number_as_a_comparison_uses_the_index(registry: Registry, put: Filler) -> None:
    put.prediction()
    which = "name = 'C11' AND method = 'refined' AND unit = 'GPa' AND value > 260"
    query = f"SELECT prediction_id FROM estimated_quantities WHERE {which}"
    with registry.storage.database.reading() as session:
        assert len(session.execute(text(query)).all()) == 1
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
    assert "ix_estimated_quantities_name_method_unit_value" in plan


def test_unfinished_work_has_a_folder_until_it_is_cleared(registry: Registry, home: Path) -> None:
    digest = digest_bytes(b"recipe")
    folder = registry.workspace(digest)
    assert folder == home / "work" / digest.removeprefix("sha256:")
    (folder / "chunk-1").write_bytes(b"half")
    assert (registry.workspace(digest) / "chunk-1").read_bytes() == b"half"
    registry.clear_workspace(digest)
    assert not folder.exists()
    registry.clear_workspace(digest)


@pytest.mark.parametrize("digest", ["sha256:../../etc", "../x", "", "md5:" + "0" * 64, "sha256:" + "A" * 64])
def test_a_workspace_stays_in_its_folder(registry: Registry, digest: str) -> None:
    for act in (registry.workspace, registry.clear_workspace):
        with pytest.raises(RegistryError, match="no content address"):
            act(digest)
