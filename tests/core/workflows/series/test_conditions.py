"""Where a series was measured is read from names, tables and files; what is missing is named."""

import pytest

from spectra.core.errors import InputError
from spectra.core.workflows.series.conditions import entries_of, value_in


def files(folder, *names):
    paths = []
    for number, name in enumerate(names):
        (folder / name).write_text(f"0.{number + 1}\n")
        paths.append(folder / name)
    return paths


def test_names_of_files_hold_numbers_with_a_unit(tmp_path):
    paths = files(tmp_path, "sto_77.5K.dat", "sto_-10K.dat", "sto_1e2.dat", "sto_3,5 K.dat")
    name, entries = entries_of(paths, "temperature=sto_{K}.dat")
    assert name == "temperature"
    assert [entry.condition.value for entry in entries] == [77.5, -10, 100, 3.5]
    assert {entry.condition.unit for entry in entries} == {"K"}
    assert [entry.file.name for entry in entries] == [path.name for path in paths]


def test_celsius_become_kelvin_and_ways_have_names(tmp_path):
    paths = files(tmp_path, "run3-cooling-25.dat", "run4-warming-25.dat")
    _, entries = entries_of(paths, "temperature=*-{way}-{degC}.dat")
    assert [entry.condition.value for entry in entries] == [298.15, 298.15]
    assert [entry.way for entry in entries] == ["cooling", "warming"]
    _, entries = entries_of(paths, "step=run{}-*.dat")
    assert [(entry.condition.value, entry.condition.unit) for entry in entries] == [(3, ""), (4, "")]


def test_a_table_has_a_line_for_each_file(tmp_path):
    paths = files(tmp_path, "a.dat", "b.dat")
    (tmp_path / "log.csv").write_text("file,pressure (GPa),way\nb.dat,2,down\na.dat,1,up\nc.dat,3,up\n")
    _, entries = entries_of(paths, f"pressure={tmp_path / 'log.csv'}")
    assert [(entry.condition.amount, entry.way) for entry in entries] == [("1 GPa", "up"), ("2 GPa", "down")]


def test_one_table_has_a_row_of_lines_for_each_point(tmp_path):
    table = tmp_path / "modes.csv"
    table.write_text("temperature (K),f1,f2,f3\n100,1.0,2.0,3.0\n\n110,1.1,,3.1\n")
    _, entries = entries_of([table], "temperature")
    assert [entry.condition.value for entry in entries] == [100, 110]
    assert [entry.file.content for entry in entries] == [b"1.0\n2.0\n3.0\n", b"1.1\n3.1\n"]
    assert [entry.file.name for entry in entries] == ["modes-line-2.txt", "modes-line-4.txt"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("temperature (furlons),f1\n1,2\n", "modes.csv, line 1: 'furlons' is no unit"),
        ("temperature (K),f1,f2\n100,1,2\n110,1\n", "modes.csv, line 3: 2 columns, where the first line has 3"),
        ("temperature (K),f1\nwarm,1\n", "modes.csv, line 2: the temperature 'warm' cannot be read"),
    ],
)
def test_a_table_with_a_fault_is_refused_by_its_line(tmp_path, content, sentence):
    table = tmp_path / "modes.csv"
    table.write_text(content)
    with pytest.raises(InputError, match=sentence.replace("(", r"\(")):
        entries_of([table], "temperature")


def test_a_file_without_a_header_of_the_condition_is_left_to_its_reader(tmp_path):
    [path] = files(tmp_path, "a.dat")
    _, [entry] = entries_of([path], "temperature")
    assert entry.condition is None
    assert entry.file.content == path.read_bytes()


def test_files_without_a_condition_are_named(tmp_path):
    paths = files(tmp_path, "sto_77K.dat", "sto_warm.dat")
    with pytest.raises(InputError, match=r"1 of 2 files do not follow the pattern 'sto_\{K\}.dat': sto_warm.dat"):
        entries_of(paths, "temperature=sto_{K}.dat")
    (tmp_path / "log.csv").write_text("file,temperature (K)\nsto_77K.dat,77\n")
    with pytest.raises(InputError, match=r"log.csv says no temperature of 1 of 2 files: sto_warm.dat") as refused:
        entries_of(paths, f"temperature={tmp_path / 'log.csv'}")
    assert "sto_77K.dat" in refused.value.hint


@pytest.mark.parametrize("at", ["", "=x.csv", "temperature=", "2=run-{K}.dat"])
def test_an_option_that_says_nothing_is_refused(tmp_path, at):
    with pytest.raises(InputError, match="says not what varies"):
        entries_of(files(tmp_path, "a.dat"), at)


@pytest.mark.parametrize("pattern", ["run.dat", "run-{K}-{K}.dat", "run-{furlons}.dat", "{way}.dat"])
def test_a_pattern_has_one_number_with_a_known_unit(tmp_path, pattern):
    with pytest.raises(InputError, match="has not one field for a number"):
        entries_of(files(tmp_path, "run-1K.dat"), f"temperature={pattern}")


def test_the_same_bytes_cannot_have_been_measured_twice(tmp_path):
    paths = files(tmp_path, "run-1K.dat", "run-2K.dat")
    paths[1].write_bytes(paths[0].read_bytes())
    with pytest.raises(InputError, match=r"run-1K.dat and run-2K.dat hold the same bytes"):
        entries_of(paths, "temperature=run-{K}.dat")


def test_a_reference_has_the_unit_of_the_files(tmp_path):
    _, entries = entries_of(files(tmp_path, "run-1K.dat"), "temperature=run-{K}.dat")
    assert value_in(entries, "temperature", "20 degC") == pytest.approx(293.15)
    with pytest.raises(InputError, match="given in GPa, the temperature of the files in K"):
        value_in(entries, "temperature", "2 GPa")
    with pytest.raises(InputError, match="'warm' cannot be read"):
        value_in(entries, "temperature", "warm")
