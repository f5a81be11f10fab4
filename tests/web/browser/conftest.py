"""A running page with a laboratory's records, and a browser that has opened it."""

import threading
import time

import numpy as np
import pytest
import uvicorn

from spectra.core.basics.files import pack_arrays
from spectra.core.store import FIGURE, POSTERIOR
from spectra.registry.registry import Registry
from spectra.web.app import create_app
from spectra.web.security import Access
from spectra.web.serving import bound
from spectra.web.site import Site
from tests.views.similarity.browser import Browser
from tests.web.conftest import HOSTILE, Laboratory

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="40" height="20"/></svg>'


class Page:
    """The page in a browser.

    ``root`` is its address; ``ids`` are those of the predictions, oldest first.
    """

    def __init__(self, browser, root, registry, ids, jobs):
        self.browser, self.root, self.registry, self.ids, self.jobs = browser, root, registry, ids, jobs

    def open(self, path):
        self.until("document.readyState == 'complete'")  # else what is loading would be taken for loaded
        self.browser.open(self.root + path)

    def run(self, script):
        return self.browser.run(script)

    def look(self, width=1280, height=900, *, dark=False):
        """Set the size of the window and the colours that its user prefers."""
        self.browser.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 400
        )
        preferred = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.browser.call("Emulation.setEmulatedMedia", features=[preferred])

    def press(self, *keys):
        for key in keys:
            code = {"Tab": 9, "Enter": 13, " ": 32}.get(key)
            text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else None)
            more = {} if code is None else {"windowsVirtualKeyCode": code, "code": {" ": "Space"}.get(key, key)}
            more |= {} if text is None else {"text": text}
            self.browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, **more)
            self.browser.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def until(self, condition):
        """Wait until a condition of the page holds, also while another page loads."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if self.run(condition):
                    return
            except AssertionError:  # between two pages
                pass
            time.sleep(0.02)
        raise AssertionError(f"{condition} does not hold at {self.run('location.href')}")


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """Twelve predictions of one specimen at several temperatures; one with hostile names, one with all files."""
    with Registry.open(tmp_path_factory.mktemp("laboratory")) as registry:
        put = Laboratory(registry)
        draws = np.random.default_rng(1).normal([271.25, 130.0], [0.125, 1.0], (500, 2))
        ids = [put.measured(f"steel_{300 + 50 * run}K.dat", 300.0 + 50 * run).id for run in range(10)]
        ids.append(put.measured(HOSTILE, 4.0, verdict="doubtful", report={"reasons": [HOSTILE]}).id)
        files = {FIGURE: SVG, POSTERIOR: pack_arrays({"draws": draws})}
        ids.append(put.measured("whole.dat", 293.0, files=files).id)
        listening = bound("127.0.0.1", 0)
        port = listening.getsockname()[1]
        access = Access(token="a token for a browser", port=port)
        app = create_app(Site(opened=registry), access)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        browser = Browser(tmp_path_factory.mktemp("chromium"))
        shown = Page(browser, f"http://127.0.0.1:{port}", registry, ids, app.app.state.jobs)
        browser.open(f"{shown.root}/?token={access.token.replace(' ', '%20')}")
        shown.until("location.pathname == '/predictions'")
        yield shown
        browser.close()
        shown.jobs.close()
        server.should_exit = True
        thread.join()
        listening.close()
