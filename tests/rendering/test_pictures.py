"""The pictures: what stands in them is true, stays in its place, and can be read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import TEXTS

from piagen.domain.about import Assessment
from piagen.domain.data import DataFlow
from piagen.domain.ids import DataFlowId, RiskId
from piagen.domain.judgement import ReviewPlan, Risk
from piagen.domain.project import Project
from piagen.domain.risk_scale import Likelihood, Severity, rating
from piagen.domain.terms import AgreementTerms
from piagen.pipeline.assess import load
from piagen.pipeline.documents import render
from piagen.practice.posture import Posture
from piagen.questionnaire.model import Questionnaire
from piagen.rendering.contrast import ratio
from piagen.rendering.pictures import matrices, quadrant, svg, tiers, timeline
from piagen.rendering.pictures.measure import width_of
from piagen.rendering.tokens import resolved, tokens
from piagen.resources import shipped

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 0.6
FIFTY = settings(max_examples=max(50, settings().max_examples))
"""As many generated registers, flows and dates at the least; `make soak` tries a thousand."""
LIKELIHOODS: tuple[Likelihood | None, ...] = (*matrices.COLUMNS, None)
SEVERITIES: tuple[Severity | None, ...] = (*matrices.ROWS, None)


@dataclass(frozen=True)
class Box:
    words: str
    left: float
    top: float
    right: float
    bottom: float
    fill: str

    def inside(self, other: Box) -> bool:
        return (
            self.left >= other.left - SLACK
            and self.right <= other.right + SLACK
            and self.top >= other.top - SLACK
            and self.bottom <= other.bottom + SLACK
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right - SLACK
            and other.left < self.right - SLACK
            and self.top < other.bottom - SLACK
            and other.top < self.bottom - SLACK
        )

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def texts(picture: str) -> list[Box]:
    """The box of each line; letters reach from three quarters above to a quarter below it."""
    found = []
    for node in ET.fromstring(picture).iter(f"{SVG}text"):  # noqa: S314 - our own text
        words, size = node.text or "", float(node.attrib["font-size"])
        weight = int(node.attrib["font-weight"])
        assert weight in (400, 600, 700)
        width = width_of(words, size, weight)  # type: ignore[arg-type]
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        fill = node.attrib["fill"]
        found.append(Box(words, x, y - 0.75 * size, x + width, y + 0.25 * size, fill))
    return found


def rects(picture: str) -> list[Box]:
    found = []
    for node in ET.fromstring(picture).iter(f"{SVG}rect"):  # noqa: S314 - our own text
        x, y, width, height = (float(node.attrib[k]) for k in ("x", "y", "width", "height"))
        found.append(Box("", x, y, x + width, y + height, node.attrib["fill"]))
    return found


def page(picture: str) -> Box:
    root = ET.fromstring(picture)  # noqa: S314 - our own text
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    return Box("", 0, 0, width, height, "")


def title(picture: str) -> str:
    return ET.fromstring(picture).findtext(f"{SVG}title") or ""  # noqa: S314 - our own text


def risk(number: int, row: tuple[str | None, ...]) -> Risk:
    given = dict(zip(matrices.RATED_BY, row, strict=True))
    return Risk(RiskId(f"r{number}"), risk=f"Risk {number}", **given)  # type: ignore[arg-type]


def register(*rows: tuple[str | None, ...]) -> tuple[Risk, ...]:
    return tuple(risk(index, row) for index, row in enumerate(rows))


ROWS = st.tuples(
    st.sampled_from(LIKELIHOODS),
    st.sampled_from(SEVERITIES),
    st.sampled_from(LIKELIHOODS),
    st.sampled_from(SEVERITIES),
)
REGISTERS = st.lists(ROWS, min_size=1, max_size=40).map(lambda rows: register(*rows))
POSTURES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30).map(
    lambda counts: tuple(
        Posture(DataFlowId(f"f{index}"), (), *pair, None) for index, pair in enumerate(counts)
    )
)
DAYS = st.none() | st.dates()
MONTHS = st.none() | st.integers(1, 36)


def numbers_of(postures: tuple[Posture, ...]) -> dict[DataFlowId, str]:
    return {p.flow: f"F-{index:02}" for index, p in enumerate(postures, 1)}


PROJECTS = st.builds(
    lambda starts, due, terms: replace(
        Project(),
        assessment=Assessment(starts_on=starts),
        review=ReviewPlan(due=due),
        agreement=terms,
    ),
    DAYS,
    DAYS,
    st.builds(
        AgreementTerms,
        starts_on=DAYS,
        open_ended=st.none() | st.booleans(),
        ends_on=DAYS,
        first_review_months=MONTHS,
        review_months=MONTHS,
    ),
)


def assert_legible(picture: str) -> None:
    """Every line is on the picture and over no other; none is too small."""
    lines = texts(picture)
    for one in lines:
        assert one.inside(page(picture)), one
    for one, other in combinations(lines, 2):
        assert not one.overlaps(other), (one, other)
    for node in ET.fromstring(picture).iter(f"{SVG}text"):  # noqa: S314 - our own text
        assert float(node.attrib["font-size"]) >= svg.SMALLEST


def assert_kept_in_cells(picture: str) -> None:
    """A line whose middle lies in a cell lies in it as a whole."""
    for one in texts(picture):
        x, y = one.middle
        for cell in rects(picture):
            if cell.left < x < cell.right and cell.top < y < cell.bottom:
                assert one.inside(cell), (one, cell)


def places(picture: str) -> dict[str, list[tuple[int, int, int]]]:
    """Where each number of a risk stands: grid, row and column; what is in no cell is left out."""
    cells = [cell for cell in rects(picture) if cell.fill in matrices.GROUNDS.values()]
    lefts = sorted({cell.left for cell in cells})
    tops = sorted({cell.top for cell in cells})
    found: dict[str, list[tuple[int, int, int]]] = {}
    for one in texts(picture):
        if not re.fullmatch(r"R-\d+", one.words):
            continue
        for cell in (cell for cell in cells if one.inside(cell)):
            column = lefts.index(cell.left)
            at = (column // 3, tops.index(cell.top), column % 3)
            found.setdefault(one.words, []).append(at)
    return found


@given(REGISTERS)
def test_each_risk_stands_where_its_words_put_it_once_before_and_once_after(
    risks: tuple[Risk, ...],
) -> None:
    (picture,) = matrices.risk_matrices(risks)
    found = places(picture)
    rows, columns = list(matrices.ROWS), list(matrices.COLUMNS)
    for index, one in enumerate(risks, 1):
        words = ((one.severity, one.likelihood), (one.residual_severity, one.residual_likelihood))
        expected = [
            (grid, rows.index(severity), columns.index(likelihood))
            for grid, (severity, likelihood) in enumerate(words)
            if severity and likelihood
        ]
        assert sorted(found.get(f"R-{index:02}", [])) == expected


@FIFTY
@given(REGISTERS)
def test_numbers_stay_in_their_cells_and_lines_apart(risks: tuple[Risk, ...]) -> None:
    for picture in matrices.risk_matrices(risks):
        assert_legible(picture)
        assert_kept_in_cells(picture)


def test_thirty_risks_in_one_cell_wrap_and_the_cell_grows() -> None:
    risks = register(*[("remote", "some_impact", "remote", "some_impact")] * 30)
    (picture,) = matrices.risk_matrices(risks)
    assert places(picture) == {f"R-{n:02}": [(0, 1, 0), (1, 1, 0)] for n in range(1, 31)}
    assert page(picture).bottom <= svg.FULL_HEIGHT


def test_what_is_too_high_for_a_page_becomes_two_pictures_and_then_none() -> None:
    row = ("remote", "some_impact", "remote", "some_impact")
    both = matrices.risk_matrices(register(*[row] * 120))
    assert [page(picture).bottom <= svg.FULL_HEIGHT for picture in both] == [True, True]
    for picture in both:
        assert len(places(picture)) == 120
        assert_legible(picture)
    assert matrices.risk_matrices(register(*[row] * 900)) == ()
    assert matrices.risk_matrices(()) == ()


def test_a_risk_without_a_rating_is_named_under_the_grid_that_lacks_it() -> None:
    risks = register(
        ("remote", None, "remote", "some_impact"), ("remote", "some_impact", None, None)
    )
    (picture,) = matrices.risk_matrices(risks)
    said = [one for one in texts(picture) if one.words.startswith("Not rated yet")]
    assert [one.words for one in sorted(said, key=lambda one: one.left)] == [
        "Not rated yet: R-01",
        "Not rated yet: R-02",
    ]
    assert title(picture).count("1 not rated yet") == 2


def test_a_rating_that_nobody_confirmed_is_said_under_the_key() -> None:
    risks = register(*[("remote", "some_impact", "remote", "some_impact")] * 2)
    (picture,) = matrices.risk_matrices(risks, frozenset({RiskId("r1")}))
    said = "A rating is still to be confirmed for R-02."
    assert said in [one.words for one in texts(picture)]
    assert said in title(picture)
    (sure,) = matrices.risk_matrices(risks)
    assert "to be confirmed" not in sure


@given(REGISTERS)
def test_the_alternative_text_counts_what_is_drawn(risks: tuple[Risk, ...]) -> None:
    (picture,) = matrices.risk_matrices(risks)
    for words, when in (("rating", "Before"), ("residual_rating", "After")):
        ratings = [getattr(one, words) for one in risks]
        said = title(picture).partition(f"{when} the measures: ")[2].partition(".")[0]
        for word in ("high", "medium", "low"):
            assert f"{ratings.count(word) or 'none'} {word}" in said
        assert ("not rated yet" in said) == (None in ratings)


def test_the_direction_of_movement_is_counted_by_rating() -> None:
    risks = register(
        ("more_likely_than_not", "serious_harm", "remote", "serious_harm"),
        ("remote", "some_impact", "remote", "minimal_impact"),
        ("remote", "some_impact", "more_likely_than_not", "some_impact"),
        ("remote", "some_impact", None, None),
    )
    assert matrices.movement(matrices.placed(risks)) == (
        "After the measures the rating is lower for 1, the same for 1 and higher for 1."
    )


def test_movement_says_that_nothing_is_known_rather_than_none() -> None:
    risks = matrices.placed(register(("remote", "some_impact", None, None)))
    assert matrices.movement(risks) == "No risk is rated both before and after the measures yet."


@pytest.mark.parametrize(
    ("after", "mark"),
    [
        (("remote", "serious_harm"), (-1, 0)),
        (("reasonable_possibility", "minimal_impact"), (0, 1)),
        (("remote", "minimal_impact"), (-1, 1)),
        (("more_likely_than_not", "serious_harm"), (1, 0)),
        (("reasonable_possibility", "serious_harm"), (0, 0)),
    ],
)
def test_an_arrow_points_the_way_the_risk_moved(
    after: tuple[str, str], mark: tuple[int, int]
) -> None:
    (picture,) = matrices.risk_matrices(
        register(("reasonable_possibility", "serious_harm", *after))
    )
    (at,) = [one for one in texts(picture) if one.words == "R-01" and one.left > 270]
    x = at.right + 2 + 9 / 2
    near = svg.write(matrices.pointer(*mark, x, at.bottom - 2.25 - 3))
    moved = {(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} - {mark}
    assert _shape(near) in _shapes(picture)
    others = [matrices.pointer(*way, x, at.bottom - 2.25 - 3) for way in sorted(moved)]
    assert not any(_shape(svg.write(other)) in _shapes(picture) for other in others)


def _shape(written: str) -> str:
    node = ET.fromstring(written)  # noqa: S314 - our own text
    return f"{node.attrib.get('d', '')}{node.attrib.get('cx', '')} {node.attrib.get('cy', '')}"


def _shapes(picture: str) -> set[str]:
    root = ET.fromstring(picture)  # noqa: S314 - our own text
    return {_shape(ET.tostring(node, encoding="unicode")) for node in root}


def test_cells_are_worded_as_the_scale_and_the_questions_word_them(
    questionnaire: Questionnaire,
) -> None:
    options = questionnaire.by_path
    assert dict(options["risks[].likelihood"].options) == matrices.COLUMNS
    assert dict(options["risks[].severity"].options) == dict(reversed(matrices.ROWS.items()))
    (picture,) = matrices.risk_matrices(register(("remote", "some_impact", None, None)))
    words = [one.words for one in texts(picture)]
    for rated in ("low", "medium", "high"):
        cells = sum(
            rating(likelihood, severity) == rated for severity, likelihood in matrices.CELLS
        )
        assert words.count(rated.capitalize()) == 2 * cells


@FIFTY
@given(POSTURES)
def test_each_flow_stands_once_in_the_field_of_its_two_counts(
    postures: tuple[Posture, ...],
) -> None:
    picture = quadrant.two_by_two(postures, numbers_of(postures))
    assert_legible(picture)
    assert_kept_in_cells(picture)
    fields = [cell for cell in rects(picture) if cell.fill == svg.PAPER]
    lefts, tops = (sorted({getattr(f, side) for f in fields}) for side in ("left", "top"))
    lines = texts(picture)
    for index, posture in enumerate(postures, 1):
        (one,) = [line for line in lines if line.words == f"F-{index:02}"]
        (cell,) = [field for field in fields if one.inside(field)]
        right, lower = lefts.index(cell.left) == 1, tops.index(cell.top) == 1
        assert (right, lower) == (posture.over_caution >= 4, posture.over_openness < 4)


@given(POSTURES)
def test_the_two_by_two_ranks_nothing_and_judges_nobody(postures: tuple[Posture, ...]) -> None:
    picture = quadrant.two_by_two(postures, numbers_of(postures))
    for word in ("ideal", "chaotic", "good", "bad", "best", "worst"):
        assert word not in picture.lower().replace("withhold", "")
    assert len({cell.fill for cell in rects(picture)} - {svg.TINT}) == 1
    said = title(picture)
    assert "not a score" in said
    for words in numbers_of(postures).values():
        assert said.count(words) == 1


def test_no_flow_is_no_two_by_two() -> None:
    assert quadrant.two_by_two((), {}) == ""


@FIFTY
@given(st.none() | TEXTS, st.none() | TEXTS, st.integers(1, 30))
def test_names_stay_in_the_boxes_of_the_tiers(
    project: str | None, protocol: str | None, times: int
) -> None:
    found = tiers.tiers_of((project or "") * times or None, (protocol or "") * times or None)
    picture = tiers.tier_diagram(found)
    assert_legible(picture)
    assert_kept_in_cells(picture)


def test_the_tiers_say_law_protocol_agreements_procedures_in_that_order() -> None:
    picture = tiers.tier_diagram(tiers.tiers_of("Northshire Hub", "Northshire Partnership"))
    wanted = ("Law and codes", "This protocol (tier 1)", "Agreements (tier 2)", "Procedures and")
    heights = [next(t.top for t in texts(picture) if t.words.startswith(w)) for w in wanted]
    assert heights == sorted(heights)
    said = title(picture)
    assert [said.index(word) for word in wanted] == sorted(said.index(word) for word in wanted)
    for name in ("Northshire Hub", "Northshire Partnership"):
        assert name in said
        assert name in [one.words for one in texts(picture)]


def test_what_a_person_typed_is_text_and_no_markup() -> None:
    hostile = '</title><script x="1">&'
    picture = tiers.tier_diagram(tiers.tiers_of(hostile, hostile))
    assert "<script" not in picture
    assert hostile in title(picture)


@FIFTY
@given(PROJECTS, st.booleans())
def test_the_dates_stand_in_their_order_and_their_words_apart(
    project: Project, agreement: bool
) -> None:
    found = timeline.timeline_of(project, agreement=agreement)
    days = [event.day for event in found.events if event.day]
    assert days == sorted(set(days))
    picture = timeline.timeline_picture(found)
    if not days:
        assert picture == ""
        return
    assert_legible(picture)
    starts = (project.assessment.starts_on, project.review.due)
    assert {day for day in starts if day} <= set(days)
    for event in found.events:
        assert event.words in title(picture)


def test_the_timeline_reads_start_reviews_and_end() -> None:
    terms = AgreementTerms(
        starts_on=date(2027, 8, 31),
        open_ended=False,
        ends_on=date(2030, 1, 31),
        first_review_months=6,
        review_months=12,
    )
    project = replace(
        Project(),
        assessment=Assessment(starts_on=date(2027, 8, 31)),
        review=ReviewPlan(due=None),
        agreement=terms,
    )
    found = timeline.timeline_of(
        project, agreement=True, unconfirmed=frozenset({"agreement.ends_on"})
    )
    assert [(event.day, event.words) for event in found.events] == [
        (date(2027, 8, 31), "Planned start; agreement starts"),
        (date(2028, 2, 29), "First review of the agreement"),
        (date(2029, 2, 28), "Next review of the agreement, then every 12 months"),
        (date(2030, 1, 31), "Agreement ends (to be confirmed)"),
        (None, "Next review of this assessment"),
    ]
    words = " ".join(one.words for one in texts(timeline.timeline_picture(found)))
    assert "No date yet" in words
    alone = timeline.timeline_of(project, agreement=False)
    assert [event.words for event in alone.events] == [
        "Planned start",
        "Next review of this assessment",
    ]


def test_an_open_end_is_said_in_words_and_no_review_falls_after_the_end() -> None:
    terms = AgreementTerms(
        starts_on=date(2027, 1, 1), open_ended=True, first_review_months=6, review_months=12
    )
    project = replace(Project(), agreement=terms)
    found = timeline.timeline_of(project, agreement=True)
    picture = timeline.timeline_picture(found)
    assert "No fixed end" in [one.words for one in texts(picture)]
    assert "no fixed end" in title(picture)
    ended = replace(terms, open_ended=False, ends_on=date(2027, 12, 31))
    found = timeline.timeline_of(replace(Project(), agreement=ended), agreement=True)
    assert max(event.day for event in found.events if event.day) == date(2027, 12, 31)


@given(REGISTERS, POSTURES, PROJECTS)
def test_the_same_facts_give_the_same_bytes(
    risks: tuple[Risk, ...], postures: tuple[Posture, ...], project: Project
) -> None:
    def drawn() -> list[str]:
        dates = timeline.timeline_of(project, agreement=True)
        return [
            *matrices.risk_matrices(risks),
            quadrant.two_by_two(postures, numbers_of(postures)),
            timeline.timeline_picture(dates),
        ]

    assert drawn() == drawn()


def value(colour: str) -> str:
    """The colour that a token of the style sheet stands for: `var(--ink)` is #1c2733."""
    return resolved(colour, tokens((shipped("templates"),)))


def contrast(one: str, other: str) -> float:
    return ratio(value(one), value(other))


def pictures() -> list[str]:
    flows = tuple(DataFlow(DataFlowId(f"f{n}")) for n in range(3))
    postures = tuple(Posture(flow.id, (), 2 * n, 6 - n, None) for n, flow in enumerate(flows))
    project = replace(
        Project(),
        assessment=Assessment(starts_on=date(2027, 1, 1)),
        agreement=AgreementTerms(open_ended=True),
    )
    rows = [(c[1], c[0], "remote", "some_impact") for c in matrices.CELLS]
    return [
        *matrices.risk_matrices(register(*rows, ("remote", None, None, None))),
        quadrant.two_by_two(postures, numbers_of(postures)),
        tiers.tier_diagram(tiers.tiers_of("Northshire Hub", "Northshire Partnership")),
        timeline.timeline_picture(timeline.timeline_of(project, agreement=True)),
    ]


def test_text_and_shapes_stand_out_from_what_is_behind_them() -> None:
    for picture in pictures():
        for one in texts(picture):
            x, y = one.middle
            behind = [
                cell.fill
                for cell in rects(picture)
                if cell.left < x < cell.right and cell.top < y < cell.bottom
            ]
            ground = next((fill for fill in reversed(behind) if fill != "none"), svg.PAPER)
            assert contrast(one.fill, ground) >= 4.5, one
        for node in ET.fromstring(picture):  # noqa: S314 - our own text
            stroke = node.attrib.get("stroke", "none")
            if stroke != "none":
                grounds = (svg.PAPER, svg.TINT, *matrices.GROUNDS.values())
                assert all(contrast(stroke, ground) >= 3 for ground in grounds if stroke != ground)


def test_the_ratings_are_told_apart_in_grey() -> None:
    low, medium, high = (
        contrast(matrices.GROUNDS[w], "#000000") for w in ("low", "medium", "high")
    )
    assert low > medium + 1 > high + 2


@pytest.mark.xdist_group("pdf")
def test_each_picture_is_a_figure_with_its_alternative_text_in_the_pdf() -> None:
    found: dict[str, list[str]] = {}
    for document in render(load(shipped("examples") / "safeguarding-hub.json")):
        reader = pypdf.PdfReader(io.BytesIO(document.content))
        root: Any = reader.trailer["/Root"]
        found[document.document] = list(figures(root["/StructTreeRoot"]))
    for words in ("on a grid of how bad", "prompts for judgement, not a score", "Dates in their"):
        assert sum(words in alt for alt in found["pia"]) == 1, words
    assert sum("Four layers" in alt for alt in found["protocol"]) == 1


def figures(element: Any) -> Iterator[str]:
    """The alternative text of each figure below an element of the structure."""
    if element.get("/S") == "/Figure":
        yield str(element["/Alt"])
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        below = child.get_object()
        if isinstance(below, dict):
            yield from figures(below)
