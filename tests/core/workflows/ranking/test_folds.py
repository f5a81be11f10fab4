"""Folds keep groups whole, hold out everything once, and leave enough to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.signals import Places, take
from spectra.core.workflows.ranking.folds import at_random, checked, validation_of, whole_groups
from spectra.core.workflows.ranking.repeatability import repeatability
from spectra.core.workflows.ranking.standings import ceilings, determination, of_groups, standings


def groups_of(seed, count=40):
    rng = np.random.default_rng(seed)
    return rng.permutation(np.repeat(np.arange(count) * 7, rng.integers(1, 60, count)))


@pytest.mark.parametrize("seed", range(3))
def test_whole_groups_are_held_out_once_in_parts_of_nearly_one_size(seed):
    groups = groups_of(seed)
    folds = whole_groups(groups, 5, np.random.default_rng(seed))
    checked([(fold.learned, fold.held_out) for fold in folds], groups)
    sizes = [len(fold.held_out) for fold in folds]
    assert max(sizes) - min(sizes) < 60  # the largest group
    again = whole_groups(groups, 5, np.random.default_rng(seed))
    assert all(np.array_equal(one.held_out, other.held_out) for one, other in zip(folds, again, strict=True))


def test_a_split_at_random_puts_groups_on_both_sides():
    groups = groups_of(0)
    folds = at_random(len(groups), 5, np.random.default_rng(0))
    with pytest.raises(InputError, match="learned from and held out at once"):
        checked([(fold.learned, fold.held_out) for fold in folds], groups)


def test_one_group_alone_is_refused():
    with pytest.raises(InputError, match="All examples belong to one group"):
        whole_groups(np.zeros(10, dtype=np.int64), 5, np.random.default_rng(0))


def test_validation_is_a_tenth_in_whole_groups():
    groups = groups_of(1)
    training, validation = validation_of(groups, np.random.default_rng(0))
    assert not np.intersect1d(groups[training], groups[validation]).size
    assert len(training) + len(validation) == len(groups)
    assert 0.05 < len(validation) / len(groups) < 0.15
    training, validation = validation_of(np.array([0, 0, 1]), np.random.default_rng(0))
    assert len(training)
    assert len(validation)
    training, validation = validation_of(np.zeros(30, dtype=np.int64), np.random.default_rng(0))
    assert len(validation) == 3


def test_repeatability_is_the_noise_whatever_the_groups_are():
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:60:2, 0:80:2].reshape(2, -1)
    groups = (rows // 20 * 10 + columns // 20).astype(np.int64)
    values = rng.normal(0, 3, 100)[groups] + 0.01 * columns + rng.normal(0, 0.25, len(rows))
    places = Places(
        pictures=np.zeros((1, 60, 80, 1), dtype=np.uint8),
        places=np.column_stack([0 * rows, rows, columns]).astype(np.int32),
        unit="1",
    )
    found = repeatability(places, values[:, None], groups)
    assert found == pytest.approx(0.25, rel=0.05)
    assert repeatability(places, values[:, None], np.arange(len(rows))) is None

    # forty indents that share a pixel with another are pairs like others, and not the only ones
    shared = take(places, np.concatenate([np.arange(len(rows)), np.arange(40)]))
    again = np.concatenate([values, values[:40] + 5])
    found = repeatability(shared, again[:, None], np.concatenate([groups, groups[:40]]))
    assert found is not None
    assert 0.25 < found[0] < 1.5


def test_determination_of_groups_weighs_them_by_their_members():
    truth, groups = np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([0, 0, 0, 1])
    answers = np.array([[2.0], [2.0], [2.0], [5.0]])
    assert determination(answers, truth) == pytest.approx(1 - 9 / 20)
    assert of_groups(answers, truth, groups) == pytest.approx(1 - 1 / (3 * 1 + 9))
    assert np.isnan(of_groups(answers, truth, np.arange(4)))


def test_neighbours_that_differ_by_more_than_the_best_errs_are_no_repetition():
    rng = np.random.default_rng(0)
    truth, groups = rng.normal(size=(200, 1)), np.arange(200) // 20
    answers = truth + rng.normal(0, 0.3, truth.shape)
    folds = whole_groups(groups, 5, rng)
    best = standings(
        answers,
        truth,
        groups,
        folds,
        spreads=np.full_like(truth, 0.3),
        deviations=1.645,
        calibrated=True,
        leaking=None,
        names=["hardness"],
    )
    assert best["hardness"].deviation == pytest.approx(0.3, rel=0.1)
    allowed = ceilings(truth, groups, np.array([0.2]), best)["hardness"]
    assert allowed.r2 == pytest.approx(1 - 0.04 / truth.var())
    assert ceilings(truth, groups, np.array([0.5]), best)["hardness"].repeatability is None
