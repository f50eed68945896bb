"""Knows how the bundled fonts were cut, and writes down what they cover.

python docs/fonts.py cut FOLDER    FOLDER holds the files of Debian's fonts-noto-core
python docs/fonts.py coverage      after any change of a font
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "templates" / "_base" / "fonts"
COVERAGE = FONTS / "coverage.txt"
MAIN = FONTS / "SourceSans3-Regular.ttf"
CUT = {
    "NotoSans-Regular.ttf": ((0x180, 0xFFFF),),
    "NotoSans-Bold.ttf": ((0x180, 0xFFFF),),
    "NotoSansSymbols2-Regular.ttf": ((0x2000, 0x27FF), (0x2B00, 0x2BFF)),
}
"""Fonts over 500 KiB, and the blocks of them that are kept where Source Sans has no glyph."""
ALWAYS = {*range(0x20, 0x7F), 0xA0, *range(0x2000, 0x2070), 0x25CC}
"""Kept in every cut font: spaces, punctuation and format characters stay in the run of their
neighbours, and a run is one font."""
HEAD = """\
# The code points for which a bundled font has a glyph, in hexadecimal, one range a line.
# Written by: python docs/fonts.py coverage
"""


def characters(font: Path) -> set[int]:
    """Return the code points that a font has a glyph for."""
    return set(TTFont(font).getBestCmap())


def ranges(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last point of each unbroken run."""
    ordered = sorted(points)
    starts = [now for before, now in pairwise([-2, *ordered]) if now != before + 1]
    ends = [before for before, now in pairwise([*ordered, 0x110001]) if now != before + 1]
    return zip(starts, ends, strict=True)


def coverage() -> str:
    """Return the whole file of what is covered."""
    found: set[int] = set().union(*(characters(font) for font in sorted(FONTS.glob("*.ttf"))))
    lines = (f"{first:04X}-{last:04X}\n" for first, last in ranges(found))
    return HEAD + "".join(lines)


def cut(source: Path) -> None:
    """Cut the large fonts to what Source Sans lacks; drop their screen hinting."""
    there = characters(MAIN)
    for name, blocks in CUT.items():
        font = TTFont(source / name, recalcTimestamp=False)
        wanted = {
            point
            for point in font.getBestCmap()
            if point in ALWAYS
            or (point not in there and any(low <= point <= high for low, high in blocks))
        }
        options = subset.Options(
            hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True
        )
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        font.save(FONTS / name)
        print(f"{name}: {len(wanted):,} characters")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["coverage"]:
            COVERAGE.write_text(coverage(), encoding="ascii")
        case ["cut", folder]:
            cut(Path(folder))
        case _:
            sys.exit(__doc__)
