"""All that reads what people wrote: with right inputs to start from, and how to read one."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import numpy as np

from spectra.core.basics.arguments import parse_settings
from spectra.core.basics.units import absolute_quantity, conversion_factor, is_unit, parse_quantity
from spectra.core.errors import InputError
from spectra.core.formats.bundles import pack_files, unpack_files
from spectra.core.formats.data_set_file import DataSetFile
from spectra.core.formats.maps import QuantityMap
from spectra.core.formats.metadata import read_metadata
from spectra.core.inventory.catalogue import Catalogue
from spectra.core.manager import load_plugins
from spectra.core.measurements import Condition, Measurement, RawFile
from spectra.core.quantities import read_values
from spectra.core.recipe import Choice
from spectra.core.signals import Signal
from spectra.core.studies.study import load_study
from spectra.core.workflows.reading import as_read, prepared, usual_processors
from spectra.core.workflows.series.conditions import entries_of
from spectra.core.workflows.specimens import load_specimen
from spectra.core.workflows.training_set import DataSet
from spectra.plugins import BUILT_IN, SHARED
from tests.fuzz.mutation import Mutation, mutated, mutated_json, mutated_zip

ROOT = Path(__file__).parents[2]
DATA, EXAMPLES = ROOT / "tests" / "data", ROOT / "examples"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Something that reads what people wrote.

    Parameters
    ----------
    seeds
        Right inputs by the names of their files.
    read
        Reads content under a name, in a folder that is its own.
    share
        Of the inputs, relative to other readers; less for what is slow.
    """

    name: str
    seeds: Callable[[], Mapping[str, bytes]]
    read: Callable[[str, bytes, Path], Any]
    mutate: Mutation = mutated
    share: float = 1.0


@cache
def catalogue() -> Catalogue:
    return load_plugins(BUILT_IN, always=SHARED).catalogue


def _files(*paths: Path, lines: int | None = None) -> Callable[[], Mapping[str, bytes]]:
    """Return files by their names; of long tables, the first lines."""

    def read() -> Mapping[str, bytes]:
        found = {}
        for path in paths:
            content = path.read_bytes()
            found[path.name if path.name not in found else f"{path.parent.name}-{path.name}"] = (
                content if lines is None else b"\n".join(content.split(b"\n")[:lines]) + b"\n"
            )
        return found

    return read


def _texts(*texts: str) -> Callable[[], Mapping[str, bytes]]:
    return lambda: {f"{number}.txt": text.encode() for number, text in enumerate(texts)}


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="surrogateescape")


def _written(name: str, content: bytes, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _reads(reader: str, **parameters: Any) -> Callable[[str, bytes, Path], Measurement]:
    def read(name: str, content: bytes, folder: Path) -> Measurement:
        chosen: Any = catalogue().reader(Choice(name=reader, parameters=parameters))
        return chosen.read(RawFile(name=name, content=content))

    return read


def _sample(name: str, content: bytes, folder: Path) -> Any:
    for other, attached in _attached().items():
        if not (folder / other).exists():
            (folder / other).write_bytes(attached)
    specimen = load_specimen(catalogue(), _written(name, content, folder))
    return specimen.sample.digest, specimen.sample.document()


@cache
def _attached() -> Mapping[str, bytes]:
    table = "T (K),strain\n100,-0.0016\n200,-0.0008\n295,0\n400,0.001\n"
    data = _data_sets()["data.npz"]
    return {"body.stl": _meshes()["body.stl"], "expansion.csv": table.encode(), "data.npz": data, "gold.npz": data}


def _samples() -> Mapping[str, bytes]:
    found = dict(
        _files(*sorted(EXAMPLES.glob("rus/*/sample.yaml")), *sorted(EXAMPLES.glob("rus/studies/sample-*.yaml")))()
    )
    found |= {path.name: path.read_bytes() for path in sorted(EXAMPLES.glob("xrd/gold/gold*.yaml"))}
    found["titanium.yaml"] = b"name: titanium\ntechnique: indenter\ndata_set: data.npz\nsplit: grains\n"
    found["symmetry.yaml"] = b"name: p4m\ntechnique: symmetry\n"
    found["gold.yaml"] = b"name: gold\ntechnique: xrd\ndata_set: data.npz\nwavelength: 1.54 \xc3\x85\n"
    triclinic = (EXAMPLES / "rus" / "steel" / "sample.yaml").read_bytes()
    found["expanding.yaml"] = triclinic + b"expansion: {table: expansion.csv, reference: 295 K}\n"
    found["body.yaml"] = (
        b"name: body\ntechnique: rus\nshape: {kind: mesh, file: body.stl, unit: mm}\nmass: 12 g\nsymmetry: isotropic\n"
        b"search:\n  C11: {from: 76 GPa, to: 140 GPa, step: 4 GPa}\n  C44: {from: 18 GPa, to: 35 GPa, step: 1 GPa}\n"
        b"window: {from: 0.01 MHz, to: 0.1 MHz}\n"
    )
    return found


def _study(name: str, content: bytes, folder: Path) -> Any:
    path = _written(name, content, folder)
    return load_study(path), load_study(path, quick=True)


def _setting(name: str, content: bytes, folder: Path) -> Any:
    settings = parse_settings([_text(content)])
    for role, parameters in settings.items():
        kind, _, component = role.partition("-of-")
        if component:
            kinds: dict[str, Any] = {"enc": "encoder", "reg": "regressor"}
            catalogue().choose(kinds.get(kind, "reader"), component, parameters)
    return settings


def _metadata(name: str, content: bytes, folder: Path) -> Any:
    return read_metadata(_written(name, content, folder))


def _series(name: str, content: bytes, folder: Path) -> Any:
    return entries_of([_written("run-115K.csv", content, folder)], "temperature")


def _series_table(name: str, content: bytes, folder: Path) -> Any:
    log = _written("log.csv", content, folder)
    for run in ("run1.dat", "run2.dat"):
        (folder / run).write_bytes(run.encode())
    return entries_of([folder / "run1.dat", folder / "run2.dat"], f"temperature={log}")


def _prepared(sample: Path, reader: str | None = None) -> Callable[[str, bytes, Path], Any]:
    """Return what reads a measured file for a sample, and prepares it for its models."""

    @cache
    def specimen() -> Any:
        return load_specimen(catalogue(), sample)

    def read(name: str, content: bytes, folder: Path) -> Any:
        measurement = as_read(catalogue(), specimen(), RawFile(name=name, content=content), reader=reader)
        return prepared(catalogue(), specimen(), measurement, usual_processors(catalogue(), specimen(), measurement))

    return read


def _waves() -> Mapping[str, bytes]:
    times = np.arange(600) / 48000
    found = {}
    for channels, width in ((1, 2), (2, 2), (1, 3), (1, 4)):
        tap = (np.sin(2e4 * times) * np.exp(-300 * times) * (2 ** (8 * width - 2))).astype("<i4")
        samples = np.repeat(tap[:, None], channels, axis=1).ravel()
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(width)
            file.setframerate(48000)
            file.writeframes(samples.view(np.uint8).reshape(-1, 4)[:, :width].tobytes())
        found[f"{channels}x{width}.wav"] = buffer.getvalue()
    table = np.column_stack([np.linspace(1e5, 2e5, 64), np.random.default_rng(0).random(64)])
    for name, array in {"a.npy": table, "b.npy": table[:, :1] + 1j * table[:, 1:]}.items():
        buffer = io.BytesIO()
        np.save(buffer, array)
        found[name] = buffer.getvalue()
    return found


def _sweeps() -> Mapping[str, bytes]:
    found = dict(_files(EXAMPLES / "rus" / "sweep" / "sweep.dat", lines=80)())
    rows = [(1e5 + 50.0 * k, 1.0 / (1 + (k - 30) ** 2 / 9)) for k in range(60)]
    found["complex.csv"] = ("frequency (Hz),real,imag\n" + "".join(f"{f},{a},{a / 2}\n" for f, a in rows)).encode()
    tap = [(1e-5 * k, float(np.sin(2.0 * k) * np.exp(-0.01 * k))) for k in range(400)]
    found["tap.txt"] = ("time (s),voltage (V)\n" + "".join(f"{t:.5f},{a:.4f}\n" for t, a in tap)).encode()
    facts = ("Record Length,400", "Sample Interval,1e-05", "Source,CH1")
    found["tek.csv"] = "".join(
        f"{facts[k] if k < len(facts) else ','},,{t:.5f},{a:.4f}\n" for k, (t, a) in enumerate(tap)
    ).encode()
    return found


def _pictures() -> Mapping[str, bytes]:
    from PIL import Image

    grey = np.random.default_rng(0).integers(0, 255, (24, 20), dtype=np.uint8)
    found = {}
    for ending, picture in {
        "png": Image.fromarray(grey), "tiff": Image.fromarray(grey.astype(np.uint16) * 200),
        "jpg": Image.fromarray(np.stack([grey] * 3, axis=2)),
        "colour.png": Image.fromarray(np.stack([grey] * 3, axis=2)),
        "palette.png": Image.fromarray(grey).convert("P"),
    }.items():  # fmt: skip
        buffer = io.BytesIO()
        picture.save(buffer, format={"jpg": "JPEG", "tiff": "TIFF"}.get(ending, "PNG"))
        found[f"a.{ending}"] = buffer.getvalue()
    return found


def _orientation_maps() -> Mapping[str, bytes]:
    head = (
        "Channel Text File\nPrj\ta.cpr\nAuthor\t[Unknown]\nJobMode\tGrid\nXCells\t3\nYCells\t2\nXStep\t0.5\n"
        "YStep\t0.5\nAcqE1\t0\nAcqE2\t0\nAcqE3\t0\nEuler angles refer to Sample Coordinate system (CS0)!\tMag\t200\n"
        "Phases\t1\n2.954;2.954;4.729\t90;90;120\tTitanium\t9\t194\n"
        "Phase\tX\tY\tBands\tError\tEuler1\tEuler2\tEuler3\tMAD\tBC\tBS\n"
    )
    grid = [(x, y) for y in range(2) for x in range(3)]
    ctf = head + "".join(f"1\t{x / 2}\t{y / 2}\t9\t0\t10{x}.2\t56.3\t4.2\t0.5\t132\t90\n" for x, y in grid)
    ang = (
        "# Phase 1\n# MaterialName  \tTitanium (Alpha)\n# Symmetry              62\n"
        "# LatticeConstants      2.950 2.950 4.680  90.000  90.000 120.000\n#\n# GRID: SqrGrid\n# XSTEP: 2.000000\n"
        "# YSTEP: 2.000000\n# NCOLS_ODD: 3\n# NCOLS_EVEN: 3\n# NROWS: 2\n#\n"
    ) + "".join(f"  1.7{x} 0.9 0.07 {2 * x}.0 {2 * y}.0 90.0 0.9 1 1 1.0\n" for x, y in grid)
    table = "x_um,y_um,phase,phi1_deg,Phi_deg,phi2_deg\n" + "".join(f"{x},{y},1,100.{x},116.0,52.3\n" for x, y in grid)
    return {"a.ctf": ctf.encode(), "a.ang": ang.encode(), "a.csv": table.encode()}


def _indents() -> Mapping[str, bytes]:
    from scipy.io import savemat

    rows = [(20.0 * k, 5.0 * k, 4.1 + 0.1 * k) for k in range(8)]
    table = "name,x (µm),y (µm),hardness (GPa)\n" + "".join(f"i{k},{x},{y},{h}\n" for k, (x, y, h) in enumerate(rows))
    buffer = io.BytesIO()
    savemat(buffer, {"X": np.array(rows)[:, :1], "Y": np.array(rows)[:, 1:2], "H": np.array(rows)[:, 2:]})
    return {"indents.csv": table.encode(), "indents.mat": buffer.getvalue()}


def _read_indents(name: str, content: bytes, folder: Path) -> Any:
    from spectra.plugins.indenter.registration.indents import read_indents

    return read_indents(RawFile(name=name, content=content))


@cache
def _meshes() -> Mapping[str, bytes]:
    import trimesh

    box = trimesh.creation.box((2, 3, 4))
    kinds = {"body.stl": "stl", "text.stl": "stl_ascii", "body.ply": "ply", "body.obj": "obj"}
    found = {name: box.export(file_type=kind) for name, kind in kinds.items()}
    found["text.ply"] = trimesh.exchange.ply.export_ply(box, encoding="ascii")
    return {name: content.encode() if isinstance(content, str) else content for name, content in found.items()}


def _mesh(name: str, content: bytes, folder: Path) -> Any:
    from spectra.plugins.rus.bodies.triangulation import mass_properties, parse_mesh

    return mass_properties(parse_mesh(content, name))


@cache
def _data_sets() -> Mapping[str, bytes]:
    from spectra.core.quantities import Quantity
    from spectra.core.signals import Bundle, Peaks, Profile

    x = np.linspace(30, 90, 16)
    parts = {
        "xrd": Profile(x=x, y=np.ones((8, 16)) + np.arange(8.0)[:, None], x_unit="° 2θ", y_unit="counts"),
        "vdos": Profile(x=x, y=np.ones((8, 16)), x_unit="1/cm", y_unit="cm"),
    }
    quantity = Quantity(name="place", unit="GPa", description="of the line", lower=0, upper=1)
    signals: dict[str, Signal] = {
        "data.npz": Bundle(parts=dict(parts)),
        "one.npz": parts["xrd"],
        "peaks.npz": Peaks.from_lists([[1.0, 2.0 + k] for k in range(8)], unit="kHz", window=(0.0, 20.0)),
    }
    found = {}
    for name, signal in signals.items():
        file = DataSetFile(
            quantities=(quantity,), values=np.linspace(0.1, 0.9, 8)[:, None], signal=signal,
            points=np.arange(8.0)[:, None], recipe={"forward_model": {"name": "x"}}, notes=("made for a test",),
            environment={"spectra": "0.1"}, groups=np.repeat(np.arange(4), 2),
        )  # fmt: skip
        found[name] = file.to_bytes()
    return found


def _maps() -> Mapping[str, bytes]:
    mean = np.ones((4, 5, 2), np.float32)
    known = {"mean": mean, "spread": mean, "novelty": mean[..., 0], "names": ("hardness", "E"), "units": ("GPa", "GPa")}
    return {f"{step}.npz": QuantityMap(**known, um_per_step=step).to_bytes() for step in (None, 2.0)}  # type: ignore[arg-type]


def _training_sets() -> Mapping[str, bytes]:
    files = {name: DataSetFile.from_bytes(content) for name, content in _data_sets().items()}
    return {
        name: DataSet(values=file.values, signal=file.signal, points=file.points, groups=file.groups).pack()
        for name, file in files.items()
    }


def _feature_tables() -> Mapping[str, bytes]:
    from spectra.core.basics.files import pack_arrays

    digests = np.array([f"sha256:{k:064d}" for k in range(3)])
    return {"table.npz": pack_arrays({"digests": digests, "features": np.ones((3, 4), np.float32)})}


def _feature_table(name: str, content: bytes, folder: Path) -> Any:
    from spectra.plugins.images.features.tables import FeatureTable

    return FeatureTable.read(content)


def _bundles() -> Mapping[str, bytes]:
    gold = EXAMPLES / "xrd" / "gold"
    files = {
        "xrd": RawFile(name="specimen.xy", content=b"# wavelength 1.54\n" + (gold / "specimen.xy").read_bytes()),
        "vdos": RawFile(name="vdos.csv", content=(gold / "specimen-vdos.csv").read_bytes()),
    }
    return {"both.zip": pack_files(files).content, "one.zip": pack_files({"xrd": files["xrd"]}).content}


def _bundle(name: str, content: bytes, folder: Path) -> Any:
    file = RawFile(name=name, content=content)
    unpack_files(file)
    return _prepared_gold(name, content, folder)


_prepared_gold = _prepared(EXAMPLES / "xrd" / "gold" / "gold-simulated.yaml")


@cache
def _laboratory() -> tuple[Any, tuple[str, str], Path]:
    """Return a registry with some of everything, the identifiers of two predictions, and its folder."""
    from spectra.registry.registry import Registry
    from tests.web.conftest import Laboratory

    home = Path(tempfile.mkdtemp(prefix="spectra-fuzz-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    registry = Registry.open(home / "home", f"sqlite:///{home}/registry.sqlite")
    put = Laboratory(registry)
    prediction = put.prediction(tags=("paper", "material=nickel"), verdict="trusted", files={"figure.svg": b"<svg/>"})
    put.measurement(content=b"3.0\n", conditions=(Condition(name="temperature", value=300.0, unit="K"),))
    other = put.measured("warm.dat", 310.0)
    return registry, (prediction.id, other.id), home


def _archives() -> Mapping[str, bytes]:
    from spectra.core.progress import Silent
    from spectra.registry.archive.moving import export

    registry, _, folder = _laboratory()
    path = folder / "archive.zip"
    export(registry, path, Silent())
    return {"archive.zip": path.read_bytes()}


def _mutated_archive(rng: Any, content: bytes, others: Sequence[bytes]) -> bytes:
    """Change a record or the manifest of an archive, mostly with a manifest that fits."""
    import json

    from spectra.core.basics.files import digest_bytes
    from tests.fuzz.mutation import members_of, zipped

    members = members_of(content)
    if members is None or rng.random() < 0.2:
        return mutated_zip(rng, content, others)
    name = rng.choice([name for name in sorted(members) if not name.startswith("artefacts/")])
    members[name] = mutated_json(rng, members[name], ())
    try:
        manifest = json.loads(members["manifest.json"])
        table = name.removeprefix("records/").removesuffix(".jsonl")
        if table in manifest["records"]:
            lines = members[name]
            counted = {"count": lines.count(b"\n"), "size": len(lines), "digest": digest_bytes(lines)}
            manifest["records"][table] = counted
            members["manifest.json"] = json.dumps(manifest).encode()
    except (ValueError, KeyError, TypeError):
        pass
    return zipped(members)


@cache
def _empty() -> bytes:
    from spectra.registry.registry import Registry

    with tempfile.TemporaryDirectory() as home:
        Registry.open(Path(home), f"sqlite:///{home}/registry.sqlite").close()
        return (Path(home) / "registry.sqlite").read_bytes()


def _archive(name: str, content: bytes, folder: Path) -> Any:
    """Import an archive into an empty registry, and list and show what is in it then."""
    from spectra.core.progress import Silent
    from spectra.registry.archive.moving import export, import_archive
    from spectra.registry.registry import Registry
    from spectra.views.lineage import lineage_blocks

    _written("registry.sqlite", _empty(), folder)
    with Registry.open(folder / "home", f"sqlite:///{folder}/registry.sqlite") as target:
        import_archive(target, _written(name, content, folder), Silent())
        listed = [target.list_samples(), target.list_models(), target.list_measurements(), target.list_predictions()]
        records: list[Any] = [*target.list_predictions(), *target.list_models()]
        for record in records:
            list(lineage_blocks(target.lineage(record.id), None))
        export(target, folder / "again.zip", Silent())
        return listed


def _queries() -> Mapping[str, bytes]:
    asked = {
        "predictions": (
            "technique=rus,sample=steel*|srtio3,C11>260 GPa,age<30d", "260<C11<=280,tag=paper", "temperature=300 K",
            "C11.refined>1,misfit<2 kHz", 'note="a, ""b"""', "created>2026-01-31T12:30,verdict!=doubtful", "id=abc|def",
        ),
        "measurements": ("temperature>200 K,sample=steel", "tag=material*,reader=lines", "kind=peaks,age>1h"),
        "models": ("sample=steel,technique!=rus", "alias=production,retired=no"),
        "samples": ("sample=st*|al*,technique=toy", "created<2027-01"),
    }  # fmt: skip
    return {f"{kind}-{k}.txt": text.encode() for kind, texts in asked.items() for k, text in enumerate(texts)}


def _query(name: str, content: bytes, folder: Path) -> Any:
    list_records = getattr(_laboratory()[0], f"list_{name.partition('-')[0]}")
    return list_records(content.decode("utf-8", errors="replace"))


def _unit(name: str, content: bytes, folder: Path) -> Any:
    text = _text(content)
    written = text.lstrip("0123456789.e+- ")
    is_unit(written)
    found: list[Any] = []
    for read in (
        lambda: Condition.parse(f"temperature={text}"),
        lambda: absolute_quantity(text),
        lambda: parse_quantity(text, "GPa"),
        lambda: parse_quantity(text, ""),
        lambda: conversion_factor(written, "K"),
        lambda: conversion_factor("GPa", written),
    ):
        try:
            found.append(read())
        except (InputError, ValueError) as error:
            found.append(error)
    return found


def _values(name: str, content: bytes, folder: Path) -> Any:
    from spectra.cli.commands.designs.arguments import parse_targets
    from spectra.core.quantities import Quantity

    text = _text(content)
    known = [Quantity(name=name, unit="GPa", description="", lower=1, upper=2) for name in ("C11", "C44")]
    if ".." in text:
        return parse_targets(text, 0.5)
    return read_values(text, known)


@cache
def _client() -> Any:
    from spectra.web.site import Site
    from tests.web.conftest import Client

    return Client(Site(opened=_laboratory()[0]))


def _addresses() -> Mapping[str, bytes]:
    from spectra.web.pages.records import fingerprint

    _, (id, other), _ = _laboratory()
    return {
        f"{number}.txt": path.encode()
        for number, path in enumerate(
            (
                "/predictions?query=sample=steel,C11>260&sort=-C11&column=id&column=C11",
                "/measurements?query=temperature>200 K&sort=temperature",
                "/models?query=sample!=x&column=sample",
                "/samples?query=sample=st*",
                "/trend?query=sample=steel&x=created&y=C11&y=C44",
                f"/compare?id={id}&id={other}",
                f"/records?id={id[:6]}",
                f"/records/{id}",
                f"/records/{id}/figure.svg",
                f"/records/{id}/files/figure.svg",
                "/new",
                "/map?where=sample=steel&features=x&color=C11",
                f"POST /records/{id}/tag?tags=paper 2, b",
                f"POST /records/{id}/note?note=as delivered&before={fingerprint('')}",
                f"POST /records/{id}/untag?tag=b",
            )
        )
    }


def _address(name: str, content: bytes, folder: Path) -> Any:
    """Ask the page for an address, or send it a form; nothing that starts a process."""
    method, _, target = content.rpartition(b"POST ")
    path, _, fields = target.partition(b"?")
    address = "/" + quote(path, safe="/").lstrip("/")
    if method or content.startswith(b"POST "):
        pairs = [pair.partition(b"=") for pair in fields.split(b"&")]
        given = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, _, value in pairs}
        answer = _client().change(address, **given)
    else:
        answer = _client().get(address + "?" + quote(fields, safe="=&%,<>!|*"))
    assert answer.status_code < 500, f"{answer.status_code} at {unquote_to_bytes(address)!r}"
    if answer.status_code >= 400:
        raise InputError(f"{answer.status_code}")
    return answer.status_code


RUS = EXAMPLES / "rus"
READERS = (
    Reader(name="sample", seeds=_samples, read=_sample, share=1.5),
    Reader(name="study", seeds=_files(*sorted(RUS.glob("studies/[!s]*.yaml")),
           EXAMPLES / "xrd/gold/studies/designs.yaml"), read=_study, share=0.8),
    Reader(name="setting", seeds=_texts("enc-of-binned.bins=64", "enc-of-binned.normalisation=profile",
           "reg-of-dense.hidden=[64, 32]", "read-of-peak-list.unit=kHz", "part.encoder.bins={a: [1, 2.5]}", "a.b='x'"),
           read=_setting),
    Reader(name="metadata", seeds=lambda: {
        "a.csv": b"file,sample,temperature (K),material,tags,note\na.dat,steel,300,Ni,x;y,good\nb.dat,steel,310,Cu,,\n",
        "b.csv": b"filename;pressure [GPa];operator\nx/a.dat;1.5;Ada\nx/b.dat;2;Bob\n",
        "tab.csv": b"path\ttemperature (degC)\na.dat\t20\nb.dat\t25.5\n"}, read=_metadata),
    Reader(name="metadata-json", seeds=lambda: {
        "a.json": b'[{"title": "a.dat", "source": "x/a.dat", "description": "d", "tags": ["t"], "metadata": {"material"'
        b': "Ni", "T": {"value": 3.5, "unit": "K"}, "deep": {"a": {"b": 1}}, "list": [1, "x"]}}, {"title": "b", '
        b'"metadata": {}}]'}, read=_metadata, mutate=mutated_json),
    Reader(name="series", seeds=lambda: {
        "a.csv": b"temperature (K),way,f1,f2\n115,cooling,1.5,2.5\n120,cooling,1.6,2.6\n120,warming,1.61,2.61\n",
        "b.csv": b"temperature;f1\n115;1.5\n120;1.6\n"}, read=_series),
    Reader(name="series-table", seeds=lambda: {
        "log.csv": b"file,temperature (K),way\nrun1.dat,115,cooling\nrun2.dat,120,warming\n"}, read=_series_table),
    Reader(name="peak-list", seeds=_files(*sorted(RUS.glob("*/peaks.dat")), RUS / "series" / "perovskite-115K.txt"),
           read=_reads("peak-list"), share=1.5),
    Reader(name="peaks-of-rus", seeds=_files(RUS / "steel/peaks.dat"), share=0.8,
           read=_prepared(RUS / "steel/sample.yaml")),
    Reader(name="sweep", seeds=_sweeps, read=_reads("sweep")),
    Reader(name="recording", seeds=_waves, read=_reads("sweep")),
    Reader(name="profile", seeds=_files(EXAMPLES / "xrd/gold/specimen.xy", DATA / "xrd/sn85-perovskite.xy",
           DATA / "xrd/perovskite-14-deg", DATA / "xrd/MnO.xy", lines=60), read=_reads("profile-text")),
    Reader(name="xrdml", seeds=_files(DATA / "xrd/V2O5_0p4005-NiO_0p6016--2min.xrdml"), read=_reads("xrdml")),
    Reader(name="vdos", seeds=_files(EXAMPLES / "xrd/gold/specimen-vdos.csv"), read=_reads("vdos-text")),
    Reader(name="picture", seeds=_pictures, read=_reads("picture")),
    Reader(name="orientation-map", seeds=_orientation_maps, read=_reads("orientation-map")),
    Reader(name="indents", seeds=_indents, read=_read_indents),
    Reader(name="mesh", seeds=_meshes, read=_mesh, share=1.5),
    Reader(name="data-set", seeds=_data_sets, read=lambda name, content, folder: DataSetFile.from_bytes(content),
           mutate=mutated_zip, share=1.5),
    Reader(name="map", seeds=_maps, read=lambda name, content, folder: QuantityMap.from_bytes(content),
           mutate=mutated_zip),
    Reader(name="training-set", seeds=_training_sets, read=lambda name, content, folder: DataSet.unpack(content),
           mutate=mutated_zip, share=0.8),
    Reader(name="feature-table", seeds=_feature_tables, read=_feature_table, mutate=mutated_zip, share=0.5),
    Reader(name="bundle", seeds=_bundles, read=_bundle, mutate=mutated_zip, share=0.6),
    Reader(name="archive", seeds=_archives, read=_archive, mutate=_mutated_archive, share=0.15),
    Reader(name="query", seeds=_queries, read=_query, share=0.6),
    Reader(name="unit", seeds=_texts("260 GPa", "25 degC", "4.76 mm", "1.5e3 kg/m^3", "-3 1/cm", "2 µm", "0.3", "1 dB",
           "3 kilooersted", "5 °", "1 A/m", "7 %"), read=_unit, share=0.6),
    Reader(name="values", seeds=_texts("C11=270,C44=80", "C11=0.27 TPa,C44=80 GPa", "hardness=3..6 GPa", "4.2..5"),
           read=_values),
    Reader(name="page", seeds=_addresses, read=_address, share=0.15),
)  # fmt: skip
