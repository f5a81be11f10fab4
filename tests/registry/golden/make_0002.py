"""Fill a registry as spectra did when its schema was 0002; run with the code of commit 223aa4f.

``make_0002.py FILE`` makes the SQLite database FILE and, beside it, its artefacts in FILE.files and in ``measured`` the
sample files and measurements that it was made from. Everything is done by commands, as a user does it, and every
prediction has its name as a tag.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.signals import take

EXAMPLES = Path(__file__).parents[3] / "examples"
STRUCTURES = 60

BLOCK = """\
name: block
technique: rus
shape: {kind: box, x: 11.92 mm, y: 10.93 mm, z: 9.86 mm}
density: 2788 kg/m^3
symmetry: isotropic
search:
  C11: {from: 76 GPa, to: 140 GPa, step: 8 GPa}
  C44: {from: 18 GPa, to: 35 GPa, step: 2 GPa}
window: {from: 0.1 MHz, to: 0.28 MHz}
mean_atomic_mass: 26.98 g/mol
"""
MESH = """\
name: scanned block
technique: rus
shape: {kind: mesh, file: block.stl, unit: mm}
density: 2788 kg/m^3
symmetry: isotropic
search:
  C11: {from: 76 GPa, to: 140 GPa, step: 8 GPa}
  C44: {from: 18 GPa, to: 35 GPa, step: 2 GPa}
window: {from: 0.1 MHz, to: 0.22 MHz}
order: 8
"""
CRYSTAL = """\
name: crystal
technique: rus
shape: {kind: box, x: 1.45 mm, y: 2.01 mm, z: 3.02 mm}
mass: 0.045 g
symmetry: cubic
orientation: {bunge: [90, 0, 0]}
search:
  C11: {from: 280 GPa, to: 360 GPa, step: 40 GPa}
  C12: {from: 90 GPa, to: 120 GPa, step: 15 GPa}
  C44: {from: 110 GPa, to: 140 GPa, step: 10 GPa}
window: {from: 0.6 MHz, to: 2.3 MHz}
order: 10
mean_atomic_mass: 36.7 g/mol
"""
GOLD = "name: gold\ntechnique: {technique}\ndata_set: gold.npz\n{more}"

RUS = ("block.dat", "--sample", "block.yaml")
XRD = ("specimen.xy", "--sample", "gold-xrd.yaml", "--set", "reader.wavelength=1.54")
VDOS = ("specimen-vdos.csv", "--sample", "gold-vdos.yaml")
BOTH = (
    *("xrd=specimen.xy", "vdos=specimen-vdos.csv", "--sample", "gold.yaml"),
    *("--set", "reader.xrd.wavelength=1.54"),
)
DIRECT = ("--encoder", "direct", "--set", "encoder.length=24", "--set", "regressor.hidden=[16]")
DERIVATIVE = (
    *("--encoder", "derivative", "--set", "encoder.length=24", "--set", "regressor.hidden=[16]"),
    *("--set", "regressor.loss=mse", "--set", "regressor.copies=2", "--set", "missing.most=0.1"),
)
SMALL = (
    *("--set", "encoder.bins=50", "--set", "regressor.channels=[2, 3]", "--set", "regressor.hidden=[8, 8]"),
    *("--set", "regressor.latent=6", "--set", "regressor.epochs=60", "--set", "regressor.learning_rate=0.003"),
)

# What is on record, by the name that it has there as a tag.
PREDICTIONS = {
    "rus": RUS,
    "rus not refined": (*RUS, "--no-refine"),
    "rus without network": (*RUS, "--no-network"),
    "rus without network not refined": (*RUS, "--no-network", "--no-refine"),
    "rus direct": (*RUS, *DIRECT),
    "rus direct not refined": (*RUS, *DIRECT, "--no-refine"),
    "rus derivative": (*RUS, *DERIVATIVE, "--set", "refiner.lengths=0.001"),
    "rus derivative not refined": (*RUS, *DERIVATIVE, "--no-refine"),
    "rus crystal": ("crystal.dat", "--sample", "crystal.yaml", "--no-network"),
    "rus mesh": ("block-khz.txt", "--sample", "mesh.yaml", "--no-network", "--set", "reader.unit=kHz"),
    "xrd": XRD,
    "xrd ridge": (*XRD, "--regressor", "ridge", "--set", "encoder.normalisation=set"),
    "xrd reconstruction": (*XRD, "--regressor", "reconstruction", *SMALL, "--set", "regressor.autoencoder_epochs=40"),
    "xrd regression": (*XRD, "--regressor", "regression", *SMALL, "--set", "regressor.activation=relu"),
    "xrd hybrid": (*XRD, "--regressor", "hybrid", *SMALL, "--set", "regressor.activation=leaky_relu"),
    "xrd of an xrdml file": ("scan.xrdml", "--sample", "gold-xrd.yaml"),
    "vdos": VDOS,
    "vdos ridge": (*VDOS, "--regressor", "ridge"),
    "xrd+vdos": BOTH,
    "xrd+vdos multimodal": (*BOTH, "--regressor", "multimodal", *SMALL),
    "xrd+vdos of one part": (*BOTH, "--regressor", "ridge", "--set", "encoder.parts=[vdos]"),
}


def main(database: Path) -> None:
    folder = database.parent / "measured"
    write_files(folder)

    def spectra(*arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", "from spectra.cli.main import main; main()", *arguments, "--json"],
            cwd=folder,
            env=os.environ | {"SPECTRA_DATABASE_URL": str(database), "LOGNAME": "ada"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    predictions = {}
    for name, arguments in PREDICTIONS.items():
        answer = spectra("analyze", *arguments, "--tag", name, "--no-figure")["prediction"]
        predictions[name] = answer
        numbers = {q["name"]: (q["value"], q["std"]) for q in answer["quantities"] if q["method"] != "derived"}
        print(name, answer["trained_now"], numbers)

    # A model that is retired after it was asked, and a younger one of another seed.
    other = spectra("train", *RUS[1:], *DIRECT, "--seed", "7")["model"]["id"]
    spectra("analyze", *RUS, "--model", other, "--tag", "rus retired", "--no-figure")
    spectra("retire", other)
    spectra("note", other, "trained by mistake")
    spectra("alias", predictions["rus"]["model_id"], "production")
    spectra("note", predictions["rus"]["id"], "for the paper, table 2; σ of C11 = 0.5 %?")
    spectra("tag", predictions["rus"]["measurement_id"], "batch 7", "cold")
    spectra("tag", predictions["xrd"]["model_id"], "good")
    shutil.rmtree(Path(f"{database}.files") / "artefacts" / "registries")
    shutil.rmtree(Path(f"{database}.files") / "work", ignore_errors=True)


def write_files(folder: Path) -> None:
    """Write the sample files and measurements."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "block.yaml": BLOCK,
        "mesh.yaml": MESH,
        "crystal.yaml": CRYSTAL,
        "gold-xrd.yaml": GOLD.format(technique="xrd", more="wavelength: 1.54 Å\n"),
        "gold-vdos.yaml": GOLD.format(technique="vdos", more=""),
        "gold.yaml": GOLD.format(technique="xrd+vdos", more="wavelength: 1.54 Å\n"),
    }.items():
        (folder / name).write_text(text)
    (folder / "block.stl").write_bytes(stl_of_box(11.92, 10.93, 9.86))
    peaks = (EXAMPLES / "rus" / "aluminium-block" / "peaks.dat").read_text()
    (folder / "block.dat").write_text(peaks)
    (folder / "block-khz.txt").write_text("".join(f"{1e3 * peak:.4f}\n" for peak in peaks_of(peaks) if peak < 0.22))
    (folder / "crystal.dat").write_text(lines_below(2.3, (EXAMPLES / "rus" / "srtio3" / "peaks.dat").read_text()))
    gold = EXAMPLES / "xrd" / "gold"
    for name in ("specimen.xy", "specimen-vdos.csv"):
        shutil.copy(gold / name, folder / name)
    (folder / "gold.npz").write_bytes(some_of((gold / "gold.npz").read_bytes()))
    angles, counts = np.loadtxt(gold / "specimen.xy", unpack=True)
    (folder / "scan.xrdml").write_text(xrdml(angles, counts))


def peaks_of(text: str) -> list[float]:
    """Return the numbers of a list without comments."""
    return [float(line.split()[0]) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def lines_below(highest: float, text: str) -> str:
    """Return a list of peaks as far as ``highest``."""
    return "".join(f"{peak}\n" for peak in peaks_of(text) if peak < highest)


def some_of(data_set: bytes) -> bytes:
    """Return the first structures of a data set file."""
    file, rows = DataSetFile.from_bytes(data_set), np.arange(STRUCTURES)
    assert file.points is not None
    return DataSetFile(
        quantities=file.quantities,
        values=file.values[rows],
        signal=take(file.signal, rows),
        points=file.points[rows],
        recipe=file.recipe,
        notes=file.notes,
        environment=file.environment,
    ).to_bytes()


def stl_of_box(*lengths: float) -> bytes:
    """Return a box as twelve triangles, in binary STL."""
    corners = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)]) * lengths
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    triangles = [corner for a, b, c, d in faces for corner in ((a, b, c), (a, c, d))]
    body = b"".join(struct.pack("<12fH", 0, 0, 0, *corners[list(three)].ravel(), 0) for three in triangles)
    return bytes(80) + struct.pack("<I", len(triangles)) + body


def xrdml(angles: Any, counts: Any) -> str:
    """Return a scan as an XRDML file."""
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<xrdMeasurements xmlns="http://www.xrdml.com/XRDMeasurement/2.1" status="Completed">
 <xrdMeasurement measurementType="Scan" status="Completed">
  <usedWavelength intended="K-Alpha 1"><kAlpha1 unit="Angstrom">1.54</kAlpha1></usedWavelength>
  <scan scanAxis="Gonio" status="Completed">
   <dataPoints>
    <positions axis="2Theta" unit="deg">
     <startPosition>{angles[0]}</startPosition><endPosition>{angles[-1]}</endPosition>
    </positions>
    <commonCountingTime unit="seconds">1</commonCountingTime>
    <intensities unit="counts">{" ".join(f"{count:.6g}" for count in counts)}</intensities>
   </dataPoints>
  </scan>
 </xrdMeasurement>
</xrdMeasurements>
"""


main(Path(sys.argv[1]).absolute())
