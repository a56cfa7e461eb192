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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "rosters"
SCREENS = {"office": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
NO_SIGNAL = "net::ERR_INTERNET_DISCONNECTED"
BUILDING = 900  # seconds for the whole demonstration on a busy machine
PATIENCE = 300  # seconds for a job on a busy machine

# A page that is left takes the mark with it; a page that gets a new piece takes it off.
STALE = """() => { window.stale = true;
document.addEventListener('htmx:afterSettle', () => { window.stale = false }, {once: true}) }"""


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
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _when_ready(process, log: Path) -> Stack:
    deadline = time.monotonic() + BUILDING
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
    expected: set[int] = field(default_factory=set)  # answers that a test asks for on purpose
    without_signal: bool = False  # a test has cut the network off

    def over(self, page, address: str) -> None:
        page.on("console", lambda message: self._console(message))
        page.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        page.on("request", lambda request: self._request(request, address))
        page.on("response", lambda response: response.status >= 500 and self.faults.append(f"500 {response.url}"))
        page.on("requestfailed", lambda request: self._failed(request))

    def _console(self, message) -> None:
        refusal = re.search(r"status of (\d+)", message.text)
        if refusal and int(refusal[1]) in self.expected:
            return
        if self.without_signal and NO_SIGNAL in message.text:
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type} {message.text} {message.location.get('url', '')}")

    def _failed(self, request) -> None:
        # A download and a page left before its last icon came are given up by the browser itself.
        if request.failure != "net::ERR_ABORTED" and not (self.without_signal and request.failure == NO_SIGNAL):
            self.faults.append(f"{request.failure} {request.url}")

    def _request(self, request, address: str) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:", "chrome")):
            self.faults.append(f"asked {request.url}")


class Visitor:
    """Somebody at the served site, signed in."""

    def __init__(self, browser, stack: Stack, watch: Watch, name: str, *, screen="office", language="zh", **options):
        self.stack, self.watch, self.name, self.screen, self.language = stack, watch, name, screen, language
        options.setdefault("locale", LOCALES[language])
        self.context = browser.new_context(viewport=SCREENS[screen], **options)
        if language != "zh":
            self.context.add_cookies([{"name": "language", "value": language, "url": stack.address}])
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

    @contextmanager
    def offline(self):
        """The telephone has no signal for a while."""
        self.watch.without_signal = True
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)
            self.watch.without_signal = False

    def status_of(self, path: str) -> int:
        """Which answer the address gets, when the test expects a refusal."""
        return self.page.goto(self.stack.address + path).status

    def expect_status(self, *codes: int) -> None:
        """The browser reports every refusal on its console; these are meant."""
        self.watch.expected.update(codes)

    def fetched(self, path: str) -> bytes:
        """The file behind an address, with this visitor's session."""
        answer = self.context.request.get(self.stack.address + path)
        assert answer.ok, (path, answer.status)
        return answer.body()

    def printed(self, form: str) -> bytes:
        """The paper that a form answers with: the browser would open it in its own viewer."""
        fields = self.page.locator(form).first.evaluate("form => Object.fromEntries(new FormData(form))")
        address = self.page.locator(form).first.evaluate("form => form.action")
        answer = self.context.request.post(address, form=fields, headers={"Referer": self.page.url})
        assert answer.headers["content-type"] == "application/pdf", (address, answer.status)
        return answer.body()

    def press(self, selector: str) -> None:
        """Click, and wait until the answer stands on the page: another page or a piece of this one."""
        self.page.evaluate(STALE)
        self.page.locator(selector).first.click()
        self._renewed()

    def search(self, words: str) -> None:
        """Ask the box at the top of every page."""
        self.page.evaluate(STALE)
        self.page.fill("#search", words)
        self.page.press("#search", "Enter")
        self._renewed()

    def _renewed(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(Error):  # the page is just being left
                if not self.page.evaluate("window.stale"):
                    return self.page.wait_for_load_state("networkidle")
            time.sleep(0.05)
        raise AssertionError(f"nothing came of the click: {self.main()[:600]}")

    def main(self) -> str:
        return self.page.locator("main").inner_text()

    def until(self, words: str) -> None:
        """Wait for a job: look at the page again until it says so."""
        self._look_again(lambda: words in self.main())

    def until_there(self, selector: str) -> None:
        """Wait for a job: look at the page again until it shows this."""
        self._look_again(lambda: self.page.locator(selector).count() > 0)

    def _look_again(self, is_there) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_there():
            assert time.monotonic() < deadline, self.main()[:600]
            self.page.wait_for_timeout(500)
            self.page.reload()
            self.page.wait_for_load_state("networkidle")

    def shot(self, name: str) -> None:
        """Keep a picture of the page where WAYSTATION_SCREENS names a folder, to be looked at."""
        folder = os.environ.get("WAYSTATION_SCREENS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.{self.screen}.{self.language}.png", full_page=True)


def launch(playwright):
    """Chromium as the system has it."""
    return playwright.chromium.launch(
        executable_path=os.environ.get("WAYSTATION_CHROMIUM") or which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
    )
