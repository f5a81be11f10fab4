"""An archive may come from anyone: whatever is wrong with it is said, and nothing of it goes on record."""

from __future__ import annotations

import io
import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spectra.core.basics.files import digest_bytes
from spectra.core.errors import InputError
from spectra.core.progress import Silent
from spectra.registry.archive.moving import export, import_archive
from spectra.registry.registry import Registry
from tests.registry.conftest import Filler

QUIET = Silent()
Members = dict[str, bytes]


@pytest.fixture
def backend() -> str:
    """What is refused has not come to a database."""
    return "sqlite"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one of everything."""
    home = tmp_path_factory.mktemp("exported")
    with Registry.open(home, str(home / "registry.sqlite")) as registry:
        Filler(registry).prediction(tags=("paper",))
        export(registry, home / "honest.zip", QUIET)
    return home / "honest.zip"


@pytest.fixture
def honest(exported: Path, tmp_path: Path) -> Path:
    """The archive, for this test to change."""
    return Path(shutil.copy(exported, tmp_path))


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[Path, str], InputError]:
    """Import an archive into an empty registry, which must refuse it and stay empty."""

    def act(path: Path, sentence: str) -> InputError:
        with Registry.open(tmp_path / "target") as target:
            with pytest.raises(InputError, match=sentence) as caught:
                import_archive(target, path, QUIET)
            assert not target.list_samples()
            assert not target.list_predictions()
        assert not list((tmp_path / "target" / "artefacts").rglob("passwd"))
        assert caught.value.exit_code == 3
        return caught.value

    return act


def unpacked(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Members, path: Path, *, names: tuple[str, ...] = ()) -> Path:
    """Write an archive with these members, as anybody could; ``names`` are added with some content."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"root::0:0")
    return path


def changed(honest: Path, table: str, **changes: Any) -> Path:
    """Change the only record of a table, with a manifest that fits."""
    members = unpacked(honest)
    record = json.loads(members[f"records/{table}.jsonl"]) | changes
    return with_records(honest, table, json.dumps(record).encode() + b"\n")


def with_records(honest: Path, table: str, lines: bytes) -> Path:
    members = unpacked(honest)
    manifest = json.loads(members["manifest.json"])
    members[f"records/{table}.jsonl"] = lines
    manifest["records"][table] = {"count": lines.count(b"\n"), "size": len(lines), "digest": digest_bytes(lines)}
    members["manifest.json"] = json.dumps(manifest).encode()
    return packed(members, honest.with_name("changed.zip"))


def with_manifest(honest: Path, **changes: Any) -> Path:
    members = unpacked(honest)
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()
    return packed(members, honest.with_name("changed.zip"))


def test_the_honest_archive_is_accepted_also_when_somebody_packed_it_again(honest: Path, tmp_path: Path) -> None:
    packed(unpacked(honest), tmp_path / "again.zip")
    with Registry.open(tmp_path / "target") as target:
        import_archive(target, tmp_path / "again.zip", QUIET)
        assert len(target.list_predictions()) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd", "/etc/passwd", "C:\\passwd", "..\\passwd", "records/", "records/../passwd",
        "artefacts/../../passwd", "artefacts/" + "0" * 64, "passwd", "", "\x1b[31mpasswd", "nul", ".",
        "records/x.jsonl",
    ],
)  # fmt: skip
def test_what_the_manifest_does_not_name_is_refused(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError], name: str
) -> None:
    said = refused(packed(unpacked(honest), tmp_path / "changed.zip", names=(name,)), "does not name")
    assert "\x1b" not in str(said)
    assert not Path("/etc/passwd").read_bytes().startswith(b"root::0:0")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR])
def test_links_and_devices_are_bytes_like_any_others(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError], kind: int
) -> None:
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, content in unpacked(honest).items():
            member = zipfile.ZipInfo(name)
            is_artefact = name.startswith("artefacts/")
            member.external_attr = (kind | 0o777) << 16 if is_artefact else 0
            archive.writestr(member, b"/etc/passwd"[: len(content)].ljust(len(content)) if is_artefact else content)
    refused(tmp_path / "changed.zip", "the artefact .* is damaged")


def test_a_name_that_stands_twice_is_refused(honest: Path, tmp_path: Path, refused: Callable[..., InputError]) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(unpacked(honest), tmp_path / "changed.zip", names=("records/samples.jsonl",))
    refused(tmp_path / "changed.zip", "stands twice")


def test_something_missing_is_named(honest: Path, tmp_path: Path, refused: Callable[..., InputError]) -> None:
    for name in unpacked(honest):
        members = unpacked(honest)
        del members[name]
        refused(packed(members, tmp_path / "changed.zip"), "missing|has no manifest")


def test_any_flipped_byte_is_noticed_or_changes_nothing(honest: Path, tmp_path: Path, registry: Registry) -> None:
    content = honest.read_bytes()
    import_archive(registry, honest, QUIET)
    expected = list(registry.list_predictions())
    unnoticed = 0
    for position in range(0, len(content), 61):
        damaged = bytearray(content)
        damaged[position] ^= 0x10
        (tmp_path / "damaged.zip").write_bytes(damaged)
        with Registry.open(tmp_path / "target") as target:
            try:
                import_archive(target, tmp_path / "damaged.zip", QUIET)
            except InputError:
                assert not target.list_samples()
                continue
            unnoticed += 1  # a date or a comment of the zip file
            assert list(target.list_predictions()) == expected
        shutil.rmtree(tmp_path / "target")
    assert unnoticed < len(content) / 61 / 2


@pytest.mark.parametrize("length", [0, 1, 100, 0.5, 0.9, -1])
def test_a_truncated_archive_is_refused(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError], length: float
) -> None:
    content = honest.read_bytes()
    end = int(length) if float(length).is_integer() else int(length * len(content))
    (tmp_path / "cut.zip").write_bytes(content[:end])
    refused(tmp_path / "cut.zip", "no zip file or damaged")


def test_what_is_no_archive_is_refused(honest: Path, tmp_path: Path, refused: Callable[..., InputError]) -> None:
    refused(tmp_path / "nowhere.zip", "There is no archive")
    refused(tmp_path, "cannot be read")
    refused(packed({"readme.txt": b"hello"}, tmp_path / "other.zip"), "has no manifest.json")
    refused(packed({"manifest.json": b'{"format": "photos"}'}, tmp_path / "other.zip"), "another program's")
    for wrong in (b"", b"[]", b"{", b"\xff\xfe", b'"x"', b"null", b"[" * 100_000):
        refused(packed({"manifest.json": wrong}, tmp_path / "other.zip"), "not JSON|another program's")


def test_an_archive_of_a_newer_version_says_which_side_is_older(
    honest: Path, refused: Callable[..., InputError]
) -> None:
    for change in ({"version": 2}, {"version": "1"}, {"version": None}, {"revision": "9999"}):
        assert "pip install --upgrade" in str(refused(with_manifest(honest, **change), "newer version of spectra"))


@pytest.mark.parametrize(
    "change",
    [
        {"revision": 2}, {"created": "yesterday"}, {"surplus": 1}, {"records": {}}, {"records": []},
        {"artefacts": {"../passwd": 1}}, {"artefacts": {"sha256:" + "0" * 64: 5}}, {"artefacts": {}},
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_is_refused(
    honest: Path, refused: Callable[..., InputError], change: dict[str, Any]
) -> None:
    refused(with_manifest(honest, **change), "cannot be used")


def test_a_bomb_is_refused_before_it_is_unpacked(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError]
) -> None:
    bomb = tmp_path / "bomb.zip"
    for name in ("manifest.json", "records/samples.jsonl"):
        members = unpacked(honest) | {name: b" " * 40_000_000}
        with zipfile.ZipFile(bomb, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content, zipfile.ZIP_DEFLATED if member == name else zipfile.ZIP_STORED)
        assert bomb.stat().st_size < 100_000
        refused(bomb, "is compressed")


def test_a_size_that_the_directory_of_the_zip_file_lies_about_is_no_way_in(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError]
) -> None:
    members = unpacked(honest)
    honest_size = len(members["records/samples.jsonl"])
    members["records/samples.jsonl"] *= 10_000
    true_size = struct.pack("<I", len(members["records/samples.jsonl"]))
    content = packed(members, tmp_path / "lying.zip").read_bytes()
    assert content.count(true_size) == 4  # twice before the member, twice in the directory
    (tmp_path / "lying.zip").write_bytes(content.replace(true_size, struct.pack("<I", honest_size)))
    refused(tmp_path / "lying.zip", "cannot be used")


def test_members_that_share_their_bytes_are_refused(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError]
) -> None:
    # As in https://www.bamsoftware.com/hacks/zipbomb/: many entries of the directory point to one content.
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("kernel", bytes(2_000_000))
        kernel = archive.infolist()[0]
        for number in range(50):
            twin = zipfile.ZipInfo(f"artefacts/{number:064x}")
            for name in ("header_offset", "CRC", "compress_size", "file_size"):
                setattr(twin, name, getattr(kernel, name))
            archive.filelist.append(twin)
    (tmp_path / "overlap.zip").write_bytes(stream.getvalue())
    refused(tmp_path / "overlap.zip", "more than its own size")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
@pytest.mark.parametrize("field", ["misfit", "report"])
def test_numbers_that_are_not_finite_are_refused(
    honest: Path, refused: Callable[..., InputError], number: str, field: str
) -> None:
    line = unpacked(honest)["records/predictions.jsonl"]
    old = {"misfit": b'"misfit": 0.25', "report": b'"covariance": [[1.0'}[field]
    new = {"misfit": f'"misfit": {number}', "report": f'"covariance": [[{number}'}[field].encode()
    assert old in line
    refused(with_records(honest, "predictions", line.replace(old, new)), r"predictions\.jsonl, line 1")


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("samples", {"surplus": 1}),
        ("samples", {"id": "../passwd"}),
        ("samples", {"id": "'; DROP --"}),
        ("samples", {"id": None}),
        ("samples", {"name": 5}),
        ("samples", {"name": "\ud800"}),
        ("samples", {"name": "x" * 10_001}),
        ("samples", {"tags": "paper"}),
        ("samples", {"tags": [["paper"]]}),
        ("samples", {"document": "text"}),
        ("samples", {"created": "2026-01-31T00:00:00"}),
        ("samples", {"digest": "md5:1"}),
        ("data_sets", {"points": 2**31}),
        ("data_sets", {"points": True}),
        ("data_sets", {"artefact": "sha256:../../etc/passwd"}),
        ("data_sets", {"artefact": "sha256:" + "0" * 64}),
        ("data_sets", {"artefact_size": 5}),
        ("data_sets", {"sample_id": "0000000000"}),
        ("models", {"seed": 2**63}),
        ("models", {"seed": 1.5}),
        ("models", {"data_set_id": "0000000000"}),
        ("models", {"retired": "never"}),
        ("models", {"aliases": [{"alias": "x"}]}),
        ("predictions", {"model_id": "0000000000"}),
        ("predictions", {"misfit": "0"}),
        ("predictions", {"quantities": [{"name": "C11"}]}),
    ],
)
def test_a_record_that_breaks_the_schema_is_refused_with_its_line(
    honest: Path, refused: Callable[..., InputError], table: str, changes: dict[str, Any]
) -> None:
    refused(changed(honest, table, **changes), "line 1|refers to something that is not in it|artefact")


def test_a_quantity_keeps_the_rules_of_the_registry(honest: Path, refused: Callable[..., InputError]) -> None:
    good = json.loads(unpacked(honest)["records/predictions.jsonl"])["quantities"][0]
    for change in ({"std": -1.0}, {"std": None, "note": ""}, {"value": None}, {"final": 1}, {"position": -1}):
        refused(changed(honest, "predictions", quantities=[good | change]), r"predictions\.jsonl, line 1")


def test_a_quantity_that_stands_twice_is_refused(honest: Path, refused: Callable[..., InputError]) -> None:
    good = json.loads(unpacked(honest)["records/predictions.jsonl"])["quantities"][0]
    refused(changed(honest, "predictions", quantities=[good, good]), r"C11 \(learned\) stands twice")


@pytest.mark.parametrize("depth", [60, 900, 200_000])
def test_a_document_that_is_nested_too_deeply_is_refused(
    honest: Path, refused: Callable[..., InputError], depth: int
) -> None:
    line = unpacked(honest)["records/predictions.jsonl"]
    nested = line.replace(b'"covariance": ', b'"covariance": ' + b"[" * depth + b"]" * depth + b', "more": ')
    refused(with_records(honest, "predictions", nested), "line 1")


@pytest.mark.parametrize("lines", [b"{\n", b"\n", b"\xff\n", b"[]\n", b"null\n", b"{}", b"{}\n{}\n"])
def test_lines_that_are_no_records_are_refused(honest: Path, refused: Callable[..., InputError], lines: bytes) -> None:
    refused(with_records(honest, "predictions", lines), "line 1")


def test_a_record_that_stands_twice_is_refused(honest: Path, refused: Callable[..., InputError]) -> None:
    line = unpacked(honest)["records/samples.jsonl"]
    refused(with_records(honest, "samples", line * 2), "stands twice")


def test_two_records_that_can_only_be_one_are_refused(
    honest: Path, tmp_path: Path, refused: Callable[..., InputError]
) -> None:
    line = unpacked(honest)["records/samples.jsonl"]
    twin = json.dumps(json.loads(line) | {"id": "0000000000"}).encode() + b"\n"
    refused(with_records(honest, "samples", line + twin), "stands twice")


def test_hostile_text_is_stored_inert(honest: Path, tmp_path: Path) -> None:
    hostile = "'); DROP TABLE samples; --\x00\x1b[31m"
    archive = changed(
        honest,
        "predictions",
        command=hostile,
        operator=hostile,
        note=hostile,
        tags=[hostile],
        report={hostile: hostile},
    )
    with Registry.open(tmp_path / "target") as target:
        for _ in range(2):
            import_archive(target, archive, QUIET)
        (found,) = target.list_predictions()
        prediction = target.get_prediction(found.id)
        stored = hostile.replace("\x00", r"\x00")
        assert (prediction.command, prediction.note, prediction.tags) == (stored, stored, (stored,))
        assert prediction.report == {hostile: hostile}
