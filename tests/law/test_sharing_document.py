"""Which sharing documents a project needs follows from who does what and what moves."""

from __future__ import annotations

import pytest

from piagen.domain.build import project_from
from piagen.law.catalogue import load_catalogue
from piagen.law.sharing_document import TITLES, sharing_documents
from piagen.pipeline.assess import questionnaire as shipped_questionnaire
from piagen.questionnaire.survey import survey

NAMES = {"a": "Alder Council", "b": "Birch Trust", "c": "Cedar Police", "s": "Sorrel Hosting"}


def project(roles, flows=(), protocol="none", **more):
    """Roles are written `a controller`, flows `a>b` or `a>b one_off`."""
    held = [role.split() for role in roles]
    ids = dict.fromkeys(role[0] for role in held)
    found = []
    for number, flow in enumerate(flows):
        ends, _, how = flow.partition(" ")
        sender, _, recipients = ends.partition(">")
        found.append(
            {
                "id": f"f{number}",
                "sender": sender,
                "recipients": recipients.split(","),
                "frequency": how or "weekly",
                "regime": more.get("regime", "uk_gdpr"),
            }
        )
    return project_from(
        {
            "purposes": [{"id": "p"}, {"id": "q"}],
            "partners": [{"id": id_, "name": NAMES[id_]} for id_ in ids],
            "roles": [
                {"id": f"r{n}", "partner": r[0], "role": r[1], "purpose": r[2] if r[2:] else "p"}
                for n, r in enumerate(held)
            ],
            "partnership": {"protocol": protocol} if protocol else {},
            "data_flows": found,
            "processors": more.get("processors", []),
        }
    )


TWO = ("a controller", "b controller")
THREE = (*TWO, "c recipient")
JOINT = ("a joint_controller", "b joint_controller")
SUPPLIED = ("a controller", "s processor")
# Roles, flows, protocol: kinds and whom each is between.
NEEDED = {
    "both ways": (TWO, ["a>b", "b>a"], "none", {"protocol": "ab", "agreement": "ab"}),
    "both ways under a protocol": (TWO, ["a>b", "b>a"], "exists", {"agreement": "ab"}),
    "one way": (TWO, ["a>b"], "exists", {"disclosure_agreement": "ab"}),
    "one way, then on": (THREE, ["a>b", "b>c"], "exists", {"disclosure_agreement": "abc"}),
    "round about": (THREE, ["a>b", "b>c", "c>a"], "exists", {"agreement": "abc"}),
    "both ways with one, one way to another": (
        THREE, ["a>b", "b>a", "a>c"], "exists", {"agreement": "abc"},
    ),
    "only those that share": (THREE, ["a>b", "b>a"], "exists", {"agreement": "ab"}),
    "no flows yet": (TWO, [], "none", {"protocol": "ab"}),
    "no flows, and a protocol": (TWO, [], "exists", {"none": "ab"}),
    "one-off only": (TWO, ["a>b one_off"], "none", {"none": "ab"}),
    "one-off one way, regular the other": (
        TWO, ["a>b one_off", "b>a"], "exists", {"disclosure_agreement": "ab"},
    ),
    "joint controllers": (
        JOINT, ["a>b", "b>a"], "exists",
        {"agreement": "ab", "joint_controller_arrangement": "ab"},
    ),
    "joint controllers without a flow": (
        JOINT, [], "exists", {"joint_controller_arrangement": "ab"},
    ),
    "one joint controller alone": (("a joint_controller",), [], None, {"none": "a"}),
    "joint for different purposes": (
        ("a joint_controller", "b joint_controller q"), [], "exists", {"none": "ab"},
    ),
    "a supplier": (SUPPLIED, ["a>s"], None, {"none": "a", "processor_contract": "as"}),
    "a supplier of two": (
        (*TWO, "s processor"), ["a>b", "a>s", "s>b"], "exists",
        {"disclosure_agreement": "ab", "processor_contract": "abs"},
    ),
    "one organisation": (("a controller",), [], None, {"none": "a"}),
}  # fmt: skip


@pytest.mark.parametrize("case", NEEDED)
def test_the_documents_needed(case):
    roles, flows, protocol, expected = NEEDED[case]
    found = sharing_documents(project(roles, flows, protocol))
    assert {document.kind: "".join(document.between) for document in found} == expected
    law = load_catalogue()
    for document in found:
        assert document.title == TITLES[document.kind]
        assert document.needed_because
        assert all(reason.endswith(".") for reason in document.needed_because)
        assert document.cites
        assert all(law.cite(key) for key in document.cites)


def test_every_kind_is_tried():
    assert {kind for *_, expected in NEEDED.values() for kind in expected} == set(TITLES)


def test_without_partners_nothing_can_be_said():
    assert sharing_documents(project_from({})) == ()


def reasons(kind, *given, **more):
    (found,) = (d for d in sharing_documents(project(*given, **more)) if d.kind == kind)
    return " ".join(found.needed_because)


def test_the_reasons_name_who_gives_what_to_whom():
    said = reasons("agreement", THREE, ["a>b,c", "b>a"], "exists")
    assert "Alder Council shares with Birch Trust and Cedar Police." in said
    assert "Birch Trust shares with Alder Council." in said
    assert "both ways" in said
    assert "one way only" in reasons("disclosure_agreement", TWO, ["a>b"], "exists")


@pytest.mark.parametrize(
    ("protocol", "says"), [("none", "No protocol covers"), (None, "do not say")]
)
def test_a_protocol_that_nobody_has_answered_for_is_not_said_to_be_lacking(protocol, says):
    assert says in reasons("protocol", TWO, ["a>b"], protocol)


def test_joint_controllers_who_share_are_told_of_their_arrangement():
    assert "joint controllers" in reasons("agreement", JOINT, ["a>b", "b>a"], "exists")
    assert "joint controllers" not in reasons("agreement", TWO, ["a>b", "b>a"], "exists")


def test_separate_sets_of_joint_controllers_have_separate_arrangements():
    roles = (*JOINT, "a joint_controller q", "c joint_controller q")
    found = [d for d in sharing_documents(project(roles)) if "joint" in d.kind]
    assert ["".join(document.between) for document in found] == ["ab", "ac"]
    assert [("P1" in d.needed_because[0], "P2" in d.needed_because[0]) for d in found] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("kind", "roles", "key"),
    [
        ("joint_controller_arrangement", JOINT, "dpa-2018/58"),
        ("processor_contract", SUPPLIED, "dpa-2018/59"),
        ("agreement", TWO, "ico-data-sharing-code/law-enforcement"),
    ],
)
def test_part_3_is_cited_where_data_moves_under_it(kind, roles, key):
    ends = [role[0] for role in roles]
    flows = [">".join(ends), ">".join(reversed(ends))]
    for regime, there in (("law_enforcement", True), ("uk_gdpr", False)):
        found = sharing_documents(project(roles, flows, "exists", regime=regime))
        (document,) = (one for one in found if one.kind == kind)
        assert (key in document.cites) is there


@pytest.mark.parametrize(
    ("state", "says"),
    [("signed", "is signed"), ("in_draft", "is a draft"), ("none_yet", "no contract yet")],
)
def test_how_far_a_contract_is_is_said(state, says):
    contract = {"id": "x", "partner": "s", "contract_state": state, "instructed_by": ["b"]}
    roles = (*TWO, "s processor")
    (found,) = (
        d
        for d in sharing_documents(project(roles, processors=[contract]))
        if d.kind == "processor_contract"
    )
    assert says in found.needed_because[-1]
    assert found.between == ("b", "s"), "the contract says who instructs it"


def test_a_processor_is_never_party_to_anything_but_its_contract(example, example_names):
    for name in example_names:
        seen = project_from(survey(shipped_questionnaire(), example(name)).visible)
        suppliers = {partner.id for partner in seen.suppliers}
        for document in sharing_documents(seen):
            if document.kind != "processor_contract":
                assert suppliers.isdisjoint(document.between)
