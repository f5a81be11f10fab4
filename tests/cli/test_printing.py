"""A view is printed block by block, and what it holds cannot act on the terminal."""

import os
import pickle
import re
import subprocess
import sys

import pytest

from spectra.cli.printing.blocks import print_blocks
from spectra.core.tables import Column, Table
from spectra.views.layout import table


def test_blocks_stand_apart_and_sentences_together(capsys):
    facts = {"sample": "steel", "note": None}
    rows = table(("quantity", "value"), [("C11", 270.0), ("C44", 80.0)], title="Result")
    print_blocks([facts, rows, "Note: one.", "Note: two."])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == ["sample  steel", "", "Result"]
    assert lines[-3:] == ["", "Note: one.", "Note: two."]


def test_a_table_without_rows_keeps_its_header(capsys):
    assert len(table(("a", "b"), [])) == 0
    print_blocks([table(("a", "b"), [])])
    assert capsys.readouterr().out.split() == ["a", "b"]


def test_neither_markup_nor_control_characters_act(capsys):
    print_blocks([{"file": "[red]x\x1b[2J"}, Table(name="", title="", columns=(Column(name="[b]", values=["\a"]),))])
    said = capsys.readouterr().out
    assert "[red]x\\x1b[2J" in said
    assert "[b]" in said
    assert "\\x07" in said


def test_names_of_emoji_stay_words(capsys):
    print_blocks([{"file": ":fire:.dat"}, Table(name="", title="", columns=(Column(name="a", values=[":fire:"]),))])
    print_blocks(["Note: :fire:"])
    assert capsys.readouterr().out.count(":fire:") == 3


NUMBER = re.compile(r"-?\d+\.\d+(?: ± \d+\.\d+)?")


def printed(blocks, columns, **options):
    """Print blocks as on a screen of so many columns, in a process of its own."""
    code = (
        "import pickle, sys\n"
        "from spectra.cli.printing.blocks import print_blocks\n"
        "blocks, options = pickle.load(sys.stdin.buffer)\n"
        "print_blocks(blocks, **options)"
    )
    environment = os.environ | {"COLUMNS": str(columns), "PYTHONPATH": os.pathsep.join(sys.path)}
    pickled = pickle.dumps((blocks, options))
    done = subprocess.run([sys.executable, "-c", code], input=pickled, capture_output=True, env=environment, check=True)
    return done.stdout.decode()


def modes(rows):
    """A table as a fit of nine moduli has it."""
    frequencies = [0.1 + 0.0123456 * row for row in range(rows)]
    slopes = [
        Column(name=f"dlnf/dlnC{k}{k}", values=[-0.123] * rows, digits=3, priority=2, on_request=True)
        for k in range(1, 10)
    ]
    columns = (
        Column(name="measured", unit="MHz", values=frequencies, digits=6),
        Column(name="computed", unit="MHz", values=frequencies, digits=6),
        Column(name="probability", values=[0.98] * rows, digits=2, priority=1),
        *slopes,
        Column(name="status", values=["matched"] * rows),
    )
    return Table(name="modes", title="Modes", columns=columns, abridged=True)


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("whole", [False, True])
def test_no_number_is_wrapped_and_no_line_is_too_long_whatever_the_width(columns, whole):
    answers = ", ".join(f"C{k}{k} {100 + k}.25 ± 0.{k}7 GPa" for k in range(1, 10))
    records = table(("prediction", "result", "model"), [("1ec1c9e9bh", answers, "kcp8aa74m1")], priorities={"model": 5})
    said = printed([modes(20), records], columns, all_columns=whole)
    rows = [line for line in said.splitlines() if "left out" not in line and "More columns" not in line]
    assert max(map(len, rows)) <= columns
    found = NUMBER.findall(said)
    assert found.count("0.112346") >= 2 - (columns < 50)
    for k in range(1, 10):
        assert f"{100 + k}.25 ± 0.{k}7" in found
    assert "1ec1c9e9bh" in said


def test_columns_drop_by_priority_and_are_named():
    whole = printed([modes(3)], 80, all_columns=True)
    assert "measured" in whole
    assert "status" in whole
    assert "Columns left out for want of width:" in whole
    assert "dlnf/dlnC99" not in whole.split("Columns left out")[0]
    narrow = printed([modes(3)], 34)
    assert "Columns left out for want of width: probability; --json has them." in narrow
    assert "More columns with --all-columns: dlnf/dlnC11, dlnf/dlnC22" in narrow
    assert "left out" not in printed([modes(3)], 240, all_columns=True)


def test_a_long_table_is_abridged_on_a_screen_and_says_how_many_rows_are_left_out():
    said = printed([modes(50)], 80)
    assert said.count("matched") == 20
    assert "30 rows in between are left out; --all-columns prints the whole table." in said
    assert printed([modes(50)], 80, all_columns=True).count("matched") == 50
    assert printed([modes(30)], 80).count("matched") == 30


def test_what_is_piped_is_whole(capsys):
    print_blocks([modes(50)])
    assert capsys.readouterr().out.count("matched") == 50
