"""Checks of regressors, on examples whose targets follow from the features but for a little noise."""

from __future__ import annotations

import numpy as np

from spectra.testing.checking import NotApplicable, check, require
from spectra.testing.comparing import ROUNDING, require_same
from spectra.testing.fresh_process import restored_answer
from spectra.testing.subjects import RegressorSubject

_REPEATED = 1e-5
_WITHIN_TWO_SPREADS = 0.6  # of a Gaussian it is 0.95
_WIDEST = 5.0  # spreads, in root mean square errors


@check("regressor")
def learns_from_features(subject: RegressorSubject) -> None:
    """It learns from features of one part, of two equal ones, or of a picture, and predicts."""
    require(subject.accepted, f"It learns from features of neither one part nor two, nor a picture. {subject.said}")


@check("regressor")
def fit_returns_the_regressor(subject: RegressorSubject) -> None:
    """``fit`` returns self, so that it can be called where the regressor is made."""
    require(isinstance(subject.regressor, type(subject.make())), "fit() returns something else than self.")


@check("regressor")
def gives_finite_values_and_positive_spreads(subject: RegressorSubject) -> None:
    """Mean and spread have the shape (n, p), are finite, and no spread is zero; candidates have the shape (n, k, p)."""
    estimate, (features, truth) = subject.estimate, subject.examples.test
    for name, array in (("mean", estimate.mean), ("spread", estimate.spread)):
        shape = np.shape(array)
        require(shape == truth.shape, f"The {name} of {len(features)} rows has the shape {shape}, not {truth.shape}.")
        require(np.isfinite(array).all(), f"The {name} is not finite.")
    require((estimate.spread > 0).all(), "A spread is zero or negative: no answer is exact.")
    if estimate.candidates is not None:
        shape = estimate.candidates.shape
        require(len(shape) == 3 and shape[::2] == truth.shape, f"Candidates have the shape {shape}, not (n, k, p).")


@check("regressor")
def predicts_a_batch_as_its_members(subject: RegressorSubject) -> None:
    """A row of features has the same answer alone and among others."""
    alone = subject.regressor.predict(subject.examples.test[0][1:2])
    for name in ("mean", "spread"):
        among = getattr(subject.estimate, name)[1:2]
        require_same({name: among}, {name: getattr(alone, name)}, "Alone it is another.", tolerance=ROUNDING)


@check("regressor")
def learns_the_same_with_the_same_seed(subject: RegressorSubject) -> None:
    """Fitted twice with one seed it gives the same answers: ``reproduce`` trains again and compares."""
    again = subject.fitted(subject.examples).predict(subject.examples.test[0])
    first = {"mean": subject.estimate.mean, "spread": subject.estimate.spread}
    second = {"mean": again.mean, "spread": again.spread}
    require_same(first, second, "Two fits with one seed differ; draw from the generator alone.", tolerance=_REPEATED)


@check("regressor")
def leaves_its_arguments_alone(subject: RegressorSubject) -> None:
    """Training data and features stay as they are: other regressors are trained on them."""
    kept = subject.examples.again().arrays()
    subject.regressor.predict(subject.examples.test[0])
    require_same(kept, subject.examples.arrays(), "Its arguments have been changed in place; work on a copy.")


@check("regressor")
def beats_the_mean(subject: RegressorSubject) -> None:
    """Its errors are smaller than those of always answering the mean of the training set."""
    _, truth = subject.examples.test
    _, targets = subject.examples.ideal()
    error = np.sqrt(np.mean((subject.estimate.mean - truth) ** 2, axis=0))
    constant = np.sqrt(np.mean((targets.mean(axis=0) - truth) ** 2, axis=0))
    listed = ", ".join(f"{one:.3g} against {other:.3g}" for one, other in zip(error, constant, strict=True))
    require((error < constant).all(), f"It is no better than the mean; root mean square errors are {listed}.")


@check("regressor")
def its_spreads_match_its_errors(subject: RegressorSubject) -> None:
    """Most truths lie within two spreads, and spreads are not far wider than errors.

    A spread is one standard deviation. The check is rough: at least 60 % within two, and a typical spread of at most
    five root mean square errors.
    """
    _, truth = subject.examples.test
    error, spread = np.abs(subject.estimate.mean - truth), subject.estimate.spread
    covered = float(np.mean(error <= 2 * spread, axis=0).min())
    require(
        covered >= _WITHIN_TWO_SPREADS,
        f"Only {covered:.0%} of the truths lie within two spreads; scale them by their errors on the validation set.",
    )
    width = float((np.median(spread, axis=0) / np.sqrt(np.mean(error**2, axis=0))).max())
    require(width <= _WIDEST, f"A typical spread is {width:.0f} times the root mean square error; it says nothing.")


@check("regressor")
def its_state_works_in_a_new_process(subject: RegressorSubject) -> None:
    """What ``get_state`` returns makes another instance give the same answers, in a process that never saw ``fit``.

    A model file holds nothing but this state and the parameters.
    """
    restored = restored_answer(
        subject.entry.component,
        subject.choice.parameters,
        subject.regressor.get_state(),
        {"features": subject.examples.test[0]},
    )
    asked = {"mean": np.asarray(subject.estimate.mean), "spread": np.asarray(subject.estimate.spread)}
    require_same(asked, restored, "After saving and loading it is another.", tolerance=ROUNDING)


@check("regressor")
def its_history_has_a_number_for_each_epoch(subject: RegressorSubject) -> None:
    """``history/*`` in the state are finite numbers in a row, one per epoch: they are plotted."""
    history = {name: a for name, a in subject.regressor.get_state().items() if name.startswith("history/")}
    if not history:
        raise NotApplicable("it keeps no history")
    for name, array in history.items():
        require(np.ndim(array) == 1 and np.isfinite(array).all(), f"{name} is not a row of finite numbers.")
