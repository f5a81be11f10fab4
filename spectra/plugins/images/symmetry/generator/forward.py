"""The forward model 'plane-groups': from a group and a seed to a picture."""

from __future__ import annotations

import numpy as np

from spectra.core.components import Floats, NoParameters
from spectra.core.errors import InputError
from spectra.core.samples import Sample
from spectra.core.signals import Image, Signal
from spectra.plugins.images.symmetry.generator.groups import PLANE_GROUPS, SYMBOLS
from spectra.plugins.images.symmetry.generator.patterns import atoms_motif, fourier_motif, pattern
from spectra.plugins.images.symmetry.generator.sample import SymmetrySample


class PlaneGroupPictures:
    """Makes a random picture of a plane group; which one it is are its quantities, 1 for that group and 0 for others.

    A point is the number of a group in the International Tables and that of a picture. Shades run from 0 to 1.
    """

    specimens_per_part = 500

    def __init__(self, sample: Sample, parameters: NoParameters) -> None:  # noqa: ARG002
        if not isinstance(sample, SymmetrySample):
            raise InputError(f"{sample.name!r} is a sample for {sample.technique!r}, not for 'symmetry'.")
        self._sample = sample

    def generate(self, points: Floats) -> tuple[Floats, Signal]:
        """Make the pictures of ``points``, shape (n, 2).

        Returns
        -------
        values : ndarray, shape (n, number of groups of the sample)
        signal
            Pictures (n, side, side, 1).
        """
        sample = self._sample
        pixels = np.empty((len(points), sample.side, sample.side, 1), dtype=np.float32)
        values = np.zeros((len(points), len(sample.groups)))
        for row, shown, (number, place) in zip(values, pixels, points.astype(np.int64), strict=True):
            group = PLANE_GROUPS[number - 1]
            rng = np.random.default_rng([sample.seed, int(number), int(place)])
            with_atoms = sample.motif == "atoms" or (sample.motif == "both" and place % 2 == 1)
            motif = atoms_motif if with_atoms else fourier_motif
            picture, _ = pattern(group, rng, motif=motif, side=sample.side, noise=sample.noise)
            shown[..., 0] = (picture - picture.min()) / np.ptp(picture)
            row[sample.groups.index(SYMBOLS[number - 1])] = 1.0
        return values, Image(pixels=pixels, unit="1")
