"""Files of orientation maps, written by hand as the formats have them, and the measured titanium."""

from pathlib import Path

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.images.maps.reader import (
    OrientationMapParameters,
    OrientationMapReader,
    read_orientation_map,
)

TITANIUM = Path(__file__).parents[2] / "data" / "titanium" / "registered.npz"

CTF = """Channel Text File
Prj\tC:\\data\\sample.cpr
Author\t[Unknown]
JobMode\tGrid
XCells\t3
YCells\t2
XStep\t0.5
YStep\t0.5
AcqE1\t0
AcqE2\t0
AcqE3\t0
Euler angles refer to Sample Coordinate system (CS0)!\tMag\t200\tCoverage\t100\tDevice\t0\tKV\t20\tTiltAngle\t70
Phases\t2
2.954;2.954;4.729\t90;90;120\tTitanium\t9\t194\t3803863129_5.0.6.3\t-2102160418\tCryogenics
3.192;3.192;3.192\t90;90;90\tTi beta\t11\t229\t\t\tsome paper
Phase\tX\tY\tBands\tError\tEuler1\tEuler2\tEuler3\tMAD\tBC\tBS
1\t0.0000\t0.0000\t9\t0\t102.24\t56.34\t4.1775\t0.5124\t132\t90
1\t0.5000\t0.0000\t9\t0\t102.28\t56.19\t4.2268\t0.6124\t131\t91
0\t1.0000\t0.0000\t0\t3\t0.0000\t0.0000\t0.0000\t0.0000\t40\t0
1\t0.0000\t0.5000\t8\t0\t79.92\t54.84\t30.58\t0.4124\t130\t92
1\t0.5000\t0.5000\t8\t0\t79.97\t54.74\t30.70\t0.5524\t133\t93
{}\t1.0000\t0.5000\t8\t0\t80.01\t54.70\t30.75\t0.5724\t134\t94
"""

ANG_HEADER = """# TEM_PIXperUM          1.000000
# x-star                0.515673
# WorkingDirectory      /data
#
# Phase 1
# MaterialName  \tTitanium (Alpha)
# Formula     \tTi
# Symmetry              62
# LatticeConstants      2.950 2.950 4.680  90.000  90.000 120.000
# NumberFamilies        8
# hklFamilies   \t 1  0  0 1 0.000000 1
#
# GRID: {}
# XSTEP: 2.000000
# YSTEP: {}
# NCOLS_ODD: 3
# NCOLS_EVEN: {}
# NROWS: 3
#
# OPERATOR: \tnobody
"""


def file(content, name="map.ctf"):
    return RawFile(name=name, content=content.encode())


def ang_point(phi1, phi, phi2, x, y, confidence=0.9, phase=0):
    """A line of an .ang file, with angles in degrees given and in radians written."""
    angles = "".join(f"{np.radians(angle):9.5f} " for angle in (phi1, phi, phi2))
    return f" {angles}{x:12.5f} {y:12.5f}  1234.5 {confidence:6.3f} {phase:2d}      1  1.234\n"


def test_a_ctf_file_is_a_picture_of_angles_in_degrees():
    read = read_orientation_map(file(CTF.format(1)))
    assert read.angles.shape == (2, 3, 3)
    assert read.um_per_pixel == 0.5
    assert read.angles[0, 1].tolist() == pytest.approx([102.28, 56.19, 4.2268])
    assert read.angles[1, 2].tolist() == pytest.approx([80.01, 54.70, 30.75])
    assert np.isnan(read.angles[0, 2]).all()
    assert (read.phase.name, read.phase.system) == ("Titanium", "hexagonal")
    assert read.notes == ("16.7% of the map is not indexed as Titanium.",)


def test_decimal_commas_of_a_european_instrument_are_read():
    european = CTF.format(1).replace(".", ",")
    assert np.array_equal(
        read_orientation_map(file(european)).angles, read_orientation_map(file(CTF.format(1))).angles, equal_nan=True
    )


def test_of_several_phases_one_is_chosen_by_name_or_number():
    with pytest.raises(InputError, match=r"several phases: 1 'Titanium' \(80.0%\), 2 'Ti beta' \(20.0%\)"):
        read_orientation_map(file(CTF.format(2)))
    for wanted in ("Titanium", "1"):
        assert np.isnan(read_orientation_map(file(CTF.format(2)), wanted).angles[1, 2]).all()
    assert read_orientation_map(file(CTF.format(2)), "Ti beta").phase.system == "cubic"
    with pytest.raises(InputError, match="no indexed point of a phase 'zinc'"):
        read_orientation_map(file(CTF.format(2)), "zinc")


def test_an_ang_file_on_squares_is_in_radians_and_knows_what_was_not_indexed():
    lines = [
        ang_point(*((720, 720, 720) if (row, column) == (2, 0) else (10 * row, 20, column)), 2 * column, 2 * row)
        for row in range(3)
        for column in range(3)
    ]
    lines[1] = ang_point(33, 44, 55, 2, 0, confidence=-1)
    read = read_orientation_map(file(ANG_HEADER.format("SqrGrid", "2.0", 3) + "".join(lines), "map.ang"))
    assert read.angles[2, 2].tolist() == pytest.approx([20, 20, 2], abs=1e-3)
    assert np.isnan(read.angles[..., 0]).nonzero()[0].tolist() == [0, 2]
    assert (read.phase.name, read.phase.system) == ("Titanium (Alpha)", "hexagonal")


def test_a_hexagonal_grid_is_resampled_from_the_nearest_points():
    step = 2 * np.sqrt(3) / 2
    lines = [
        ang_point(10 * row, 20, 30 + column, 2 * column + row % 2, step * row)
        for row in range(20)
        for column in range(12 - row % 2)
    ]
    read = read_orientation_map(file(ANG_HEADER.format("HexGrid", f"{step:.6f}", 2) + "".join(lines), "map.ang"))
    assert read.um_per_pixel == 2
    assert read.angles.shape[:2] == (17, 12)  # 19 rows of 1.732 µm are 16.5 of 2 µm
    down, across = np.arange(17) * 2, np.arange(12) * 2
    nearest = np.rint(down / step)
    assert np.allclose(read.angles[:, 5, 0], 10 * nearest, atol=1e-3)
    off = read.angles[..., 2] - 30 - (across - (nearest % 2)[:, np.newaxis]) / 2
    assert np.abs(off[:, 1:-1]).max() < 0.501  # half a step
    assert "hexagonal grid was resampled" in read.notes[-1]


def test_titanium_in_csv_is_what_others_registered():
    with np.load(TITANIUM) as stored:
        columns = {name: stored[name].ravel() for name in ("x_um", "y_um", "phase", "phi1_deg", "Phi_deg", "phi2_deg")}
        wanted = np.stack([stored[name] for name in ("phi1_deg", "Phi_deg", "phi2_deg")], axis=-1)
    rows = "\n".join(",".join(f"{value:g}" for value in row) for row in zip(*columns.values(), strict=True))
    read = read_orientation_map(file(",".join(columns) + "\n" + rows, "ebsd.csv"))
    assert read.um_per_pixel == 2
    assert np.allclose(read.angles, wanted.swapaxes(0, 1)[::-1], atol=2e-3)  # rows from y = 0 on, columns along x


@pytest.mark.parametrize(
    "header",
    ["x_um,y_um,phi1_deg,Phi_deg,phi2_deg", "X [µm],Y [µm],Euler1 [deg],Euler2 [deg],Euler3 [deg]"],
)
def test_names_of_columns_may_be_written_in_several_ways(header):
    read = read_orientation_map(file(f"{header}\n0,0,10,20,30\n0.001,0,40,50,60\n", "a.csv"))
    assert read.angles[0].tolist() == [[10, 20, 30], [40, 50, 60]]
    assert read.um_per_pixel == pytest.approx(0.001)


def test_radians_and_other_units_of_length_are_converted():
    read = read_orientation_map(file("x_mm;y_mm;phi1_rad;Phi_rad;phi2_rad\n0;0;0,5;1;1\n0,01;0;1;1;1\n", "a.csv"))
    assert read.um_per_pixel == pytest.approx(10)
    assert read.angles[0, 0, 0] == pytest.approx(np.degrees(0.5))


CSV = "x_um,y_um,phi1_deg,Phi_deg,phi2_deg\n0,0,10,20,30\n1,0,40,50,60\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", CSV.replace("50", "abc"), "a.csv, line 3, column 'Phi_deg': 'abc' is no number"),
        ("a.csv", CSV + "2,0,1", "a.csv, line 4: the number of cells is 3, not 5"),
        ("a.csv", CSV.replace("50", "500"), "a.csv, line 3: an angle of 500° is beyond 360°"),
        ("a.csv", CSV.replace("Phi_deg", "tilt"), r"no column for Φ \(Phi_deg\) among x_um, y_um, phi1_deg, tilt"),
        ("a.csv", CSV.replace("Phi_deg", "Phi"), "column 'Phi': its name does not say whether angles are in degrees"),
        ("a.csv", CSV.replace("x_um", "x"), "a.csv, column 'x': its name says no unit"),
        ("a.csv", CSV.replace("x_um", "x_GPa"), "column 'x_GPa': its unit 'GPa' is no length"),
        ("a.csv", CSV.replace("\n1,0,", "\n,0,"), "line 3, column 'x_um': the place of a point is missing"),
        ("a.csv", CSV + "1,0,1,1,1\n", "two points lie at x = 1, y = 0"),
        ("a.csv", CSV + "1.4,0,1,1,1\n4,0,1,1,1\n", "the points form no square grid"),
        ("a.csv", CSV + "0,2,1,1,1\n1,2,1,1,1\n", "the steps along x and y differ, 1 and 2 µm"),
        ("a.csv", CSV + "0,9e9,1,1,1\n", "steps along x and y differ"),
        ("a.csv", "x_um,y_um,phi1_deg,Phi_deg,phi2_deg\n", "no rows below the names"),
        ("a.csv", "0,0,1,1,1\n1,0,1,1,1\n", "line 1: the first line holds numbers"),
        ("a.csv", CSV.replace("10,20,30", ",,").replace("40,50,60", ",,"), "no point is indexed"),
        ("a.csv", "", "a.csv is empty"),
        ("a.ctf", "Channel Text File\nPrj\tx\n", "no line 'Phase, X, Y, …'"),
        ("a.ctf", CTF.format(1).replace("Euler2", "Euler7"), "a.ctf, line 16: there is no column Euler2"),
        ("a.ctf", CTF.format(1).replace("54.84", "5x4"), "a.ctf, line 20, column Euler2: '5x4' is no number"),
        ("a.ang", "# TEM_PIXperUM 1\n", "no points below the header"),
        ("a.ang", "# x\n 1 2 3\n", r"a.ang, line 2: there are 3 columns; an .ang file has 8 or more"),
        ("a.ang", "# x\n" + ang_point(720.9 * 10, 0, 0, 0, 0), r"line 2: an angle of 125\.\d+ is beyond 4π"),
        (
            "a.ang",
            "# GRID: HexGrid\n" + ang_point(1, 1, 1, 0, 0) + ang_point(1, 1, 1, 2, 0),
            "no XSTEP and YSTEP of the hexagonal grid",
        ),
        ("a.ctf", "PNG\0\0\0", "a.ctf is no text file"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(name, content, message):
    with pytest.raises(InputError, match=message):
        read_orientation_map(file(content, name))


def test_the_reader_cuts_a_region_and_says_where_it_lies():
    parameters = OrientationMapParameters(region=(1, 0, 2, 2), phase=1)
    measurement = OrientationMapReader(parameters).read(file(CTF.format(1)))
    assert measurement.signal.unit == "°"
    assert measurement.signal.pixels.shape == (1, 2, 2, 3)
    assert measurement.details["x of the left edge, µm"] == 0.5
    assert measurement.details["µm per pixel"] == 0.5
    with pytest.raises(InputError, match="leaves the map"):
        OrientationMapReader(OrientationMapParameters(region=(2, 0, 2, 2))).read(file(CTF.format(1)))
