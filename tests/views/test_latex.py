"""Tables for a paper, of which another program reads the formulas."""

import re

import pytest
from matplotlib.mathtext import MathTextParser

from spectra.core.tables import Column, Table
from spectra.views.latex import latex

FORMULA = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$")


def table(*columns, **more):
    return Table(name="t", title="Result", columns=columns, **more)


def test_a_table_is_one_of_booktabs():
    made = table(
        Column(name="quantity", values=["C11", "σxx", "Young's modulus"]),
        Column(name="value", unit="GPa", values=["269.76 ± 0.59", "-16.28 ± 0.45", None]),
        Column(name="misfit (%)", values=[0.12345, -2.0, float("nan")], digits=2),
        Column(name="dC11", values=[1.0, 2.0, 3.0], on_request=True),
        notes=("100 % of them",),
    )
    facts = {"sample": "steel_pin", "model": None}
    assert list(latex([facts, "Trusted: yes.\nReally.", made])) == [
        r"% \usepackage{booktabs}",
        "% sample: steel_pin",
        "% Trusted: yes. Really.",
        "",
        "% Result",
        r"\begin{tabular}{lrr}",
        r"\toprule",
        r"quantity & value (GPa) & misfit (\%) \\",
        r"\midrule",
        r"$C_{11}$ & $269.76 \pm 0.59$ & $0.12$ \\",
        r"$\sigma_{xx}$ & $-16.28 \pm 0.45$ & $-2.00$ \\",
        r"Young's modulus &  &  \\",
        r"\bottomrule",
        r"\end{tabular}",
        "% Note: 100 % of them",
    ]
    assert r"dC11" in "\n".join(latex([made], all_columns=True))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.5e-07", r"$1.5 \times 10^{-7}$"),
        ("20,293", "$20{,}293$"),
        ("1/Å^2", r"1/\AA{}$^{2}$"),
        ("kg m⁻³", "kg m$^{-3}$"),
        ("2θ ≤ 90°", r"2$\theta$ $\leq$ 90$^\circ$"),
        ("a_b & c#d {e} 5 %", r"a\_b \& c\#d \{e\} 5 \%"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("a\nb\x1b[31m", "ab[31m"),
        ("~^<>$", r"\textasciitilde{}\textasciicircum{}\textless{}\textgreater{}\$"),
    ],
)
def test_nothing_in_a_cell_acts_but_what_is_meant(text, written):
    (row,) = [line for line in latex([table(Column(name="x", values=[text]))]) if line.startswith(written)]
    assert row == written + r" \\"


def test_every_formula_is_one():
    texts = ["αβγδεζηθικλμνξπρστυφχψω", "ΓΔΘΛΞΠΣΦΨΩ", "±×·→≤≥−∞", "C44", "εxy", "1e5", "1,234.5 ± 0.2", "x^-12", "°"]
    lines = "\n".join(latex([table(Column(name="x", values=texts))]))
    formulas = [formula[0] for formula in FORMULA.finditer(lines)]
    assert len(formulas) > 45
    parser = MathTextParser("path")
    for formula in formulas:
        parser.parse(formula.replace("{,}", ","))
