"""The refiner against known truths, a statistical bound and a real measurement."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.core.quantities import Quantity
from spectra.core.signals import Peaks
from spectra.plugins.peaks.peak_list import PeakListParameters, PeakListReader
from spectra.plugins.peaks.posterior import Posterior, PosteriorParameters
from spectra.testing.counting import Counted


@pytest.fixture(scope="module")
def refine(steel_forward, steel_quantities):
    refiner = Posterior(PosteriorParameters(most_sweeps=60))  # the chains of today, and no more draws than that

    def run(signal, *starts):
        return refiner.refine(signal, steel_forward, starts=np.array(starts, dtype=float), quantities=steel_quantities)

    return run


def distorted(forward, truth, rng, *, size, missing):
    positions = forward.simulate(np.array([truth])).positions[0]
    positions = positions[rng.random(len(positions)) >= missing]
    return Peaks.from_lists([positions * (1 + rng.uniform(-size, size, len(positions)))], unit="MHz", window=(0.2, 1.3))


@pytest.mark.parametrize("missing", [0.0, 0.25])
def test_without_shifts_the_truth_is_found_exactly(refine, steel_forward, missing):
    signal = distorted(steel_forward, [270.4, 79.6], np.random.default_rng(3), size=0.0, missing=missing)
    refined = refine(signal, [290.0, 81.0])
    assert refined.values == pytest.approx([270.4, 79.6], rel=1e-6)
    assert refined.misfit < 1e-4


def test_errors_reach_the_cramer_rao_bound_and_uncertainties_match_them(refine, steel_forward):
    """At (200, 100) GPa, ±1.5 % shifts allow 0.34 % and 0.35 % (RUS.md, "The limits to aim at"); ±0.3 % a fifth."""
    truth = np.array([200.0, 100.0])
    rng = np.random.default_rng(4)
    fits = [
        refine(distorted(steel_forward, truth, rng, size=0.003, missing=0.0), [203.0, 99.0], [190.0, 102.0])
        for _ in range(30)
    ]
    errors = np.array([fit.values - truth for fit in fits])
    stated = np.array([np.sqrt(np.diag(fit.covariance)) for fit in fits])

    rms = 100 * np.sqrt(np.mean(errors**2, axis=0)) / truth
    assert np.all(rms < 1.3 * np.array([0.34, 0.35]) / 5)
    scaled = np.sqrt(np.mean((errors / stated) ** 2, axis=0))
    assert np.all((scaled > 0.6) & (scaled < 1.35))


@pytest.mark.parametrize(
    ("truth", "missing", "times"),
    [
        pytest.param((270.0, 80.0), 0.0, 1.3, marks=pytest.mark.slow, id="all"),
        pytest.param((200.0, 100.0), 0.25, 1.6, marks=pytest.mark.slow, id="missing"),
    ],
)
def test_shifts_as_large_as_the_distances_of_modes_cost_little(refine, steel_forward, truth, missing, times):
    """Nobody can tell which peak is which mode; the Cramér-Rao bound supposes that somebody can."""
    rng = np.random.default_rng(6)
    errors, stated = [], []
    for _ in range(30):
        signal = distorted(steel_forward, truth, rng, size=0.015, missing=missing)
        start = np.array(truth) * (1 + rng.normal(size=2) * [0.04, 0.012])
        aside = np.array([15.0, 0.0])
        fit = refine(signal, start, start + aside, start - aside)
        errors.append(fit.values - truth)
        stated.append(np.sqrt(np.diag(fit.covariance)))
    assert np.all(rms(errors) < times * cramer_rao(steel_forward, truth, 0.015, missing))
    scaled = np.array(errors) / np.array(stated)
    assert np.all(np.abs(np.mean(np.abs(scaled) < 1, axis=0) - 0.68) < 0.2)
    assert np.all(np.mean(np.abs(scaled) < 1.96, axis=0) >= 0.9)


def cramer_rao(forward, truth, size, missing):
    """Standard deviations that no unbiased estimate can beat, if errors are Gaussian (Kay 1993, eq. 3.31)."""
    computed, slopes = forward.linearize(np.array(truth))
    inside = computed.positions[0] <= 1.3
    slopes = slopes[inside] / computed.positions[0][inside, None]
    information = (1 - missing) * slopes.T @ slopes / (size**2 / 3)
    return np.sqrt(np.diag(np.linalg.inv(information)))


def rms(values):
    return np.sqrt(np.mean(np.square(values), axis=0))


@pytest.mark.slow
def test_a_pair_written_twice_counts_once_for_the_uncertainty(refine, steel_forward):
    """Peak lists hold degenerate pairs as one peak written twice; the second copy is no second measurement."""
    rng = np.random.default_rng(5)
    ideal = np.unique(steel_forward.simulate(np.array([[270.0, 80.0]])).positions[0].round(9))
    partners = {f: 2 if n > 1 else 1 for f, n in _multiplicities(steel_forward).items()}
    errors, stated = [], []
    for _ in range(40):
        moved = {f: f * (1 + rng.uniform(-0.003, 0.003)) for f in ideal}
        twice = [moved[f] for f in ideal for _ in range(partners[f])]
        fit = refine(Peaks.from_lists([twice], unit="MHz", window=(0.2, 1.3)), [268.0, 80.2])
        errors.append(fit.values - [270.0, 80.0])
        stated.append(np.sqrt(np.diag(fit.covariance)))
    scaled = np.sqrt(np.mean((np.array(errors) / np.array(stated)) ** 2, axis=0))
    assert np.all((scaled > 0.65) & (scaled < 1.35))


def test_peaks_with_standard_deviations_of_their_own_count_as_much_as_they_tell(refine, steel_forward):
    """A third is known to 0.01 %, the rest to 0.5 %; the Cramér-Rao bound is that of both together."""
    truth, rng = np.array([270.0, 80.0]), np.random.default_rng(8)
    _, slopes = steel_forward.linearize(truth)
    positions = steel_forward.simulate(truth[None]).positions[0]
    slopes = slopes[: len(positions)] / positions[:, None]
    errors, blind, stated, bounds = [], [], [], []
    for _ in range(8):
        relative = np.where(rng.random(len(positions)) < 1 / 3, 1e-4, 5e-3)
        peaks = positions * (1 + relative * rng.normal(size=len(positions)))
        order = np.argsort(peaks)
        signal = Peaks(positions=peaks[None, order], unit="MHz", window=(0.2, 1.3))
        weighted = replace(signal, deviations=(relative * peaks)[None, order])
        fit = refine(weighted, [271.5, 79.8], [266.0, 80.3])
        errors.append(fit.values - truth)
        stated.append(np.sqrt(np.diag(fit.covariance)))
        blind.append(refine(signal, [271.5, 79.8], [266.0, 80.3]).values - truth)
        information = (slopes / relative[:, None]).T @ (slopes / relative[:, None])
        bounds.append(np.sqrt(np.diag(np.linalg.inv(information))))
    assert np.all(rms(errors) < 1.6 * rms(bounds))
    assert np.all(rms(blind) > 2 * rms(errors))
    assert np.all(np.abs(np.median(np.array(stated) / np.array(bounds), axis=0) - 1) < 0.3)
    assert np.all(rms(np.array(errors) / np.array(stated)) < 1.6)


def test_standard_deviations_of_zero_change_nothing(refine, steel_forward):
    signal = distorted(steel_forward, [270.0, 80.0], np.random.default_rng(9), size=0.003, missing=0.1)
    alone = refine(signal, [268.0, 80.2])
    with_zeros = refine(replace(signal, deviations=0 * signal.positions), [268.0, 80.2])
    assert with_zeros.values == pytest.approx(alone.values, rel=1e-4)
    assert np.sqrt(np.diag(with_zeros.covariance)) == pytest.approx(np.sqrt(np.diag(alone.covariance)), rel=0.1)


def _multiplicities(forward):
    positions = forward.simulate(np.array([[270.0, 80.0]])).positions[0].round(9)
    values, counts = np.unique(positions, return_counts=True)
    return dict(zip(values, counts, strict=True))


@pytest.mark.parametrize("start", [(271.0, 79.0), (230.0, 81.0), (340.0, 77.5)])
def test_the_real_steel_cylinder_is_solved_from_far_away(refine, steel_peaks, start):
    """Fitted by hand as 270.0 and 80.0 (Liu et al. 2023), by another program as 270.9 and 79.3 (RUS.md)."""
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks))
    refined = refine(measured.signal.within(0.2, 1.3), start)
    assert refined.values[0] == pytest.approx(271.0, abs=4.0)
    assert refined.values[1] == pytest.approx(79.3, abs=0.6)
    status = refined.tables[0].column("status")
    assert status.count("matched") >= 60
    # RUS.md, "Traps": one peak belongs to no mode
    measured_column = refined.tables[0].column("measured")
    assert status[int(np.nanargmin(np.abs(np.array(measured_column) - 0.544343)))] == "spurious"


def test_the_real_steel_cylinder_stays_where_it_is_without_a_third_of_its_peaks(refine, steel_peaks):
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks)).signal.within(0.2, 1.3)
    whole = refine(measured, [271.0, 79.0])
    rng = np.random.default_rng(0)
    for _ in range(8):
        left = measured.positions[0][rng.random(len(measured.positions[0])) >= 0.3]
        part = refine(Peaks.from_lists([left], unit="MHz", window=(0.2, 1.3)), [271.0, 79.0], [290.0, 80.0])
        assert np.all(np.abs(part.values / whole.values - 1) < [0.01, 0.003])


def test_deviations_of_the_same_data_scaled_agree_where_the_sample_has_converged(
    steel_forward, steel_peaks, steel_quantities
):
    """Peaks times √s are those of moduli times s, whose deviations are s times as large."""
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks)).signal.within(0.2, 1.3)
    refiner, stated = Posterior(PosteriorParameters(most_sweeps=960)), []
    for scale in (0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.03):
        low, high = np.sqrt(scale) * np.array(measured.window)
        signal = Peaks(positions=np.sqrt(scale) * measured.positions, unit="MHz", window=(low, high))
        start = scale * np.array([[271.0, 79.2]])
        refined = refiner.refine(signal, steel_forward, starts=start, quantities=steel_quantities)
        stated.append(np.sqrt(np.diag(refined.covariance)) / scale)
        diagnostics = refined.diagnostics
        assert diagnostics["converged"]
        assert diagnostics["rhat"].keys() == {"C11", "C44", "size of errors", "share seen"}
        assert max(diagnostics["rhat"].values()) <= 1.05
        assert min(diagnostics["effective_size"].values()) >= 1000
        assert refined.doubts == ()
    # 1,000 draws know a deviation to 1/√2000; seven of them scatter by over 1.6 times that once in 100 (χ² of six)
    assert np.all(np.std(stated, axis=0, ddof=1) / np.mean(stated, axis=0) < 1.6 * 2000**-0.5)


@pytest.mark.parametrize("scale", [0.97, 1e9, 1e-3])
def test_the_same_data_and_ranges_in_other_units_give_the_same_answer(
    steel_forward, steel_peaks, steel_quantities, scale
):
    """Moduli times s, frequencies times √s: everything but the unit is the same, draw by draw."""
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks)).signal.within(0.2, 1.3)
    refiner, start = Posterior(PosteriorParameters(most_sweeps=960)), np.array([[271.0, 79.2]])
    first = refiner.refine(measured, steel_forward, starts=start, quantities=steel_quantities)
    again = refiner.refine(
        scaled(measured, scale),
        Scaled(steel_forward, scale),
        starts=scale * start,
        quantities=[replace(q, lower=scale * q.lower, upper=scale * q.upper) for q in steel_quantities],
    )
    assert again.values == pytest.approx(scale * first.values, rel=1e-6)
    assert np.diag(again.covariance) == pytest.approx(scale**2 * np.diag(first.covariance), rel=1e-4)


def scaled(peaks, scale):
    low, high = np.sqrt(scale) * np.array(peaks.window)
    return Peaks(positions=np.sqrt(scale) * peaks.positions, unit=peaks.unit, window=(low, high))


class Scaled:
    """The same forward model, where moduli are ``scale`` times as large and frequencies its root."""

    def __init__(self, forward, scale):
        self.forward, self.scale = forward, scale

    def simulate(self, values):
        return scaled(self.forward.simulate(values / self.scale), self.scale)

    def linearize(self, values):
        peaks, slopes = self.forward.linearize(values / self.scale)
        return scaled(peaks, self.scale), slopes / np.sqrt(self.scale)


def test_descents_and_sweeps_are_counted_to_the_end(steel_forward, steel_peaks, steel_quantities):
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks)).signal.within(0.2, 1.3)
    start, progress = np.array([[271.0, 79.2], [300.0, 78.0]]), Counted()
    refiner = Posterior(PosteriorParameters(sweeps=20, most_sweeps=2000))
    refiner.refine(measured, steel_forward, starts=start, quantities=steel_quantities, progress=progress)
    assert progress.tasks.keys() == {"Searching", "Sampling"}
    (searching, descents), (sampling, sweeps) = progress.tasks.values()
    assert (searching, sum(descents)) == (2, 2)
    assert sampling > 2000  # with those that are not kept
    assert sum(sweeps) == sampling
    assert len(sweeps) < 1000  # of which it needed few


def test_a_sample_that_does_not_converge_is_called_so(steel_forward, steel_peaks, steel_quantities):
    measured = PeakListReader(PeakListParameters()).read(RawFile.read(steel_peaks)).signal.within(0.2, 1.3)
    start = np.array([[271.0, 79.2]])
    short = Posterior(PosteriorParameters(sweeps=20, most_sweeps=20))
    refined = short.refine(measured, steel_forward, starts=start, quantities=steel_quantities)
    assert not refined.diagnostics["converged"]
    (doubt,) = (doubt for doubt in refined.doubts if "has not converged after 20 sweeps" in doubt)
    assert "refiner.most_sweeps" in doubt


def test_a_modulus_outside_its_range_is_reported_and_has_no_uncertainty(refine, steel_forward):
    signal = steel_forward.simulate(np.array([[390.0, 80.0]]))
    refined = refine(signal, [360.0, 80.0])
    assert refined.values[0] > 365.0
    assert np.isnan(refined.covariance[0, 0])
    assert "C11 lies at an end of its searched range" in refined.doubts[0]


def test_too_few_peaks_are_refused(refine):
    with pytest.raises(InputError, match="2 peaks cannot determine 2 quantities"):
        refine(Peaks.from_lists([[0.39, 0.46]], unit="MHz", window=(0.2, 1.3)), [270.0, 80.0])


class TwoAnswers:
    """Lines at k (1 + (x - 1/2)²): x and 1 - x cannot be told apart."""

    def simulate(self, values):
        positions = np.arange(1, 21) * (1 + (values[:, :1] - 0.5) ** 2)
        return Peaks(positions=positions, unit="MHz", window=(0.5, 30.0))

    def linearize(self, values):
        return self.simulate(values[None]), 2 * (values[0] - 0.5) * np.arange(1.0, 21.0)[:, None]


def test_two_answers_that_the_peaks_cannot_tell_apart_are_both_named():
    forward = TwoAnswers()
    positions = forward.simulate(np.array([[0.2]])).positions[0]
    noise = 1 + 1e-3 * np.random.default_rng(0).standard_normal(20)
    measured = Peaks.from_lists([positions * noise], unit="MHz", window=(0.5, 30.0))
    quantity = Quantity(name="x", unit="", description="", lower=0.0, upper=1.0)
    refined = Posterior(PosteriorParameters()).refine(
        measured, forward, starts=np.array([[0.17], [0.83]]), quantities=[quantity]
    )
    found = sorted([float(refined.values[0]), 1 - float(refined.values[0])])
    assert found == pytest.approx([0.2, 0.8], abs=2e-3)
    named = refined.doubts[0].removeprefix("Another answer explains the peaks nearly as well, x = ").split(":")[0]
    assert float(named) == pytest.approx(1 - refined.values[0], abs=2e-3)


def two_answers(lower, upper, *starts):
    """What is found of x = 0.2, the peaks with their noise, and the forward model."""
    forward = TwoAnswers()
    positions = forward.simulate(np.array([[0.2]])).positions[0]
    measured = positions * (1 + 1e-3 * np.random.default_rng(0).standard_normal(20))
    refined = Posterior(PosteriorParameters(most_sweeps=60)).refine(
        Peaks.from_lists([measured], unit="MHz", window=(0.5, 30.0)),
        forward,
        starts=np.array(starts)[:, None],
        quantities=[Quantity(name="x", unit="", description="", lower=lower, upper=upper)],
    )
    return refined, measured, forward


def test_another_answer_that_lies_at_an_end_of_the_ranges_is_none():
    refined, *_ = two_answers(0.0, 0.7991, 0.17, 0.79)  # 0.7994 would be one
    assert refined.values[0] == pytest.approx(0.2, abs=2e-3)
    assert not any("Another answer" in doubt for doubt in refined.doubts)


def test_the_misfit_is_the_smallest_rms_difference_in_percent():
    refined, measured, forward = two_answers(0.0, 0.5, 0.17)

    def rms_percent(x):
        return 100 * rms(measured / forward.simulate(np.array([[x]])).positions[0] - 1)

    least = minimize_scalar(rms_percent, bounds=(0.1, 0.3), method="bounded")
    assert refined.misfit == pytest.approx(least.fun, rel=0.01)


class Multiples:
    """Lines at k (1 + x), each of them once or twice."""

    def __init__(self, times):
        self.lines = np.repeat(np.arange(1.0, 31.0), times)

    def simulate(self, values):
        return Peaks(positions=self.lines * (1 + values[:, :1]), unit="MHz", window=(0.5, 32.0))

    def linearize(self, values):
        return self.simulate(values[None]), self.lines[:, None]


def test_a_list_with_every_pair_written_twice_is_as_uncertain_as_one_with_each_written_once():
    """Of 30 measurements there are no 60; taken for that many, they would be 0.71 times as uncertain."""
    noise = 1 + 1e-3 * np.random.default_rng(2).standard_normal(30)
    stated = []
    for times in (1, 2):
        measured = Peaks.from_lists([np.repeat(np.arange(1.0, 31.0) * noise, times)], unit="MHz", window=(0.5, 32.0))
        refined = Posterior(PosteriorParameters(most_sweeps=240)).refine(
            measured,
            Multiples(times),
            starts=np.array([[0.001]]),
            quantities=[Quantity(name="x", unit="", description="", lower=-0.02, upper=0.02)],
        )
        stated.append(np.sqrt(refined.covariance[0, 0]))
    assert stated[1] / stated[0] == pytest.approx(1, abs=0.17)
