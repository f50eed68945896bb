"""Knows how risks stand on the three-by-three scale before and after the measures, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from markupsafe import Markup

from piagen.domain.ids import RiskId
from piagen.domain.judgement import Risk
from piagen.domain.risk_scale import Likelihood, Rating, Severity, rating
from piagen.frozen import frozen
from piagen.questionnaire.naming import number
from piagen.rendering.language.tongue import ENGLISH, Tongue
from piagen.rendering.pictures.measure import width_of, wrap
from piagen.rendering.pictures.svg import (
    ACCENT,
    FULL_HEIGHT,
    FULL_WIDTH,
    INK,
    PAPER,
    QUIET,
    SMALLEST,
    Element,
    element,
    path,
    picture,
    rect,
    text,
)

Cell = tuple[Severity, Likelihood]

ROWS: dict[Severity, str] = {
    "serious_harm": "Serious harm",
    "some_impact": "Some impact",
    "minimal_impact": "Minimal impact",
}
"""How bad, from the top row to the bottom one, in the words of the register."""
COLUMNS: dict[Likelihood, str] = {
    "remote": "Remote",
    "reasonable_possibility": "Reasonable possibility",
    "more_likely_than_not": "More likely than not",
}
"""How likely, from the left column to the right one, in the words of the register."""
CELLS: tuple[Cell, ...] = tuple(
    (severity, likelihood) for severity in ROWS for likelihood in COLUMNS
)
"""The nine cells, row by row."""
GROUNDS: dict[Rating, str] = {word: f"var(--{word})" for word in ("low", "medium", "high")}
"""The colour of a cell; each is lighter in grey than the next, and the word stands in the cell."""

RATED_BY = ("likelihood", "severity", "residual_likelihood", "residual_severity")
"""The columns of the register from which a risk has its two cells."""

_LABELS = 58.0
_BETWEEN = 14.0
_PAD = 3.5
_LINE = 12.0
_HEAD = 44.0
_ENTRY_GAP = 3.0
_MARK = 9.0
_ORDER: tuple[Rating, ...] = ("low", "medium", "high")


@frozen
class Placed:
    """Where one risk stands.

    Attributes:
        number: its number in the register, R-01.
        before: its cell before the measures; None while a word is missing.
        after: its cell after them; None while a word is missing.
        unconfirmed: whether one of those words is still to be confirmed.
    """

    number: str
    before: Cell | None
    after: Cell | None
    unconfirmed: bool = False


@frozen
class _Grid:
    """One grid: its title, where it stands, what is in it, and whether it shows movement."""

    title: str
    x: float
    width: float
    after: bool
    risks: tuple[Placed, ...]
    said: Tongue

    def cell_of(self, risk: Placed) -> Cell | None:
        return risk.after if self.after else risk.before

    def inside(self, cell: Cell | None) -> tuple[Placed, ...]:
        return tuple(risk for risk in self.risks if self.cell_of(risk) == cell)

    @property
    def slot(self) -> float:
        """The width of one number with its mark."""
        widest = max((width_of(r.number, SMALLEST, 600) for r in self.risks), default=0.0)
        return widest + (_MARK + 2 if self.after else 0)

    @property
    def in_line(self) -> int:
        """How many numbers stand side by side in a cell."""
        room = self.width / 3 - 2 * _PAD
        return max(1, floor((room + _ENTRY_GAP) / (self.slot + _ENTRY_GAP)))

    def height_of(self, cell: Cell) -> float:
        lines = -(-len(self.inside(cell)) // self.in_line)
        return 19 + max(1, lines) * _LINE

    def unrated(self) -> tuple[str, ...]:
        """The line that names the risks that cannot be placed, ready to print."""
        lacking = self.inside(None)
        if not lacking:
            return ()
        numbers = ", ".join(risk.number for risk in lacking)
        words = self.said.say("Not rated yet: %(risks)s", risks=numbers)
        return wrap(words, SMALLEST, self.width - 2 * _PAD, lines=len(lacking) + 1)


def placed(
    risks: tuple[Risk, ...], unconfirmed: frozenset[RiskId] = frozenset()
) -> tuple[Placed, ...]:
    """Return where each risk of the register stands, in the order of the register.

    Args:
        risks: the register.
        unconfirmed: the risks of which a rating word is still to be confirmed.
    """
    return tuple(
        Placed(
            number("risks", index),
            _cell(risk.severity, risk.likelihood),
            _cell(risk.residual_severity, risk.residual_likelihood),
            risk.id in unconfirmed,
        )
        for index, risk in enumerate(risks)
    )


def risk_matrices(
    risks: tuple[Risk, ...],
    unconfirmed: frozenset[RiskId] = frozenset(),
    said: Tongue = ENGLISH,
) -> tuple[Markup, ...]:
    """Return the matrices before and after the measures as SVG.

    Both stand side by side in one picture. Where one cell holds so many risks that this would be
    higher than a page, each is a picture of its own; where that does not help, there is none.

    Args:
        risks: the register, in its order.
        unconfirmed: the risks of which a rating word is still to be confirmed.
        said: the language of the pictures' own words.
    """
    found, said = placed(risks, unconfirmed), said.unmarked
    if not found:
        return ()
    half = (FULL_WIDTH - _LABELS - _BETWEEN) / 2
    titles = said.say("Before the measures"), said.say("After the measures")
    before = _Grid(titles[0], _LABELS, half, False, found, said)
    after = _Grid(titles[1], _LABELS + half + _BETWEEN, half, True, found, said)
    whole = FULL_WIDTH - _LABELS
    alone = (
        _Grid(before.title, _LABELS, whole, False, found, said),
        _Grid(after.title, _LABELS, whole, True, found, said),
    )
    for tried in (((before, after),), tuple((grid,) for grid in alone)):
        pictures = tuple(_drawn(grids, found, said) for grids in tried)
        if all(height <= FULL_HEIGHT for height, _ in pictures):
            return tuple(svg for _, svg in pictures)
    return ()


def in_words(risks: tuple[Placed, ...], said: Tongue = ENGLISH) -> str:
    """Return what the picture says: how many risks have which rating, and which way they move."""
    count = str(len(risks))
    many = said.say("%(count)s risks on a grid of how bad against how likely.", count=count)
    if len(risks) == 1:
        many = said.say("%(count)s risk on a grid of how bad against how likely.", count=count)
    before = _counts([risk.before for risk in risks], said)
    after = _counts([risk.after for risk in risks], said)
    parts = [
        many,
        f"{said.say('Before the measures')}: {before}.",
        f"{said.say('After the measures')}: {after}.",
        *_lines_below(risks, said),
        said.say("The register says the same of each risk in words."),
    ]
    return " ".join(parts)


def movement(risks: tuple[Placed, ...], said: Tongue = ENGLISH) -> str:
    """Return for how many risks the rating is lower, the same or higher after the measures."""
    steps = [
        _ORDER.index(after) - _ORDER.index(before)
        for before, after in ((_rating(r.before), _rating(r.after)) for r in risks)
        if before and after
    ]
    if not steps:
        return said.say("No risk is rated both before and after the measures yet.")
    return said.say(
        "After the measures the rating is lower for %(lower)s, the same for %(same)s and higher "
        "for %(higher)s.",
        lower=_how_many(sum(step < 0 for step in steps), said),
        same=_how_many(sum(step == 0 for step in steps), said),
        higher=_how_many(sum(step > 0 for step in steps), said),
    )


def _how_many(count: int, said: Tongue) -> str:
    return str(count) if count else said.say("none")


def _cell(severity: Severity | None, likelihood: Likelihood | None) -> Cell | None:
    return None if severity is None or likelihood is None else (severity, likelihood)


def _rating(cell: Cell | None) -> Rating | None:
    return None if cell is None else rating(cell[1], cell[0])


def _counts(cells: list[Cell | None], said: Tongue) -> str:
    ratings = [_rating(cell) for cell in cells]
    counted = {word: _how_many(ratings.count(word), said) for word in _ORDER}
    if unknown := ratings.count(None):
        return said.say(
            "%(high)s high, %(medium)s medium, %(low)s low and %(unknown)s not rated yet",
            **counted,
            unknown=str(unknown),
        )
    return said.say("%(high)s high, %(medium)s medium and %(low)s low", **counted)


def _drawn(
    grids: tuple[_Grid, ...], risks: tuple[Placed, ...], said: Tongue
) -> tuple[float, Markup]:
    """Return the height of a picture of these grids, and the picture."""
    tops, top = [], _HEAD
    for severity in ROWS:
        height = max(grid.height_of((severity, word)) for grid in grids for word in COLUMNS)
        tops.append((severity, top, height))
        top += height
    drawn = list(_row_heads(tops, said))
    foot = top
    for grid in grids:
        drawn += _heads(grid)
        for severity, y, height in tops:
            drawn += _row(grid, severity, y, height)
        drawn.append(
            rect(grid.x, _HEAD, grid.width, top - _HEAD, fill="none", stroke=INK, stroke_width=1.2)
        )
        if lines := grid.unrated():
            drawn += _unrated(grid, lines, top + 5)
            foot = max(foot, top + 5 + len(lines) * _LINE + 5)
    key_y = foot + 14
    drawn += _key(grids, risks, key_y, said)
    height = key_y + _key_height(grids, risks, said)
    told = _alternative(grids, risks, said)
    return height, picture(told, FULL_WIDTH, height, *drawn, said=said)


def _alternative(grids: tuple[_Grid, ...], risks: tuple[Placed, ...], said: Tongue) -> str:
    if len(grids) > 1:
        return in_words(risks, said)
    which = said.say("%(title)s, the one of two grids.", title=grids[0].title)
    return f"{which} {in_words(risks, said)}"


def _row_heads(tops: list[tuple[Severity, float, float]], said: Tongue) -> Iterator[Element]:
    yield text(said.say("How bad"), 0, _HEAD - 5, fill=QUIET)
    for severity, y, height in tops:
        lines = wrap(said.say(ROWS[severity]), SMALLEST, _LABELS - 4, weight=600)
        first = y + height / 2 - (len(lines) - 1) * 5.5 + 3
        for index, words in enumerate(lines):
            yield text(words, 0, first + index * 11, weight=600)


def _heads(grid: _Grid) -> Iterator[Element]:
    yield text(grid.title, grid.x, 10, size=10.5, weight=600, fill=ACCENT)
    yield text(grid.said.say("How likely"), grid.x + grid.width, 10, anchor="end", fill=QUIET)
    width = grid.width / 3
    for column, words in enumerate(COLUMNS.values()):
        lines = wrap(grid.said.say(words), SMALLEST, width - 4, weight=600)
        for index, shown in enumerate(lines):
            y = _HEAD - 5 - (len(lines) - 1 - index) * 11
            yield text(shown, grid.x + column * width + _PAD, y, weight=600)


def _row(grid: _Grid, severity: Severity, y: float, height: float) -> Iterator[Element]:
    width = grid.width / 3
    for column, likelihood in enumerate(COLUMNS):
        cell = (severity, likelihood)
        word = rating(likelihood, severity)
        x = grid.x + column * width
        if word is None:
            continue
        yield rect(x, y, width, height, fill=GROUNDS[word], stroke=QUIET, stroke_width=0.75)
        yield _shape(word, x + _PAD, y + 4)
        yield text(grid.said.say(word.capitalize()), x + _PAD + 11, y + 11.5)
        for index, risk in enumerate(grid.inside(cell)):
            across, down = index % grid.in_line, index // grid.in_line
            at = x + _PAD + across * (grid.slot + _ENTRY_GAP)
            base = y + 25 + down * _LINE
            yield text(risk.number, at, base, weight=600)
            if grid.after and risk.before is not None:
                yield _moved(risk.before, cell, at + grid.slot - _MARK / 2, base - 3)


def _shape(word: Rating, x: float, y: float) -> Element:
    """A mark for each rating that is told apart without colour."""
    match word:
        case "high":
            return path(f"M{x:.2f} {y + 8:.2f}l4 -8l4 8z", fill=INK)
        case "medium":
            return path(f"M{x:.2f} {y + 4:.2f}l4 -4l4 4l-4 4z", fill=PAPER)
        case "low":
            return element(
                "circle", cx=x + 4, cy=y + 4, r=3.4, fill=PAPER, stroke=INK, stroke_width=1
            )


def _moved(before: Cell, after: Cell, x: float, y: float) -> Element:
    """An arrow in the direction of the move, or a dot where the risk stays in its cell."""
    rows, columns = tuple(ROWS), tuple(COLUMNS)
    across = columns.index(after[1]) - columns.index(before[1])
    down = rows.index(after[0]) - rows.index(before[0])
    return pointer((across > 0) - (across < 0), (down > 0) - (down < 0), x, y)


def pointer(across: int, down: int, x: float, y: float) -> Element:
    """An arrow in one of eight directions with its middle at a point; a dot for none of them."""
    if not across and not down:
        return element("circle", cx=x, cy=y, r=1.8, fill=INK)
    half = 3.8 if not across or not down else 2.9
    tip_x, tip_y = x + across * half, y + down * half
    shaft = f"M{x - across * half:.2f} {y - down * half:.2f}L{tip_x:.2f} {tip_y:.2f}"
    if across and down:
        barbs = ((tip_x - across * 3.6, tip_y), (tip_x, tip_y - down * 3.6))
    else:
        back_x, back_y = tip_x - across * 2.6, tip_y - down * 2.6
        barbs = (
            (back_x + down * 2.4, back_y + across * 2.4),
            (back_x - down * 2.4, back_y - across * 2.4),
        )
    (ax, ay), (bx, by) = barbs
    return path(
        f"{shaft}M{ax:.2f} {ay:.2f}L{tip_x:.2f} {tip_y:.2f}L{bx:.2f} {by:.2f}", stroke_width=1.2
    )


def _unrated(grid: _Grid, lines: tuple[str, ...], y: float) -> Iterator[Element]:
    height = len(lines) * _LINE + 4
    yield rect(grid.x, y, grid.width, height, stroke=QUIET, stroke_width=0.75, dashes="3 2")
    for index, words in enumerate(lines):
        yield text(words, grid.x + _PAD, y + 11 + index * _LINE)


def _key(
    grids: tuple[_Grid, ...], risks: tuple[Placed, ...], y: float, said: Tongue
) -> Iterator[Element]:
    """What the marks mean, and what they come to, in words."""
    if not any(grid.after for grid in grids):
        return
    x = 0.0
    signs = (
        (-1, 0, said.say("less likely than before")),
        (0, 1, said.say("less bad")),
        (-1, 1, said.say("less likely and less bad")),
        (0, 0, said.say("as before")),
    )  # a mark of another direction is read like these
    for across, down, words in signs:
        yield pointer(across, down, x + _MARK / 2, y - 3)
        yield text(words, x + _MARK + 3, y)
        x += _MARK + 3 + width_of(words, SMALLEST) + 14
    for index, words in enumerate(_lines_below(risks, said), 1):
        yield text(words, 0, y + 1 + index * _LINE)


def _key_height(grids: tuple[_Grid, ...], risks: tuple[Placed, ...], said: Tongue) -> float:
    if not any(grid.after for grid in grids):
        return 0.0
    return 5 + len(_lines_below(risks, said)) * _LINE


def _lines_below(risks: tuple[Placed, ...], said: Tongue) -> tuple[str, ...]:
    """The lines under the key, ready to print."""
    lines = list(wrap(movement(risks, said), SMALLEST, FULL_WIDTH, lines=3))
    if doubtful := [risk.number for risk in risks if risk.unconfirmed]:
        words = said.say(
            "A rating is still to be confirmed for %(risks)s.", risks=", ".join(doubtful)
        )
        lines += wrap(words, SMALLEST, FULL_WIDTH, lines=len(doubtful) + 1)
    return tuple(lines)
