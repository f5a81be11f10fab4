"""Indents and a map together, from files to a data set, on the measured titanium."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from spectra.core.errors import InputError, UsageError
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.measurements import RawFile
from spectra.core.signals import Places
from spectra.plugins.indenter.registration.failures import outliers, stripes
from spectra.plugins.indenter.registration.figure import figure_bytes
from spectra.plugins.indenter.registration.indents import chosen, read_indents
from spectra.plugins.indenter.registration.map_file import read_map
from spectra.plugins.indenter.registration.report import document, text
from spectra.plugins.indenter.registration.task import register

TITANIUM = Path(__file__).parents[2] / "data" / "titanium" / "registered.npz"


def csv(columns, path):
    names, values = list(columns), zip(*columns.values(), strict=True)
    rows = (",".join("" if v != v else f"{v:.6g}" if isinstance(v, float) else str(v) for v in row) for row in values)
    path.write_text("\n".join([",".join(names), *rows]) + "\n")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The titanium as files: map, indents with some more beyond the map's lower edge."""
    folder = tmp_path_factory.mktemp("titanium")
    with np.load(TITANIUM) as stored:
        columns = {name: stored[name].ravel().astype(float) for name in stored}
    csv(
        {name: columns[name] for name in ("x_um", "y_um", "phase", "phi1_deg", "Phi_deg", "phi2_deg")},
        folder / "ebsd.csv",
    )
    beyond = np.arange(0, 234, 2.0)
    indents = {
        "x_um": np.concatenate([columns["x_um"], beyond]).tolist(),
        "y_um": np.concatenate([columns["y_um"], np.full(117, 250.0)]).tolist(),
        "hardness_GPa": np.concatenate([columns["hardness_GPa"], np.full(117, 3.0)]).tolist(),
    }
    csv(indents, folder / "indents.csv")
    return folder


@pytest.fixture(scope="module")
def found(files):
    indents = read_indents(RawFile.read(files / "indents.csv"))
    return register(read_map(files / "ebsd.csv"), indents, search="shift")


def raw(content, name="indents.csv"):
    return RawFile(name=name, content=content if isinstance(content, bytes) else content.encode())


def test_titanium_is_registered_with_the_correlation_of_its_authors(found):
    assert found.given.correlation == pytest.approx(0.695, abs=0.01)
    assert found.match.correlation > 0.71
    assert found.feature_name == "|cos Φ|"
    assert found.off[1] < found.match.correlation


def test_failed_indents_are_named_with_their_reason(found):
    reasons = np.array(found.reasons)
    assert (reasons == "no value").sum() == 3
    assert set(np.round(found.indents.values[reasons == "outlier"], 2)) >= {0.29, 0.63}
    assert (reasons[-117:] == "outside of the map").all()
    striped = np.array([reason.startswith("stripe (row at y = 182 µm, softer") for reason in reasons])
    assert 25 <= striped.sum() <= 45
    assert np.ptp(found.indents.points[striped, 0]) < 80


def test_the_data_set_holds_places_values_and_grains(found):
    file = DataSetFile.from_bytes(found.data_set("sha256:0").to_bytes())
    assert isinstance(file.signal, Places)
    assert (file.signal.unit, file.signal.um_per_pixel) == ("°", 2.0)
    assert len(file.signal) == len(file.values) == found.used.sum()
    assert (file.quantities[0].name, file.quantities[0].unit) == ("hardness", "GPa")
    _, rows, columns = file.signal.places.T
    tilts = np.abs(np.cos(np.radians(file.signal.pictures[0, rows, columns, 1])))
    assert np.corrcoef(tilts, file.values[:, 0])[0, 1] == pytest.approx(found.match.correlation, abs=1e-4)
    assert len(np.unique(file.groups)) > 50
    assert any("outside of the map" in note for note in file.notes)


def test_a_person_gets_80_columns_and_a_program_all_names(found):
    lines = text(found, "indents.csv").splitlines()
    assert max(map(len, lines)) <= 80
    assert any("one pixel off" in line for line in lines)
    result = json.loads(json.dumps(document(found, "indents.csv", None), allow_nan=False))["registration"]
    assert len(result["left_out"]) == result["indents"]["count"] - result["indents"]["used"]
    assert {"indent", "x_um", "y_um", "value", "reason"} == result["left_out"][0].keys()


def test_the_figure_is_drawn_and_the_same_each_time(found):
    picture = figure_bytes(found, "png")
    assert picture.startswith(b"\x89PNG")
    assert picture == figure_bytes(found, "png")


def test_control_points_take_the_place_of_a_search(files):
    moved = {"x_um": [1000.0, 1200.0, 1000.0], "y_um": [0.0, 0.0, 200.0]}
    moved |= {"map_x_um": [232.0, 32.0, 232.0], "map_y_um": [0.0, 0.0, 200.0]}
    control = RawFile.read(csv(moved, files / "control.csv"))
    indents = read_indents(RawFile.read(files / "indents.csv"))
    mirrored = type(indents)(**{**vars(indents), "points": (indents.points - [232, 0]) * [-1, 1] + [1000, 0]})
    found = register(read_map(files / "ebsd.csv"), mirrored, control=control)
    assert found.placement.mirrored
    assert found.match.correlation == pytest.approx(0.698, abs=0.01)
    assert np.allclose(found.misses, 0, atol=1e-9)
    assert found.given.points == 0
    assert "3 control points, missed by 0.00 µm at most" in text(found, "indents.csv")


def test_coordinates_can_be_taken_as_they_are_and_indents_left_out_or_kept_by_name(files):
    indents = read_indents(RawFile.read(files / "indents.csv"))
    plain = register(read_map(files / "ebsd.csv"), indents, search="none")
    assert plain.match.correlation == pytest.approx(0.698, abs=0.005)
    assert plain.elsewhere is None
    failed = indents.names[plain.reasons.index("outlier")]
    other = register(read_map(files / "ebsd.csv"), indents, search="none", exclude=["17,20-25"], keep=[failed])
    assert other.reasons[int(failed) - 1] == ""
    assert other.reasons[16] == other.reasons[24] == "excluded by name"
    with pytest.raises(InputError, match="--exclude: there is no indent 'A7'"):
        register(read_map(files / "ebsd.csv"), indents, search="none", exclude=["A7"])


def test_one_grain_is_refused_unless_the_place_is_known(files, tmp_path):
    x, y = (line.ravel() for line in np.meshgrid(np.arange(20.0), np.arange(20.0)))
    draw = np.random.default_rng(0)
    angles = {name: (50 + draw.normal(scale=0.1, size=400)).tolist() for name in ("phi1_deg", "Phi_deg", "phi2_deg")}
    grain = csv({"x_um": x.tolist(), "y_um": y.tolist(), **angles}, tmp_path / "grain.csv")
    indents = csv(
        {"x_um": x.tolist(), "y_um": y.tolist(), "hardness_GPa": draw.normal(3, 0.1, 400).tolist()}, tmp_path / "i.csv"
    )
    read = read_indents(RawFile.read(indents))
    with pytest.raises(InputError, match=r"grain\.csv is one grain: there is no structure"):
        register(read_map(grain), read)
    found = register(read_map(grain), read, search="none")
    assert any("is one grain: nothing can be tested" in note for note in found.notes)


def test_indents_elsewhere_are_refused(files):
    indents = read_indents(raw("x_um,y_um,hardness_GPa\n" + "".join(f"{900 + k},{k},{3 + k % 5}\n" for k in range(20))))
    with pytest.raises(InputError, match=r"0 of the 20 indents lie on known pixels of ebsd\.csv"):
        register(read_map(files / "ebsd.csv"), indents, search="none")


def test_a_picture_needs_its_scale_and_an_orientation_map_must_not_be_cubic(files, tmp_path):
    from PIL import Image

    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "grey.png")
    with pytest.raises(InputError, match=r"grey\.png is a picture, which does not say how large a pixel is"):
        read_map(tmp_path / "grey.png")
    with pytest.raises(UsageError, match="Leave --um-per-pixel out"):
        read_map(files / "ebsd.csv", um_per_pixel=1.0)
    (tmp_path / "nickel.ctf").write_text(
        "Channel Text File\nPhases\t1\n3.5;3.5;3.5\t90;90;90\tNickel\t11\t225\nPhase\tX\tY\tEuler1\tEuler2\tEuler3\n"
        "1\t0\t0\t1\t2\t3\n1\t1\t0\t1\t2\t3\n"
    )
    with pytest.raises(InputError, match=r"nickel\.ctf: Nickel is cubic"):
        read_map(tmp_path / "nickel.ctf")


def test_indents_in_a_grey_picture_are_found_by_its_brightness(tmp_path):
    from PIL import Image
    from scipy.ndimage import gaussian_filter

    draw = np.random.default_rng(7)
    field = gaussian_filter(draw.normal(size=(150, 200)), 6)
    picture = np.uint16(65535 * (field - field.min()) / np.ptp(field))
    Image.fromarray(picture).save(tmp_path / "sem.png")
    pixels = np.stack(np.meshgrid(np.arange(20, 180, 5), np.arange(20, 130, 5)), axis=-1).reshape(-1, 2)
    hardness = 2 + picture[pixels[:, 1], pixels[:, 0]] / 20000 + draw.normal(scale=0.2, size=len(pixels))
    points = pixels * 0.5 @ np.array([[0.0, 1], [-1, 0]]) + [300, 40]  # a quarter turn, half a micrometre a pixel
    indents = csv(
        {"X [um]": points[:, 0].tolist(), "Y [um]": points[:, 1].tolist(), "H [GPa]": hardness.tolist()},
        tmp_path / "indents.csv",
    )
    found = register(read_map(tmp_path / "sem.png", um_per_pixel=0.5), read_indents(RawFile.read(indents)))
    assert found.feature_name == "brightness"
    misses = found.pixels - pixels
    assert np.hypot(*misses.T).mean() < 1.5
    assert found.data_set("").groups is None


@pytest.mark.parametrize("struct", [True, False])
def test_files_of_matlab_are_read_as_xpcorrelate_writes_them(tmp_path, struct):
    x, y = np.meshgrid(np.arange(3) * 2.0, np.arange(4) * 2.0)
    layers = np.stack([np.full(x.shape, k) + x / 100 for k in range(6)], axis=-1)
    layers[0, 0, 5] = 1e200
    content = {"datastack": {"X": x, "Y": y, "H": layers[..., 5], "M": layers[..., 3]}} if struct else {"X": x, "Y": y}
    savemat(tmp_path / "a.mat", content if struct else content | {"fullres": layers}, do_compression=struct)
    file = RawFile.read(tmp_path / "a.mat")
    indents = read_indents(file)
    assert np.isnan(indents.values[0])
    assert indents.values[1:] == pytest.approx(layers[..., 5].ravel()[1:])
    assert np.array_equal(indents.points, np.stack([x.ravel(), y.ravel()], axis=1))
    assert (indents.quantity, indents.unit) == ("hardness", "GPa")
    assert "names no units" in indents.notes[0]
    assert read_indents(file, quantity="modulus").values == pytest.approx(layers[..., 3].ravel())


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_of_matlab_with_any_byte_changed_is_read_or_refused(tmp_path, packed):
    """Scipy's reader looks up types by numbers of the file unasked: 59 in place of 9 ended the process."""
    column = np.arange(3.0)[:, None]
    savemat(tmp_path / "a.mat", {"X": column, "Y": column, "H": column + 4.0}, do_compression=packed)
    content = (tmp_path / "a.mat").read_bytes()
    refused = 0
    for place in range(120, len(content)):
        for value in (59, 255 - content[place]):
            try:
                read_indents(RawFile(name="a.mat", content=content[:place] + bytes([value]) + content[place + 1 :]))
            except InputError:
                refused += 1
    assert refused > len(content) - 120 if packed else refused > 100


def test_a_file_of_matlab_that_would_unpack_to_too_much_is_refused(monkeypatch, tmp_path):
    savemat(tmp_path / "a.mat", {"X": np.zeros((1000, 1))}, do_compression=True)
    monkeypatch.setattr("spectra.plugins.indenter.registration.mat_file._MOST_BYTES", 4000)
    with pytest.raises(InputError, match="would unpack to more than"):
        read_indents(RawFile.read(tmp_path / "a.mat"))


def test_other_quantities_units_and_names_are_read():
    file = raw("Name;X [mm];Y [mm];E_r [GPa]\nA1;0,1;0;120,5\nA2;0,2;0;\n")
    indents = read_indents(file, quantity="E_r", unit="MPa")
    assert indents.names == ["A1", "A2"]
    assert indents.points.tolist() == [[100, 0], [200, 0]]
    assert indents.values[0] == pytest.approx(120500)
    assert np.isnan(indents.values[1])
    assert chosen(["A2"], indents, where="--exclude").tolist() == [False, True]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("x_um,y_um,depth_nm\n1,2,3\n", {}, "indents.csv has no column 'hardness'; it has x, y, depth"),
        ("x_um,hardness_GPa\n1,2\n", {}, "has no column 'y' with the places"),
        ("x_um,y_um,hardness\n1,2,3\n", {}, "column 'hardness': its name says no unit"),
        ("x_um,y_um,hardness_GPa\n1,2,3\n", {"unit": "furlongish"}, "'furlongish' is not a known unit"),
        ("x_um,y_um,hardness_GPa\n1,2,3\n", {"unit": "mm"}, "'GPa' cannot be converted to mm"),
        ("x_um,y_um,hardness_GPa\n1,2,soft\n", {}, "indents.csv, line 2, column 'hardness_GPa': 'soft' is no number"),
        ("x_um,y_um,hardness_GPa\n1,2,\n", {}, "holds no value of hardness"),
        (b"MATLAB 7.3 MAT-file, " + bytes(200), {}, "cannot be read as a .mat file|MATLAB 7.3"),
        (b"MATLAB 5.0 MAT-file" + b"\x00" * 200, {}, r"cannot be read as a \.mat file|has no X, Y and hardness"),
    ],
)
def test_indents_that_cannot_be_used_are_refused(content, options, message):
    with pytest.raises(InputError, match=message):
        read_indents(raw(content), **options)


def test_a_second_phase_is_no_outlier_and_a_boundary_no_stripe():
    x, y = (line.ravel() for line in np.meshgrid(np.arange(40.0), np.arange(40.0)))
    points, draw = np.stack([x, y], axis=1), np.random.default_rng(0)
    values = draw.normal(3, 0.1, 1600) + 8 * ((x > 30) & (y > 30)) + 1.0 * (y > 20)
    values[50] = 30.0
    assert np.flatnonzero(outliers(points, values)).tolist() == [50]
    assert stripes(points, np.where(x > 30, 3.0, values)) == []
    values[(y == 12) & (x > 5) & (x < 35)] -= 0.4
    (stripe,) = stripes(points, values)
    assert (stripe.along, stripe.at, stripe.lower) == ("x", 12, True)
    assert (stripe.start, stripe.end) == pytest.approx((6, 34), abs=5)
    assert stripes(points[draw.permutation(1600)[:300]], values[:300]) == []
