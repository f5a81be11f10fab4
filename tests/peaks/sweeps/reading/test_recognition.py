"""Sweeps are not lists of peaks, and lists of peaks are not sweeps."""

from pathlib import Path

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.peak_list import PeakListParameters, PeakListReader

EXAMPLES = Path(__file__).parents[4] / "examples" / "rus"


def read(text, unit="MHz"):
    return PeakListReader(PeakListParameters(unit=unit)).read(RawFile(name="sweep.dat", content=text.encode()))


def lorentzians(frequencies):
    """Return the response of ten lines in a small background, complex."""
    lines = np.linspace(frequencies.min(), frequencies.max(), 12)[1:-1]
    response = (lines**2 / (lines**2 - frequencies[:, None] ** 2 + 1j * lines * frequencies[:, None] / 500)).sum(axis=1)
    return 1e-3 * response + 0.01


def written(frequencies, form="{f:.6f} {a:.6e}"):
    response = lorentzians(frequencies)
    return "".join(
        form.format(f=f, a=abs(r), re=r.real, im=r.imag) + "\n" for f, r in zip(frequencies, response, strict=True)
    )


EVEN = np.linspace(0.2, 1.3, 1101)
SWEEPS = {
    "amplitude": written(EVEN),
    "13,750 rows": written(np.linspace(0.2, 1.3, 13_750)),
    "40,000 rows": written(np.linspace(0.2, 1.3, 40_000)),
    "24 rows": written(np.linspace(0.2, 1.3, 24)),
    "falling": written(EVEN[::-1]),
    "up and down": written(np.concatenate([EVEN, EVEN[::-1]])),
    "complex": written(EVEN, "{f:.5f}\t{re:.6f}\t{im:.6f}"),
    "complex with a header": "# drive 0.2 V\n0.00\n0.20 V\nfrequency real imag\n" + written(EVEN, "{f:.5f} {re} {im}"),
    "comma separated": "f (MHz),amplitude\n" + written(EVEN, "{f},{a}"),
    "decimal commas": written(EVEN, "{f:.4f}\t{a:.6f}").replace(".", ","),
    "decimal commas and semicolons": written(EVEN, "{f:.4f};{a:.6f}").replace(".", ","),
    "whole numbers between commas": "".join(f"{f},{1000 + f * 7919 % 613}\n" for f in range(200, 1300)),
    "rounded to less than a step": written(np.linspace(0.25, 0.6, 28_000), "{f:.5f} {re:.7f} {im:.7f}"),
    "equal ratios": written(np.geomspace(0.2, 1.3, 400)),
    "two ranges": written(np.concatenate([np.linspace(0.2, 0.5, 300), np.linspace(0.5, 1.3, 200)])),
    "frequencies alone": written(EVEN, "{f:.4f}"),
    "scientific": written(1e6 * EVEN, "  {f:.7e}  {a:.7e}\r"),
    "columns behind a text": "".join(f",,,{f:.3f},{f % 0.1:.3f}\n" for f in EVEN),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_is_refused_as_what_it_is(name):
    with pytest.raises(
        InputError, match=r"this is a sweep, not a list of peaks: its .* rows are evenly spaced"
    ) as info:
        read(SWEEPS[name])
    assert "Find the resonances" in str(info.value)


def test_a_time_trace_is_refused_as_one():
    with pytest.raises(InputError, match="a sweep or a time trace"):
        read("".join(f"{t:.6e} {np.exp(-t) * np.sin(40 * t):.4f}\n" for t in np.arange(-0.1, 2, 0.002)))


def test_a_column_that_numbers_the_lines_is_refused():
    with pytest.raises(InputError, match="numbers its lines from 1 to 6"):
        read("".join(f"{k} {0.38 + 0.03 * k * k}\n" for k in range(1, 7)))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/peaks.dat")), ids=lambda p: p.parent.name)
def test_real_lists_are_no_sweeps_in_any_unit_and_with_either_decimal_mark(path):
    text = path.read_text(encoding="utf-8")
    expected = read(text).signal.positions
    assert expected.shape[1] >= 17
    for separator in ("\n", ";1\n", "\t1,0\t0,00001\n"):
        with_commas = "".join(
            line.strip().replace(".", ",") + separator for line in text.splitlines() if not line.startswith("#")
        )
        assert np.array_equal(read(with_commas).signal.positions, expected)
    in_kilohertz = "".join(f"{1e3 * f:.1f}\n" for f in expected[0])
    assert read(in_kilohertz, "kHz").signal.positions == pytest.approx(expected, abs=5.1e-5)


def test_lines_at_random_and_levels_that_repel_are_no_sweeps():
    rng = np.random.default_rng(5)
    for count in np.repeat([24, 36, 60], 12):
        independent = np.sort(rng.uniform(0.2, 1.3, count))
        matrix = rng.standard_normal((3 * count, 3 * count))
        repelling = np.linalg.eigvalsh(matrix + matrix.T)[count : 2 * count]  # from the middle, where they are densest
        for positions in (independent, 1 + (repelling - repelling[0]) / np.ptp(repelling)):
            assert len(read("".join(f"{f:.6f}\n" for f in positions)).signal.positions[0]) == count


def test_a_short_even_list_is_read():
    """As that of the harmonics of a bar."""
    assert len(read("".join(f"{0.1 * k:.1f}\n" for k in range(1, 21))).signal.positions[0]) == 20
