"""Strips with scale bars below pictures."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from spectra.core.measurements import RawFile
from spectra.plugins.images.picture import PictureParameters, PictureReader
from spectra.plugins.images.strips import information_strip


def micrograph(height=480, width=640, seed=0):
    noise = gaussian_filter(np.random.default_rng(seed).normal(size=(height, width)), 3)
    return np.uint8(np.clip(128 + 40 * noise / noise.std(), 0, 255))


@pytest.mark.parametrize(("background", "ink"), [(0, 255), (255, 0), (200, 20)])
def test_a_strip_with_text_and_a_scale_bar_is_noticed(background, ink):
    picture = Image.fromarray(micrograph())
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle([0, 430, 639, 479], fill=background)
    drawing.line([0, 430, 639, 430], fill=ink)
    drawing.text((10, 440), "SE  15.0 kV  x 45,000  WD 8.2 mm", fill=ink)
    drawing.rectangle([450, 450, 600, 456], fill=ink)
    assert abs(information_strip(np.asarray(picture)[..., np.newaxis]) - 50) <= 1
    content = io.BytesIO()
    picture.save(content, format="PNG")
    reader = PictureReader(PictureParameters())
    (note,) = reader.read(RawFile(name="sem.png", content=content.getvalue())).notes
    assert "look like a strip with the scale bar" in note
    cut = PictureReader(PictureParameters(region=(0, 0, 640, 430)))
    assert cut.read(RawFile(name="sem.png", content=content.getvalue())).notes == ()


def test_pictures_without_a_strip_have_none():
    assert information_strip(micrograph()[..., np.newaxis]) == 0
    black = micrograph()
    black[black < 150] = 0  # much of one value everywhere
    assert information_strip(black[..., np.newaxis]) == 0
    assert information_strip(np.zeros((100, 100, 3), np.uint8)) == 0
    assert information_strip(np.zeros((3, 3, 1), np.uint8)) == 0
    half = micrograph()
    half[240:] = 7  # as large a part is no strip
    assert information_strip(half[..., np.newaxis]) == 0
