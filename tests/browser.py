"""A headless Chromium, spoken to through its debugging socket: what a page asks for, how wide it is, what runs."""

import base64
import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--remote-debugging-port=0",
]


class Tab:
    """One tab; it keeps what the browser reports while a page loads."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        """Errors and warnings in the console, breaches of the policy among them."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def open(self, page: Path, width: int, scheme: str = "light") -> None:
        """Show a page and wait until its charts are drawn or have failed."""
        self.requests, self.complaints = [], []
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url=page.as_uri())
        waiting = "document.readyState != 'complete' || !!document.querySelector('.canvas:not([data-drawn])')"
        deadline = time.monotonic() + 20
        while self.value(waiting) and time.monotonic() < deadline:
            time.sleep(0.05)

    def value(self, expression: str) -> Any:
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _note(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        if message["method"] == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif message["method"] == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif message["method"] in {"Runtime.exceptionThrown", "Runtime.consoleAPICalled"}:
            self.complaints.append(json.dumps(parameters)[:400])


@contextmanager
def tab(chromium: str, profile: Path) -> Iterator[Tab]:
    """A new browser with an empty profile, ended with the context."""
    browser = subprocess.Popen(
        [chromium, *_QUIET, f"--user-data-dir={profile}", "about:blank"], stderr=subprocess.DEVNULL
    )
    try:
        with connect(_address(browser, profile), max_size=None, proxy=None) as socket:
            yield Tab(socket)
    finally:
        browser.terminate()
        browser.wait(timeout=10)


def _address(browser: "subprocess.Popen[bytes]", profile: Path) -> str:
    """The socket of the browser's first tab, as soon as it has one."""
    deadline = time.monotonic() + 30
    while not (found := _port(profile)) and time.monotonic() < deadline and browser.poll() is None:
        time.sleep(0.05)
    assert found, "Chromium did not start"
    with connect(f"ws://127.0.0.1:{found[0]}{found[1]}", proxy=None) as socket:
        socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        targets = json.loads(socket.recv(timeout=30))["result"]["targetInfos"]
    target = next(t["targetId"] for t in targets if t["type"] == "page")
    return f"ws://127.0.0.1:{found[0]}/devtools/page/{target}"


def _port(profile: Path) -> list[str]:
    try:
        return profile.joinpath("DevToolsActivePort").read_text().split()
    except FileNotFoundError:
        return []
