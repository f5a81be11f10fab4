"""What tables and documents say of files."""

import json
from datetime import UTC, datetime

import pytest

from spectra.core.errors import InputError
from spectra.core.formats.metadata import Metadata, datafed_document, found_for, read_metadata
from spectra.core.measurements import Condition
from spectra.core.store import MeasurementRecord

TABLE = """file;material;temperature (degC);pressure [GPa];dose;tags;sample;note
a.png;Ni, cast;25;1.5;3;fresh;s1;
sub/b.png;Cu@RT;;0;;"old; etched";s2;cracked
"""


def written(tmp_path, text, name="table.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_numbers_are_conditions_with_their_units_and_words_are_labels(tmp_path):
    known = read_metadata(written(tmp_path, TABLE))
    assert known["a.png"] == Metadata(
        sample="s1",
        conditions=(
            Condition(name="temperature", value=298.15, unit="K"),
            Condition(name="pressure", value=1.5, unit="GPa"),
            Condition(name="dose", value=3.0, unit=""),
        ),
        tags=("material=Ni; cast", "fresh"),
    )
    assert known["sub/b.png"].tags == ("material=Cu at RT", "old", "etched")
    assert known["sub/b.png"].note == "cracked"
    assert [condition.name for condition in known["sub/b.png"].conditions] == ["pressure"]


def test_a_file_is_found_by_its_name_or_by_as_much_of_its_path_as_is_written(tmp_path):
    known = read_metadata(written(tmp_path, TABLE))
    assert found_for(known, tmp_path / "x" / "a.png") == known["a.png"]
    assert found_for(known, tmp_path / "sub" / "b.png") == known["sub/b.png"]
    assert found_for(known, tmp_path / "b.png") is None
    assert found_for({"c": Metadata(note="stem")}, tmp_path / "c.tif") == Metadata(note="stem")


def test_documents_of_datafed_say_the_same(tmp_path):
    documents = [
        {
            "title": "a.png",
            "description": "first",
            "tags": ["fresh"],
            "metadata": {
                "sample": "s1",
                "material": "Ni",
                "growth": {"temperature": {"value": 700, "unit": "K"}, "steps": 3},
                "ok": True,
            },
        }
    ]
    (known,) = read_metadata(written(tmp_path, json.dumps(documents), "records.json")).values()
    assert known.sample == "s1"
    assert known.note == "first"
    assert known.conditions == (
        Condition(name="growth.temperature", value=700.0, unit="K"),
        Condition(name="growth.steps", value=3.0, unit=""),
    )
    assert known.tags == ("material=Ni", "ok=True", "fresh")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("material\nNi\n", "line 1: no column is called 'file'"),
        ("file,x\na.png,1,2\n", "line 2: 3 columns, where the first line has 2"),
        ("file,x\na.png,1\na.png,2\n", "line 3: the file 'a.png' stands there twice"),
        ("file,mass (wobbles)\na.png,1\n", "line 2: 'wobbles' of the column 'mass"),
        ("file,7\na.png,1\n", "line 2: '7' is no name of a column"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_line(tmp_path, text, said):
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        read_metadata(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "document 1 is no object"),
        ('[{"metadata": {}}]', "document 1 names no file"),
        ('[{"title": "a", "metadata": 3}]', "'metadata' is no object"),
        ('[{"title": "a", "metadata": ' + '{"a":' * 30 + "1" + "}" * 30 + "}]", "nested more than"),
    ],
)
def test_documents_that_cannot_be_read_are_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_metadata(written(tmp_path, text, "records.json"))


def test_a_table_that_is_not_utf8_is_refused(tmp_path):
    with pytest.raises(InputError, match="not UTF-8"):
        read_metadata(written(tmp_path, "file,ä\na.png,1\n", encoding="latin-1"))


def test_a_measurement_as_a_document_is_read_back_with_its_units(tmp_path):
    record = MeasurementRecord(
        id="m" * 10, sample_id="", sample_name="slab", technique="toy", file_name="a.png", artefact="", artefact_size=0,
        reader="", kind="image", details={}, note="as delivered", tags=("fresh", "material=Ni"),
        created=datetime.now(UTC),
        conditions=(Condition(name="temperature", value=300.0, unit="K"), Condition(name="dose", value=3.0)),
    )  # fmt: skip
    path = written(tmp_path, json.dumps([datafed_document(record)]), "documents.json")
    known = read_metadata(path)["a.png"]
    assert set(known.conditions) == set(record.conditions)
    assert {"fresh", "material=Ni"} <= set(known.tags)
    assert known.note == "as delivered"
