"""What would go wrong on Windows and can be seen elsewhere."""

import ast
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import spectra
from spectra.cli.printing.data import print_csv
from spectra.core.basics import files
from spectra.core.basics.files import write_atomically

PACKAGE = Path(spectra.__file__).parent
MODES = set("rwaxbt+")


def without_encoding(tree):
    """Yield the calls that read or write text in whatever encoding the system has."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if "encoding" in given or None in given:
            continue
        function = isinstance(node.func, ast.Name)  # open(path, mode), and path.open(mode)
        words = node.args[1:] if function or name == "fdopen" else node.args[:1]
        words = [word.value for word in words if isinstance(word, ast.Constant)]
        words += [given["mode"].value] if "mode" in given else []
        mode = next((word for word in words if isinstance(word, str) and word and set(word) <= MODES), "")
        text = {
            "read_text": not node.args,
            "write_text": True,
            "open": "b" not in mode and (mode or function),
            "fdopen": "b" not in mode,
            "run": "text" in given,
            "Popen": "text" in given,
        }
        if text.get(name):
            yield node


def test_calls_without_an_encoding_are_seen():
    wrong = ["p.read_text()", "open(p)", "p.open('w')", "p.write_text(t)", "run(c, text=True)"]
    right = ["p.open('rb')", "open(p, 'wb')", "zip.open('name')", "p.write_text(t, encoding='utf-8')", "run(c)"]
    tree = ast.parse("\n".join(wrong + right))
    assert [node.lineno for node in without_encoding(tree)] == [1, 2, 3, 4, 5]


def test_text_files_are_read_and_written_as_utf_8():
    """On Windows the default is cp1252."""
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in without_encoding(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"PYTHONIOENCODING": "cp1252"}, b"\x96 \\u03c3xx \xb1\n"),
        ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "– σxx ±\n".encode()),
    ],
    ids=["in an encoding that was asked for", "to a pipe, on a system with another"],
)
def test_no_character_keeps_a_table_from_being_printed(environment, expected):
    """A pipe has the encoding cp1252 on Windows and, without what Python does about it, ASCII in POSIX's locale C."""
    code = r"from spectra.cli.main import _use_utf_8; _use_utf_8(); print('\u2013 \u03c3xx \xb1')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)} | environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.replace(b"\r\n", b"\n")) == (0, expected)


def test_csv_has_one_line_end_where_the_system_writes_two_characters_for_it(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8", newline="\r\n"))  # as on Windows
    print_csv([], [None])
    sys.stdout.flush()
    assert written.getvalue() == b"\r\n\r\n"


def test_a_file_that_is_open_elsewhere_is_replaced_once_it_is_closed(tmp_path, monkeypatch):
    """Windows refuses to replace a file that any process has open."""
    target, refusals = tmp_path / "figure.png", iter(range(2))
    target.write_bytes(b"old")
    replace = os.replace

    def as_on_windows(source, place):
        if next(refusals, None) is not None:
            raise PermissionError(13, "Access is denied")
        replace(source, place)

    monkeypatch.setattr("os.replace", as_on_windows)
    with pytest.raises(PermissionError):
        write_atomically(target, b"new")
    assert (target.read_bytes(), len(list(tmp_path.iterdir()))) == (b"old", 1)
    refusals = iter(range(2))
    monkeypatch.setattr(files, "_PAUSES", (0.0, 0.0))
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
