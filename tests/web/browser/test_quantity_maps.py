"""A map over its picture in Chromium: told by pointer and by keys, faded, and in another layer."""

import numpy as np
import pytest

from spectra.core.formats.maps import QuantityMap
from spectra.core.store import MAP
from tests.web.browser.test_jobs import checked, text
from tests.web.conftest import Laboratory


@pytest.fixture(scope="module")
def address(page):
    """A map in which the hardness says where one is: row + column / 100."""
    rows, columns = np.mgrid[0:20, 0:30]
    field = QuantityMap(
        mean=(rows + columns / 100)[..., None].astype(np.float32),
        spread=np.full((20, 30, 1), 0.25, np.float32),
        novelty=np.full((20, 30), 0.5, np.float32),
        names=("hardness",),
        units=("GPa",),
        um_per_step=2.0,
    )
    made = Laboratory(page.registry).measured("map.png", 300.0, files={MAP: field.to_bytes()})
    return f"/records/{made.id}/map"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["wide, light", "narrow, dark"])
def test_the_value_is_told_where_the_pointer_is_and_where_the_keys_have_gone(page, address, width, dark):
    page.look(width, dark=dark)
    page.open(address)
    page.until("document.getElementById('field-value').innerText == 'hardness (GPa).'")
    x, y = page.run(
        "(() => { const it = document.getElementById('field-map'); it.scrollIntoView();"
        "const box = it.getBoundingClientRect();"
        "return [box.left + box.width * 7.5 / 30, box.top + box.height * 3.5 / 20]; })()"
    )
    page.browser.settle()
    page.browser.mouse("mouseMoved", x, y)
    assert text(page, "field-value") == "hardness (GPa): 3.07 GPa at x 14 µm, y 6 µm"
    page.run("document.getElementById('field-map').focus()")
    page.press("ArrowDown", "ArrowRight", "ArrowRight")
    assert text(page, "field-value").startswith("hardness (GPa): 4.09 GPa")
    page.run("document.getElementById('layer').value = '1'")
    page.run("document.getElementById('layer').dispatchEvent(new Event('change'))")
    page.until("document.getElementById('field-value').innerText.includes('deviation of hardness (GPa): 0.25 GPa')")
    assert page.run("document.documentElement.scrollWidth") <= width
    complaints = [it for it in page.browser.complaints() if "picture.png" not in str(it)]  # this one cannot be read
    page.browser.events[:] = [it for it in page.browser.events if "picture.png" not in str(it)]
    assert complaints == []
    checked(page)
