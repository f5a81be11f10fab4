"""Arrays in files: NumPy reads what is written, numbers are as those in memory, a full disk is a sentence."""

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from spectra.core.basics import large
from spectra.core.basics.files import pack_arrays
from spectra.core.basics.large import Streamed, collected, open_arrays, rows, write_arrays
from spectra.core.errors import InputError, SpectraError

RNG = np.random.default_rng(0)
ARRAYS: dict[str, NDArray[Any]] = {
    "values": RNG.random((50, 3)),
    "pictures": RNG.integers(0, 255, (50, 4, 5, 1), dtype=np.uint8),
    "unit": np.array("MHz"),
    "none": np.empty((0, 7)),
}


def streamed(array, size=7):
    pieces = (array[start : start + size] for start in range(0, len(array), size))
    return Streamed(dtype=array.dtype, shape=array.shape, pieces=pieces)


def in_pieces():
    return {name: streamed(array) if array.ndim else array for name, array in sorted(ARRAYS.items())}


@pytest.fixture
def small(monkeypatch):
    """What has more than 200 bytes is large, and 64 of them are copied at a time."""
    monkeypatch.setattr(large, "LARGE", 200)
    monkeypatch.setattr(large, "_PIECE", 64)


def test_what_is_written_in_pieces_are_the_bytes_that_numpy_writes():
    theirs, ours = io.BytesIO(), io.BytesIO()
    np.savez(theirs, **{name: ARRAYS[name] for name in sorted(ARRAYS)})
    write_arrays(ours, in_pieces())
    assert ours.getvalue() == theirs.getvalue()


def written(path, content=None):
    with path.open("w+b") as stream:
        write_arrays(stream, in_pieces()) if content is None else stream.write(content)
        stream.seek(0)
        return open_arrays(stream, what="data set")


@pytest.mark.parametrize("content", [None, pack_arrays(ARRAYS)])
def test_large_arrays_stay_in_the_file_and_are_the_same(small, tmp_path, content):
    """Those that NumPy wrote anywhere, too; NumPy reads ours."""
    arrays = written(tmp_path / "set.npz", content)
    assert {name for name, array in arrays.items() if not array.flags.writeable} == {"values", "pictures"}
    for name, expected in ARRAYS.items():
        assert arrays[name].dtype == expected.dtype
        assert arrays[name].flags.aligned
        assert np.array_equal(arrays[name], expected)
    with np.load(tmp_path / "set.npz") as archive:
        assert all(np.array_equal(archive[name], expected) for name, expected in ARRAYS.items())


@pytest.mark.parametrize(
    "index", [slice(None), slice(3, 40, 2), slice(49, 60), RNG.permutation(50), RNG.integers(0, 50, 70), np.arange(0)]
)
def test_rows_of_an_array_in_a_file_are_those_of_one_in_memory(small, tmp_path, index):
    arrays = written(tmp_path / "set.npz")
    for name in ("values", "pictures"):
        found = rows(arrays[name], index)
        assert np.array_equal(found, ARRAYS[name][index])
        assert found.flags.writeable == (found.nbytes <= 200)
        assert np.array_equal(rows(found, slice(1, 4)), ARRAYS[name][index][1:4])
    assert rows(ARRAYS["values"], slice(0, 9)).base is ARRAYS["values"]  # as ever


def test_what_comes_in_pieces_is_collected_in_memory_or_in_a_file(small):
    array = RNG.random((40, 2))
    for size in (3, 40):
        pieces = [array[start : start + size] for start in range(0, 40, size)]
        found = collected(pieces, (40, 2), np.float32)
        assert found.dtype == np.float32
        assert np.array_equal(found, array.astype(np.float32))
        assert not found.flags.writeable
    assert collected([array[:3]], (3, 2), np.float64).flags.writeable


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(small, monkeypatch):
    full = Path("/dev/full").open("w+b", buffering=0)  # noqa: SIM115 - what is tested closes it
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
    with pytest.raises(SpectraError, match="No space left on device") as caught:
        collected([np.zeros((100, 2))], (100, 2), np.float64)
    assert "TMPDIR" in str(caught.value)


def saved(save=np.savez, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive at all",
        pack_arrays(ARRAYS)[:-30],
        saved(a=np.array([f"{number:099}" for number in range(300)], dtype=object)),
        saved(a=np.zeros((300, 3))).replace(b"(300, 3)", b"(900, 3)"),
        saved(np.savez_compressed, a=np.zeros(100_000)),
    ],
)
def test_what_somebody_made_up_is_refused(small, tmp_path, content):
    with pytest.raises(InputError, match=r"The data set (is not an array archive|would unpack to more)"):
        written(tmp_path / "set.npz", content)
