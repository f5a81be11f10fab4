"""Files are bounded, without pickle, and never half."""

import errno
import io
import os
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from spectra.core.basics.files import (
    digest_document,
    move_durably,
    pack_arrays,
    read_bounded,
    refused_by_system,
    unpack_arrays,
    write_atomically,
)
from spectra.core.errors import InputError


def test_equal_arrays_give_equal_bytes_whatever_their_order():
    one, two = np.arange(3.0), np.array("text")
    assert pack_arrays({"a": one, "b": two}) == pack_arrays({"b": two.copy(), "a": one.copy()})


def test_pickled_objects_are_neither_written_nor_read():
    with pytest.raises(TypeError):
        pack_arrays({"a": np.array([object()])})
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([object()]))
    with pytest.raises(InputError, match="not an array archive"):
        unpack_arrays(buffer.getvalue(), what="model file")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"text"])
def test_other_files_are_no_archives(content):
    with pytest.raises(InputError, match="The model file is not an array archive"):
        unpack_arrays(content, what="model file")


@pytest.mark.parametrize("code", [0x110000, 0x7FFFFFFF, 0xD800, 0xDFFF])
@pytest.mark.parametrize("order", "<>")
def test_text_of_characters_that_are_none_is_refused(code, order):
    codes = np.array([[0x41, code], [0x42, 0x43]], dtype=f"{order}u4")
    with pytest.raises(InputError, match="The map file is not an array archive of spectra: 'names' is no text"):
        unpack_arrays(pack_arrays({"names": codes.view(f"{order}U2")}), what="map file")


def test_any_text_is_kept():
    words = np.array([["Probe ä", "\U0010ffff"], ["", "\ud7ff\ue000"]])
    for order in "<>":
        arrays = {"a": words.astype(words.dtype.newbyteorder(order)), "b": np.array("µ"), "c": np.array("")}
        found = unpack_arrays(pack_arrays(arrays), what="map file")
        assert np.array_equal(found["a"], words)
        assert (str(found["b"]), str(found["c"])) == ("µ", "")


def test_an_archive_that_would_unpack_to_more_than_it_holds_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", b"\0" * 10_000_000)
    with pytest.raises(InputError, match="would unpack to more"):
        unpack_arrays(buffer.getvalue(), what="model file")


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError("disk on fire")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk on fire"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_large_missing_and_unreadable_files_are_refused(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(InputError, match="larger"):
        read_bounded(tmp_path / "large", limit=10, what="file")
    with pytest.raises(InputError, match="There is no file"):
        read_bounded(tmp_path / "absent", limit=10, what="file")
    with pytest.raises(InputError, match="cannot be read"):
        read_bounded(tmp_path, limit=10, what="file")


def test_the_digest_of_a_document_ignores_the_order_of_its_keys():
    assert digest_document({"a": 1, "b": [1.5, "ü"]}) == digest_document({"b": [1.5, "ü"], "a": 1})
    assert digest_document({"a": 1}) != digest_document({"a": 2})
    with pytest.raises(ValueError, match="not JSON compliant"):
        digest_document({"a": float("nan")})


def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_end(tmp_path, monkeypatch):
    """What a power cut leaves is what was synchronised, in the order of the calls (POSIX, fsync and rename)."""
    calls, fsync, replace = [], os.fsync, os.replace

    def synced(handle):
        status = os.fstat(handle)
        calls.append(("folder" if stat.S_ISDIR(status.st_mode) else status.st_size, status.st_ino))
        fsync(handle)

    def renamed(source, target):
        replace(source, target)
        calls.append(("name", Path(target).stat().st_ino))

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    path = tmp_path / "file"
    write_atomically(path, b"content")
    file, folder = path.stat().st_ino, tmp_path.stat().st_ino
    assert calls == [(7, file), ("name", file), ("folder", folder)]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_a_file_has_the_permissions_that_any_new_file_has(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "ours", b"")
        (tmp_path / "any").touch()
    finally:
        os.umask(before)
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "any").stat().st_mode


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_file_that_was_moved_counts_as_modified_now(tmp_path, monkeypatch, elsewhere):
    """What is young is not removed as garbage; on another file system it is a copy that takes the place."""
    source, target = tmp_path / "part", tmp_path / "folder" / "artefact"
    source.write_bytes(b"content")
    os.utime(source, (1e9, 1e9))
    replace = os.replace

    def refusing(old, new):
        if elsewhere and old == source:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(old, new)

    monkeypatch.setattr(os, "replace", refusing)
    move_durably(source, target)
    assert target.read_bytes() == b"content"
    assert not source.exists()
    assert target.stat().st_mtime > 1.5e9


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES])
def test_what_the_system_refuses_is_a_sentence_with_the_place(code):
    told = refused_by_system(OSError(code, os.strerror(code), "/data/artefacts/x"))
    assert f"(/data/artefacts/x): {os.strerror(code)}." in str(told)
    assert "are kept" in str(told)


def test_other_errors_are_not_taken_for_a_full_disk():
    assert refused_by_system(OSError(errno.ECONNREFUSED, "refused")) is None
    assert refused_by_system(OSError("no number")) is None
