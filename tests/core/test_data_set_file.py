"""A data set file says what it holds, and a made-up one is refused in a sentence."""

import io
import json
import zipfile

import numpy as np
import pytest
from toy_technique.parts import Pair, Toy, ToySample

from spectra.core.errors import InputError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.signals import Image, Peaks, Profile, to_arrays

SAMPLE = ToySample(name="slab", technique="toy-pair", thickness="2 mm")
RNG = np.random.default_rng(0)
VALUES = RNG.uniform([-0.3, 0.1], [0.3, 0.3], (30, 2))


def file(signal=None, **changes):
    contents = {
        "quantities": Toy().quantities(SAMPLE),
        "values": VALUES,
        "signal": Pair(SAMPLE, None).simulate(VALUES) if signal is None else signal,
        "points": np.arange(30.0)[:, None],
        "recipe": {"technique": "toy-pair", "sample": SAMPLE.document(), "forward_model": {"version": 1}},
        "notes": ("Ünused: 3.",),
        "environment": {"numpy": "2.4"},
    }
    return DataSetFile(**contents | changes)


def test_a_file_gives_back_what_was_put_in_and_signals_to_single_precision():
    written = file()
    read = DataSetFile.from_bytes(written.to_bytes())
    for name in ("quantities", "recipe", "notes", "environment"):
        assert getattr(read, name) == getattr(written, name)
    assert np.array_equal(read.values, written.values)
    assert np.array_equal(read.points, written.points)
    before, after = to_arrays(written.signal), to_arrays(read.signal)
    assert before.keys() == after.keys()
    for name, array in before.items():
        assert after[name].dtype == array.dtype
        if array.dtype.kind == "f":
            np.testing.assert_allclose(after[name], array, rtol=6e-8)
    assert np.array_equal(after["profile/x"], before["profile/x"])
    assert read.to_bytes() == written.to_bytes()  # once rounded, nothing is lost any more


def test_numpy_alone_can_read_it():
    with np.load(io.BytesIO(file().to_bytes()), allow_pickle=False) as arrays:
        assert np.array_equal(arrays["values"], VALUES)
        assert json.loads(str(arrays["about"]))["quantities"][0]["unit"] == "mm"


def test_peaks_of_several_lengths_survive():
    lists = [np.sort(RNG.uniform(1, 2, count)) for count in RNG.integers(0, 9, 30)]
    peaks = Peaks.from_lists(lists, unit="MHz", window=(1.0, 2.0))
    read = DataSetFile.from_bytes(file(peaks, points=None).to_bytes())
    assert read.points is None
    np.testing.assert_allclose(read.signal.positions, peaks.positions, rtol=6e-8)
    assert read.signal.window == (1.0, 2.0)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_pictures_keep_their_precision(dtype):
    pixels = RNG.integers(0, 256, (30, 8, 9, 3)).astype(dtype)
    read = DataSetFile.from_bytes(file(Image(pixels=pixels, unit="1")).to_bytes())
    assert read.signal.pixels.dtype == dtype
    assert np.array_equal(read.signal.pixels, pixels)


def test_twelve_hundred_structures_with_two_spectra_take_less_than_two_megabytes():
    noise = np.abs(RNG.normal(1, 0.1, (1200, 270)))
    signal = Profile(x=np.linspace(30, 90, 270), y=noise, x_unit="deg", y_unit="1")
    seeds, values = np.arange(1200.0)[:, None], RNG.uniform(0, 1, (1200, 7))
    quantities = Toy().quantities(SAMPLE)
    seven = [type(quantities[0])(name=f"q{k}", unit="", description="", lower=0.0, upper=1.0) for k in range(7)]
    assert len(file(signal, values=values, points=seeds, quantities=tuple(seven)).to_bytes()) < 2_000_000


def changed(**arrays):
    """The bytes of a file of which some arrays are others; ``None`` takes one away, ``__`` stands for ``/``."""
    with np.load(io.BytesIO(file().to_bytes())) as archive:
        whole = {name: archive[name] for name in archive.files}
    whole |= {name.replace("__", "/"): array for name, array in arrays.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: array for name, array in whole.items() if array is not None})
    return buffer.getvalue()


def about(**changes):
    with np.load(io.BytesIO(file().to_bytes())) as archive:
        document = json.loads(str(archive["about"]))
    return changed(about=np.array(json.dumps(document | changes)))


WITH_NAN = np.where(np.arange(60).reshape(30, 2) == 7, np.nan, VALUES)
Y = np.ones((30, 81), dtype=np.float32)
POSITION = {"name": "position", "unit": "mm", "description": "", "lower": 0.0, "upper": 1.0}


def test_a_small_file_that_unpacks_to_a_gigabyte_is_refused():
    bomb = io.BytesIO()
    packed = zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as archive, archive.open("values.npy", "w") as member:
        for _ in range(1001):
            member.write(b"\0" * 1_000_000)
    with pytest.raises(InputError, match="would unpack to more than 1,000 MB"):
        DataSetFile.from_bytes(bomb.getvalue())


def tampered(old, new):
    """The bytes of an uncompressed file, its array headers changed behind the checksum's back."""
    buffer = io.BytesIO()
    with np.load(io.BytesIO(file().to_bytes())) as arrays, zipfile.ZipFile(buffer, "w") as archive:
        for name in arrays.files:
            member = io.BytesIO()
            np.lib.format.write_array(member, arrays[name])
            archive.writestr(f"{name}.npy", member.getvalue().replace(old, new))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not an array archive"),
        (file().to_bytes()[:-100], "not an array archive"),
        (file().to_bytes()[:3000] + b"?" * 100 + file().to_bytes()[3100:], "not an array archive"),
        (tampered(b"(30, 2), }      ", b"(30, 2000000000)"), "not an array archive"),
        (changed(about=None), "has no 'about'"),
        (changed(about=np.array("{")), "is no JSON text"),
        (changed(about=np.array("[" * 100_000)), "is no JSON text"),
        (changed(about=np.ones(3)), "is no JSON text|cannot be used"),
        (about(format=2), "'format' needs one of 1"),
        (about(quantities=[]), "at least 1 item"),
        (about(quantities=[POSITION, POSITION]), "names a quantity twice: position, position"),
        (about(quantities=[POSITION, POSITION | {"name": "width", "lower": 2.0}]), "holds nothing"),
        (about(quantities=[POSITION]), "2 columns of values for 1 quantities"),
        (about(notes={"x": "y" * 10_000}), "'notes' is .{,300}$"),
        (changed(values=None), "The 'values' of .* are missing"),
        (changed(values=WITH_NAN), "no table of finite numbers"),
        (changed(values=VALUES.astype("U8")), "no table of finite numbers"),
        (changed(values=VALUES[:29]), "29 values, 30 signals, 30 points"),
        (changed(points=np.ones((31, 1))), "30 values, 30 signals, 31 points"),
        (changed(signal__kind=None), "has the kind 'None'"),
        (changed(signal__profile__y=Y * np.float32(np.inf)), "not finite"),
        (changed(signal__profile__y=Y.astype("U8")), "no number"),
        (changed(signal__profile__y=Y.astype(complex)), "no number"),
        (changed(signal__profile__y=Y[:, :80]), "A profile needs"),
        (changed(signal__profile__kind=np.array("bundle")), "must hold equally many"),
        (changed(signal__profile__kind=np.array("peaks")), "does not hold the right arrays"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",  # the bytes hold the time of day
)
def test_a_file_that_is_wrong_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(InputError, match=sentence):
        DataSetFile.from_bytes(content)


def test_bundles_within_bundles_are_refused_however_deep():
    path = "/".join(["a"] * 3000)
    deep = {f"signal__{path[: 2 * k + 1]}__kind".replace("/", "__"): np.array("bundle") for k in range(0, 3000, 1000)}
    with pytest.raises(InputError):
        DataSetFile.from_bytes(changed(**deep))
