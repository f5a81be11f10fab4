"""A real browser without a window, driven through a pipe by the DevTools protocol."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import time

import pytest

SECONDS = 60


def chromium():
    """Return the browser's path; skip without one, unless SPECTRA_REQUIRE_CHROMIUM says that there must be one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("SPECTRA_REQUIRE_CHROMIUM"):
            pytest.fail("SPECTRA_REQUIRE_CHROMIUM is set, and there is no chromium.")
        pytest.skip("there is no chromium")
    return found


class Browser:
    """One page in Chromium, with everything that it asks for and complains about."""

    def __init__(self, profile):
        for_browser, self._to = os.pipe()
        self._from, for_us = os.pipe()

        import fcntl  # Windows has none

        def connect():
            # 3 and 4 are where the browser reads and writes; first out of the way, as one may be the other
            read, write = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (for_browser, for_us))
            os.dup2(read, 3)
            os.dup2(write, 4)

        command = [
            chromium(),
            "--headless",
            "--no-sandbox",  # tests run as root, too
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--remote-debugging-pipe",
            "--window-size=1200,800",
            f"--user-data-dir={profile}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            command,
            preexec_fn=connect,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(for_browser)
        os.close(for_us)
        os.set_blocking(self._from, False)
        self._numbers, self._buffer = itertools.count(1), b""
        self.events, self._page = [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        target = next(target for target in targets if target["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._page = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._page:
            message["sessionId"] = self._page
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        """Open a page and wait until it has loaded: it, and not the one before it."""
        self.events.clear()
        loader = self.call("Page.navigate", url=url)["loaderId"]
        while not self._loaded(loader):
            self.events.append(self._next())

    def run(self, script):
        """Return the value of a script, waiting for a promise."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def mouse(self, kind, x, y, **more):
        """Send an event of the mouse, as a hand would make it."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def drag(self, places, **more):
        """Press the button at the first place, go along the others and release it at the last."""
        held = {"button": "left", "buttons": 1, **more}
        self.mouse("mousePressed", *places[0], clickCount=1, **held)
        for place in places[1:]:
            self.mouse("mouseMoved", *place, **held)
        self.mouse("mouseReleased", *places[-1], clickCount=1, button="left", **more)
        self.settle()

    def key(self, key):
        """Press and release a key."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        self.settle()

    def settle(self):
        """Wait for two frames: events are handed to the page, and what they change is drawn, before each."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def requested(self):
        """Return the addresses that the page asked for."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        """Return errors, warnings and dialogs."""
        kinds = (
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Page.javascriptDialogOpening",
            "Runtime.consoleAPICalled",
        )
        return [event for event in self.events if event.get("method") in kinds]

    def close(self):
        """End the browser and its children."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def _loaded(self, loader):
        """Return whether the page that a navigation began has loaded."""
        begun = False
        for event in self.events:
            method = event.get("method")
            begun |= method == "Page.frameNavigated" and event["params"]["frame"]["loaderId"] == loader
            if begun and method == "Page.loadEventFired":
                return True
        return False

    def _next(self):
        """Return the next message."""
        until = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            assert time.monotonic() < until, "The browser says nothing."
            try:
                self._buffer += os.read(self._from, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)
