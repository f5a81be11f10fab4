"""Changes between answers: what the misfits of the modes have in common drops out, and the errors are honest."""

import numpy as np
import pytest

from spectra.core.signals import Peaks
from spectra.core.tables import Column, Table
from spectra.core.workflows.series.answers import Answer
from spectra.plugins.peaks.contrast import contrast, surprise

COUNT, MISFIT, NOISE = 40, 1e-3, 3e-5


class Body:
    """Modes that depend on two moduli by ln f = a + s·ln C + curvature, in an order that changes with the moduli."""

    def __init__(self, rng):
        self.base = np.log(np.linspace(1.0, 2.0, COUNT))
        share = rng.uniform(0.1, 0.9, COUNT)
        self.shares = np.column_stack([share, 1 - share]) / 2
        self.curvature = rng.uniform(-0.3, 0.3, COUNT)

    def logs(self, values):
        x = np.log(values / 100)
        return self.base + self.shares @ x + self.curvature * (x[0] - x[1]) ** 2

    def simulate(self, values):
        return Peaks.from_lists([np.exp(self.logs(one)) for one in values], unit="MHz", window=(0.5, 4.0))

    def linearize(self, values):
        x = np.log(values / 100)
        bent = 2 * self.curvature[:, None] * (x[0] - x[1]) * np.array([1, -1])
        logs = self.logs(values)
        order = np.argsort(logs)
        f = np.exp(logs[order])
        peaks = Peaks(positions=f[None], unit="MHz", window=(0.5, 4.0))
        return peaks, f[:, None] * ((self.shares + bent)[order] / values)

    def names_at(self, values):
        return [f"m{k}" for k in np.argsort(self.logs(values))]


def answer(values, covariance, names, frequencies, *, status=None, misfit=0.1, probability=None, qualities=None):
    status = status or ["matched"] * len(names)
    columns = [
        Column(name="measured", unit="MHz", values=list(frequencies)),
        Column(name="probability", values=probability or [1.0] * len(names)),
        Column(name="mode", values=list(names)),
        Column(name="status", values=status),
    ]
    if qualities is not None:
        columns.append(Column(name="Q", values=qualities))
    tables = {"modes": Table(name="modes", title="Modes", columns=tuple(columns))}
    return Answer(values=values, covariance=covariance, misfit=misfit, tables=tables, refused=False)


def fitted(body, frequencies, truth):
    """Return the least-squares values of labelled frequencies, and their covariance from the scatter."""
    values = truth.copy()
    for _ in range(4):
        peaks, slopes = body.linearize(values)
        order = np.argsort(body.logs(values))
        slopes = slopes / peaks.positions[0][:, None]
        residuals = np.log(frequencies[order]) - np.log(peaks.positions[0])
        values = values + np.linalg.lstsq(slopes, residuals, rcond=None)[0]
    left = residuals - slopes @ np.linalg.lstsq(slopes, residuals, rcond=None)[0]
    return values, np.linalg.inv(slopes.T @ slopes) * (left @ left) / (COUNT - 2)


def trial(seed, truths):
    """Return the answers of one body with misfits of its own at several moduli."""
    rng = np.random.default_rng(seed)
    body, offsets = Body(rng), MISFIT * rng.standard_normal(COUNT)
    answers = []
    for truth in truths:
        frequencies = np.exp(body.logs(truth) + offsets + NOISE * rng.standard_normal(COUNT))
        values, covariance = fitted(body, frequencies, truth)
        answers.append(answer(values, covariance, [f"m{k}" for k in range(COUNT)], frequencies))
    return body, answers


def test_relative_changes_are_sharper_than_the_answers_and_their_errors_are_right():
    truths = [np.array([100.0, 100.0]), np.array([104.0, 98.0])]
    off, wide, apart = [], [], []
    for seed in range(300):
        body, answers = trial(seed, truths)
        found = contrast(body, answers, 0)
        error = found.relative[1] - (truths[1] / truths[0] - 1)
        off.append(error / found.relative_stds[1])
        wide.append(found.relative_stds[1] / (answers[1].stds / answers[1].values))
        apart.append((found.differences[1] - (truths[1] - truths[0])) / found.stds[1])
    assert np.sqrt(np.mean(np.square(off), axis=0)) == pytest.approx(1.0, abs=0.12)
    assert np.sqrt(np.mean(np.square(apart), axis=0)) == pytest.approx(1.0, abs=0.12)
    assert np.median(wide) < 1 / 8


def test_the_reference_itself_has_no_change_and_unknown_errors_do_not_spread():
    body, answers = trial(1, [np.array([100.0, 100.0]), np.array([104.0, 98.0])])
    unknown = answer(
        answers[0].values, np.full((2, 2), np.nan), [f"m{k}" for k in range(COUNT)],
        answers[0].tables["modes"].column("measured"),
    )  # fmt: skip
    found = contrast(body, [unknown, answers[1]], 0)
    np.testing.assert_array_equal(found.differences[0], 0)
    np.testing.assert_array_equal(found.relative_stds[0], 0)
    assert np.isfinite(found.stds[1]).all()


def test_a_wrong_pair_hardly_counts_and_an_uncertain_one_not_at_all():
    truths = [np.array([100.0, 100.0]), np.array([104.0, 98.0])]
    body, answers = trial(2, truths)
    clean = contrast(body, answers, 0)
    names, frequencies = [f"m{k}" for k in range(COUNT)], np.array(answers[1].tables["modes"].column("measured"))
    swapped = frequencies.copy()
    swapped[[10, 11]] = swapped[[11, 10]]
    wrong = contrast(body, [answers[0], answer(answers[1].values, answers[1].covariance, names, swapped)], 0)
    assert np.abs(wrong.differences[1] - clean.differences[1]).max() < 3 * clean.stds[1].max()
    doubt = [0.5 if k in (10, 11) else 1.0 for k in range(COUNT)]
    unsure = contrast(
        body, [answers[0], answer(answers[1].values, answers[1].covariance, names, swapped, probability=doubt)], 0
    )
    without = contrast(
        body,
        [
            answers[0],
            answer(answers[1].values, answers[1].covariance, names, frequencies, probability=doubt),
        ],
        0,
    )
    np.testing.assert_array_equal(unsure.differences, without.differences)


def test_too_few_modes_in_common_give_no_change():
    body, answers = trial(3, [np.array([100.0, 100.0]), np.array([104.0, 98.0])])
    few = answer(answers[1].values, answers[1].covariance, ["m1", "m2", "m3"], [1.0, 1.1, 1.2])
    assert np.isnan(contrast(body, [answers[0], few], 0).differences[1]).all()


def test_lines_keep_their_names_where_they_cross():
    body, answers = trial(4, [np.array([100.0, 100.0]), np.array([140.0, 70.0])])
    assert body.names_at(answers[0].values) != body.names_at(answers[1].values)
    found = contrast(body, answers, 0)
    assert len(found.tracks) == COUNT
    truth = np.exp(body.logs(answers[1].values) - body.logs(answers[0].values))
    for track in found.tracks:
        ratio = track.positions[1] / track.positions[0]
        assert ratio == pytest.approx(truth[int(track.name[1:])], rel=1e-3)
    assert found.differences[1] == pytest.approx([40, -30], rel=0.01)


def test_partners_of_a_degenerate_pair_are_one_line():
    body = Body(np.random.default_rng(5))
    for shared in (body.base, body.shares, body.curvature):
        shared[21] = shared[20]
    truths = [np.array([100.0, 100.0]), np.array([104.0, 98.0])]
    answers = []
    for truth, left_out in zip(truths, (20, 21), strict=True):  # one peak for the pair, once of either name
        kept = [k for k in range(COUNT) if k != left_out]
        frequencies = np.exp(body.logs(truth))[kept]
        answers.append(answer(truth, 1e-4 * np.eye(2), [f"m{k}" for k in kept], frequencies))
    tracks = contrast(body, answers, 0).tracks
    assert len(tracks) == COUNT - 1
    assert all(np.isfinite(track.positions).all() for track in tracks)


def test_more_peaks_without_a_mode_and_a_larger_misfit_surprise():
    def of(spurious, misfit):
        status = ["spurious"] * spurious + ["matched"] * (COUNT - spurious)
        return answer(np.ones(2), np.eye(2), range(COUNT), range(COUNT), status=status, misfit=misfit)

    assert surprise(of(3, 0.1), of(1, 0.1)) == ""
    assert surprise(of(10, 0.1), of(1, 0.1)) == "10 of 40 peaks belong to no mode, 1 in the answer next to it"
    assert surprise(of(10, 0.1), of(9, 0.1)) == ""
    assert "the misfit is 0.2 %" in surprise(of(1, 0.2), of(1, 0.1))
