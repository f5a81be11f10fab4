"""
Moduli over temperature
=======================

A crystal that softens towards a transition, at nine temperatures: moduli with the error that all have in common, their
changes with errors of their own, and squared frequencies.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
lists = sorted((examples / "rus" / "series").glob("*.txt"))
series = session.series(
    lists, sample=examples / "rus" / "series" / "sample.yaml", at="temperature=perovskite-{K}.txt", recipe="quick"
)
figure = series.figure()

# %%
# The changes as numbers, relative to 295 K, a row for each file:

series.points.filter(regex="relative").round(5)

# sphinx_gallery_start_ignore
# The lists were simulated: benchmarks/series.py says with which C44 over temperature.
c44 = [124 * (1 + 1e-4 * (295 - t)) - 48 * (1 / (t - 99) - 1 / 196) for t in (115, 295)]
found = series.points.iloc[0]
assert abs(found["C44.relative"] - (c44[0] / c44[1] - 1)) < 3 * found["C44.relative.std"]
# sphinx_gallery_end_ignore
