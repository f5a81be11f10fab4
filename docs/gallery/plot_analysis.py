"""
Peaks to moduli
===============

66 measured resonances of a steel pin, without start values: measured against computed modes, what is left between them,
and the histogram in which the nearest simulated spectra were looked for.
"""

from pathlib import Path

import spectra

examples = Path(spectra.__file__).parents[1] / "examples"
session = spectra.open()
steel = examples / "rus" / "steel"
answer = session.analyze(steel / "peaks.dat", sample=steel / "sample.yaml", recipe="quick")
figure = answer.figure()

# %%
# The answer as a table:

answer.quantities.round(3)

# sphinx_gallery_start_ignore
# A person had fitted the same list by hand: Liu et al., Sci. Rep. 13, 5919 (2023).
assert abs(answer.quantities.value["C11"] - 270.0) < 1
assert abs(answer.quantities.value["C44"] - 80.0) < 1
# sphinx_gallery_end_ignore
