"""``spectra predictions list`` and its like: one query, several forms."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from pyarrow import parquet

from spectra.core.measurements import Measurement, RawFile
from spectra.core.quantities import EstimatedQuantity
from spectra.core.samples import Sample
from spectra.core.signals import Peaks
from spectra.registry.registry import Registry


@pytest.fixture
def records(home):
    """Three predictions of two samples, oldest first; the last of them has hostile texts."""
    with Registry.open(home) as registry:
        made = []
        for number, (name, c11, tags) in enumerate(
            [("steel", 270.0, ()), ("steel", 275.5, ("paper",)), ("glass", 90.0, ())]
        ):
            sample = registry.add_sample(Sample(name=name, technique="toy"))
            data_set = registry.add_data_set(
                sample=sample, digest=name, recipe={}, points=1, notes=(), content=b"", environment={}
            )
            component = {"name": "toy", "parameters": {}}
            model = registry.add_model(
                sample=sample,
                data_set=data_set,
                recipe={"forward_model": component, "encoder": component, "regressor": component},
                recipe_digest="sha256:",
                quantities=[],
                seed=number,
                metrics={"test": {}},
                content=b"",
                environment={},
            )
            hostile = 'a "b",\r\nc\x1b[31m.dat' if name == "glass" else f"run-{number}.dat"
            signal = Peaks.from_lists([[1.0]], unit="MHz", window=(0.0, 3.0))
            file = RawFile(name=hostile, content=b"%d" % number)
            measurement = registry.add_measurement(
                Measurement(signal=signal, file=file, reader="lines", details={}), sample=sample
            )
            quantities = [
                EstimatedQuantity(name="C11", unit="GPa", method="refined", value=c11, std=1 / 3),
                EstimatedQuantity(name="C11", unit="GPa", method="learned", value=c11 + 5, std=4.0),
                EstimatedQuantity(name="nu\x1b[2J", unit="", method="derived", value=0.25, std=None, note="unknown"),
            ]
            made.append(
                registry.add_prediction(
                    model=model,
                    measurement=measurement,
                    quantities=quantities,
                    misfit=None if number else 1e-7,
                    misfit_unit="kHz",
                    report={"tables": {}, "notes": []},
                    command="",
                    operator="=cmd()",
                    environment={},
                    tags=tags,
                )
            )
        return made


def test_a_query_selects_and_sorts_in_every_form(spectra, records, tmp_path):
    first, second, _ = records
    query = ("sample=steel,C11>2.6e11 Pa,age<1d", "--sort", "-C11")
    table = spectra("predictions", "list", *query)
    assert table.returncode == 0, table.stderr
    assert re.findall(f"{first.id}|{second.id}", table.stdout) == [second.id, first.id]
    assert "C11 275.50 ± 0.33 GPa" in table.stdout
    assert "more" not in table.stderr

    listed = json.loads(spectra("predictions", "list", *query, "--json").stdout)
    assert listed["schema"] == 1
    assert [p["id"] for p in listed["predictions"]] == [second.id, first.id]
    assert listed["predictions"][1]["quantities"][0]["std"] == 1 / 3
    assert listed["predictions"][0]["tags"] == ["paper"]

    done = spectra("predictions", "list", *query, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert [row["id"] for row in rows] == [second.id, first.id]
    assert [float(row["C11 (GPa)"]) for row in rows] == [275.5, 270.0]
    assert [float(row["C11.std (GPa)"]) for row in rows] == [1 / 3, 1 / 3]
    assert [row["misfit"] for row in rows] == ["", "1e-07"]
    assert rows[0]["created"] == second.created.isoformat()
    assert done.stdout.count("\n") == 3

    done = spectra("predictions", "list", *query, "--parquet", "out.parquet")
    assert done.stdout == ""
    assert "2 predictions written to out.parquet" in done.stderr
    written = parquet.read_table(tmp_path / "work" / "out.parquet")
    assert written.column("C11 (GPa)").to_pylist() == [275.5, 270.0]
    assert written.column("created").to_pylist()[0] == second.created


def test_hostile_text_is_data_for_programs_and_shown_as_escapes_to_people(spectra, records):
    hostile = records[2].file_name
    table = spectra("predictions", "list", "--columns", 'file,operator,"nu\x1b[2J"', "sample=glass")
    assert table.returncode == 0, table.stderr
    assert "\x1b" not in table.stdout
    assert r"\x1b[31m" in table.stdout
    assert r"nu\x1b[2J" in table.stdout
    (row,) = csv.DictReader(io.StringIO(spectra("predictions", "list", "sample=glass", "--csv").stdout, newline=""))
    assert row["file"] == hostile.replace("\r\n", "\n")  # the test reads the output as text
    assert row["operator"] == "=cmd()"
    assert row["nu\x1b[2J"] == "0.25"
    wrong = spectra("predictions", "list", "a\x1b[31m=b")
    assert wrong.returncode == 2
    assert "\x1b" not in wrong.stderr


def test_csv_on_a_terminal_passes_no_control_characters(records, home):
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")
    outer, inner = pty.openpty()
    code = "import sys; from spectra.cli.main import main; main()"
    command = [sys.executable, "-c", code, "predictions", "list", "--csv", "--db", str(home / "registry.sqlite")]
    subprocess.run(command, stdout=inner, check=False, env=os.environ | {"TERM": "dumb"}, timeout=60)
    os.close(inner)
    shown = os.read(outer, 100_000).decode()
    os.close(outer)
    assert r"\x1b[31m" in shown
    assert "\x1b" not in shown


def test_columns_are_chosen_and_named_with_their_unit(spectra, records):
    done = spectra("predictions", "list", "--columns", "id,C11,C11.learned,C11.std,tag", "--csv", "--sort", "created")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header == ["id", "C11 (GPa)", "C11.learned (GPa)", "C11.std (GPa)", "tag"]
    assert rows[1] == [records[1].id, "275.5", "280.5", str(1 / 3), "paper"]


def test_a_table_shows_a_page_and_says_that_there_is_more(spectra, records, monkeypatch):
    done = spectra("predictions", "list", "--limit", "2")
    assert records[0].id not in done.stdout
    assert records[2].id in done.stdout
    assert "More than 2 records match; --limit N shows N." in done.stderr
    assert "more" not in spectra("predictions", "list", "--limit", "3").stderr
    assert len(json.loads(spectra("predictions", "list", "--json", "--limit", "2").stdout)["predictions"]) == 2
    assert json.loads(spectra("predictions", "list", "tag=nothing", "--json").stdout)["predictions"] == []


def test_models_measurements_and_samples_are_listed_the_same_way(spectra, records):
    for kind, query, columns in (
        ("models", "sample=steel,seed=1", "id,seed,retired"),
        ("measurements", "file=run-1.dat", "id,file,kind"),
        ("samples", "sample=g*", "id,sample,technique"),
    ):
        assert len(json.loads(spectra(kind, "list", query, "--json").stdout)[kind]) == 1
        header, row = csv.reader(io.StringIO(spectra(kind, "list", query, "--csv", "--columns", columns).stdout))
        assert header == columns.split(",")
        assert len(row) == 3
        assert row[0] in spectra(kind, "list", query).stdout
        assert spectra(kind, "list", query, "--parquet", f"{kind}.parquet").returncode == 0


def test_how_a_query_is_understood_is_said_instead_of_a_list(spectra, records):
    done = spectra("predictions", "list", "C11>2.6e11 Pa,sample=steel", "--explain")
    assert done.stdout.splitlines() == [
        "C11>2.6e11 Pa: C11 is greater than 260 GPa.",
        "sample=steel: the sample is 'steel'.",
        "Newest first.",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["smaple=steel"], "Did you mean 'sample'?"),
        (["steel"], "cannot be read from 'steel' on"),
        (["C11>260 mm"], "the unit cannot be used"),
        (["--sort", "c11"], "Did you mean 'C11'?"),
        (["--columns", "id,misfitt"], "Did you mean 'misfit'?"),
        (["--csv", "--json"], "Only one of"),
        (["--json", "--columns", "id"], "JSON always has everything"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_printed(spectra, records, arguments, sentence):
    done = spectra("predictions", "list", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stdout == ""
