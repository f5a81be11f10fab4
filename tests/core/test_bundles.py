"""Files of several instruments become one, and bundles from strangers are opened without trust."""

import io
import zipfile

import pytest

from spectra.core.errors import InputError
from spectra.core.formats.bundles import pack_files, unpack_files
from spectra.core.measurements import RawFile

FILES = {
    "xrd": RawFile(name="scan.xrdml", content=b"<xrdMeasurements/>"),
    "vdos": RawFile(name="dos.csv", content=b"1,2\n"),
}


def zipped(*members, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members:
            with archive.open(name or zipfile.ZipInfo(""), "w") as member:  # writestr takes no empty name
                member.write(content)
    return RawFile(name="handed.zip", content=buffer.getvalue())


def test_what_was_packed_is_unpacked_and_the_order_of_the_parts_does_not_matter():
    packed = pack_files(FILES)
    assert packed == pack_files(dict(reversed(FILES.items())))
    assert packed.name == "dos.csv+scan.xrdml"
    assert unpack_files(packed) == FILES


def test_the_same_files_always_have_the_same_address():
    # written down, so that a change of the layout, by us or by Python's zipfile, is noticed
    assert pack_files(FILES).digest == "sha256:da895099f3f7492ea4d8b0fdc2cad22fc46777fab44052f0a7f4a3e702f1e2ce"


def test_any_zip_program_reads_a_bundle_and_can_make_one():
    with zipfile.ZipFile(io.BytesIO(pack_files(FILES).content)) as archive:
        assert archive.namelist() == ["vdos/dos.csv", "xrd/scan.xrdml"]
    handed = zipped(
        ("xrd/", b""), ("xrd/scan.xrdml", FILES["xrd"].content), ("vdos/dos.csv", FILES["vdos"].content),
        compression=zipfile.ZIP_DEFLATED,
    )  # fmt: skip
    assert unpack_files(handed) == FILES


def test_a_name_that_is_not_unicode_is_packed_nevertheless():
    packed = pack_files({"xrd": RawFile(name="scan\udcff.xy", content=b"")})
    assert packed.name == "scan?.xy"
    assert unpack_files(packed)["xrd"].name == "scan?.xy"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([], "it is empty"),
        ([("", b"")], "'' is no file in the folder of a part"),
        ([("scan.xy", b"")], "'scan.xy' is no file in the folder of a part"),
        ([("/etc/passwd", b"")], "'/etc/passwd' is no file in the folder of a part"),
        ([("../../scan.xy", b"")], "'../../scan.xy' is no file in the folder of a part"),
        ([("xrd/more/scan.xy", b"")], "'xrd/more/scan.xy' is no file"),
        ([("xrd/a.xy", b""), ("xrd/b.xy", b"")], "it holds several files for 'xrd'"),
        ([(f"{k}/a.xy", b"") for k in range(1001)], "it has too many entries"),
        ([("a/" + "b" * 999, b"")], "is no file in the folder"),
    ],
)
def test_other_zip_files_are_refused(members, reason):
    with pytest.raises(InputError, match=r"handed.zip is no bundle of measured files: .*" + reason):
        unpack_files(zipped(*members))


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = zipped(("a/a", bytes(60_000_000)), ("b/b", bytes(60_000_000)), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb.content) < 200_000
    with pytest.raises(InputError, match="it unpacks to more than 100,000 kB"):
        unpack_files(bomb)
    two = RawFile(name="a", content=bytes(60_000_000))
    with pytest.raises(InputError, match="larger than 100,000 kB together"):
        pack_files({"a": two, "b": two})


def test_a_member_that_is_larger_than_it_says_is_refused():
    honest = zipped(("a/a", bytes(5000)), compression=zipfile.ZIP_DEFLATED).content
    lying = honest.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(InputError, match="it is damaged"):
        unpack_files(RawFile(name="handed.zip", content=lying))


@pytest.mark.parametrize("place", range(0, 230, 7))
def test_a_damaged_bundle_is_refused_or_holds_nothing_else_than_was_packed(place):
    content = bytearray(pack_files(FILES).content)
    content[place] ^= 0x55
    try:
        files = unpack_files(RawFile(name="handed.zip", content=bytes(content)))
    except InputError as error:
        assert "handed.zip is no bundle" in str(error)
    else:
        assert {file.content for file in files.values()} <= {file.content for file in FILES.values()}


def test_unusual_compression_and_anything_else_than_a_zip_file_are_refused():
    with pytest.raises(InputError, match="'a/a' is compressed in an unusual way"):
        unpack_files(zipped(("a/a", b"1"), compression=zipfile.ZIP_BZIP2))
    with pytest.raises(InputError, match="it is damaged or of a kind that cannot be read"):
        unpack_files(RawFile(name="scan.xy", content=b"10 100\n"))
