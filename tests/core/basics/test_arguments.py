"""What commands of the core and of plugins are given: settings, and files to write."""

import pytest

from spectra.core.basics.arguments import check_figure, check_output, parse_settings, write_output
from spectra.core.errors import InputError, UsageError


def test_settings_are_read_by_part_and_as_yaml():
    assert parse_settings(["reader.unit=kHz", "reader.start=2e5", "part.encoder.bins=64"]) == {
        "reader": {"unit": "kHz", "start": "2e5"},
        "part.encoder": {"bins": 64},
    }
    for bad in ("unit=kHz", "reader.unit", ".unit=1", "reader.=1", "reader.unit={"):
        with pytest.raises(UsageError, match="Invalid"):
            parse_settings([bad])


def test_files_that_cannot_be_written_are_refused_beforehand(tmp_path):
    check_figure(tmp_path / "figure.PDF")
    check_output(tmp_path / "table.csv")
    with pytest.raises(UsageError, match="file format"):
        check_figure(tmp_path / "figure.txt")
    with pytest.raises(UsageError, match="There is no folder"):
        check_figure(tmp_path / "nowhere" / "figure.png")
    with pytest.raises(UsageError, match="is a folder"):
        check_output(tmp_path)


def test_a_file_is_written_or_the_reason_is_told(tmp_path):
    write_output(tmp_path / "table.csv", b"1,2")
    assert (tmp_path / "table.csv").read_bytes() == b"1,2"
    with pytest.raises(InputError, match="cannot be written: "):
        write_output(tmp_path / "table.csv" / "more.csv", b"1,2")
