"""``gc`` removes what nobody needs, and never what somebody needs or is about to need."""

from __future__ import annotations

import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import RegistryError
from spectra.core.progress import Silent
from spectra.registry.archive.moving import copy
from spectra.registry.artefacts.folder import ArtefactFolder
from spectra.registry.artefacts.place import StoredFile
from spectra.registry.garbage import ARTEFACT_AGE, WORK_AGE, collect, find_garbage
from spectra.registry.registry import Registry

if TYPE_CHECKING:
    from tests.registry.conftest import Filler

ArtefactPath = Callable[[str], Path]
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=400)


def age(path: Path, by: timedelta) -> None:
    moment = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (moment, moment))


def test_artefacts_of_records_are_never_garbage(registry: Registry, put: Filler) -> None:
    prediction = put.prediction()
    assert find_garbage(registry).artefacts == ()
    assert collect(registry, now=LATER).artefacts == ()
    assert registry.read_artefact(registry.get_model(prediction.model_id).artefact) == b"weights"


def test_an_orphan_is_listed_at_once_and_removed_when_it_is_old(
    registry: Registry, put: Filler, artefact_path: ArtefactPath
) -> None:
    put.prediction()
    digest = registry.storage.put_artefact(b"orphan")
    assert [file.digest for file in find_garbage(registry).artefacts] == [digest]
    assert collect(registry).artefacts == ()
    age(artefact_path(digest), ARTEFACT_AGE + timedelta(minutes=1))
    assert [file.digest for file in collect(registry).artefacts] == [digest]
    assert find_garbage(registry).artefacts == ()
    assert not artefact_path(digest).exists()


def test_the_unfinished_file_of_a_killed_process_is_garbage(registry: Registry, artefact_path: ArtefactPath) -> None:
    path = artefact_path(registry.storage.put_artefact(b"orphan"))
    unfinished = path.with_name(f".{path.name}.xyz.part")
    path.rename(unfinished)
    (file,) = find_garbage(registry).artefacts
    assert (file.digest, file.size) == (None, 6)
    age(unfinished, ARTEFACT_AGE + timedelta(minutes=1))
    assert len(collect(registry).artefacts) == 1
    assert not unfinished.exists()


def test_putting_an_orphan_again_makes_it_young(registry: Registry, artefact_path: ArtefactPath) -> None:
    path = artefact_path(registry.storage.put_artefact(b"orphan"))
    age(path, timedelta(days=30))
    registry.storage.put_artefact(b"orphan")
    assert collect(registry).artefacts == ()
    assert path.exists()


def test_an_orphan_that_is_put_between_the_look_and_the_removal_stays(
    registry: Registry, artefact_path: ArtefactPath
) -> None:
    path = artefact_path(registry.storage.put_artefact(b"orphan"))
    age(path, timedelta(days=30))
    (file,) = find_garbage(registry).artefacts
    registry.storage.put_artefact(b"orphan")
    assert not registry.storage.artefacts.discard(file, before=datetime.now(UTC) - ARTEFACT_AGE)
    assert path.read_bytes() == b"orphan"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_who_puts_while_another_collects_never_loses_the_artefact(tmp_path: Path) -> None:
    store, stop = ArtefactFolder(tmp_path), threading.Event()
    passes = 0

    def collect_forever() -> None:
        nonlocal passes
        while not stop.is_set():
            old = datetime.now(UTC) - timedelta(days=1)
            for file in store.files():
                if file.modified < old:
                    store.discard(file, before=old)
            passes += 1

    thread = threading.Thread(target=collect_forever)
    thread.start()
    try:
        for _ in range(300):
            path = store.path(store.put(b"orphan"))
            seen = passes
            while passes < seen + 2:  # until whoever was about to remove it has finished
                time.sleep(0.0001)
            assert path.read_bytes() == b"orphan"
            with contextlib.suppress(FileNotFoundError):
                age(path, timedelta(days=2))
            time.sleep(random.uniform(0, 0.0005))
    finally:
        stop.set()
        thread.join()


def test_unfinished_work_goes_when_nobody_went_on_with_it_for_a_week(registry: Registry) -> None:
    old, resumed, fresh = (digest_bytes(text) for text in (b"old", b"resumed", b"fresh"))
    for digest in (old, resumed, fresh):
        (registry.workspace(digest) / "chunk-1").write_bytes(b"half")
    for digest in (old, resumed):
        folder = registry.workspace(digest)
        age(folder / "chunk-1", WORK_AGE + timedelta(hours=1))
        age(folder, WORK_AGE + timedelta(hours=1))
    registry.workspace(resumed)
    assert len(find_garbage(registry).work) == 3
    removed = collect(registry)
    assert [(work.digest, work.size) for work in removed.work] == [(old, 4)]
    assert {work.digest for work in find_garbage(registry).work} == {resumed, fresh}


def test_nothing_is_removed_where_another_registry_has_its_artefacts_too(
    registry: Registry, put: Filler, tmp_path: Path, filler: Callable[[Registry], Filler]
) -> None:
    put.prediction()
    shared = str(registry.locations.artefacts)
    with Registry.open(url=f"sqlite:///{tmp_path}/other.sqlite", artefacts=shared) as other:
        model = filler(other).model()
        with pytest.raises(RegistryError, match=r"also those of another registry, .*nothing was removed") as caught:
            collect(registry, now=LATER)
        assert other.storage.identity() in str(caught.value)
        assert other.read_artefact(model.artefact) == b"weights"
        (Path(shared) / "registries" / other.storage.identity()).unlink()  # as the message says
    collect(registry, now=LATER)


def test_a_copy_beside_the_original_leaves_both_what_they_need(
    registry: Registry, put: Filler, tmp_path: Path, reopen: Callable[[], Registry]
) -> None:
    """The original may come from a version that did not say so beside its artefacts."""
    model = put.model()
    shared = Path(registry.locations.artefacts)
    (shared / "registries" / registry.storage.identity()).unlink()
    with (
        reopen() as original,
        Registry.open(url=f"sqlite:///{tmp_path}/other.sqlite", artefacts=str(shared)) as other,
    ):
        copy(original, other, Silent())
        for opened in (original, other):
            with pytest.raises(RegistryError, match="also those of another registry"):
                collect(opened, now=LATER)
        assert original.read_artefact(model.artefact) == other.read_artefact(model.artefact)


def test_an_orphan_that_gets_its_record_while_garbage_is_looked_for_is_none(
    registry: Registry, put: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.storage.put_artefact(b"weights")
    files = ArtefactFolder.files

    def listed(self: ArtefactFolder) -> Iterator[StoredFile]:
        yield from list(files(self))
        put.model()  # another process goes on

    monkeypatch.setattr(ArtefactFolder, "files", listed)
    assert find_garbage(registry).artefacts == ()
