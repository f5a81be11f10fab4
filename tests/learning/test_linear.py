"""Least squares on groups left out: against solving afresh, and laws that are found again."""

from __future__ import annotations

import numpy as np
import pytest

from spectra.core.components import NoParameters
from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.plugins.learning.linear import GroupedRidge, Polynomial, PolynomialParameters, least_squares, parts_of


class Data:
    """Training data with groups."""

    def __init__(self, features, targets, groups):
        self.features, self.targets, self.groups = features.astype(np.float32), targets, groups

    def everything(self, rng):
        return self.features, self.targets, self.groups


def fitted(regressor, features, targets, groups):
    return regressor.fit(Data(features, targets, groups), rng=np.random.default_rng(0), progress=Silent())


def test_errors_are_those_of_solving_afresh_without_each_group():
    rng = np.random.default_rng(1)
    terms, parts = rng.normal(size=(60, 4)), rng.permutation(60) % 5
    targets = terms @ rng.normal(size=(4, 2)) + 3 + rng.normal(0, 0.3, (60, 2))
    penalties = np.array([1e-12, 0.05, 2.0])
    coefficients, errors = least_squares(terms, targets, parts, penalties)
    afresh = np.zeros((3, 2))
    for place, penalty in enumerate(penalties):
        for part in range(5):
            learned = parts != part
            centred = terms[learned] - terms[learned].mean(axis=0)
            # an augmented system: rows that pull every coefficient to zero
            rows = np.concatenate([centred, np.sqrt(learned.sum() * penalty) * np.eye(4)])
            level = targets[learned].mean(axis=0)
            shown = np.concatenate([targets[learned] - level, np.zeros((4, 2))])
            slopes = np.linalg.lstsq(rows, shown, rcond=None)[0]
            answers = (terms[~learned] - terms[learned].mean(axis=0)) @ slopes + level
            afresh[place] += ((answers - targets[~learned]) ** 2).sum(axis=0) / 60
    np.testing.assert_allclose(errors, afresh.min(axis=0), rtol=1e-9)
    assert (afresh.argmin(axis=0) == 0).all()  # what is linear needs no penalty
    ordinary = np.linalg.lstsq(np.c_[np.ones(60), terms], targets, rcond=None)[0]
    np.testing.assert_allclose(coefficients, ordinary, rtol=1e-8)


def test_a_law_is_found_again_and_its_spread_is_the_noise():
    rng = np.random.default_rng(2)
    cosine = rng.random((4000, 1))
    targets = 0.2 + 0.5 * cosine - 0.3 * cosine**2 + rng.normal(0, 0.05, (4000, 1))
    law = fitted(Polynomial(PolynomialParameters()), cosine, targets, np.arange(4000) // 100)
    found = law.predict(np.array([[0.0], [0.5], [1.0]], dtype=np.float32))
    np.testing.assert_allclose(found.mean[:, 0], [0.2, 0.375, 0.4], atol=0.01)  # three standard errors at the ends
    np.testing.assert_allclose(found.spread, 0.05, rtol=0.05)
    assert law.get_state()["coefficients"].shape == (3, 1)


def test_degree_zero_is_the_mean():
    targets = np.array([[0.0], [1.0], [5.0]])
    mean = fitted(Polynomial(PolynomialParameters(degree=0)), np.zeros((3, 7)), targets, np.arange(3))
    assert mean.predict(np.ones((2, 7), dtype=np.float32)).mean == pytest.approx(2.0)


def test_groups_left_out_see_what_single_examples_left_out_do_not():
    """Features that name the group explain nothing about another one: the penalty must grow, and so must the spread."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(30), 40)
    features = rng.normal(size=(30, 20))[groups] + rng.normal(0, 0.01, (1200, 20))
    targets = rng.normal(size=(30, 1))[groups] + rng.normal(0, 0.1, (1200, 1))
    honest = fitted(GroupedRidge(NoParameters()), features, targets, groups)
    leaking = fitted(GroupedRidge(NoParameters()), features, targets, np.arange(1200))
    level = np.std(targets)
    assert honest.spread_[0] > 0.95 * level > 0.8 * level > leaking.spread_[0]
    lengths = [np.linalg.norm(one.coefficients_[1:]) for one in (honest, leaking)]
    assert lengths[0] < 0.6 * lengths[1]


def test_a_feature_without_variation_and_a_copied_one_do_no_harm():
    rng = np.random.default_rng(4)
    one = rng.normal(size=(200, 1))
    features = np.concatenate([one, one, np.full((200, 1), 7.0)], axis=1)
    ridge = fitted(GroupedRidge(NoParameters()), features, 2 * one, np.arange(200))
    np.testing.assert_allclose(ridge.predict(features.astype(np.float32)).mean, 2 * one, atol=1e-3)


def test_many_groups_are_left_out_together():
    parts = parts_of(np.repeat(np.arange(1000), 3), np.random.default_rng(0))
    assert len(np.unique(parts)) == 100
    assert all(len(np.unique(parts[start : start + 3])) == 1 for start in range(0, 3000, 3))


def test_too_many_terms_are_refused():
    with pytest.raises(InputError, match="A polynomial of degree 3 in 40 features has 12,340 terms"):
        fitted(Polynomial(PolynomialParameters(degree=3)), np.zeros((3, 40)), np.zeros((3, 1)), np.arange(3))
