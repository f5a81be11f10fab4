"""Registries that older versions of spectra wrote are upgraded with all that is in them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from spectra.core.errors import RegistryError
from spectra.core.samples import Sample
from spectra.registry.registry import Registry

GOLDEN = Path(__file__).with_name("golden")
Server = Any


@pytest.fixture
def schema() -> str:
    """Which of the golden databases is meant; the tests of another one are parametrized with it."""
    return "0001"


@pytest.fixture
def database(backend: str, schema: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of a golden database."""
    if backend == "sqlite":
        yield str(shutil.copy(GOLDEN / f"schema-{schema}.sqlite", tmp_path / "old.sqlite"))
        return
    server: Server = request.getfixturevalue("postgresql")
    name = server.create()
    dump = (GOLDEN / f"schema-{schema}.postgresql.sql").read_text().splitlines()
    server.execute("\n".join(line for line in dump if not line.startswith("\\")), name)  # \restrict is for psql
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def upgraded(home: Path, database: str) -> Iterator[Registry]:
    with Registry.open(home, database, migrate=True) as registry:
        yield registry


def test_every_record_is_there_as_it_was(upgraded: Registry) -> None:
    assert sorted(sample.name for sample in upgraded.list_samples()) == ["glass", "steel"]
    steel = next(sample for sample in upgraded.list_samples() if sample.name == "steel")
    assert steel.document == {"name": "steel", "technique": "toy", "notes": "from the lathe"}
    assert steel.digest == Sample(name="steel", technique="toy").digest
    assert (steel.note, steel.tags) == ("", ())

    (data_set,) = upgraded.list_data_sets("sample=steel")
    assert (data_set.digest, data_set.points) == ("sha256:recipe of steel", 20_000)
    assert data_set.recipe == {"forward_model": {"name": "toy", "order": 10}, "steps": [1.0, 0.5]}
    assert data_set.notes == ("3 points without a solid were left out",)

    (model,) = upgraded.list_models("sample=steel")
    assert (model.seed, model.recipe_digest, model.data_set_id) == (2**40, "sha256:model", data_set.id)
    assert (model.note, model.aliases, model.retired) == ("", (), None)

    (measurement,) = upgraded.list_measurements("sample=steel")
    assert (measurement.file_name, measurement.tags) == ("Bär 漢字.dat", ("batch 7", "cold"))
    assert measurement.artefact == "sha256:de86bc28aa9ae1e4846caa6e1dbefd0133a3b2a78d4ee24c9d0a76cf9b6071b9"

    predictions = [upgraded.get_prediction(found.id) for found in upgraded.list_predictions("sample=steel")]
    assert [prediction.command for prediction in predictions] == ["all refined", "one refined", "network only"]
    assert [prediction.misfit for prediction in predictions] == [0.1 + 0.2, 0.1 + 0.2, None]
    assert predictions[0].tags == ("paper",)
    assert predictions[0].report["notes"] == ["'; DROP TABLE samples; --"]
    assert predictions[0].model_id == model.id
    values = [(q.name, q.method, q.value, q.std, q.note) for q in predictions[0].quantities]
    assert values == [
        ("C11", "learned", 268.0, 6.0, ""),
        ("C44", "learned", 131.5, 2.5, ""),
        ("C11", "refined", 271.25, 0.125, ""),
        ("C44", "refined", 130.0, None, "at the end of its range"),
    ]


def test_the_value_that_a_prediction_stands_for_is_the_refined_one_where_there_is_one(upgraded: Registry) -> None:
    query = (
        "SELECT command, name, method FROM estimated_quantities JOIN predictions ON id = prediction_id "
        "WHERE final ORDER BY command, name"
    )
    with upgraded.storage.database.reading() as session:
        final = [tuple(row) for row in session.execute(text(query))]
    assert sorted(set(final)) == [
        ("all refined", "C11", "refined"),
        ("all refined", "C44", "refined"),
        ("network only", "C11", "learned"),
        ("network only", "C44", "learned"),
        ("one refined", "C11", "refined"),
        ("one refined", "C44", "learned"),
    ]
    assert len(final) == 12  # both samples


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_the_regressor_s_own_values_are_called_learned_and_found_by_both_names(upgraded: Registry) -> None:
    with upgraded.storage.database.reading() as session:
        methods = set(session.scalars(text("SELECT DISTINCT method FROM estimated_quantities")))
    assert methods <= {"learned", "refined", "derived"}
    assert "learned" in methods
    found = upgraded.list_predictions("C44.learned>0")
    assert len(found) > 0
    assert found.ids == upgraded.list_predictions("C44.network>0").ids
    (column,) = found.columns(["C44.network"])
    assert (column.heading, {type(column.value(record)) for record in found}) == ("C44.network (GPa)", {float})
    assert {prediction.conditions for prediction in found} == {()}
    assert {measurement.conditions for measurement in upgraded.list_measurements()} == {()}


@pytest.mark.parametrize("schema", ["0002"])
def test_what_people_wrote_beside_the_records_is_there_as_it_was(upgraded: Registry) -> None:
    predictions = upgraded.list_predictions()
    assert len(predictions) == 22
    assert {prediction.technique for prediction in predictions} == {"rus", "xrd", "vdos", "xrd+vdos"}
    (paper,) = upgraded.list_predictions("tag=rus")
    assert paper.note == "for the paper, table 2; σ of C11 = 0.5 %?"
    assert paper.command == "spectra analyze block.dat --sample block.yaml --tag rus --no-figure --json"
    (measurement,) = upgraded.list_measurements("tag=batch 7")
    assert (measurement.id, measurement.kind) == (paper.measurement_id, "peaks")
    (production,) = upgraded.list_models("alias=production")
    assert (production.id, production.sample_name) == (paper.model_id, "block")
    assert (production.aliases, production.retired) == (("production",), None)
    (retired,) = upgraded.list_models("retired=yes")
    assert (retired.seed, retired.note) == (7, "trained by mistake")
    assert retired.retired is not None
    assert [p.tags for p in upgraded.list_predictions(f"model={retired.id}")] == [("rus retired",)]
    (surface,) = upgraded.list_samples("sample=scanned block")
    assert surface.document["shape"]["file"].keys() == {"name", "digest"}


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_nobody_has_judged_or_drawn_what_is_old(upgraded: Registry) -> None:
    old = [upgraded.get_prediction(found.id) for found in upgraded.list_predictions()]
    assert {(prediction.verdict, tuple(prediction.files), prediction.reasons) for prediction in old} == {(None, (), ())}
    assert len(upgraded.list_predictions("verdict=trusted")) == 0
    assert len(upgraded.list_predictions("verdict!=trusted")) == len(old) > 0


@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_it_can_be_written_and_keeps_its_name(upgraded: Registry, home: Path, database: str) -> None:
    upgraded.add_sample(Sample(name="third", technique="toy"))
    with Registry.open(home, database) as again:
        assert "third" in [sample.name for sample in again.list_samples()]
        assert again.storage.identity() == upgraded.storage.identity()


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_a_file_is_backed_up_before_it_is_upgraded(upgraded: Registry, database: str, schema: str) -> None:
    (backup,) = Path(database).parent.glob("*.backup")
    assert backup.name.startswith(f"old.sqlite.schema-{schema}.")
    with (
        closing(sqlite3.connect(backup)) as before,
        closing(sqlite3.connect(GOLDEN / f"schema-{schema}.sqlite")) as old,
    ):
        assert list(before.iterdump()) == list(old.iterdump())


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_a_server_is_upgraded_only_when_told(home: Path, database: str, schema: str) -> None:
    with pytest.raises(RegistryError, match=rf"schema {schema}, which is older than 0005.*spectra db upgrade"):
        Registry.open(home, database)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("schema", ["0001", "0002"])
def test_on_a_server_all_text_is_ordered_by_code_points(upgraded: Registry, home: Path, url: str) -> None:
    query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C' "
        "AND table_name <> 'spectra_schema'"
    )
    with Registry.open(home, url) as new:
        for registry in (upgraded, new):
            with registry.storage.database.reading() as session:
                assert session.execute(text(query)).all() == []
