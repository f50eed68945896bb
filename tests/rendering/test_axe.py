"""The web pages in a browser: axe-core finds nothing against WCAG 2.2 AA or good practice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from piagen.pipeline.assess import load
from piagen.pipeline.documents import documents, render
from piagen.resources import shipped

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
AXE = os.environ.get("PIAGEN_AXE")

pytestmark = pytest.mark.skipif(
    not (BROWSER and AXE), reason="make test brings Chromium and axe-core"
)

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE = 320, 1280
"""Widths of a window in pixels: at 320 WCAG 1.4.10 asks that a page needs no sideways scrolling."""


START = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3]]
for pipe, wanted in zip(pipes, (3, 4)):
    os.dup2(pipe, wanted)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""A browser is told through file 3 and answers through file 4."""


class Browser:
    """One Chromium, spoken to through two pipes: no driver is needed."""

    def __init__(self, folder: Path) -> None:
        ask_read, self._ask = os.pipe()
        self._answer, answer_write = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(ask_read), str(answer_write), str(BROWSER),
             "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}",
             "--remote-debugging-pipe", "about:blank"],
            pass_fds=(ask_read, answer_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(ask_read)
        os.close(answer_write)
        self._read = os.fdopen(self._answer, "rb")
        self._number = 0
        self.asked_for: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        found = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = found["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> Any:
        self._number += 1
        said: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            said["sessionId"] = self.session
        os.write(self._ask, json.dumps(said).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == self._number:
                assert "error" not in heard, heard
                return heard["result"]

    def open(self, path: Path, width: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip
        self.call("Page.navigate", url=path.as_uri())
        while self._hear().get("method") != "Page.loadEventFired":
            pass

    def run(self, script: str) -> Any:
        found = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self._read.close()
        os.close(self._ask)

    def _hear(self) -> dict[str, Any]:
        whole = bytearray()
        while (letter := self._read.read(1)) != b"\0":
            assert letter, "the browser has ended"
            whole += letter
        heard: dict[str, Any] = json.loads(whole)
        if heard.get("method") == "Network.requestWillBeSent":
            self.asked_for.append(heard["params"]["request"]["url"])
        return heard


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    one = Browser(tmp_path_factory.mktemp("browser"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def axe() -> str:
    (jar,) = Path(str(AXE)).glob("selenium-*.jar")
    with zipfile.ZipFile(jar) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith("axe.min.js"))
        return opened.read(name).decode()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Every document of every example as a web page, and those of one in Welsh."""
    folder = tmp_path_factory.mktemp("pages")
    examples = (*shipped("examples").glob("*.json"), *shipped("examples").glob("*/*.json"))
    for example in examples:
        for language in ("en", "cy") if example.stem == "homelessness-duty-to-refer" else ("en",):
            for document in render(
                load(example), tuple(documents()), format="html", language=language
            ):
                (folder / document.filename).write_bytes(document.content)
    return tuple(sorted(folder.iterdir()))


def violations(browser: Browser, axe: str, *, contrast: bool = True) -> list[str]:
    browser.run(f"{axe};0")
    asked = {
        "runOnly": RULES,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": contrast}},
    }
    found = browser.run(
        f"axe.run({json.dumps(asked)})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.length + ' × '"
        " + v.nodes[0].html.slice(0, 200)))"
    )
    return list(found)


def test_axe_finds_nothing_on_any_page(browser: Browser, axe: str, pages: tuple[Path, ...]) -> None:
    """Contrast takes four times as long as the rest: the shortest of each kind stands for all."""
    assert len(pages) >= 24
    shortest = {_kind(page): page for page in sorted(pages, key=_size, reverse=True)}
    faults = {}
    for page in pages:
        browser.open(page, WIDE)
        if found := violations(browser, axe, contrast=page in shortest.values()):
            faults[page.name] = found
    assert faults == {}


def _kind(page: Path) -> str:
    return page.name.split("_", 1)[1].rsplit("_v", 1)[0]


def _size(page: Path) -> int:
    return page.stat().st_size


def test_axe_would_find_a_fault(browser: Browser, axe: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>T</title><h1>T</h1><h3>T</h3><img src='data:,x'>")
    browser.open(page, WIDE)
    found = " ".join(violations(browser, axe))
    assert all(rule in found for rule in ("image-alt", "html-has-lang", "heading-order"))


def test_a_page_asks_for_nothing_from_outside(browser: Browser, pages: tuple[Path, ...]) -> None:
    for page in pages[:6]:
        browser.asked_for.clear()
        browser.open(page, WIDE)
        addresses = [a for a in browser.asked_for if not a.startswith("data:")]
        assert addresses == [page.as_uri()]


def test_a_narrow_window_needs_no_sideways_scrolling(
    browser: Browser, axe: str, pages: tuple[Path, ...]
) -> None:
    """But inside a table, which a reader can reach and move with the keyboard."""
    for page in pages:
        browser.open(page, NARROW)
        wide = browser.run("document.documentElement.scrollWidth")
        assert wide <= NARROW, (page.name, wide)
        out_of_reach = browser.run(
            "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1"
            " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)"
            " && e.tabIndex < 0).map(e => e.outerHTML.slice(0, 80))"
        )
        assert out_of_reach == [], page.name


def test_the_first_link_leads_to_the_text(browser: Browser, pages: tuple[Path, ...]) -> None:
    for page in pages[:6]:
        browser.open(page, WIDE)
        first = browser.run("document.querySelector('a').getAttribute('href')")
        assert browser.run(f"document.querySelector('{first}').tagName") == "MAIN"
        assert browser.run("getComputedStyle(document.querySelector('a')).position") == "absolute"
