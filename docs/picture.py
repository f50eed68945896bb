"""Draws docs/pages.png, a row of pages for the README, and docs/pages/, all pages of one example.

Run `make picture` after a change of templates or styles; it needs pdftoppm (poppler-utils). Sheets
in docs/pages/ are the reference for how documents look: compare them before and after a change.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from piagen import load, render

ROOT = Path(__file__).resolve().parents[1]
PAGES = (("pia", 0), ("pia", 1), ("pia", "Risks to people"), ("agreement", "Parties and roles"))
"""Which pages the README shows: a page counted from 0, or the page on which a section begins."""
EXAMPLE = "homelessness-duty-to-refer"
"""Whose pages are kept as sheets."""
DPI, GAP = 60, 16
SHEET_DPI, ACROSS, DOWN = 42, 6, 3
GROUND = "#d5dce3"


def main() -> None:
    """Draw the row of the README and the sheets of every document of the example."""
    row = [_page(document, place) for document, place in PAGES]
    _sheet(row, len(row)).save(ROOT / "docs" / "pages.png", optimize=True)
    folder = ROOT / "docs" / "pages"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for made in render(load(ROOT / "examples" / f"{EXAMPLE}.json")):
        pages = _drawn(made.content, SHEET_DPI)
        for number, part in enumerate(_parts(pages, ACROSS * DOWN), 1):
            name = f"{made.document}-{number}.png"
            _sheet(part, ACROSS).save(folder / name, optimize=True)


def _sheet(pages: list[Image.Image], across: int) -> Image.Image:
    """Lay pages side by side on a grey ground, row under row."""
    width, height = pages[0].size
    down = -(-len(pages) // across)
    size = ((width + GAP) * across + GAP, (height + GAP) * down + GAP)
    sheet = Image.new("RGB", size, GROUND)
    for i, page in enumerate(pages):
        sheet.paste(page, (GAP + i % across * (width + GAP), GAP + i // across * (height + GAP)))
    return sheet.quantize(128)


def _parts(pages: list[Image.Image], size: int) -> list[list[Image.Image]]:
    return [pages[start : start + size] for start in range(0, len(pages), size)]


def _drawn(pdf: bytes, dpi: int, only: int | None = None) -> list[Image.Image]:
    """Return the pages of a PDF as pictures, or one of them, counted from 1."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.pdf"
        file.write_bytes(pdf)
        chosen = [] if only is None else ["-f", str(only), "-l", str(only)]
        command = ["pdftoppm", "-r", str(dpi), "-png", *chosen, file, Path(folder) / "page"]
        subprocess.run(command, check=True)
        return [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("page*.png"))]


def _page(document: str, place: int | str) -> Image.Image:
    (made,) = render(load(ROOT / "examples" / "safeguarding-hub.json"), [document])
    number = place + 1 if isinstance(place, int) else _begins(made.content, place)
    return _drawn(made.content, DPI, number)[0]


def _begins(pdf: bytes, title: str) -> int:
    """Return the page on which a section begins, counted from 1."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, check=True, capture_output=True)
    for number, page in enumerate(text.stdout.decode().split("\f"), 1):
        if re.search(rf"^ *\d+ {title}$", page, re.MULTILINE):
            return number
    raise SystemExit(f"No page begins “{title}”.")


if __name__ == "__main__":
    main()
