"""Recordings of a tap as oscilloscopes and sound cards write them, by their published formats."""

import struct

import numpy as np
import pytest

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.peaks.sweeps.reading.reader import SweepParameters, SweepReader
from spectra.plugins.peaks.sweeps.reading.recording import read_wav
from spectra.plugins.peaks.sweeps.resonances import ResonancesParameters, find_resonances

RATE, BEFORE = 200_000, 4000
LINES, DECAYS = np.array([3111.0, 5003.0, 5131.0, 8800.0]), np.array([30.0, 40.0, 35.0, 60.0])


def tap():
    """Return times and voltages of damped oscillations after some silence."""
    t = np.arange(40_000) / RATE
    rings = (np.exp(-DECAYS * t[:, None]) * np.cos(2 * np.pi * LINES * t[:, None] + 0.3)).sum(axis=1)
    trace = np.concatenate([np.zeros(BEFORE), rings])
    times = (np.arange(len(trace)) - BEFORE) / RATE
    return times, trace + 2e-3 * np.random.default_rng(0).standard_normal(len(trace))


TIMES, TRACE = tap()
LOUD = TRACE / np.abs(TRACE).max()


def found(content, **parameters):
    """Return lines in Hz and the notes of the reader."""
    content = content.encode() if isinstance(content, str) else content
    measurement = SweepReader(SweepParameters(stop=0.02, **parameters)).read(RawFile(name="tap", content=content))
    return 1e6 * find_resonances(measurement, ResonancesParameters()).table[:, 0], " ".join(measurement.notes)


def rows(form="{:.6E},{:.6E}", times=TIMES):
    return "".join(form.format(*row) + "\r\n" for row in zip(times, TRACE, strict=True))


def facts():
    """Return a file with facts about the recording in front of its first samples (Tektronix TDS)."""
    names = ["Record Length,4.4e+04,,", "Sample Interval,5e-06,,", "Trigger Point,4e+03,,", ",,,", "Source,CH1,,"]
    names += ["Vertical Units,V,,", "Vertical Scale,1.0e+00,,", "Horizontal Units,s,,", "Pt Fmt,Y,,", "Yzero,0.0,,"]
    lines = rows("{:.9f},{:.5f},").splitlines(keepends=True)
    return "".join((names[k] if k < len(names) else ",,,") + line for k, line in enumerate(lines))


def numbered():
    """Return a file whose samples are numbered (Rigol DS1000)."""
    head = "X,CH1,Start,Increment,\r\nSequence,Volt,-2.000000e-02,5.000000e-06\r\n"
    return head + "".join(f"{k},{v:.4e},\r\n" for k, v in enumerate(TRACE))


def wav(samples, bits, code=1):
    """Return a file with these samples, shape (n, channels), by the format's definition (RIFF, Microsoft 1994)."""
    channels, size = samples.shape[1], bits // 8
    if code == 3:
        data = samples.astype("<f4").tobytes()
    elif bits == 8:
        data = (128 + samples).astype("u1").tobytes()
    else:
        data = b"".join(int(v).to_bytes(size, "little", signed=True) for v in samples.ravel())
    form = struct.pack("<HHIIHH", code, channels, RATE, RATE * channels * size, channels * size, bits)
    note = b"LIST" + struct.pack("<I", 5) + b"about\0"  # of odd length, which is padded
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + note + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


TEXTS = {
    "facts in front": facts(),
    "numbered samples": numbered(),
    "long header": "Model,MSO54\r\nPoint Format,Y\r\nSample Interval,5e-06\r\n\r\nLabel,\r\nTIME,CH1\r\n" + rows(),
    "two lines of header": "x-axis,1\r\nsecond,Volt\r\n" + rows(),
    "milliseconds": "Time,Channel A\r\n(ms),(V)\r\n\r\n" + rows("{:.8f},{:.8f}", 1e3 * TIMES),
    "decimal commas": "Zeit (s);Kanal A (V)\r\n" + rows("{:.8f};{:.6f}").replace(".", ","),
    "times from one": "Time (s),V\r\n" + rows("{:.8f},{:.6f}", 1 + TIMES),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_tap_on_an_oscilloscope(name):
    assert found(TEXTS[name])[0] == pytest.approx(LINES, abs=0.05)


def test_a_tap_through_a_sound_card():
    hiss = np.random.default_rng(1).standard_normal(len(LOUD))
    assert found(wav(8e6 * LOUD[:, None], 24))[0] == pytest.approx(LINES, abs=0.05)
    assert found(wav(LOUD[:, None], 32, code=3))[0] == pytest.approx(LINES, abs=0.05)
    lines, notes = found(wav(np.column_stack([3 * hiss, 2e4 * LOUD]), 16))
    assert lines == pytest.approx(LINES, abs=0.05)
    assert "channel 2 of 2" in notes


def test_what_is_clipped_and_a_second_tap_are_left_out():
    lines, notes = found(wav(np.clip(6e4 * LOUD, -32768, 32767)[:, None], 16))
    assert lines == pytest.approx(LINES, abs=0.1)
    assert "clipped" in notes
    twice = np.concatenate([LOUD, 0.8 * LOUD[BEFORE:]])
    lines, notes = found(wav(3e4 * twice[:, None], 16))
    assert lines == pytest.approx(LINES, abs=0.1)
    assert "more than one tap" in notes


def test_samples_of_every_width_are_the_same_numbers():
    ramp = np.linspace(-1, 1, 65)[:, None]
    for bits in (8, 16, 24, 32):
        size = 2 ** (bits - 1) - 1
        read = read_wav(wav(np.trunc(size * ramp), bits), "ramp.wav")
        assert read.sampling == RATE
        assert read.samples - read.samples.mean() == pytest.approx(np.trunc(size * ramp), abs=1)
    with pytest.raises(InputError, match="format 85 are not read"):
        read_wav(wav(ramp, 16, code=85), "mp3.wav")
