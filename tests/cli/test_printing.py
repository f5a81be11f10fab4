"""A view is printed block by block, and what it holds cannot act on the terminal."""

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
