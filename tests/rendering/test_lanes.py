"""The pictures of the flows: true to the answers, legible, tagged, and the same bytes again."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import pypdf
import pytest
from hypothesis import example as such_as
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from piagen.domain.build import project_from
from piagen.domain.data import DataFlow, DataItem, System
from piagen.domain.ids import DataFlowId, DataItemId, PartnerId, PurposeId, SystemId
from piagen.domain.partners import Partner, Role
from piagen.domain.project import Project
from piagen.domain.purposes import Purpose
from piagen.domain.safeguards import Transfer
from piagen.law.sharing import Regime
from piagen.pipeline.assess import load
from piagen.pipeline.documents import render
from piagen.rendering.pictures import svg
from piagen.rendering.pictures.arrows import MOST_ARROWS
from piagen.rendering.pictures.lanes import FlowPicture, flow_pictures
from piagen.rendering.pictures.measure import drawable, width_of, wrap
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
LONG = "Northshire and District Joint Safeguarding, Housing and Community Safety Partnership Board"
NAMES = st.one_of(
    st.none(),
    st.sampled_from([
        "The council", "A", LONG, "W" * 80, "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysilio",
        "</text></svg><script>alert(1)</script>", "\x00\x1b & \ud800 \"'>", "a\nb\u2028c",
        "مجلس المدينة", "परिषद", "e\u0301" * 40, "中文市", "{{ x }}", " ",
    ]),
    st.text(max_size=120),
)  # fmt: skip
REGIMES: st.SearchStrategy[Regime | None] = st.sampled_from([None, "uk_gdpr", "law_enforcement"])


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Up to 12 partners, 30 flows, five purposes, with all that a flow may lack."""
    partners = tuple(
        Partner(PartnerId(f"p{i}"), name=draw(NAMES), short_name=draw(NAMES))
        for i in range(draw(st.integers(1, 12)))
    )
    purposes = tuple(Purpose(PurposeId(f"u{i}")) for i in range(draw(st.integers(0, 5))))
    ids = st.sampled_from([partner.id for partner in partners])
    purpose = st.sampled_from([None, *(row.id for row in purposes)])
    items = (
        DataItem(DataItemId("plain"), category=("personal",)),
        DataItem(DataItemId("health"), category=("personal", "special_category")),
    )
    systems = (System(SystemId("s"), supplier=partners[-1].id),)
    flows = tuple(
        DataFlow(
            DataFlowId(f"f{i}"),
            name=draw(NAMES),
            sender=draw(st.one_of(st.none(), ids)),
            recipients=draw(st.one_of(st.none(), st.lists(ids, max_size=12).map(tuple))),
            data_items=draw(st.sampled_from([None, (items[0].id,), (items[1].id,)])),
            purpose=draw(purpose),
            systems=draw(st.sampled_from([None, (systems[0].id,)])),
            regime=draw(REGIMES),
        )
        for i in range(draw(st.integers(0, 30)))
    )
    roles = (Role("r", partner=partners[-1].id, role="processor"),)
    return Project(
        partners=partners,
        roles=roles if draw(st.booleans()) else (),
        purposes=purposes,
        data_items=items,
        data_flows=flows,
        systems=systems,
        transfers=(Transfer("t", data_items=(items[0].id,)),) if draw(st.booleans()) else (),
    )


def crowd(names: int, flows: int) -> Project:
    """So many partners with long names, each flow from one of them to all the others."""
    partners = tuple(Partner(PartnerId(f"p{i}"), name=f"{i} {LONG}") for i in range(names))
    ids = tuple(partner.id for partner in partners)
    return Project(
        partners=partners,
        data_flows=tuple(
            DataFlow(DataFlowId(f"f{i}"), name=LONG, sender=ids[i % names], recipients=ids)
            for i in range(flows)
        ),
    )


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, and what is written there."""

    left: float
    top: float
    right: float
    bottom: float
    words: str = ""

    def meets(self, other: Box) -> bool:
        across = self.left < other.right - 0.01 and other.left < self.right - 0.01
        return across and self.top < other.bottom - 0.01 and other.top < self.bottom - 0.01

    def holds(self, other: Box) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def walk(node: ET.Element, dx: float = 0, dy: float = 0) -> Iterator[tuple[ET.Element, Any]]:
    """Yield every element with how far its groups have moved it."""
    moved = node.get("transform", "translate(0 0)").removeprefix("translate(").rstrip(")").split()
    dx, dy = dx + float(moved[0]), dy + float(moved[1])
    yield node, (dx, dy)
    for child in node:
        yield from walk(child, dx, dy)


def named(picture: FlowPicture, tag: str) -> Iterator[tuple[ET.Element, Any]]:
    for node, moved in walk(ET.fromstring(picture.svg)):  # noqa: S314 - our own
        if node.tag.endswith(f"}}{tag}"):
            yield node, moved


def texts(picture: FlowPicture) -> list[Box]:
    found = []
    for node, (dx, dy) in named(picture, "text"):
        size, x, y = (float(node.get(key, "")) for key in ("font-size", "x", "y"))
        assert size >= svg.SMALLEST
        wide = width_of(node.text or "", size, int(node.get("font-weight", "")))  # type: ignore[arg-type]
        top, bottom = y + dy - 0.78 * size, y + dy + 0.22 * size
        found.append(Box(x + dx, top, x + dx + wide, bottom, node.text or ""))
    return [box for box in found if box.words.strip()]


def lane_boxes(picture: FlowPicture) -> list[Box]:
    """The boxes of the organisations, from the top."""
    found = []
    for node, _ in named(picture, "rect"):
        if node.get("rx") == "2.5":
            x, y, wide, tall = (float(node.get(k, "")) for k in ("x", "y", "width", "height"))
            found.append(Box(x, y, x + wide, y + tall))
    return found


def example(name: str) -> Project:
    return project_from(load(shipped("examples") / f"{name}.json").answers)


@settings(max_examples=max(50, settings().max_examples))
@given(projects())
@such_as(crowd(12, 30))
@such_as(crowd(1, 3))
def test_no_words_meet_others_or_leave_their_box(project: Project) -> None:
    for picture in flow_pictures(project, 5):
        assert picture.svg
        root = ET.fromstring(picture.svg)  # noqa: S314
        wide, tall = (float(n) for n in root.get("viewBox", "").split()[2:])
        assert wide <= svg.FULL_WIDTH
        assert tall <= svg.FULL_HEIGHT
        written, lanes = texts(picture), lane_boxes(picture)
        for box in written:
            assert Box(0, 0, wide, tall).holds(box), box
            for lane in lanes:
                assert lane.holds(box) or not lane.meets(box), box
        for one, other in itertools.combinations(written, 2):
            assert not one.meets(other), (one, other)
        assert all(any(lane.holds(box) for box in written) for lane in lanes), "each has a name"


@given(projects())
def test_every_flow_is_in_exactly_one_picture_and_none_has_too_many(project: Project) -> None:
    pictures = flow_pictures(project, 5)
    seen = sorted(number for picture in pictures for number in picture.flows)
    assert seen == sorted(f"F-{i:02}" for i in range(1, len(project.data_flows) + 1))
    for picture in pictures:
        assert len(picture.flows) <= MOST_ARROWS
        drawn = [box.words for box in texts(picture) if box.words in picture.flows]
        assert drawn == list(picture.flows)


@given(projects())
def test_the_same_project_gives_the_same_bytes(project: Project) -> None:
    assert flow_pictures(project, 5) == flow_pictures(replace(project), 5)


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "import json, sys\n"
        "from piagen.domain.build import project_from\n"
        "from piagen.rendering.pictures.lanes import flow_pictures\n"
        "answers = json.load(open(sys.argv[1], encoding='utf-8'))\n"
        "print([(p.svg, p.alternative) for p in flow_pictures(project_from(answers), 5)])"
    )
    file = str(shipped("examples") / "serious-violence-hub.json")
    said = {
        subprocess.run(
            [sys.executable, "-c", code, file],
            capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_dot_is_in_the_senders_lane_and_an_arrowhead_in_each_recipients(name: str) -> None:
    project = example(name)
    numbers = {f"F-{i:02}": flow for i, flow in enumerate(project.data_flows, 1)}
    for picture in flow_pictures(project, 5):
        lanes = lane_boxes(picture)
        taking = {
            partner
            for number in picture.flows
            for partner in (numbers[number].sender, *(numbers[number].recipients or ()))
        }
        order = [p.id for p in project.parties if p.id in taking]
        middle = {p: (lane.top + lane.bottom) / 2 for p, lane in zip(order, lanes, strict=False)}
        foot = lanes[-1].bottom
        dots = [
            (float(node.get("cx", "")), float(node.get("cy", "")))
            for node, (_, dy) in named(picture, "circle")
            if node.get("r") == "4.4" and dy == 0
        ]
        assert len(dots) == len(picture.flows)
        heads = [
            tuple(float(part) for part in node.get("d", "").split(" L")[1].split(" ")[:2])
            for node, (_, dy) in named(picture, "path")
            if " L" in node.get("d", "") and dy < foot
        ]
        for number, (x, y) in zip(picture.flows, dots, strict=True):
            flow = numbers[number]
            assert flow.sender is not None
            assert y == pytest.approx(middle[flow.sender], abs=0.02)
            tips = sorted(tip for at, tip in heads if at == pytest.approx(x, abs=0.02))
            wanted = sorted(
                middle[p] + (4.5 if middle[p] >= y else -4.5) for p in flow.recipients or ()
            )
            assert tips == pytest.approx(wanted, abs=0.02), number


def dashes(picture: FlowPicture) -> list[str]:
    return [
        node.get("stroke-dasharray", "")
        for node, (_, dy) in named(picture, "line")
        if node.get("stroke-width") == "1.6" and dy == 0
    ]


def words_of(picture: FlowPicture) -> set[str]:
    return {box.words for box in texts(picture)}


def plain(**changes: Any) -> Project:
    """Two partners and one flow between them."""
    given: dict[str, Any] = {
        "id": DataFlowId("f"), "name": "Referral", "sender": PartnerId("a"),
        "recipients": (PartnerId("b"),), "data_items": (DataItemId("i"),), "regime": "uk_gdpr",
    }  # fmt: skip
    partners = (Partner(PartnerId("a"), name="Alpha"), Partner(PartnerId("b"), name="Beta"))
    flow = DataFlow(**{**given, **changes})
    return Project(partners=partners, data_flows=(flow,), data_items=(DataItem(DataItemId("i")),))


@pytest.mark.parametrize(
    ("regime", "dash", "key"),
    [
        ("uk_gdpr", "", "UK GDPR"),
        ("law_enforcement", "6 3", "Part 3, law enforcement"),
        (None, "1.5 3", "rules not recorded"),
    ],
)
def test_the_line_tells_the_regime_and_the_key_explains_that_line_alone(
    regime: Any, dash: str, key: str
) -> None:
    (picture,) = flow_pictures(plain(regime=regime), 5)
    assert dashes(picture) == [dash]
    explained = {"UK GDPR", "Part 3, law enforcement", "rules not recorded"}
    assert words_of(picture) & explained == {key}


@pytest.mark.parametrize("category", ["special_category", "criminal_offence"])
def test_a_lock_marks_data_that_needs_more_care(category: Any) -> None:
    key = "special category or criminal offence data"
    project = plain()
    (bare,) = flow_pictures(project, 5)
    assert key not in words_of(bare)
    item = DataItem(DataItemId("i"), category=("personal", category))
    (locked,) = flow_pictures(replace(project, data_items=(item,)), 5)
    assert key in words_of(locked)
    locks = [node for node, _ in named(locked, "rect") if node.get("width") == "8.4"]
    assert len(locks) == 2, "one over the flow, one in the key"
    assert f"{key[0].upper()}{key[1:]}"[1:] in locked.alternative


def test_a_mark_tells_what_goes_outside_the_uk() -> None:
    (bare,) = flow_pictures(plain(), 5)
    assert not list(named(bare, "ellipse"))
    assert "outside the UK" not in bare.alternative
    project = replace(plain(), transfers=(Transfer("t", data_items=(DataItemId("i"),)),))
    (picture,) = flow_pictures(project, 5)
    assert "carries an item that goes outside the UK" in words_of(picture)
    assert len(list(named(picture, "ellipse"))) == 2
    assert "With an item that goes outside the UK: F-01." in picture.alternative


def test_a_processor_has_a_dotted_lane_even_if_it_only_supplies_the_system() -> None:
    project = plain(systems=(SystemId("s"),))
    supplier = Partner(PartnerId("c"), name="Gamma")
    project = replace(
        project,
        partners=(supplier, *project.partners),
        roles=(Role("r", partner=supplier.id, role="processor"),),
        systems=(System(SystemId("s"), supplier=supplier.id),),
    )
    (picture,) = flow_pictures(project, 5)
    boxes = [node for node, _ in named(picture, "rect") if node.get("rx") == "2.5"]
    assert [bool(node.get("stroke-dasharray")) for node in boxes] == [False, False, True]
    assert {"Gamma", "Processor", "supplies a system that is used"} <= words_of(picture)
    assert "between two organisations" in picture.alternative, "it neither sends nor receives"


def test_what_is_not_recorded_is_said_and_never_guessed() -> None:
    (picture,) = flow_pictures(plain(sender=None, recipients=None, purpose=None), 5)
    assert {"Sender not recorded", "Recipient not recorded"} <= words_of(picture)
    assert picture.alternative.startswith("One flow with no organisations")
    assert "Sender not recorded: F-01. Recipient not recorded: F-01." in picture.alternative


@given(projects())
def test_the_alternative_text_is_true(project: Project) -> None:
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    by_number = {f"F-{i:02}": flow for i, flow in enumerate(project.data_flows, 1)}
    for picture in flow_pictures(project, 7):
        flows = [by_number[number] for number in picture.flows]
        taking = {f.sender for f in flows} | {p for f in flows for p in f.recipients or ()}
        count = len(taking - {None})
        said = picture.alternative.lower()
        assert said.startswith(f"{numbers[len(flows)]} ")
        assert f" {numbers[count] if count < 10 else count} organisation" in said
        assert "full details in table 7." in said
        under = [n for n in picture.flows if by_number[n].regime == "law_enforcement"]
        assert ("under part 3:" in said) == bool(under)
        part = picture.alternative.partition("Under Part 3: ")[2].partition(".")[0]
        if part != "all":
            assert [n for n in picture.flows if n in part] == under
        else:
            assert under == list(picture.flows)


def test_more_than_nine_flows_are_parted_by_purpose() -> None:
    pictures = flow_pictures(example("safeguarding-hub"), 5)
    assert [len(picture.flows) for picture in pictures] == [9, 2]
    assert pictures[0].caption == "Data flows for purposes P1, P2 and P3 (picture 1 of 2)"
    assert pictures[1].caption == "Data flows for purpose P4 (picture 2 of 2)"


def test_no_flows_give_no_picture() -> None:
    assert flow_pictures(Project(), 5) == ()


def test_too_many_organisations_for_a_page_are_not_drawn_and_not_lost() -> None:
    (picture,) = flow_pictures(crowd(60, 1), 5)
    assert picture.svg == ""
    assert picture.flows == ("F-01",)


def test_typed_text_is_data_in_the_picture() -> None:
    name = '</text></svg><script>x</script> "&'
    project = plain()
    partners = (replace(project.partners[0], name=name), project.partners[1])
    (picture,) = flow_pictures(replace(project, partners=partners), 5)
    assert "<script" not in picture.svg
    assert name.replace(" ", "") in "".join(sorted_lines(picture)).replace(" ", "")


def sorted_lines(picture: FlowPicture) -> list[str]:
    return [box.words for box in sorted(texts(picture), key=lambda box: box.top)]


def test_a_name_that_would_fall_apart_is_told_by_its_place() -> None:
    project = plain()
    partners = (replace(project.partners[0], name="مجلس المدينة"), project.partners[1])
    (picture,) = flow_pictures(replace(project, partners=partners), 5)
    assert "Organisation 1 in the answers" in " ".join(sorted_lines(picture))
    assert drawable("Cyngor Ŵynŷ 中文")
    assert not drawable("परिषद")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F), max_size=40))
def test_text_is_never_wider_than_it_is_measured(words: str) -> None:
    for weight, style in ((400, "Regular"), (600, "Semibold")):
        file = shipped("templates") / "_base" / "fonts" / f"SourceSans3-{style}.ttf"
        fonts = ImageFont.truetype(str(file), 1000, layout_engine=ImageFont.Layout.BASIC)
        seen = sum(fonts.getlength(letter) for letter in words if letter.isprintable())
        assert width_of(words, 1000, weight) >= seen - 2 * len(words)  # type: ignore[arg-type]


@given(st.text(max_size=200), st.floats(20, 200), st.integers(1, 4))
def test_wrapped_lines_fit_and_lose_nothing_in_silence(words: str, wide: float, lines: int) -> None:
    found = wrap(words, 9, wide, lines=lines)
    assert 1 <= len(found) <= lines
    assert all(width_of(line, 9) <= wide or len(line) <= 2 for line in found)
    if not found[-1].endswith("…"):
        import unicodedata

        kept = unicodedata.normalize("NFC", "".join(words.split()))
        assert "".join("".join(found).split()) == "".join(kept.split())


def test_the_pdf_and_the_page_have_each_picture_with_its_alternative_text() -> None:
    loaded = load(shipped("examples") / "safeguarding-hub.json")
    for document in render(loaded, ["pia", "agreement"]):
        reader = pypdf.PdfReader(io.BytesIO(document.content))
        root: Any = reader.trailer["/Root"]
        told = [str(e.get("/Alt", "")) for e in figures(root["/StructTreeRoot"])]
        about = [alt for alt in told if "full details in Table" in alt]
        assert [alt.split(" flows")[0] for alt in about] == ["Nine of 11", "Two of 11"]
        (table,) = {alt.partition("Table ")[2].partition(".")[0] for alt in about}
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert f"Table {table}: data flows" in text
    (page,) = render(loaded, ["pia"], format="html")
    assert page.content.count(b'role="img"') >= 2


def figures(node: Any) -> Iterator[Any]:
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object()
        if isinstance(found, dict):
            if found.get("/S") == "/Figure":
                yield found
            yield from figures(found)
