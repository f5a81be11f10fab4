"""Names of uploaded files, and samples on record as files again."""

import pytest

from spectra.core.basics.attachments import Attachment
from spectra.core.basics.documents import load_document
from spectra.core.errors import InputError
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.samples import Sample
from spectra.plugins import BUILT_IN, SHARED
from spectra.web.uploads import read_sample, safe_name, sample_files, unlike


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("p2.txt", "p2.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/abs/run 7.xy", "run 7.xy"),
        (".bashrc", "bashrc"),
        ("--db=evil.sqlite", "db_evil.sqlite"),
        ("left=x.txt", "left_x.txt"),
        ("a\x00b\n\x1b[31mc.txt", "a_b__[31mc.txt"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("..", "file"),
        ("  ", "file"),
        (None, "file"),
        ("<script>alert(1)</script>", "script_"),
        ("Probe ä 1.txt", "Probe ä 1.txt"),
        ("a\u0308.txt", "ä.txt"),
    ],
)
def test_a_name_is_one_component_and_no_option(given, safe):
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_ending():
    name = safe_name("x" * 5000 + ".xrdml")
    assert name.endswith("x.xrdml")
    assert len(name) == 80
    assert len(safe_name("x." + "y" * 5000)) == 80


def test_names_that_differ_in_case_alone_are_told_apart():
    assert unlike("A.txt", ["a.txt", "a-2.TXT"]) == "A-3.txt"
    assert unlike("b.txt", ["a.txt"]) == "b.txt"
    assert unlike("b", ["b"]) == "b-2"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_plugins(BUILT_IN, always=SHARED).catalogue


def test_a_sample_as_a_file_is_the_same_sample(catalogue):
    content = b"name: slab 7\ntechnique: toy\nthickness: 2.5 mm\nnotes: 'yes: #1'\n"
    sample = read_sample(catalogue, ("mine.yaml", content), []).sample
    files = sample_files(sample)
    assert list(files) == ["slab 7.yaml"]
    again = read_sample(catalogue, ("slab 7.yaml", files["slab 7.yaml"]), []).sample
    assert again == sample
    assert again.digest == sample.digest


class Body(Sample):
    technique: str
    surfaces: list[Attachment]


def test_files_that_a_sample_refers_to_lie_beside_it(tmp_path):
    named = {"bone.stl": b"triangles", "../bone.stl": b"others", "x.stl": b"others"}
    surfaces = [Attachment(name, content) for name, content in named.items()]
    sample = Body(name="bone", technique="toy", surfaces=surfaces)
    files = sample_files(sample)
    assert list(files) == ["bone.yaml", "bone.stl", "bone-2.stl"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    again = load_document(tmp_path / "bone.yaml", Body, what="sample file")
    assert again.digest == sample.digest


def test_a_sample_file_names_no_file_of_the_server(catalogue):
    content = b"name: x\ntechnique: rus\nmass: 1 g\nshape: {kind: mesh, file: /etc/passwd, unit: mm}\n"
    with pytest.raises(InputError, match="lies outside the folder of the sample file"):
        read_sample(catalogue, ("x.yaml", content), [])
