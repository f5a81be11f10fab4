"""The RUS sample file: what it means, and what is said about faults in it."""

from pathlib import Path

import numpy as np
import pytest
import trimesh

from spectra.core.basics.documents import load_document
from spectra.core.errors import InputError
from spectra.plugins.rus.sample import RusSample
from spectra.plugins.rus.technique import Rus
from spectra.registry.registry import Registry

GOOD = """\
name: pin
technique: rus
shape:
  kind: cylinder
  diameter: 4.76 mm
  height: 3.45 mm
mass: 0.48 g
symmetry: isotropic
search:
  C11: {from: 170 GPa, to: 370 GPa, step: 1 GPa}
  C44: {from: 30 GPa, to: 130 GPa, step: 1 GPa}
window: {from: 0.2 MHz, to: 1.3 MHz}
"""


@pytest.fixture
def load(tmp_path):
    def run(*changes):
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "sample.yaml"
        path.write_text(text)
        return load_document(path, RusSample, what="sample file")

    return run


def test_density_follows_from_mass_and_volume(load):
    assert load().density_kg_m3 == pytest.approx(0.48e-3 / (np.pi / 4 * 4.76e-3**2 * 3.45e-3))


def test_the_grid_of_the_paper_has_20301_points_of_which_8_are_no_solids(load):
    sample = load()
    design = Rus().design(sample)
    c11, c44 = np.meshgrid(np.arange(170, 371), np.arange(30, 131), indexing="ij")
    assert sample.grid_size == c11.size == 20_301
    assert len(design.points) == (c11 > 4 / 3 * c44).sum()
    assert "8 of 20,301 grid points" in design.notes[0]


def test_equal_facts_in_other_units_are_the_same_specimen(load):
    other = load(("4.76 mm", "0.476 cm"), ("0.48 g", "480 mg"), ("0.2 MHz", "200 kHz"), ("name: pin", "name: other"))
    assert other.digest == load().digest
    assert load(("3.45 mm", "3.46 mm")).digest != load().digest


def test_a_sample_document_can_be_read_back(load):
    assert RusSample.model_validate(load().document()) == load()


CYLINDER = "  kind: cylinder\n  diameter: 4.76 mm\n  height: 3.45 mm\n"


def write_box(path, turned=False):
    box = trimesh.creation.box((2, 3, 4))
    if turned:
        box.apply_transform(trimesh.transformations.rotation_matrix(0.5, [1, 2, 3]))
    box.export(path, file_type="ply")


def test_a_mesh_is_part_of_the_specimen_by_its_content(load, tmp_path):
    write_box(tmp_path / "part.ply")
    sample = load((CYLINDER, "  kind: mesh\n  file: part.ply\n  unit: mm\n"))
    assert sample.shape.volume == pytest.approx(24)
    assert sample.density_kg_m3 == pytest.approx(20_000)

    (tmp_path / "other.ply").write_bytes((tmp_path / "part.ply").read_bytes())
    assert load((CYLINDER, "  kind: mesh\n  file: other.ply\n  unit: mm\n")).digest == sample.digest
    write_box(tmp_path / "part.ply", turned=True)
    assert load((CYLINDER, "  kind: mesh\n  file: part.ply\n  unit: mm\n")).digest != sample.digest


def test_a_mesh_comes_back_from_the_registry(load, tmp_path):
    write_box(tmp_path / "part.ply")
    sample = load((CYLINDER, "  kind: mesh\n  file: part.ply\n  unit: mm\n"))
    registry = Registry.open(home=tmp_path / "registry")
    record = registry.add_sample(sample)
    (tmp_path / "part.ply").unlink()

    again = RusSample.model_validate(record.document, context={"artefact": registry.read_artefact})

    assert again.digest == sample.digest
    assert again.shape.mesh.vertices == pytest.approx(sample.shape.mesh.vertices)


def test_principal_axes_undo_a_turn(load, tmp_path):
    write_box(tmp_path / "part.ply", turned=True)
    sample = load((CYLINDER, "  kind: mesh\n  file: part.ply\n  unit: mm\n  axes: principal\n"))
    assert np.abs(sample.shape.mesh.vertices) == pytest.approx(np.full((8, 3), [2e-3, 1.5e-3, 1e-3]), rel=1e-5)
    assert "bounds 24 mm³ by 12 triangles" in sample.shape.description()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../part.ply", "line 5: .*part.ply lies outside the folder of the sample file; copy it there"),
        ("/etc/passwd", "lies outside the folder"),
        ("missing.stl", "There is no file .*missing.stl"),
        ("part.txt", "not an STL, PLY or OBJ file by its name"),
        ("open.ply", "line 3: .* is not closed: 3 edges belong to one triangle only"),
        ("inside-out.ply", "is inside-out"),
    ],
)
def test_a_file_that_is_no_body_is_refused(load, tmp_path, name, sentence):
    box = trimesh.creation.box((2, 3, 4))
    trimesh.Trimesh(box.vertices, box.faces[1:], process=False).export(tmp_path / "open.ply")
    trimesh.Trimesh(box.vertices, box.faces[:, ::-1], process=False).export(tmp_path / "inside-out.ply")
    (tmp_path / "part.txt").write_text("no mesh")
    with pytest.raises(InputError, match=sentence):
        load((CYLINDER, f"  kind: mesh\n  file: {name}\n  unit: mm\n"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([("diameter:", "diametre:")], r"line 5: unknown key .*diametre'; the nearest is 'diameter'"),
        ([("  height: 3.45 mm\n", "")], r"line 3: the key 'shape.cylinder.height' is missing"),
        ([("mass: 0.48 g\n", "")], "give the 'mass'"),
        ([("4.76 mm", "4.76")], r"line 5: .*4.76 has no unit; write the value with its unit"),
        ([("4.76 mm", "4.76 g")], r"line 5: .*'g' cannot be converted to mm"),
        ([("4.76 mm", "-4.76 mm")], r"line 5: .*-4.76 mm is not positive"),
        ([("4.76 mm", "wide")], r"line 5: .*'wide' is not a number with a unit"),
        ([("4.76 mm", "4.76 furlungs")], r"line 5: .*'furlungs' is not a known unit"),
        ([("0.48 g", "0.48 g\ndensity: 5000 kg/m^3")], "imply a density of 7818 kg/m"),
        ([("isotropic", "isotopic")], r"line 8: 'symmetry' needs one of .*isotropic"),
        ([("kind: cylinder", "kind: ball")], r"line 3: 'shape' needs one of 'box', 'cylinder', "),
        ([("  C44:", "  C66:")], "a solid of symmetry 'isotropic' needs C11, C44 or C11, C12 or K, G or E, nu"),
        ([("from: 170 GPa, to: 370", "from: 370 GPa, to: 170")], r"line 10: .*range from 370 to 170 GPa is empty"),
        ([("step: 1 GPa}\n  C44", "step: 0 GPa}\n  C44")], r"line 10: .*greater than 0"),
        ([("step: 1 GPa}", "step: 0.01 GPa}")], "the grid has 200,030,001 points"),
        ([("name: pin", "name: pin\nname: pon")], r"line 2: this is not YAML: the key 'name' stands twice"),
        ([("name: pin", "name: [pin")], "this is not YAML"),
        ([("name: pin", "name: &a pin\nnotes: *a")], r"aliases \(\*\) are not accepted"),
    ],
)
def test_faults_are_told_with_line_key_and_remedy(load, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        load(*changes)


def test_ranges_without_any_stable_solid_are_refused(load):
    sample = load(("from: 170 GPa, to: 370 GPa", "from: 17 GPa, to: 37 GPa"))
    with pytest.raises(InputError, match="No solid is stable anywhere"):
        Rus().design(sample)


@pytest.mark.parametrize(
    "search", ["{E: {from: 180 GPa, to: 220 GPa, step: 4 GPa}, nu: {from: 0.25, to: 0.33, step: 0.01}}"]
)
def test_an_isotropic_solid_may_be_searched_by_young_and_poisson(load, search):
    sample = load((GOOD[GOOD.index("search:") : GOOD.index("window:")], f"search: {search}\n"))
    assert [q.unit for q in Rus().quantities(sample)] == ["GPa", ""]
    assert Rus().design(sample).points.shape == (11 * 9, 2)


def test_a_coarse_grid_comes_in_several_sizes_within_its_ranges_ends_included():
    ranges = {
        "C11": (350.0, 650.0, 75.0),
        "C33": (350.0, 650.0, 150.0),
        "C44": (100.0, 190.0, 45.0),
        "C12": (-40.0, 40.0, 40.0),
        "C13": (80.0, 140.0, 30.0),
        "C14": (-30.0, -10.0, 10.0),
    }
    sample = RusSample.model_validate(
        {
            "name": "sapphire",
            "technique": "rus",
            "shape": {"kind": "box", "x": "0.8 mm", "y": "1 mm", "z": "0.9 mm"},
            "density": "3.98 g/cm^3",
            "symmetry": "trigonal",
            "search": {
                name: {"from": f"{a} GPa", "to": f"{b} GPa", "step": f"{c} GPa"} for name, (a, b, c) in ranges.items()
            },
            "window": {"from": "2 MHz", "to": "4 MHz"},
        }
    )
    grid = sample.grid()
    low, high = np.array([[a, b] for a, b, _ in ranges.values()]).T
    order = [list(ranges).index(name) for name in sample.parametrization.names]
    assert np.all(grid >= low[order] - 1e-6)
    assert np.all(grid <= high[order] + 1e-6)
    assert {tuple(point) for point in grid} >= {tuple(low[order]), tuple(high[order])}
    assert 5 * 3**5 < len(grid) <= sample.grid_size
    kinds = np.unique((grid / np.linalg.norm(grid, axis=1)[:, None]).round(9), axis=0)
    assert len(kinds) <= 5 * 3**5  # no more spectra to compute than of the grid itself


def test_a_sample_on_record_with_ranges_that_have_no_unit_can_be_read_again():
    path = Path(__file__).parents[2] / "examples" / "rus" / "cmsx4" / "sample.yaml"
    sample = load_document(path, RusSample, what="sample file")
    again = RusSample.model_validate(sample.document())
    assert (again, again.digest) == (sample, sample.digest)
