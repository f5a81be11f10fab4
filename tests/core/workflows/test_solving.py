"""What a refiner is handed."""

import numpy as np

from spectra.core.components import Refinement
from spectra.core.progress import Silent
from spectra.core.workflows.solving import refined

ANSWER = Refinement(values=np.zeros(1), covariance=np.eye(1), misfit=0.0, misfit_unit="%")


class Plain:
    def refine(self, measured, forward, *, starts, quantities):
        self.handed = (measured, forward, starts, quantities)
        return ANSWER


class Reporting:
    def refine(self, measured, forward, *, starts, quantities, progress):
        self.handed = (measured, forward, starts, quantities)
        with progress.task("Fitting", 3) as advance:
            advance(3)
        return ANSWER


class Heard(Silent):
    def __init__(self):
        self.tasks = []

    def task(self, description, total):
        self.tasks.append((description, total))
        return super().task(description, total)


def test_a_refiner_is_handed_a_progress_if_its_signature_asks_for_one():
    for refiner, tasks in ((Plain(), []), (Reporting(), [("Fitting", 3)])):
        progress = Heard()
        answer = refined(refiner, "peaks", "model", starts="starts", quantities="quantities", progress=progress)
        assert answer is ANSWER
        assert refiner.handed == ("peaks", "model", "starts", "quantities")
        assert progress.tasks == tasks
