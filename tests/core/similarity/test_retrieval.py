"""Scores of a search: textbook rankings, counts by hand, and chance by trying out all orders."""

from itertools import combinations

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.similarity import retrieval as module
from spectra.core.similarity.retrieval import (
    average_precision,
    expected_average_precision,
    retrieval,
    retrieval_by,
)


def ranking(*ranks, of=10):
    return np.isin(np.arange(1, of + 1), ranks)


def test_average_precision_of_the_rankings_in_a_textbook():
    """Croft, Metzler & Strohman, Search Engines: Information Retrieval in Practice (2010), section 8.4.2."""
    first, second = average_precision(ranking(1, 3, 6, 9, 10)), average_precision(ranking(2, 5, 7))
    assert (round(first, 2), round(second, 2), round((first + second) / 2, 2)) == (0.62, 0.44, 0.53)


@pytest.mark.parametrize(("right", "others"), [(1, 1), (1, 6), (3, 6), (6, 6), (2, 9)])
def test_chance_is_the_mean_over_all_orders(right, others):
    orders = [
        average_precision(ranking(*(np.array(places) + 1), of=others)) for places in combinations(range(others), right)
    ]
    assert expected_average_precision(np.array([right]), np.array([others]))[0] == pytest.approx(np.mean(orders))


def test_counts_by_hand():
    """Points on a line, a a b a b: for each, the others by distance and what is right among them."""
    line = np.array([[0.0], [1.0], [2.1], [4.0], [9.0]])
    found = retrieval(line, list("aabab"), metric="euclidean", rng=np.random.default_rng(0))
    of_a = [(1 + 2 / 3) / 2, (1 + 2 / 3) / 2, (1 / 2 + 2 / 3) / 2]  # rights at ranks 1 3, 1 3, 2 3
    of_b = [1 / 4, 1 / 2]
    assert found.classes["a"].mean_average_precision.value == pytest.approx(np.mean(of_a))
    assert found.classes["b"].mean_average_precision.value == pytest.approx(np.mean(of_b))
    assert found.overall.mean_average_precision.value == pytest.approx(np.mean(of_a + of_b))
    assert found.overall.first.value == pytest.approx(2 / 5)
    assert found.classes["a"].first_ten.value == pytest.approx(2 / 4)
    assert found.classes["a"].first_ten.chance == pytest.approx(2 / 4)
    assert found.overall.first.chance == pytest.approx((3 * 2 / 4 + 2 * 1 / 4) / 5)
    assert (found.overall.queries, found.overall.groups, found.left_out) == (5, 5, {})


def test_the_own_group_is_never_counted():
    """Two pictures of each of four specimens, alike as twins: without them, nothing is found but by the label."""
    features = np.array([[0.0], [0.0], [1.0], [1.0], [2.1], [2.1], [3.3], [3.3]])
    labels, specimens = list("aabbaabb"), list("ssttuuvv")
    leaking = retrieval(features, labels, metric="euclidean", rng=np.random.default_rng(0))
    honest = retrieval(features, labels, metric="euclidean", not_same=specimens, rng=np.random.default_rng(0))
    assert leaking.overall.first.value == 1.0
    assert honest.overall.first.value == 0.0
    assert honest.overall.groups == 4
    assert honest.overall.first.chance == pytest.approx(2 / 6)


def test_classes_of_one_group_are_left_out_but_stay_wrong_answers():
    features = np.array([[0.0], [0.1], [0.2], [0.3], [0.4]])
    found = retrieval(
        features, list("axxab"), metric="euclidean", not_same=[1, 2, 2, 3, 4], rng=np.random.default_rng(0)
    )
    assert found.left_out == {"b": 1, "x": 2}
    assert list(found.classes) == ["a"]
    assert found.overall.queries == 2
    assert found.overall.mean_average_precision.value == pytest.approx((1 / 3 + 1 / 4) / 2)


def test_answers_at_the_same_distance_come_in_random_order():
    labels = np.repeat(["a", "b"], 100)
    found = retrieval(np.zeros((200, 2)), labels, rng=np.random.default_rng(3))
    chance = found.overall.mean_average_precision.chance
    assert found.overall.mean_average_precision.value == pytest.approx(chance, abs=0.02)


def test_the_interval_covers_the_mean_of_all_groups():
    """Scores of 40 groups of a world in which P@1 is 0.7: nine intervals of ten or more hold that."""
    rng, covered = np.random.default_rng(5), 0
    for _ in range(100):
        right = np.repeat(rng.random(40) < 0.7, 5)  # whole groups right or wrong
        scores = np.column_stack([right] * 3).astype(float)
        (low, high), *_ = module._bootstrapped(scores, np.repeat(np.arange(40), 5), rng, 400)
        covered += low <= 0.7 <= high
    assert covered >= 88


def test_one_group_of_queries_has_no_interval():
    features = np.array([[0.0], [0.1], [0.2]])
    found = retrieval(features, list("aab"), not_same=[1, 2, 3], metric="euclidean", rng=np.random.default_rng(0))
    assert found.classes["a"].first.low is not None
    alone = module._retrieved(np.ones((2, 3)), np.ones((2, 3)), np.zeros(2, int), np.random.default_rng(0), 10)
    assert (alone.first.low, alone.first.high) == (None, None)


def test_parts_do_not_show(monkeypatch):
    rng = np.random.default_rng(4)
    features, labels = rng.normal(size=(50, 3)), rng.choice(list("abc"), 50)
    whole = retrieval(features, labels, rng=np.random.default_rng(0))
    monkeypatch.setattr(module, "_NUMBERS", 400)
    asked = []
    distances = np.linalg.norm(features[:, None] - features, axis=2)
    retrieval_by(lambda part: asked.append(part) or distances[part], labels, rng=np.random.default_rng(0))
    assert len(asked) == 7
    assert retrieval(features, labels, rng=np.random.default_rng(0)).overall.first == whole.overall.first


def test_labels_that_nobody_shares_are_refused():
    with pytest.raises(InputError, match="No two items of different groups"):
        retrieval(np.ones((2, 1)), ["a", "b"], rng=np.random.default_rng(0))
    with pytest.raises(InputError, match="labels of 2 items, and groups of 1"):
        retrieval(np.ones((2, 1)), ["a", "a"], not_same=["x"], rng=np.random.default_rng(0))
