"""Pictures of every depth and colour are read as what they show, and made-up files end in a sentence."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from spectra.core.errors import InputError
from spectra.core.measurements import RawFile
from spectra.plugins.images import picture
from spectra.plugins.images.picture import PictureParameters, PictureReader

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (4, 6), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (4, 6, 3), dtype=np.uint8)
COLLECTIONS = [Path(__file__).parents[level] / "shared" / "data" / "images" for level in (3, 4)]  # as in tests/xrd
SHARED = next((folder for folder in COLLECTIONS if folder.is_dir()), None)


def file(content, name="grains.png"):
    return RawFile(name=name, content=content)


def saved(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return file(buffer.getvalue())


def read(given, **parameters):
    return PictureReader(PictureParameters(**parameters)).read(given)


def png(depth, colour_type, rows, *, size, **chunks):
    """A PNG as other programs write it: Pillow writes no colours of 16 bits."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0)
    extra = b"".join(chunk(name.encode(), data) for name, data in chunks.items())
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return file(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def test_a_grey_picture_stays_in_bytes():
    measured = read(saved(Pillow.fromarray(GREY)), um_per_pixel=0.5)
    assert measured.signal.pixels.dtype == np.uint8
    assert np.array_equal(measured.signal.pixels[0, ..., 0], GREY)
    assert measured.signal.unit == "1"
    assert (measured.reader, measured.file.name) == ("picture", "grains.png")
    assert measured.details == {"format": "PNG", "width": 6, "height": 4, "µm per pixel": 0.5}


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_colours_are_red_green_and_blue(kind):
    assert np.array_equal(read(saved(Pillow.fromarray(COLOUR), kind)).signal.pixels[0], COLOUR)


def test_a_jpeg_is_read():
    smooth = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    pixels = read(saved(Pillow.fromarray(smooth), "JPEG", quality=95)).signal.pixels
    assert pixels.shape == (1, 64, 64, 1)
    assert np.abs(pixels[0, ..., 0].astype(int) - smooth).max() < 8


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_all_kept_as_shares_of_white(kind):
    values = np.array([[0, 1, 257], [256, 65534, 65535]], dtype=np.uint16)
    pixels = read(saved(Pillow.fromarray(values), kind)).signal.pixels
    assert pixels.dtype == np.float32
    assert pixels[0, ..., 0] == pytest.approx(values / 65535, rel=1e-6)


@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (6, 4)])
def test_of_colours_with_sixteen_bits_the_first_eight_are_read_and_a_note_says_so(colour_type, channels):
    values = RNG.integers(0, 65536, (2, 3, channels), dtype=np.uint16)
    values[..., 3:] = 65535
    measured = read(png(16, colour_type, [row.astype(">u2").tobytes() for row in values], size=(3, 2)))
    assert np.array_equal(measured.signal.pixels[0], (values[..., :3] >> 8).astype(np.uint8))
    assert measured.notes == ("The file has 16 bits per colour; the first 8 of them were read.",)


def test_a_palette_is_looked_up():
    quantised = Pillow.fromarray(COLOUR).quantize(24)
    expected = np.asarray(quantised.convert("RGB"))
    assert np.array_equal(read(saved(quantised)).signal.pixels[0], expected)


def test_colours_that_are_all_grey_are_read_as_grey():
    palette = bytes(value for shade in (250, 3, 77, 140) for value in (shade,) * 3)
    indices = np.array([[0, 1, 2], [3, 2, 1]], dtype=np.uint8)
    measured = read(png(8, 3, [row.tobytes() for row in indices], size=(3, 2), PLTE=palette))
    assert measured.signal.pixels[0, ..., 0].tolist() == [[250, 3, 77], [140, 77, 3]]
    as_colours = read(saved(Pillow.fromarray(np.repeat(GREY[..., None], 3, axis=2))))
    assert np.array_equal(as_colours.signal.pixels[0, ..., 0], GREY)


def test_one_bit_is_black_and_white():
    measured = read(saved(Pillow.fromarray(GREY > 127)))
    assert np.array_equal(measured.signal.pixels[0, ..., 0], np.where(GREY > 127, 255, 0))


def test_what_is_transparent_is_read_and_told():
    alpha = np.full((4, 6, 1), 255, dtype=np.uint8)
    assert read(saved(Pillow.fromarray(np.concatenate([COLOUR, alpha], axis=2)))).notes == ()
    alpha[:2] = 0
    measured = read(saved(Pillow.fromarray(np.concatenate([COLOUR, alpha], axis=2))))
    assert np.array_equal(measured.signal.pixels[0], COLOUR)
    assert measured.notes[0].startswith("50% of the picture is transparent")


def test_floats_come_as_they_are_and_not_with_gaps():
    heights = RNG.normal(1000, 3, (4, 6)).astype(np.float32)
    assert np.array_equal(read(saved(Pillow.fromarray(heights), "TIFF")).signal.pixels[0, ..., 0], heights)
    heights[2, 3] = np.nan
    with pytest.raises(InputError, match=r"grains.png holds values that are not finite"):
        read(saved(Pillow.fromarray(heights), "TIFF"))


def test_a_region_is_cut_out_by_left_top_width_and_height():
    whole = saved(Pillow.fromarray(COLOUR))
    measured = read(whole, region=[1, 2, 5, 2])
    assert np.array_equal(measured.signal.pixels[0], COLOUR[2:4, 1:6])
    assert measured.details["region"] == [1, 2, 5, 2]
    with pytest.raises(InputError, match=r"from \(2, 0\) to \(7, 1\) leaves the picture, which has 6 × 4"):
        read(whole, region=[2, 0, 5, 1])


def test_a_camera_that_was_held_sideways_is_turned_back():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the first row is the right side
    measured = read(saved(Pillow.fromarray(GREY), exif=exif))
    assert np.array_equal(measured.signal.pixels[0, ..., 0], np.rot90(GREY, -1))
    assert (measured.details["width"], measured.details["height"]) == (4, 6)


def test_one_of_several_pictures_must_be_chosen():
    several = saved(Pillow.fromarray(GREY), "TIFF", save_all=True, append_images=[Pillow.fromarray(255 - GREY)])
    with pytest.raises(InputError, match="holds 2 pictures"):
        read(several)
    assert np.array_equal(read(several, page=2).signal.pixels[0, ..., 0], 255 - GREY)
    with pytest.raises(InputError, match="no page 3; it holds 2"):
        read(several, page=3)


def test_whole_numbers_of_32_bits_are_refused():
    with pytest.raises(InputError, match="nobody knows what white is"):
        read(saved(Pillow.fromarray(GREY.astype(np.int32)), "TIFF"))


def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(picture, "MOST_PIXELS", 23)
    with pytest.raises(InputError, match=r"grains.png has 6 × 4 pixels"):
        read(saved(Pillow.fromarray(GREY)))


@pytest.mark.parametrize("size", [(12_000, 11_000), (100_000, 90_000)])
def test_a_decompression_bomb_is_refused(size):
    with pytest.raises(InputError, match=r"grains.png .*(12,000 × 11,000|9000000000) pixels"):
        read(png(1, 0, [], size=size))


TEXT_BOMB = png(8, 0, [b"\0"], size=(1, 1), zTXt=b"a\0\0" + zlib.compress(bytes(100_000_000)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(1000),
        b"GIF89a" + bytes(100),
        saved(Pillow.fromarray(COLOUR)).content[:60],
        saved(Pillow.fromarray(np.tile(COLOUR, (50, 50, 1))), "TIFF").content[:5000],
        saved(Pillow.fromarray(np.tile(COLOUR, (50, 50, 1))), "JPEG").content[:700],
        saved(Pillow.fromarray(GREY)).content.replace(b"IDAT", b"IDAX"),
        b"II*\0\x08\0\0\0\xff\xff" + bytes(50),
        TEXT_BOMB.content,
    ],
)
def test_what_is_no_picture_or_damaged_is_refused_in_a_sentence_with_the_name(content):
    with pytest.raises(InputError, match=r"made-up\.png") as caught:
        read(file(content, "made-up.png"))
    assert caught.value.message.endswith(".")


@pytest.mark.skipif(SHARED is None, reason="the collection of real pictures is not beside this checkout")
def test_real_pictures_are_read():
    paths = sorted(SHARED.rglob("*.png"))
    assert paths
    for path in paths:
        measured = read(RawFile.read(path))
        pixels = measured.signal.pixels
        assert pixels.dtype == np.uint8
        assert pixels.shape[1:3] == (measured.details["height"], measured.details["width"])
        assert pixels.std() > 1
