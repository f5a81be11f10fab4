"""Copies, exports and imports: nothing is lost, doubled or overwritten on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from spectra.core.errors import InputError, NotFoundError, RegistryError
from spectra.core.progress import Silent
from spectra.core.samples import Sample
from spectra.registry.archive.choosing import choose
from spectra.registry.archive.file import Archive
from spectra.registry.archive.moving import copy, export, import_archive
from spectra.registry.checking import check
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

QUIET = Silent()
Contents = dict[str, Any]
ArtefactPath = Callable[[str], Path]


@pytest.fixture
def target(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """An empty registry in the other kind of database."""
    url = None
    if backend == "sqlite":
        server, template = (request.getfixturevalue(name) for name in ("postgresql", "postgresql_template"))
        url = server.url(server.create(template))
    with Registry.open(tmp_path / "target", url) as opened:
        yield opened
    if url is not None:
        server.execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def contents(registry: Registry) -> Contents:
    """Everything that a user can see."""
    lists: Contents = {
        "samples": list(registry.list_samples()),
        "data sets": list(registry.list_data_sets()),
        "models": list(registry.list_models()),
        "measurements": list(registry.list_measurements()),
        "predictions": [registry.get_prediction(found.id) for found in registry.list_predictions()],
    }
    with registry.storage.database.reading() as session:
        query = "SELECT prediction_id, name, method, final FROM estimated_quantities ORDER BY 1, 2, 3"
        lists["final"] = [tuple(row) for row in session.execute(text(query))]
    lists["artefacts"] = {
        record.artefact: registry.read_artefact(record.artefact)
        for kind in ("data sets", "models", "measurements")
        for record in lists[kind]
    }
    return lists


def fill(registry: Registry, put: Filler) -> None:
    """Put something on record of everything that there is, with text that is hard to carry."""
    hostile = "'); DROP TABLE samples; -- \x1b[31m\u202e漢字 🧪"
    steel, glass = put.sample("steel"), put.sample("glass")
    prediction = put.prediction(
        steel, tags=(hostile, "paper"), command=hostile, report={hostile: [1e-300, 2**60, None, "\ud800\x00"]}
    )
    put.prediction(glass, misfit=None)
    put.measurement(steel, content=bytes(range(256)), file_name="m\udcfcller\x00.dat", tags=("cold",))
    with registry.storage.database.writing() as session:
        now = {"now": datetime(2026, 1, 31, 12, 30, 15, 123_456, UTC), "model": prediction.model_id}
        moment = ":now" if session.get_bind().dialect.name == "postgresql" else "'2026-01-31 12:30:15.123456'"
        session.execute(text(f"UPDATE models SET retired = {moment}, note = 'old' WHERE id = :model"), now)
        session.execute(text(f"INSERT INTO model_aliases VALUES ('steel', 'production', :model, {moment})"), now)
        session.execute(text("INSERT INTO model_tags VALUES (:model, 'best')"), now)
        session.execute(text("INSERT INTO sample_tags VALUES (:id, 'batch 7')"), {"id": steel.id})


def test_a_copy_has_everything_under_the_same_identifiers(registry: Registry, put: Filler, target: Registry) -> None:
    fill(registry, put)
    merged = copy(registry, target, QUIET)
    assert contents(target) == contents(registry)
    assert merged.added == {"samples": 2, "data_sets": 2, "models": 2, "measurements": 3, "predictions": 2}
    assert check(target, QUIET).faults == ()
    assert check(target, QUIET).orphans == ()
    (retired,) = (model for model in target.list_models() if model.retired)
    assert retired.aliases == ("production",)
    assert retired.retired == datetime(2026, 1, 31, 12, 30, 15, 123_456, UTC)


def test_a_copy_there_and_back_adds_nothing(registry: Registry, put: Filler, target: Registry) -> None:
    fill(registry, put)
    before = contents(registry)
    copy(registry, target, QUIET)
    for merged in (copy(registry, target, QUIET), copy(target, registry, QUIET)):
        assert set(merged.added.values()) == {0}
        assert merged.known["predictions"] == 2
        assert merged.remarks == []
    assert contents(registry) == before


def test_a_copy_takes_what_is_new_since_the_last_one(registry: Registry, put: Filler, target: Registry) -> None:
    put.prediction()
    copy(registry, target, QUIET)
    put.prediction(tags=("new",))
    assert copy(registry, target, QUIET).added["predictions"] == 1
    assert contents(target) == contents(registry)


def test_a_copy_that_was_interrupted_is_completed_by_the_next(
    registry: Registry, put: Filler, target: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(registry, put)
    put_artefact, calls = target.storage.put_artefact, iter(range(100))

    def interrupted(content: bytes) -> str:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return put_artefact(content)

    monkeypatch.setattr(target.storage, "put_artefact", interrupted)
    with pytest.raises(KeyboardInterrupt):
        copy(registry, target, QUIET)
    assert check(target, QUIET).faults == ()
    assert len(target.list_models()) < 2
    copy(registry, target, QUIET)
    assert contents(target) == contents(registry)


@pytest.mark.parametrize("size", [1, 2])
def test_batches_join_without_a_seam(
    registry: Registry, put: Filler, target: Registry, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    fill(registry, put)
    for module in ("choosing", "moving"):
        monkeypatch.setattr(f"spectra.registry.archive.{module}.BATCH", size)
    copy(registry, target, QUIET)
    assert contents(target) == contents(registry)


def test_a_copy_does_not_carry_a_damaged_artefact_along(
    registry: Registry, put: Filler, target: Registry, artefact_path: ArtefactPath
) -> None:
    digest = put.model().artefact
    artefact_path(digest).write_bytes(b"Weights")
    with pytest.raises(RegistryError, match="is damaged"):
        copy(registry, target, QUIET)


def test_an_archive_of_everything_restores_everything(
    registry: Registry, put: Filler, target: Registry, tmp_path: Path
) -> None:
    fill(registry, put)
    counts = export(registry, tmp_path / "all.zip", QUIET)
    assert counts == {
        "samples": 2, "data_sets": 2, "models": 2, "measurements": 3, "predictions": 2, "artefacts": 4
    }  # fmt: skip
    import_archive(target, tmp_path / "all.zip", QUIET)
    assert contents(target) == contents(registry)
    again = import_archive(target, tmp_path / "all.zip", QUIET)
    assert (set(again.added.values()), again.remarks) == ({0}, [])
    assert contents(target) == contents(registry)
    assert check(target, QUIET).orphans == ()


def test_a_selection_comes_with_what_it_came_from_and_nothing_else(
    registry: Registry, put: Filler, target: Registry, tmp_path: Path
) -> None:
    fill(registry, put)
    prediction = registry.get_prediction(registry.list_predictions("sample=steel")[0].id)
    export(registry, tmp_path / "one.zip", QUIET, chosen=choose(registry, [prediction.id[:6]]))
    import_archive(target, tmp_path / "one.zip", QUIET)
    assert [target.get_prediction(found.id) for found in target.list_predictions()] == [prediction]
    assert list(target.list_models()) == [registry.get_model(prediction.model_id)]
    assert list(target.list_measurements()) == [registry.get_measurement(prediction.measurement_id)]
    assert [sample.name for sample in target.list_samples()] == ["steel"]
    assert len(target.list_data_sets()) == 1
    assert check(target, QUIET).faults == ()


def test_a_model_that_serves_a_sample_of_another_name_comes_with_both(
    registry: Registry, put: Filler, tmp_path: Path
) -> None:
    first, twin = put.sample("steel"), put.sample("steel again")
    model, measurement = put.model(first), put.measurement(twin)
    record = registry.add_prediction(
        model=model, measurement=measurement, quantities=put.quantities, misfit=None, misfit_unit="kHz",
        report={}, command="", operator="", environment={},
    )  # fmt: skip
    counts = export(registry, tmp_path / "one.zip", QUIET, chosen=choose(registry, [record.id]))
    assert (counts["samples"], counts["models"], counts["data_sets"]) == (2, 1, 1)


def test_a_selection_names_records_that_exist(registry: Registry, put: Filler) -> None:
    prediction = put.prediction()
    assert choose(registry, [prediction.id, prediction.model_id])["models"] == {prediction.model_id}
    for unknown in ("zzzz", "%%%", "ab", ""):
        with pytest.raises(NotFoundError):
            choose(registry, [unknown])


def test_what_is_on_record_under_another_identifier_is_not_doubled(
    registry: Registry, put: Filler, target: Registry, tmp_path: Path, filler: Callable[[Registry], Filler]
) -> None:
    prediction = put.prediction(tags=("paper",))
    there = filler(target)
    sample = there.sample()
    measurement = there.measurement(sample, tags=("cold",))
    data_set = there.data_set(sample, digest=f"of {prediction_sample(registry, prediction)}")
    assert measurement.id != prediction.measurement_id
    export(registry, tmp_path / "all.zip", QUIET)

    for expected in (1, 0):
        merged = import_archive(target, tmp_path / "all.zip", QUIET)
        assert merged.added == {
            "samples": 0, "data_sets": 0, "models": expected, "measurements": 0, "predictions": expected
        }  # fmt: skip
        (arrived,) = target.list_predictions()
        assert (arrived.id, arrived.measurement_id) == (prediction.id, measurement.id)
        model = target.get_model(arrived.model_id)
        assert (model.sample_id, model.data_set_id) == (sample.id, data_set.id)
        assert list(target.list_samples()) == [sample]


def prediction_sample(registry: Registry, prediction: Any) -> str:
    return registry.get_model(prediction.model_id).sample_id


def test_a_record_that_was_changed_by_hand_is_a_conflict_and_nothing_is_imported(
    registry: Registry, put: Filler, target: Registry, tmp_path: Path
) -> None:
    prediction = put.prediction()
    copy(registry, target, QUIET)
    put.prediction()
    export(registry, tmp_path / "all.zip", QUIET)
    with target.storage.database.writing() as session:
        session.execute(text("UPDATE predictions SET misfit = 99, operator = 'eve'"))
    before = contents(target)
    for act in (lambda: import_archive(target, tmp_path / "all.zip", QUIET), lambda: copy(registry, target, QUIET)):
        with pytest.raises(InputError, match=f"prediction {prediction.id} is on record with .*: misfit, operator"):
            act()
    after = contents(target)
    assert after["predictions"] == before["predictions"]


def test_what_people_wrote_is_joined_and_never_overwritten(
    registry: Registry, put: Filler, target: Registry, tmp_path: Path
) -> None:
    model = put.model()
    copy(registry, target, QUIET)
    update = text("UPDATE models SET note = :note")
    for side, note in ((registry, "there"), (target, "here")):
        with side.storage.database.writing() as session:
            session.execute(update, {"note": note})
            session.execute(text("INSERT INTO model_tags VALUES (:id, :tag)"), {"id": model.id, "tag": note})
    merged = copy(registry, target, QUIET)
    assert target.get_model(model.id).note == "here"
    assert target.get_model(model.id).tags == ("here", "there")
    assert merged.remarks == [f"The model {model.id} has another note here, which it keeps."]


def test_an_alias_that_is_another_models_here_stays_so(registry: Registry, put: Filler, target: Registry) -> None:
    insert = "INSERT INTO model_aliases VALUES ('steel', 'production', :id, '2026-01-31 00:00:00')"
    first = put.model(seed=1)
    copy(registry, target, QUIET)
    second = put.model(seed=2)
    for side, model in ((target, first), (registry, second)):
        with side.storage.database.writing() as session:
            session.execute(text(insert), {"id": model.id})
    merged = copy(registry, target, QUIET)
    assert target.get_model(first.id).aliases == ("production",)
    assert target.get_model(second.id).aliases == ()
    assert merged.remarks == [f"steel@production is the model {first.id} here, and not {second.id}."]


def test_importing_a_backup_puts_a_lost_artefact_back(
    registry: Registry, put: Filler, tmp_path: Path, artefact_path: ArtefactPath
) -> None:
    digest = put.model().artefact
    export(registry, tmp_path / "all.zip", QUIET)
    artefact_path(digest).unlink()
    import_archive(registry, tmp_path / "all.zip", QUIET)
    assert registry.read_artefact(digest) == b"weights"


def test_an_export_is_the_state_of_one_moment(registry: Registry, put: Filler, tmp_path: Path) -> None:
    class Meanwhile(Silent):
        def task(self, description: str, total: int) -> Any:
            put.prediction()  # between counting and reading
            return super().task(description, total)

    put.prediction()
    counts = export(registry, tmp_path / "all.zip", Meanwhile())
    with Archive(tmp_path / "all.zip") as archive:
        assert archive.manifest.records["predictions"].count == counts["predictions"] == 1
    assert len(registry.list_predictions()) == 3


def test_an_export_that_fails_leaves_no_file_and_the_old_one_as_it_was(
    registry: Registry, put: Filler, tmp_path: Path, artefact_path: ArtefactPath
) -> None:
    digest = put.model().artefact
    artefact_path(digest).unlink()
    old = tmp_path / "archives" / "all.zip"
    old.parent.mkdir()
    old.write_bytes(b"the last one")
    with pytest.raises(RegistryError, match="is missing"):
        export(registry, old, QUIET)
    assert old.read_bytes() == b"the last one"
    assert list(old.parent.iterdir()) == [old]
    with pytest.raises(InputError, match="cannot be written"):
        export(registry, tmp_path / "nowhere" / "all.zip", QUIET)


def test_an_attachment_of_a_sample_travels_with_it(registry: Registry, target: Registry, tmp_path: Path) -> None:
    from spectra.core.basics.attachments import Attachment

    class Body(Sample):
        surface: Attachment

    sample = registry.add_sample(Body(name="bone", technique="toy", surface=Attachment("bone.stl", b"triangles")))
    digest = sample.document["surface"]["digest"]
    export(registry, tmp_path / "one.zip", QUIET, chosen=choose(registry, [sample.id]))
    import_archive(target, tmp_path / "one.zip", QUIET)
    assert target.read_artefact(digest) == b"triangles"
    assert check(target, QUIET).orphans == ()
