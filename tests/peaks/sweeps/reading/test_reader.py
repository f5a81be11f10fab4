"""Sweeps in every form that instruments write: all give the same response."""

import io
import wave

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.core.signals import Bundle
from spectra.plugins.peaks.sweeps.reading.reader import SweepParameters, SweepReader
from spectra.plugins.peaks.sweeps.resonances import ResonancesParameters, ResonancesProcessor

X = np.linspace(0.2, 0.5, 601)
Y = 0.3 * np.exp(1j * np.linspace(0.5, 5, 601)) * (1.1 + np.sin(40 * X))


def read(content, name="sweep.dat", **parameters):
    content = content.encode() if isinstance(content, str) else content
    return SweepReader(SweepParameters(**parameters)).read(RawFile(name=name, content=content))


def rows(*columns, separator=" ", form="{:.9g}"):
    return "".join(separator.join(form.format(v) for v in row) + "\n" for row in zip(*columns, strict=True))


def array(values):
    content = io.BytesIO()
    np.save(content, values)
    return content.getvalue()


POLAR = np.angle(Y)
COMPLEX = {
    "MHz": rows(X, Y.real, Y.imag),
    "kHz, header and comments": "# drive 0.2 V\n0.00\n0.20 V\n frequency real imag\n" + rows(1e3 * X, Y.real, Y.imag),
    "Hz, tabs, carriage returns": rows(1e6 * X, Y.real, Y.imag, separator="\t").replace("\n", "\r\n"),
    "unit in the header": "f (kHz),X,Y\n" + rows(1e3 * X, Y.real, Y.imag, separator=","),
    "decimal commas": rows(X, Y.real, Y.imag, separator=";").replace(".", ","),
    "radians": "f amplitude phase\n" + rows(X, np.abs(Y), POLAR),
    "degrees": "f amplitude phase\n" + rows(X, np.abs(Y), np.degrees(POLAR)),
    "degrees, no header": rows(X, np.abs(Y), np.degrees(POLAR)),
    "falling": rows(X[::-1], Y.real[::-1], Y.imag[::-1]),
    "array": array(np.column_stack([X, Y.real, Y.imag])),
    "complex array": array(np.column_stack([X + 0j, Y])),
    "exponents of Fortran": rows(X, Y.real, Y.imag, form="{:.9e}").replace("e", "D"),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_a_complex_sweep_in_any_form(name):
    signal = read(COMPLEX[name]).signal
    assert isinstance(signal, Bundle)
    real, imaginary = signal.parts["real"], signal.parts["imaginary"]
    assert real.x_unit == imaginary.x_unit == "MHz"
    assert real.x == pytest.approx(X, rel=1e-7)
    assert real.y[0] + 1j * imaginary.y[0] == pytest.approx(Y, abs=1e-7)


def test_an_amplitude_is_a_profile_with_legends_in_front():
    text = "First column: frequency (kHz),,," + rows(1e3 * X, np.abs(Y), separator=",").replace("\n", "\n,,,")[:-3]
    signal = read(text).signal
    assert signal.kind == "profile"
    assert signal.x == pytest.approx(X)
    assert signal.y[0] == pytest.approx(np.abs(Y), abs=1e-8)


def test_rounded_frequencies_are_rebuilt():
    x = np.linspace(250, 600, 31818)  # in steps of 0.011 kHz
    text = "".join(f"{f:.2f} 0.{k % 7}1 0.2\n" for k, f in enumerate(x))
    assert read(text).signal.parts["real"].x == pytest.approx(x * 1e-3, abs=1e-9)


def test_an_oscilloscope_dump_takes_its_frequencies_from_start_and_stop():
    times = np.linspace(-1, 29, 601)
    for text in (rows(times, np.abs(Y)), rows(np.abs(Y))):
        signal = read(text, start=200.0, stop=500.0, unit="kHz").signal
        assert signal.x == pytest.approx(X)
        assert signal.y[0] == pytest.approx(np.abs(Y), abs=1e-8)


def test_a_part_of_a_sweep():
    assert read(COMPLEX["MHz"], start=0.3, stop=0.4).signal.parts["real"].x[[0, -1]] == pytest.approx([0.3, 0.4])


def test_a_tap_gives_the_frequencies_and_decays_of_what_rings():
    rate, f, decay = 48000, np.array([3111.0, 5003.0, 5031.0, 8800.0]), np.array([30.0, 40.0, 35.0, 60.0])
    rng = np.random.default_rng(0)
    t = np.arange(rate) / rate
    ringing = (np.exp(-decay * t[:, None]) * np.cos(2 * np.pi * f * t[:, None])).sum(axis=1)
    trace = np.concatenate([np.zeros(2000), ringing]) + 1e-3 * rng.standard_normal(len(t) + 2000)
    content = io.BytesIO()
    with wave.open(content, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(rate)
        recording.writeframes((6000 * trace).astype("<i2").tobytes())
    text = "time (s), V\n" + rows(np.arange(len(trace)) / rate - 0.04, trace, separator=", ", form="{:.8f}")
    for measurement in (read(content.getvalue(), "tap.wav"), read(text, "tap.csv")):
        peaks = ResonancesProcessor(ResonancesParameters()).process(measurement).signal
        assert 1e6 * peaks.positions[0] == pytest.approx(f, abs=0.05)
        assert 1e6 * peaks.widths[0] == pytest.approx(decay / np.pi, rel=0.02)  # exp(-πγt)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rows(X[:300], Y.real[:300]) + rows(X[:300], Y.real[:300]), r"line 301: the frequency 0.2 does not follow"),
        (rows(X, Y.real).replace("\n", " 1 2\n", 1) + "0.6 x\n", r"line 1: the number of columns is 4|line 602"),
        ("0.5 1\n", "1 points are too few for a sweep"),
        ("".join(f"{0.3 + 0.01 * k + 0.004 * (k % 3)} 1\n" for k in range(60)), "not evenly spaced"),
        (rows(X), "one number on each line is no sweep"),
        ("", "no numbers"),
        (rows(X, Y.real).replace("0.2005", "1e999"), "not a finite number"),
        (b"\x93NUMPYxx", "this array cannot be read"),
        (b"RIFF\0\0\0\0WAVEjunk", "this recording cannot be read"),
    ],
)
def test_what_is_no_sweep_is_refused_with_its_place(text, said):
    with pytest.raises(InputError, match=said):
        read(text)
