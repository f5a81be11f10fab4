"""Artefacts are whole or reported."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import RegistryError
from spectra.registry.artefacts.folder import ArtefactFolder


@pytest.fixture
def store(tmp_path: Path) -> ArtefactFolder:
    return ArtefactFolder(tmp_path / "artefacts")


def test_an_artefact_lies_under_its_digest(store: ArtefactFolder) -> None:
    digest = store.put(b"weights")
    assert digest == digest_bytes(b"weights")
    name = digest.removeprefix("sha256:")
    assert store.path(digest) == store.folder / "sha256" / name[:2] / name
    assert store.read(digest) == b"weights"


def test_equal_content_is_written_once(store: ArtefactFolder) -> None:
    path = store.path(store.put(b"weights"))
    before = path.stat()
    store.put(b"weights")
    assert path.stat().st_ino == before.st_ino
    assert [p for p in store.folder.rglob("*") if p.is_file()] == [path]


@pytest.mark.parametrize("position", [0, 3, 6])
def test_one_flipped_bit_is_detected_and_the_sentence_names_the_file(store: ArtefactFolder, position: int) -> None:
    digest = store.put(b"weights")
    path = store.path(digest)
    damaged = bytearray(path.read_bytes())
    damaged[position] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(RegistryError, match="damaged") as caught:
        store.read(digest)
    assert str(path) in str(caught.value)
    assert "spectra train" in str(caught.value)
    assert caught.value.exit_code == 5


def test_a_missing_artefact_is_reported(store: ArtefactFolder) -> None:
    digest = store.put(b"weights")
    store.path(digest).unlink()
    with pytest.raises(RegistryError, match="is missing"):
        store.read(digest)


@pytest.mark.parametrize("damage", [b"weighty", b"", b"weights and more"])
def test_putting_the_content_again_repairs_a_damaged_copy(store: ArtefactFolder, damage: bytes) -> None:
    digest = store.put(b"weights")
    store.path(digest).write_bytes(damage)
    assert store.put(b"weights") == digest
    assert store.read(digest) == b"weights"


@pytest.mark.parametrize(
    "digest",
    [
        "",
        "sha256:",
        "sha256:" + "0" * 63,
        "sha256:" + "0" * 65,
        "sha256:" + "0" * 64 + "\n",
        "SHA256:" + "0" * 64,
        "md5:" + "0" * 64,
        "sha256:../../../../etc/passwd",
        "/etc/passwd",
    ],
)
def test_nothing_but_a_digest_becomes_a_path(store: ArtefactFolder, digest: str) -> None:
    with pytest.raises(RegistryError, match="no content address"):
        store.read(digest)


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "artefacts").write_text("a file, not a folder")
    with pytest.raises(RegistryError, match="cannot be written"):
        ArtefactFolder(tmp_path / "artefacts").put(b"weights")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_file_is_moved_to_its_place_also_from_another_file_system(
    store: ArtefactFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    file = tmp_path / "whole"
    file.write_bytes(b"weights")
    replace = os.replace

    def refused(source: Path | str, target: Path) -> None:
        if elsewhere and Path(source) == file:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refused)
    digest = store.put_file(file)
    assert digest == digest_bytes(b"weights")
    assert not file.exists()
    assert [p for p in store.folder.rglob("*") if p.is_file()] == [store.path(digest)]
    with store.open(digest) as stream:
        assert stream.read() == b"weights"
    store.path(digest).write_bytes(b"Weights")
    with pytest.raises(RegistryError, match="damaged"):
        store.open(digest)
