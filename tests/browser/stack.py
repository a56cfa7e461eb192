"""The demonstration as `make run` serves it, in a folder of its own, and a Chromium that misses nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "rosters"
SCREENS = {"office": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
PATIENCE = 300  # seconds for a job on a busy machine


@dataclass
class Stack:
    """A served demonstration: its address and the password of each sign-in name."""

    address: str
    passwords: dict[str, str]


@contextmanager
def served():
    """Start the demonstration with its worker, and stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="waystation-browser-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WAYSTATION_")}
        environment |= {"WAYSTATION_VAR": folder, "WAYSTATION_MODE": "demonstration"}
        log = Path(folder) / "demo.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)],
                cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            yield _when_ready(process, log)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _when_ready(process, log: Path) -> Stack:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        text = log.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"http://127\.0\.0\.1:\d+", text)
        if found and "worker is ready" in text:
            passwords = (log.parent / "sign-ins.txt").read_text(encoding="utf-8")
            table = dict(re.findall(r"^\s*(\S+)\s+((?:\w{4}-){3}\w{4})\s", passwords, re.M))
            return Stack(found.group(), table)
        assert process.poll() is None, text
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


@dataclass
class Watch:
    """Everything a page should not say or ask for."""

    faults: list[str] = field(default_factory=list)

    def over(self, page, address: str) -> None:
        page.on("console", lambda message: self._console(message))
        page.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        page.on("request", lambda request: self._request(request, address))
        page.on("response", lambda response: response.status >= 500 and self.faults.append(f"500 {response.url}"))

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type} {message.text}")

    def _request(self, request, address: str) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:", "chrome")):
            self.faults.append(f"asked {request.url}")


class Visitor:
    """Somebody at the served site, signed in."""

    def __init__(self, browser, stack: Stack, watch: Watch, name: str, *, screen: str = "office", **options):
        self.stack, self.screen = stack, screen
        options.setdefault("locale", "zh-CN")
        self.context = browser.new_context(viewport=SCREENS[screen], **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        watch.over(self.page, stack.address)
        if name:
            self.go("/accounts/login/")
            self.page.fill("input[name=login]", name)
            self.page.fill("input[name=password]", stack.passwords[name])
            self.page.press("input[name=password]", "Enter")
            self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def go(self, path: str):
        self.page.goto(self.stack.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("networkidle")

    def main(self) -> str:
        return self.page.locator("main").inner_text()

    def until(self, words: str) -> None:
        """Wait for a job: look at the page again until it says so."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.main():
            assert time.monotonic() < deadline, self.main()[:600]
            self.page.wait_for_timeout(500)
            self.page.reload()
            self.page.wait_for_load_state("networkidle")

    def tab_count(self, label: str) -> int:
        """The number in a tab or tile of this label."""
        found = re.search(rf"{re.escape(label)}\s+([\d,]+)", self.main())
        assert found, (label, self.main()[:400])
        return int(found.group(1).replace(",", ""))


def launch(playwright):
    """Chromium as the system has it."""
    return playwright.chromium.launch(
        executable_path=which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
    )
