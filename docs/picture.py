"""Draws docs/pages.png, the picture of real pages in the README, from the first example.

Run `make picture` after a change of templates or styles; it needs pdftoppm (poppler-utils).
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
"""Which pages: a page counted from 0, or the page on which a section begins."""
DPI, GAP = 60, 16


def main() -> None:
    """Draw the pages side by side on a grey ground."""
    pages = [_page(document, place) for document, place in PAGES]
    width, height = pages[0].size
    sheet = Image.new("RGB", ((width + GAP) * len(pages) + GAP, height + 2 * GAP), "#d5dce3")
    for i, page in enumerate(pages):
        sheet.paste(page, (GAP + i * (width + GAP), GAP))
    sheet.quantize(48).save(ROOT / "docs" / "pages.png", optimize=True)


def _page(document: str, place: int | str) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "document.pdf"
        (made,) = render(load(ROOT / "examples" / "safeguarding-hub.json"), [document])
        pdf.write_bytes(made.content)
        number = place + 1 if isinstance(place, int) else _begins(pdf, place)
        only = ["-r", str(DPI), "-f", str(number), "-l", str(number), "-singlefile", "-png"]
        subprocess.run(["pdftoppm", *only, pdf, Path(folder) / "page"], check=True)
        return Image.open(Path(folder) / "page.png").convert("RGB")


def _begins(pdf: Path, title: str) -> int:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    for number, page in enumerate(text.stdout.decode().split("\f"), 1):
        if re.search(rf"^ *\d+ {title}$", page, re.MULTILINE):
            return number
    raise SystemExit(f"No page begins “{title}”.")


if __name__ == "__main__":
    main()
