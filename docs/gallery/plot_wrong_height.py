"""
How wrong may a sample file be?
===============================

The real list of the steel pin, analyzed with heights that are wrong on purpose: C44 with its stated error, and the
verdict. A wrong length moves the answer by more than its error bar before anything is noticed, and is noticed soon
after. :doc:`/error-bars` says what to make of it.
"""

from pathlib import Path

import yaml
from matplotlib.figure import Figure

import spectra

steel = Path(spectra.__file__).parents[1] / "examples" / "rus" / "steel"
session = spectra.open()
sample = yaml.safe_load((steel / "sample.yaml").read_text())
errors = [-0.5, -0.25, 0.0, 0.5, 1.0]  # %
answers = []
for error in errors:
    sample["shape"]["height"] = f"{3.45 * (1 + error / 100):.5f} mm"
    answers.append(session.analyze(steel / "peaks.dat", sample=sample, recipe="quick"))

# %%
# Open circles are doubtful:

figure = Figure(figsize=(6, 3.5), layout="constrained")
axes = figure.subplots()
for error, answer in zip(errors, answers, strict=True):
    value, std = answer.quantities.loc["C44", ["value", "std"]]
    style = {"color": "C0"} if answer.verdict.trusted else {"color": "C1", "mfc": "white"}
    axes.errorbar(error, value, std, fmt="o", capsize=3, **style)
axes.set_xlabel("error of the height (%)")
axes.set_ylabel("C44 (GPa)")

# sphinx_gallery_start_ignore
assert [answer.verdict.trusted for answer in answers] == [False, True, True, True, False]
# sphinx_gallery_end_ignore
