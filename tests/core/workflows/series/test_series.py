"""A series is followed outwards from its reference, goes on where it stopped, and outlives bad files."""

import numpy as np
import pytest
from toy_technique.parts import Fit

from spectra.core.errors import InputError
from spectra.core.workflows.series.conditions import entries_of
from spectra.core.workflows.series.findings import findings, smoothed
from spectra.core.workflows.series.series import series
from spectra.core.workflows.train import train

AT = "temperature=line-{K}.txt"


def measure(laboratory, temperatures, position=lambda t: 0.12 + 1e-4 * (t - 295)):
    return [
        laboratory.measure(f"line-{t}K.txt", position=position(t), seed=number) for number, t in enumerate(temperatures)
    ]


def run(laboratory, paths, at=AT, recipe=None, **options):
    along, entries = entries_of(paths, at)
    return series(
        laboratory.session(), laboratory.specimen, entries, recipe or laboratory.recipe(), along=along, **options
    )


@pytest.fixture
def following(monkeypatch):
    """The toy's refiner as one that can be followed: it starts where it is told, and is surprised by jumps."""
    started = []

    def starting_at(self, values):
        started.append(values)
        return {}

    def surprise(self, now, before):
        return "it jumps" if abs(now.values[0] - before.values[0]) > 0.05 else ""

    monkeypatch.setattr(Fit, "starting_at", starting_at, raising=False)
    monkeypatch.setattr(Fit, "surprise", surprise, raising=False)
    return started


def test_changes_are_counted_from_the_file_nearest_to_the_reference(laboratory):
    found = run(laboratory, measure(laboratory, [310, 280, 300, 289]))
    assert [point.condition.value for point in found.points] == [280, 289, 300, 310]
    assert found.points[found.reference].condition.value == 300
    assert found.unit == "K"
    relative = found.contrast.relative[:, 0]
    truth = 0.12 + 1e-4 * (found.conditions - 295)
    assert np.abs(relative - (truth / truth[found.reference] - 1)).max() < 0.01
    # without more knowledge, the errors of both answers in quadrature
    stds = np.array([point.answer.stds[0] for point in found.points])
    assert found.contrast.stds[3, 0] == pytest.approx(np.hypot(stds[3], stds[2]))
    assert found.contrast.stds[2, 0] == 0
    other = run(laboratory, [laboratory.folder / f"line-{t}K.txt" for t in (280, 310)], reference=1000)
    assert other.points[other.reference].condition.value == 310


def test_each_answer_starts_at_the_one_next_to_it_both_ways(laboratory, following):
    found = run(laboratory, measure(laboratory, [250, 270, 295, 320, 340]))
    answers = {point.condition.value: point.answer.values for point in found.points}
    assert [point.followed for point in found.points] == [True, True, False, True, True]
    starts = [answers[t] for t in (295, 270, 295, 320)]
    np.testing.assert_array_equal(following, starts)


def test_a_surprise_is_analyzed_from_scratch(laboratory, following):
    paths = measure(laboratory, [280, 290, 300, 310], position=lambda t: 0.12 if t < 305 else 0.3)
    found = run(laboratory, paths, reference=280)
    assert [bool(point.surprise) for point in found.points] == [False, False, False, True]
    assert [point.error for point in found.points] == [""] * 4


def test_ways_are_followed_for_themselves_and_compared(laboratory, following):
    paths = []
    for way, shift in (("cooling", 0.0), ("warming", 0.02)):
        for number, t in enumerate(range(250, 351, 20)):
            moved = shift if 260 < t < 340 else 0.0
            paths.append(laboratory.measure(f"{way}-{t}K.txt", position=0.12 + moved, seed=number + 10 * bool(shift)))
    found = run(laboratory, paths, at="temperature={way}-{K}.txt")
    assert set(found.ways) == {"cooling", "warming"}
    told = [*findings(found)]
    assert any("position depends on the way: between 270 and 330 K" in sentence for sentence in told)
    assert not any("area" in sentence for sentence in told)
    tags = {tag for record in laboratory.registry.list_measurements() for tag in record.tags}
    assert tags == {"way=cooling", "way=warming"}


def test_a_jump_is_told(laboratory):
    paths = measure(laboratory, range(200, 400, 20), position=lambda t: 0.1 + 1e-6 * t + 0.05 * (t > 310))
    told = [*findings(run(laboratory, paths))]
    assert len(told) == 1
    assert told[0].startswith("position jumps by +0.049")
    assert "between 300 and 320 K" in told[0]


def test_softening_towards_a_transition_is_no_jump(laboratory):
    paths = measure(laboratory, range(110, 310, 20), position=lambda t: 0.12 - 0.3 / (t - 100))
    assert not [*findings(run(laboratory, paths))]


def test_an_interrupted_series_goes_on_where_it_stopped(laboratory, monkeypatch):
    paths = measure(laboratory, [280, 290, 300, 310])
    refine, left = Fit.refine, [2]

    def interrupted(self, *arguments, **options):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return refine(self, *arguments, **options)

    monkeypatch.setattr(Fit, "refine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(laboratory, paths)
    monkeypatch.setattr(Fit, "refine", refine)
    assert len(laboratory.registry.list_predictions()) == 2

    resumed = run(laboratory, paths)
    assert sum(point.known for point in resumed.points) == 2
    whole = run(laboratory, paths, again=True)
    assert not any(point.known for point in whole.points)
    assert len(laboratory.registry.list_predictions()) == 8
    np.testing.assert_array_equal(resumed.contrast.differences, whole.contrast.differences)
    known = run(laboratory, paths)
    assert all(point.known for point in known.points)
    np.testing.assert_array_equal(known.contrast.stds, whole.contrast.stds)


def test_what_another_model_or_condition_answered_is_not_taken(laboratory):
    paths = measure(laboratory, [280, 290])
    run(laboratory, paths)
    train(laboratory.session(), laboratory.specimen, laboratory.recipe(), seed=1)
    assert not any(point.known for point in run(laboratory, paths).points)
    again = run(laboratory, paths, at="temperature=line-{degC}K.txt")
    assert all("on record as" in point.error for point in again.points)
    assert again.reference is None
    assert again.contrast is None


def test_a_file_that_fails_does_not_stop_the_others(laboratory):
    paths = measure(laboratory, [280, 290, 300])
    paths[1].write_text("no numbers\n")
    found = run(laboratory, paths)
    assert [bool(point.error) for point in found.points] == [False, True, False]
    assert "line-290K.txt" in found.points[1].error
    assert found.points[found.reference].condition.value == 300
    assert np.isnan(found.contrast.differences[1]).all()
    assert np.isfinite(found.contrast.differences[[0, 2]]).all()


def test_one_file_is_no_series_and_units_must_agree(laboratory):
    paths = measure(laboratory, [280, 290])
    with pytest.raises(InputError, match="1 file is no series"):
        run(laboratory, paths[:1])
    (laboratory.folder / "log.csv").write_text("file,field (T)\nline-280K.txt,2\nline-290K.txt,3\n")
    along, entries = entries_of(paths, f"field={laboratory.folder / 'log.csv'}")
    other, _ = entries_of(paths, AT)
    mixed = [entries[0], entries_of(paths, AT)[1][1]]
    with pytest.raises(InputError, match="different units: K, T"):
        series(laboratory.session(), laboratory.specimen, mixed, laboratory.recipe(), along=along)
    with pytest.raises(InputError, match=r"2 of 2 files do not say their field: line-280K.txt, line-290K.txt"):
        run(laboratory, paths, at="field")
    assert other == "temperature"


def test_a_smooth_course_is_nearer_to_the_truth_than_the_points(laboratory):
    paths = measure(laboratory, range(200, 400, 10))
    found = run(laboratory, paths, recipe=laboratory.recipe(refiner=None))
    truth = 1e-4 * (found.conditions - found.conditions[found.reference])
    # the reference's own error is common to all points
    rough, smooth = found.contrast.differences[:, 0] - truth, smoothed(found)[:, 0] - truth
    assert np.std(smooth) < 0.7 * np.std(rough)
    few = run(laboratory, paths[:4])
    assert np.isnan(smoothed(few)).all()
