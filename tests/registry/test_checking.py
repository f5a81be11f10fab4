"""``check`` finds everything that is lost or damaged, and calls nothing damaged that is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from spectra.core.basics.attachments import Attachment
from spectra.core.progress import Silent
from spectra.core.samples import Sample
from spectra.registry.checking import check
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

ArtefactPath = Callable[[str], Path]


class Body(Sample):
    surface: Attachment


def faults(registry: Registry) -> tuple[str, ...]:
    return check(registry, Silent()).faults


def test_a_sound_registry_has_no_faults(registry: Registry, put: Filler) -> None:
    assert faults(registry) == ()
    put.prediction(tags=("paper",))
    findings = check(registry, Silent())
    assert (findings.faults, findings.artefacts, findings.orphans) == ((), 3, ())


@pytest.mark.parametrize("kind", ["data set", "model", "measurement", "attachment"])
@pytest.mark.parametrize("position", [0, -1])
def test_one_flipped_bit_is_found_and_named_with_the_record(
    registry: Registry, put: Filler, artefact_path: ArtefactPath, kind: str, position: int
) -> None:
    put.prediction()
    sample = registry.add_sample(Body(name="bone", technique="toy", surface=Attachment("bone.stl", b"triangles")))
    records: dict[str, Any] = {
        "data set": registry.list_data_sets()[0],
        "model": registry.list_models()[0],
        "measurement": registry.list_measurements()[0],
    }
    digest = sample.document["surface"]["digest"] if kind == "attachment" else records[kind].artefact
    owner = f"sample {sample.id}" if kind == "attachment" else f"{kind} {records[kind].id}"
    path = artefact_path(digest)
    damaged = bytearray(path.read_bytes())
    damaged[position] ^= 1
    path.write_bytes(damaged)
    (fault,) = faults(registry)
    assert fault == f"The artefact {path} is damaged: its content has another digest. It belongs to {owner}."
    path.unlink()
    (fault,) = faults(registry)
    assert fault == f"The artefact {path} is missing. It belongs to {owner}."


def test_all_faults_are_listed(registry: Registry, put: Filler) -> None:
    put.prediction()
    shutil.rmtree(registry.locations.home / "artefacts")
    assert len(faults(registry)) == 3


def test_an_artefact_of_many_records_is_one_fault(registry: Registry, put: Filler, artefact_path: ArtefactPath) -> None:
    for name in "abcde":
        measurement = put.measurement(put.sample(name))
    artefact_path(measurement.artefact).unlink()
    (fault,) = faults(registry)
    assert fault.endswith(", ….")


def test_a_size_that_is_not_the_one_on_record_is_a_fault(registry: Registry, put: Filler) -> None:
    model = put.model()
    with registry.storage.database.writing() as session:
        session.execute(text("UPDATE models SET artefact_size = 5"))
    (fault,) = faults(registry)
    assert fault == f"The artefact {model.artefact} has 7 bytes, not the 5 that model {model.id} says."


def test_what_no_record_needs_is_listed_and_no_fault(registry: Registry, put: Filler) -> None:
    put.prediction()
    digest = registry.storage.put_artefact(b"of a process that was killed")
    findings = check(registry, Silent())
    assert findings.faults == ()
    assert [file.digest for file in findings.orphans] == [digest]


def test_a_reference_to_what_is_not_on_record_is_a_fault(registry: Registry, put: Filler, backend: str) -> None:
    prediction = put.prediction()
    with registry.storage.database.engine.connect() as connection:
        if backend == "sqlite":
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text("DELETE FROM models"))
        connection.commit()
        connection.detach()
    (fault,) = faults(registry)
    assert fault == f"In the table predictions, '{prediction.id}' refers to something in models that is not on record."


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_index_is_a_fault(registry: Registry, put: Filler) -> None:
    put.sample("steel")
    with registry.storage.database.writing() as session:
        root = session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_samples_name'"))
        size = session.scalar(text("PRAGMA page_size"))
    registry.close()
    path = registry.locations.home / "registry.sqlite"
    content = bytearray(path.read_bytes())
    page = slice((root - 1) * size, root * size)
    assert b"steel" in content[page]
    content[page] = content[page].replace(b"steel", b"steam")
    path.write_bytes(content)
    with Registry.open(registry.locations.home) as reopened:
        assert any("ix_samples_name" in fault for fault in faults(reopened))
