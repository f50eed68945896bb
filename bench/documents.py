"""Measures what the documents of a project cost beside other ways from HTML to PDF, in CPU time.

Every way makes the same three documents. Ours runs in a warm process, as in a batch; the others
run as their users run them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import measuring
import projects

from piagen.pipeline.assess import load
from piagen.pipeline.batch.options import Options
from piagen.pipeline.batch.run import batch, cores
from piagen.pipeline.documents import render, template_roots
from piagen.rendering import pdf

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "safeguarding-hub.json"
WANTED = ("pia", "protocol", "agreement")
NAIVE, CHROMIUM, KEPT_OPEN = 0.30, 0.22, 1.2
EFFICIENCY = 0.95
RUNS = 3
EACH = 6
"""Projects for each core, where efficiency is measured."""


def main() -> None:
    """Print each ratio beside its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=("ways", "cores"))
    given = parser.parse_args()
    measuring.adopt()
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "cores":
            ways(Path(folder), given.runs)
        if given.only != "ways":
            parallel(Path(folder))


def ways(folder: Path, runs: int) -> None:
    """Compare ours with the others."""
    htmls, docxs = written(folder)
    own = load(EXAMPLE)
    ours = lambda: [None for _ in render(own, WANTED)]  # noqa: E731
    ours()  # the process is warm now
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    soffice = shutil.which("soffice")
    all_ways: dict[str, Any] = {"piagen": ours, "weasyprint": lambda: naive(htmls)}
    if chromium:
        all_ways["chromium"] = lambda: each_in_chromium(chromium, htmls)
        all_ways["chromium kept open"] = lambda: in_open_chromium(chromium, htmls)
    if soffice:
        all_ways["libreoffice from HTML"] = lambda: in_libreoffice(soffice, htmls, folder)
        all_ways["libreoffice from DOCX"] = lambda: in_libreoffice(soffice, docxs, folder)
    seconds = measuring.interleaved(all_ways, runs)
    base = seconds["piagen"]
    print(f"CPU of three documents of {EXAMPLE.stem}, medians of {runs} interleaved runs.")
    print(f"  {measuring.load()}; piagen took {base:.2f} s.")
    measuring.told("to one weasyprint command a file", base / seconds["weasyprint"], NAIVE)
    measuring.missing(("chromium", "soffice"), {"chromium": chromium, "soffice": soffice})
    if chromium:
        measuring.told("to one chromium command a file", base / seconds["chromium"], CHROMIUM)
        measuring.told("to chromium kept open", base / seconds["chromium kept open"], KEPT_OPEN)
    if soffice:
        for kind in ("HTML", "DOCX"):
            ratio = base / seconds[f"libreoffice from {kind}"]
            print(f"  to one libreoffice for all, from {kind}: {ratio:.4g} (no target)")


def written(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write what the others are given: the HTML with its style sheets inside, and Word files."""
    roots = template_roots()
    base = ROOT / "templates" / "_base"
    for picture in base.glob("*.svg"):
        shutil.copy(picture, folder)
    fetched = pdf.Bundled(roots)
    css = "\n".join(
        fetched.fetch(f"piagen:_base/{name}").read().decode() for name in ("type.css", "page.css")
    ).replace("piagen:_base/", "")
    made: list[str] = []
    kept = pdf.render_pdf
    pdf.render_pdf = lambda html, **_: made.append(html) or b"%PDF"  # type: ignore[func-returns-value]
    try:
        own = load(EXAMPLE)
        list(render(own, WANTED))
    finally:
        pdf.render_pdf = kept
    htmls, docxs = [], []
    for name, html in zip(WANTED, made, strict=True):
        htmls.append(folder / f"{name}.html")
        htmls[-1].write_text(html.replace("</head>", f"<style>{css}</style></head>"), "utf-8")
    for name, document in zip(WANTED, render(own, WANTED, format="docx"), strict=True):
        docxs.append(folder / f"{name}.docx")
        docxs[-1].write_bytes(document.content)
    return htmls, docxs


def naive(htmls: list[Path]) -> None:
    """One `weasyprint` command for each file."""
    for html in htmls:
        run(sys.executable, "-m", "weasyprint", "-q", str(html), str(html.with_suffix(".pdf")))


def each_in_chromium(chromium: str, htmls: list[Path]) -> None:
    """One headless browser for each file."""
    for html in htmls:
        with tempfile.TemporaryDirectory() as profile:
            to = f"--print-to-pdf={html.with_suffix('.pdf')}"
            run(chromium, *_headless(profile), "--no-pdf-header-footer", to, html.as_uri())


def in_libreoffice(soffice: str, files: list[Path], folder: Path) -> None:
    """One office for all files."""
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    kind = "--infilter=HTML (StarWriter)" if files[0].suffix == ".html" else None
    extra = [kind] if kind else []
    to = ("--headless", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder / "by"))
    run(soffice, profile, *extra, *to, *map(str, files))


def in_open_chromium(chromium: str, htmls: list[Path]) -> None:
    """One headless browser for all files, over its pipe."""
    with tempfile.TemporaryDirectory() as profile, piped(chromium, profile) as ask:
        for html in htmls:
            target = ask("Target.createTarget", url=html.as_uri())["targetId"]
            session = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            ready = {"expression": "document.readyState"}
            while ask("Runtime.evaluate", session, **ready)["result"]["value"] != "complete":
                time.sleep(0.02)
            ask("Page.printToPDF", session, preferCSSPageSize=True, generateTaggedPDF=True)
            ask("Target.closeTarget", targetId=target)
        ask("Browser.close")


@contextmanager
def piped(chromium: str, profile: str) -> Iterator[Any]:
    """Yield what asks a browser something and waits for the answer."""
    to_it, ours = os.pipe()
    theirs, from_it = os.pipe()
    shell = f'exec "$@" 3<&{to_it} 4>&{from_it}'
    command = ["sh", "-c", shell, "sh", chromium, *_headless(profile), "--remote-debugging-pipe"]
    browser = subprocess.Popen(
        command, pass_fds=(to_it, from_it), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(to_it)
    os.close(from_it)
    number = 0

    with os.fdopen(ours, "wb") as writing, os.fdopen(theirs, "rb") as reading:

        def ask(method: str, session: str | None = None, **params: Any) -> Any:  # noqa: ANN401
            nonlocal number
            number += 1
            said = {"id": number, "method": method, "params": params}
            if session:
                said["sessionId"] = session
            writing.write(json.dumps(said).encode() + b"\0")
            writing.flush()
            while True:
                heard = bytearray()
                while (byte := reading.read(1)) not in (b"\0", b""):
                    heard += byte
                answer = json.loads(heard or b'{"id": -1}')
                if answer.get("id") == number:
                    return answer["result"]
                if not heard:
                    raise SystemExit("Chromium has gone.")

        yield ask
    browser.wait()


def _headless(profile: str) -> list[str]:
    off = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]
    return ["--headless", f"--user-data-dir={profile}", *off]


def run(*command: str) -> None:
    """Run a command; the bundled fonts are those it sees."""
    subprocess.run(command, check=True, capture_output=True)


def parallel(folder: Path) -> None:
    """Compare one process with one for each core, on the same projects."""
    count = cores()
    sources = projects.write(
        EACH * count, folder / "sources", ROOT / "examples", seed=7, sizes=("whole",)
    )
    wall: dict[int, float] = {}
    cpu: dict[int, float] = {}
    for jobs in (1, count):
        begun, used = time.perf_counter(), measuring.spent()
        options = Options(documents=("protocol",))
        done = list(batch(sources, folder / f"out{jobs}", options=options, jobs=jobs))
        wall[jobs], cpu[jobs] = time.perf_counter() - begun, measuring.spent() - used
        if len(done) != len(sources) or any(result.did != "made" for result in done):
            raise SystemExit("Not every project was made.")
    print(f"{len(sources)} protocols by 1 and by {count} processes, starts included.")
    print(f"  {measuring.load()}")
    measuring.told("parallel efficiency", wall[1] / wall[count] / count, EFFICIENCY, least=True)
    print(f"  CPU of each by {count} processes to 1: {cpu[count] / cpu[1]:.3g}")


if __name__ == "__main__":
    main()
