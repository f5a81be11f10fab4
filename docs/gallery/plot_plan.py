"""
Error bars before the measurement
=================================

How well each modulus of Ti-6Al-4V will be known: against the number of lines, against what is done about the lengths,
and for other boxes of the same volume. On the command line: ``spectra plan --shapes --figure plan.png``.
"""

from pathlib import Path

import spectra
from spectra.plugins.rus.planning.figure import plan_figure
from spectra.plugins.rus.planning.task import make_plan

examples = Path(spectra.__file__).parents[1] / "examples"
specimen = spectra.load_sample(examples / "rus" / "ti64" / "sample.yaml")
plan = make_plan(specimen.sample, at="C11=168.8,C44=44.98", line_error=0.0015, shapes=True)
figure = plan_figure(plan)

# sphinx_gallery_start_ignore
# Where nothing else is uncertain, the bound is in proportion to the errors of the lines.
finer = make_plan(specimen.sample, at="C11=168.8,C44=44.98", line_error=0.00075)
assert (abs(finer.measured.deviations.lines / plan.measured.deviations.lines - 0.5) < 1e-9).all()
# sphinx_gallery_end_ignore
