"""The forward model: powder patterns of given cells, sizes, strains and shares of the phases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.samples import Sample
from spectra.core.signals import Profile
from spectra.plugins.powder.quantities import has_fractions, model_of, parameters_of, places
from spectra.plugins.powder.sample import PowderSample

Floats = NDArray[np.float64]

ANGLE = "° 2θ"  # as the readers of diffraction profiles write it
WAVELENGTH_KEY = "wavelength [Å]"  # as they name it among the details of a measurement
_WIDTH = 0.08  # degrees, of lines of a laboratory's diffractometer
_HIGHEST, _BACKGROUND = 10_000.0, 200.0  # counts


class PowderPattern:
    """Patterns as counted: the highest line with 10,000 counts, on a background of 200.

    Lines of phases whose atoms are unknown are as strong as those of point scatterers without order.
    """

    def __init__(self, sample: Sample, parameters: NoParameters) -> None:
        if not isinstance(sample, PowderSample):
            raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}, not for 'powder'.")
        self.parameters, self.sample = parameters, sample
        self.model = model_of(sample)
        angles = sample.angles
        count = round((angles.upper - angles.lower) / angles.step) + 1
        self.x = np.linspace(angles.lower, angles.upper, count)

    def simulate(self, values: Floats) -> Profile:
        """Compute the patterns of ``values``, shape (n, p), without noise."""
        y = np.array([self._pattern(row) for row in values]).reshape(len(values), len(self.x))
        return Profile(x=self.x, y=y, x_unit=ANGLE, y_unit="counts")

    def _pattern(self, values: Floats) -> Floats:
        model = self.model
        parameters = parameters_of(model, values, width=_WIDTH)
        intensities = model.expected(parameters) * np.repeat(
            self._scales(values, parameters), [members.stop - members.start for members in model.members]
        )
        lines = model.lines(parameters)
        pattern = lines.curves(self.x, slopes=False).values @ (lines.weight * intensities[lines.reflection])
        return _BACKGROUND + _HIGHEST * pattern / max(float(pattern.max()), 1e-300)

    def _scales(self, values: Floats, parameters: Floats) -> Floats:
        """Return the scale (phases,) of each phase's expected intensities."""
        model = self.model
        if has_fractions(model):
            masses = np.array([phase.mass_of_scale(parameters[phase.cell]) for phase in model.phases])
            return np.array([values[place][-1] for place in places(model)]) / masses
        expected = model.expected(parameters)
        return np.array([1 / max(expected[members].sum(), 1e-300) for members in model.members])
