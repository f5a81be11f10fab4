"""Verdicts and files of predictions: on record, in queries, in archives, and under the eyes of check and gc."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.core.store import FIGURE, POSTERIOR
from spectra.registry.archive.moving import copy, export, import_archive
from spectra.registry.checking import check
from spectra.registry.comparison import compare
from spectra.registry.garbage import collect
from spectra.registry.query.arrow import to_arrow
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

FILES = {FIGURE: b"<svg/>", POSTERIOR: b"draws"}
LATER = datetime.now(UTC) + timedelta(days=3)


def test_verdicts_are_asked_for_and_listed(registry: Registry, put: Filler) -> None:
    trusted, doubtful, silent = (put.prediction(verdict=word) for word in ("trusted", "doubtful", None))
    assert [record.verdict for record in (trusted, doubtful, silent)] == ["trusted", "doubtful", None]
    assert [record.doubtful for record in (trusted, doubtful, silent)] == [False, True, False]
    assert registry.list_predictions("verdict=trusted").ids == [trusted.id]
    assert set(registry.list_predictions("verdict=doubtful|refused").ids) == {doubtful.id}
    assert set(registry.list_predictions("verdict!=trusted").ids) == {doubtful.id, silent.id}
    assert "the verdict is 'trusted'" in registry.explain("predictions", "verdict=trusted")[0]
    table = to_arrow(registry.list_predictions(sort="created"))
    assert table.column("verdict").to_pylist() == ["trusted", "doubtful", None]


def test_a_comparison_says_that_verdicts_differ_and_why(registry: Registry, put: Filler) -> None:
    doubted = {"reasons": ["Half of the peaks are spurious.", "A height is wrong."]}
    one, other = put.prediction(verdict="trusted"), put.prediction(verdict="doubtful", report=doubted)
    found = {d.key: (d.first, d.second) for d in compare(registry, one.id, other.id).differences}
    assert found["verdict"] == ("trusted", "doubtful")
    assert found["reasons"] == (None, "Half of the peaks are spurious.; A height is wrong.")


def test_files_of_a_prediction_are_kept_as_long_as_it_is(
    registry: Registry, put: Filler, artefact_path: Callable[[str], Path]
) -> None:
    prediction = put.prediction(files=FILES)
    assert {file.name: registry.read_artefact(file.artefact) for file in prediction.files} == FILES
    assert registry.get_prediction(prediction.id).files == prediction.files
    assert collect(registry, now=LATER).artefacts == ()
    assert check(registry, Silent()).faults == ()

    registry.curation.delete([prediction.id])
    assert {file.digest for file in collect(registry, now=LATER).artefacts} == {f.artefact for f in prediction.files}

    kept = put.prediction(files=FILES)
    artefact_path(kept.files[0].artefact).unlink()
    (fault,) = check(registry, Silent()).faults
    assert kept.id in fault
    assert kept.files[0].artefact.removeprefix("sha256:") in fault


def test_they_travel(registry: Registry, put: Filler, tmp_path: Path) -> None:
    prediction = put.prediction(verdict="doubtful", files=FILES, report={"reasons": ["Why not."]})
    export(registry, tmp_path / "all.zip", Silent())
    with Registry.open(tmp_path / "a") as imported, Registry.open(tmp_path / "b") as copied:
        import_archive(imported, tmp_path / "all.zip", Silent())
        copy(registry, copied, Silent())
        for target in (imported, copied):
            there = target.get_prediction(prediction.id)
            assert there == prediction
            assert there.reasons == ("Why not.",)
            assert {file.name: target.read_artefact(file.artefact) for file in there.files} == FILES
            assert check(target, Silent()).faults == ()


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files * 2, "stands twice"),
        (lambda files: [files[0] | {"artefact_size": 7}], "has another size"),
        (lambda files: [files[0] | {"artefact": "sha256:" + 64 * "0"}], "is not in it"),
        (lambda files: [{"name": "figure.svg"}], "artefact"),
    ],
)
def test_files_of_an_archive_are_checked(
    registry: Registry,
    put: Filler,
    tmp_path: Path,
    change: Callable[[list[dict[str, object]]], list[dict[str, object]]],
    said: str,
) -> None:
    put.prediction(files={FIGURE: b"<svg/>"})
    export(registry, tmp_path / "all.zip", Silent())
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    entry = json.loads(members["records/predictions.jsonl"])
    entry["files"] = change(entry["files"])
    content = members["records/predictions.jsonl"] = json.dumps(entry).encode() + b"\n"
    manifest = json.loads(members["manifest.json"])
    manifest["records"]["predictions"] |= {"size": len(content), "digest": digest_bytes(content)}
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name), member)
    with Registry.open(tmp_path / "target") as target, pytest.raises(InputError, match=said):
        import_archive(target, tmp_path / "bad.zip", Silent())


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_verdict_is_found_through_an_index(registry: Registry) -> None:
    with registry.storage.database.reading() as session:
        plan = session.execute(text("EXPLAIN QUERY PLAN SELECT id FROM predictions WHERE verdict = 'trusted'")).all()
    assert "ix_predictions_verdict_created" in str(plan)
