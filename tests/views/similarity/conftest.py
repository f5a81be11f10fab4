"""A map with hostile names, and a browser."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from spectra.core.tables import Column
from spectra.views.similarity.points import Part, SimilarityMap
from tests.views.similarity.browser import Browser

HOSTILE = '</script><script>window.hacked=1</script><img src="http://evil.test/x" onerror="window.hacked=2">'
FORMULA = '=HYPERLINK("http://evil.test")'


def _png(shade):
    content = io.BytesIO()
    Image.new("L", (16, 16), shade).save(content, "PNG")
    return content.getvalue()


@pytest.fixture(scope="session")
def shown():
    """Two clusters of 40 points, the first left of the second; each laid out again as a row."""
    right, step = np.repeat([0, 1], 40), np.arange(80) % 40
    places = np.stack([10.0 * right + 0.4 * (step % 8), 0.5 * (step // 8)], axis=1)
    names = [f"scan {row:02d}.png" for row in range(80)]
    names[3], names[4], names[5] = HOSTILE, FORMULA, "<!--<script>"
    temperature = [300.0 + row for row in range(80)]
    temperature[7] = float("nan")
    return SimilarityMap(
        title=f"Archive {HOSTILE}",
        places=places,
        names=names,
        records=[None if row == 0 else f"k3b9x2m4{row:02d}" for row in range(80)],
        columns=[
            Column(name="material", values=["nickel" if row < 40 else HOSTILE for row in range(79)] + [None]),
            Column(name=f"temperature{HOSTILE}", unit="K", values=temperature),
        ],
        colour="material",
        thumbnails=[_png(3 * row) for row in range(80)],
        parts=[
            Part(
                name=f"region {part + 1}{HOSTILE}",
                rows=np.flatnonzero(right == part),
                places=np.stack([np.arange(40.0), np.zeros(40)], axis=1),
            )
            for part in range(2)
        ],
        notes=[HOSTILE],
    )


@pytest.fixture(scope="session")
def many(shown):
    """As many points as there were pictures in the archive of Nguyen et al. (2021)."""
    count = 25_133
    rng = np.random.default_rng(1)
    return replace(
        shown,
        places=rng.standard_normal((count, 2)),
        names=[f"scan {row}" for row in range(count)],
        records=[f"k3b{row:07d}" for row in range(count)],
        columns=[Column(name="temperature", unit="K", values=rng.random(count).tolist())],
        colour="temperature",
        thumbnails=(),
        parts=(),
    )


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("chromium"))
    yield started
    started.close()
