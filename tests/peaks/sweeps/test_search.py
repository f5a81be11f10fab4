"""Lines found in simulated sweeps, and how well, against what they were made of and the Cramér-Rao bound."""

from dataclasses import replace

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import Measurement, RawFile
from spectra.core.signals import Bundle, Peaks, Profile
from spectra.plugins.peaks.sweeps.lines import Lines, Sweep
from spectra.plugins.peaks.sweeps.resonances import ResonancesParameters, ResonancesProcessor, find_resonances
from spectra.plugins.peaks.sweeps.response import response
from spectra.plugins.peaks.sweeps.splitting import split
from spectra.plugins.peaks.sweeps.whole import described
from tests.peaks.sweeps.conftest import FREQUENCIES, NOISE, QUALITY, oscillators, simulated


def measured(x, values):
    parts = {
        name: Profile(x=x, y=part[None], x_unit="MHz", y_unit="V")
        for name, part in (("real", values.real), ("imaginary", values.imag))
    }
    file = RawFile(name="sweep.dat", content=b"")
    signal = Bundle(parts=parts) if np.iscomplexobj(values) else parts["real"]
    return Measurement(signal=signal, file=file, reader="sweep")


def found(x, values, **parameters):
    processed = ResonancesProcessor(ResonancesParameters(**parameters)).process(measured(x, values))
    assert isinstance(processed.signal, Peaks)
    return processed


def bound(x, amplitudes):
    """Cramér-Rao bound of the frequencies, by finite differences of the whole response."""

    def model(parameters):
        f, widths, real, imaginary = parameters.reshape(4, 12)
        return oscillators(x, f, f / widths, real + 1j * imaginary)

    truth = np.concatenate([FREQUENCIES, FREQUENCIES / QUALITY, amplitudes.real, amplitudes.imag])
    steps = np.concatenate([np.full(24, 1e-9), np.full(24, 1e-6)])
    columns = [(model(truth + d) - model(truth - d)) / (2 * d.sum()) for d in np.diag(steps)]
    columns += [np.ones_like(x), 1j * np.ones_like(x), x, 1j * x]
    jacobian = np.array(columns)
    information = (jacobian.real @ jacobian.real.T + jacobian.imag @ jacobian.imag.T) / NOISE**2
    scale = np.sqrt(np.diagonal(information))
    return np.sqrt(np.diagonal(np.linalg.inv(information / scale / scale[:, None])))[:12] / scale[:12]


def test_all_lines_are_found_and_no_other_within_what_noise_allows():
    errors, stated = [], []
    for seed in range(4):
        x, values, amplitudes = simulated(np.random.default_rng(seed))
        peaks = found(x, values).signal
        assert peaks.positions.shape == (1, 12)
        least = bound(x, amplitudes)
        errors.append((peaks.positions[0] - FREQUENCIES) / least)
        stated.append(peaks.deviations[0] / least)
        assert FREQUENCIES / peaks.widths[0] == pytest.approx(QUALITY, rel=0.1)
        assert peaks.amplitudes[0] == pytest.approx(np.abs(amplitudes), rel=0.1)
    assert np.sqrt(np.mean(np.square(errors))) < 1.3  # of 48 errors, which scatter by a tenth
    assert 0.9 < np.median(stated) < 1.25


def test_the_sign_of_the_phase_does_not_matter(sweep):
    x, values, _ = sweep
    peaks, mirrored = found(x, values), found(x, values.conj())
    assert mirrored.signal.positions == pytest.approx(peaks.signal.positions, rel=1e-12)
    assert any("sign was turned" in note for note in mirrored.notes)
    assert not any("sign was turned" in note for note in peaks.notes)


def test_amplitudes_alone_are_enough(sweep):
    x, values, _ = sweep
    peaks = found(x, np.abs(values)).signal
    assert peaks.positions.shape == (1, 12)
    assert np.abs(peaks.positions[0] - FREQUENCIES).max() < 2e-5
    assert np.all(np.abs(peaks.positions[0] - FREQUENCIES) < 5 * peaks.deviations[0])


def test_one_part_of_the_response_is_enough(sweep):
    x, values, _ = sweep
    assert np.abs(found(x, values.real).signal.positions[0] - FREQUENCIES).max() < 2e-5


def test_broad_resonances_are_background(sweep):
    x, values, _ = sweep
    processed = found(x, values)
    assert processed.details["resonances"]["columns"][0] == "frequency (MHz)"
    assert len(processed.details["resonances"]["rows"]) == 12
    assert processed.details["sweep rate (Hz/s)"] == 0


@pytest.mark.parametrize("rate", [600.0, -600.0])
def test_a_sweep_that_was_too_fast_is_corrected(rate):
    rng = np.random.default_rng(8)
    x = np.linspace(0.3, 0.34, 6000)
    lines = np.array([0.304, 0.311, 0.317, 0.326, 0.333])
    poles = lines + 0.5j * lines / 15000
    clean = response(x, poles, rate * 1e-12)[0] @ (1e-5 * np.exp(1j * np.arange(5)))
    values = clean + 0.002 * (rng.standard_normal(6000) + 1j * rng.standard_normal(6000))
    processed = found(x, values)
    assert processed.details["sweep rate (Hz/s)"] == pytest.approx(rate, rel=0.03)
    assert any("too fast" in note for note in processed.notes)
    assert 1e6 * np.abs(processed.signal.positions[0] - lines).max() < 0.5  # Hz, of widths of 20
    plain = found(x, values, rate=0).signal.positions[0]
    assert len(plain) > 5  # the ringing, taken for lines


def test_a_slow_sweep_has_no_rate_even_if_lines_are_double():
    rng = np.random.default_rng(9)
    x = np.linspace(0.3, 0.34, 6000)
    lines = np.sort(np.concatenate([[0.304, 0.311, 0.317, 0.326, 0.333], np.array([0.304, 0.311, 0.317]) + 4e-5]))
    clean = response(x, lines + 0.5j * lines / 8000)[0] @ np.full(8, 2e-5)
    processed = found(x, clean + 0.002 * (rng.standard_normal(6000) + 1j * rng.standard_normal(6000)))
    assert processed.details["sweep rate (Hz/s)"] == 0
    assert 1e6 * np.abs(processed.signal.positions[0] - lines).max() < 1


def test_a_line_that_is_two_is_split_and_one_that_is_one_is_not():
    rng = np.random.default_rng(12)
    x = np.linspace(0.3, 0.34, 6000)
    lines = np.array([0.311, 0.311012, 0.324])  # of a width of 6e-5
    clean = response(x, lines + 3e-5j)[0] @ np.array([5e-5, 4e-5, 5e-5])
    values = clean + 0.002 * (rng.standard_normal(6000) + 1j * rng.standard_normal(6000))
    sweep = Sweep.of_response(x, values)
    single = sweep.refitted(Lines.none().with_more([0.311 + 3e-5j, 0.324 + 3e-5j]), passes=3)
    parted = split(sweep, single, 18.0)
    assert parted.poles.real == pytest.approx(lines, abs=2e-6)
    assert split(sweep, sweep.refitted(parted, passes=3), 18.0) is None


def stiffening(x, amplitudes, shift):
    """Return the response of oscillators whose frequency depends on their amplitude: y (f² (1 + k|y|²) - x² + ixw)."""
    total = np.full(len(x), 0.05 + 0.02j)
    for f, amplitude in zip(FREQUENCIES, amplitudes, strict=True):
        width = f / QUALITY
        y, k = np.zeros(len(x), dtype=complex), 2 * shift * width / f / 4  # of a width at an amplitude of 2
        for _ in range(100):
            y = 0.5 * y + 0.5 * amplitude * f * width / (f**2 * (1 + k * np.abs(y) ** 2) - x**2 + 1j * x * width)
        total += y
    return total


def test_lines_driven_too_hard_do_not_become_doubles():
    rng = np.random.default_rng(0)
    x = np.linspace(0.2, 0.5, 8000)
    amplitudes = np.linspace(0.5, 2, 12) * np.exp(1j * rng.normal(0, 0.3, 12))
    noise = 0.0005 * (rng.standard_normal(8000) + 1j * rng.standard_normal(8000))
    processed = found(x, stiffening(x, amplitudes, 0.05) + noise, rate=0)
    assert processed.signal.positions[0] == pytest.approx(FREQUENCIES, rel=0.05 / QUALITY)
    assert any("their shape is not exact" in note for note in processed.notes)
    exact = found(x, stiffening(x, amplitudes, 0.0) + noise, rate=0)
    assert exact.signal.positions[0] == pytest.approx(FREQUENCIES, rel=0.001 / QUALITY)
    assert not any("their shape is not exact" in note for note in exact.notes)
    assert np.median(processed.signal.deviations) > 3 * np.median(exact.signal.deviations)


def test_two_lines_within_a_third_of_their_width_are_told_apart():
    rng = np.random.default_rng(12)
    x = np.linspace(0.3, 0.34, 6000)
    lines = np.array([0.304, 0.311, 0.31102, 0.3135, 0.324, 0.324015, 0.333])  # of a width of 6e-5
    clean = response(x, lines + 3e-5j)[0] @ (np.array([5, 5, 4, 2, 3, 4, 5]) * 1e-5)
    values = clean + 0.002 * (rng.standard_normal(6000) + 1j * rng.standard_normal(6000))
    peaks = found(x, values, rate=0).signal
    assert peaks.positions[0] == pytest.approx(lines, abs=2e-6)
    assert np.all(np.abs(peaks.positions[0] - lines) < 4 * peaks.deviations[0])


def test_noise_is_refused_as_noise():
    rng = np.random.default_rng(1)
    x = np.linspace(0.2, 0.5, 8000)
    noise = rng.standard_normal(8000) + 1j * rng.standard_normal(8000)
    for values in (noise, np.abs(noise), noise + 5 * np.exp(2j * x)):
        with pytest.raises(InputError, match=r"sweep\.dat: there is nothing but noise"):
            found(x, values)


def test_one_line_is_found_alone():
    rng = np.random.default_rng(2)
    x = np.linspace(0.2, 0.5, 8000)
    values = oscillators(x, np.array([0.3]), 900.0, np.array([1.0])) + 0.05 * (
        rng.standard_normal(8000) + 1j * rng.standard_normal(8000)
    )
    assert found(x, values).signal.positions == pytest.approx(np.array([[0.3]]), abs=1e-5)


def test_what_is_no_sweep_is_refused():
    x = np.linspace(10, 80, 500)
    with pytest.raises(InputError, match="its axis is in deg"):
        ResonancesProcessor(ResonancesParameters()).process(
            Measurement(
                signal=Profile(x=x, y=np.ones((1, 500)), x_unit="deg", y_unit="1"),
                file=RawFile(name="scan.xy", content=b""),
                reader="",
            )
        )
    with pytest.raises(InputError, match="the same at all frequencies"):
        found(x, np.ones(500))


def test_a_fit_that_does_not_describe_the_sweep_is_refused_and_one_that_misses_points_says_so(sweep):
    x, values, _ = sweep
    good = find_resonances(measured(x, values), ResonancesParameters()).found
    share, missed = described(good)
    assert share > 0.98
    assert missed < 0.01
    half = replace(good, lines=good.lines.only(np.arange(12) % 2 == 0))
    assert described(half)[0] < 0.9
    # a laboratory's aluminium bar: low quality, amplitude alone, compressed
    rng = np.random.default_rng(5)
    low, lines = np.linspace(0.01, 0.1, 4000), np.sort(rng.uniform(0.025, 0.098, 15))
    bar = np.abs(oscillators(low, lines, 60.0, rng.uniform(0.3, 1, 15))) + 0.02
    with pytest.raises(InputError, match=r"do not describe this sweep|would not explain this curve"):
        found(low, np.log10(bar / 1e-3) + 0.01 * rng.standard_normal(4000))
