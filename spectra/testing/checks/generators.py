"""Checks of generators."""

from __future__ import annotations

from functools import partial

import numpy as np

from spectra.core.signals import take, to_arrays
from spectra.testing.checking import answer_or_refusal, check, require
from spectra.testing.comparing import ROUNDING, copied, numbers, require_same, require_same_signal
from spectra.testing.fresh_process import restored_answer
from spectra.testing.searching import GeneratorSubject
from spectra.testing.subjects import SEED

_REPEATED = 1e-4
_MEAN, _LEAST, _MOST = 0.5, 0.5, 2.0


@check("generator")
def generates_from_some_signal(subject: GeneratorSubject) -> None:
    """It learns from what a technique on trial simulates, or from a synthetic signal of some kind."""
    require(subject.accepted, f"It learns from none of the signals of any kind that were tried. {subject.said}")


@check("generator")
def takes_the_kinds_that_it_says(subject: GeneratorSubject) -> None:
    """It works with the kinds of signal that its description takes."""
    subject.require_taken()


@check("generator")
def fit_returns_the_generator(subject: GeneratorSubject) -> None:
    """``fit`` returns self, so that it can be called where the generator is made."""
    require(isinstance(subject.generator, type(subject.make())), "fit() returns something else than self.")


@check("generator")
def its_codes_have_dim_numbers(subject: GeneratorSubject) -> None:
    """``encode`` and ``sample`` give codes of shape (n, dim) in double precision; no code is NaN in part."""
    signal, generator = subject.signal, subject.generator
    shape = (len(signal), generator.dim)
    for verb, codes in (
        ("Encoding", generator.encode(signal)),
        ("Sampling", generator.sample(len(signal), np.random.default_rng(SEED))),
    ):
        require(codes.shape == shape, f"{verb} {shape[0]} gives codes of shape {codes.shape}, not {shape}.")
        require(codes.dtype == np.float64, f"{verb} gives {codes.dtype}, not float64.")
        finite = np.isfinite(codes)
        require((finite.all(axis=1) | ~finite.any(axis=1)).all(), f"{verb} gives codes that are NaN in part.")
    require(len(subject.codes), "None of the signals that it was fitted on has a code.")


@check("generator")
def real_codes_are_spread_as_a_normal_distribution(subject: GeneratorSubject) -> None:
    """Codes of the signals that it was fitted on have about zero mean and unit variance.

    Optimizers step by that, and distances from real structures are counted in it.
    """
    means, spreads = subject.codes.mean(axis=0), subject.codes.std(axis=0)
    require(np.abs(means).max() < _MEAN, f"The mean of real codes is {means[np.abs(means).argmax()]:.3g} in a number.")
    worst = spreads[np.abs(np.log(np.maximum(spreads, 1e-12))).argmax()]
    require(_LEAST < worst < _MOST, f"The standard deviation of real codes is {worst:.3g} in a number.")


@check("generator")
def decodes_finite_signals_of_the_kind_that_it_learned(subject: GeneratorSubject) -> None:
    """``decode`` gives a stack of one signal for each code, of the kind that it was fitted on, without gaps."""
    codes = subject.generator.sample(3, np.random.default_rng(SEED))
    made = subject.generator.decode(codes)
    require(made.kind == subject.signal.kind, f"It learned from {subject.signal.kind} and makes {made.kind}.")
    require(len(made) == len(codes), f"{len(codes)} codes give {len(made)} signals.")
    require(all(np.isfinite(array).all() for array in numbers(made)), "It makes signals that are not finite.")


@check("generator")
def gives_real_signals_back(subject: GeneratorSubject) -> None:
    """A decoded code has nearly the same code again: a design is what its code says."""
    again = subject.generator.encode(subject.generator.decode(subject.codes))
    left = np.mean((again - subject.codes) ** 2) / np.mean(subject.codes**2)
    require(left < 0.5, f"Decoded and encoded again, {left:.0%} of the variance of codes is lost.")


@check("generator")
def decodes_a_batch_as_its_members(subject: GeneratorSubject) -> None:
    """A code has the same signal alone and among others."""
    codes = subject.generator.sample(3, np.random.default_rng(SEED))
    among, alone = take(subject.generator.decode(codes), slice(1, 2)), subject.generator.decode(codes[1:2])
    one, other = ({"code": subject.generator.encode(signal)} for signal in (among, alone))
    require_same(one, other, "Alone it is another.", tolerance=ROUNDING)


@check("generator")
def learns_the_same_with_the_same_seed(subject: GeneratorSubject) -> None:
    """Fitted twice with one seed it gives the same codes: designs are reproducible."""
    again = subject.fitted(subject.signal).encode(subject.signal)
    first = subject.generator.encode(subject.signal)
    require_same(
        {"codes": first},
        {"codes": again},
        "Two fits with one seed differ; draw from the generator alone.",
        tolerance=_REPEATED,
    )


@check("generator")
def leaves_its_argument_alone(subject: GeneratorSubject) -> None:
    """The signals stay as they are."""
    signal = subject.signal
    kept = copied(signal)
    subject.fitted(signal).encode(signal)
    require_same_signal(kept, signal, "The signal has been changed in place; work on a copy.")


@check("generator")
def its_state_works_in_a_new_process(subject: GeneratorSubject) -> None:
    """``get_state`` holds plain arrays, and a generator that is made anew gives the same codes with them."""
    component, signal = subject.entry.component, subject.signal
    answer = restored_answer(component, component.quick, dict(subject.generator.get_state()), to_arrays(signal))
    require_same(
        {"features": subject.generator.encode(signal)},
        answer,
        "After saving and loading it is another.",
        tolerance=ROUNDING,
    )


@check("generator")
def refuses_other_signals_in_words(subject: GeneratorSubject) -> None:
    """It learns from every kind of signal, or raises an ``InputError``."""
    for material in subject.bench.materials:
        answer_or_refusal(partial(subject.attempt, copied(material.signal)), f"Learning from {material.label}")
