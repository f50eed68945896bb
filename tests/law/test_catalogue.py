"""The law catalogue holds everything it should, says how each part was checked, and cites it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from piagen.errors import UnusableFile
from piagen.law import catalogue as module
from piagen.law.catalogue import FAMILIES, Catalogue, load_catalogue
from piagen.law.citation import UnknownCitation
from piagen.law.model import (
    WILDCARDS,
    Basis,
    Gateway,
    InForce,
    Instrument,
    Provision,
    Role,
    Status,
    VerificationState,
)
from piagen.yamlio import load_yaml

DATA = Path(__file__).parents[1] / "data"
HOME = Path(module.__file__).parent
LATEST = date(2026, 11, 22)
"""The position of the law that the catalogue states; nothing in it was checked later."""

law = load_catalogue()
ALL_BASES = [basis for family in law.bases.values() for basis in family.values()]
ALL_PROVISIONS = [p for i in law.instruments.values() for p in i.provisions.values()]
ALL_ENTRIES: list[Gateway | Basis | Instrument | Provision] = [
    *law.gateways.values(),
    *ALL_BASES,
    *law.instruments.values(),
    *ALL_PROVISIONS,
]


def lines(name):
    return (DATA / name).read_text(encoding="utf-8").split("\n")[:-1]


def test_every_gateway_is_there():
    assert sorted(law.gateways) == sorted(lines("gateway_ids.txt"))
    assert len(law.gateways) == 136


def test_every_basis_is_there():
    assert sorted(basis.code for basis in ALL_BASES) == sorted(lines("basis_codes.txt"))
    assert len(ALL_BASES) == 76


def test_every_body_kind_is_there():
    assert len(law.body_kinds) == 53


def test_contents_and_files_hold_the_same_gateways():
    for file, entries in load_yaml(HOME / "gateways.yaml").items():
        assert list(load_yaml(HOME / "gateways" / f"{file}.yaml")) == list(entries), file
    assert {p.stem for p in (HOME / "gateways").glob("*.yaml")} == set(
        load_yaml(HOME / "gateways.yaml")
    )


def test_bases_files_are_the_families():
    assert {path.stem for path in (HOME / "bases").glob("*.yaml")} == set(FAMILIES)


@pytest.mark.parametrize("gateway", law.gateways.values(), ids=lambda g: g.id)
def test_gateway_is_whole(gateway):
    known = WILDCARDS | set(law.body_kinds)
    assert gateway.discloser_kinds
    assert set(gateway.discloser_kinds) <= known
    assert set(gateway.recipient_kinds) <= known
    assert gateway.nations
    assert gateway.citation
    assert gateway.href is None or gateway.href.startswith("https://")
    assert (gateway.href is None) == (gateway.href_source == "none")
    assert gateway.verification.state in VerificationState
    assert set(gateway.article_6) <= set(law.bases["article_6"])
    assert set(gateway.article_9) <= set(law.bases["article_9"])
    assert set(gateway.schedule_1) <= set(law.bases["schedule_1"])
    assert set(gateway.schedule_8) <= set(law.bases["schedule_8"])


def test_body_kinds_are_part_of_known_kinds():
    for kind in law.body_kinds.values():
        assert set(kind.part_of) <= set(law.body_kinds), kind.id


def test_nothing_is_dated_after_the_position_of_the_law():
    assert len(ALL_ENTRIES) > 500
    for entry in ALL_ENTRIES:
        dates = (entry.verification.checked_on, entry.in_force.from_, entry.in_force.to)
        assert all(day is None or day <= LATEST for day in dates), entry
    for path in HOME.rglob("*.yaml"):
        for text in re.findall(r"\b\d{4}-\d\d-\d\d\b", path.read_text(encoding="utf-8")):
            assert date.fromisoformat(text) <= LATEST, (path, text)


def test_knowledge_alone_is_never_dated():
    for entry in ALL_ENTRIES:
        if entry.verification.state is VerificationState.FROM_KNOWLEDGE:
            assert entry.verification.checked_on is None, entry


def test_everything_has_one_key_and_can_be_cited():
    keys = list(law.keys())
    assert len(keys) == len(set(keys))
    for key in keys:
        citation = law.cite(key)
        assert citation.key == key
        assert citation.text
        assert citation.verified in VerificationState
        assert (citation.checked_on is None) == (citation.checked == "unknown")


def test_no_citation_prints_its_key():
    for provision in ALL_PROVISIONS:
        id_, _, _ = provision.key.partition("/")
        text = law.cite(provision.key).text.removeprefix(law.instruments[id_].short_title)
        assert text.startswith(", "), provision.key
        assert "/" not in text, text
        assert not re.search(r"sch\d|annex\d|part\d", text), text


def test_every_basis_key_resolves_to_the_basis():
    for basis in ALL_BASES:
        assert law.cite(basis.key).title == basis.name


def test_words_of_verification_come_from_the_data():
    assert law.cite("children-act-2004-s11").checked == "22 November 2026"
    assert law.cite("uk-gdpr/6/1/e").checked == "unknown"
    assert law.cite("dpa-2018/164A").verified is VerificationState.SEEN_PRIMARY
    assert law.cite("uk-gdpr/5/1/c").verified is VerificationState.FROM_KNOWLEDGE
    assert law.cite("children-act-2004/16LA").status is Status.NOT_YET_FULLY_IN_FORCE


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("uk-gdpr", "UK GDPR"),
        ("uk-gdpr/35/7/a", "UK GDPR, Article 35(7)(a)"),
        ("uk-gdpr/8A", "UK GDPR, Article 8A"),
        ("uk-gdpr/6/1/ea", "UK GDPR, Article 6(1)(ea)"),
        ("uk-gdpr/annex1/5", "UK GDPR, Annex 1, paragraph 5"),
        ("uk-gdpr/annex2", "UK GDPR, Annex 2"),
        ("uk-gdpr/recital/38", "UK GDPR, recital 38"),
        ("dpa-2018/164A", "Data Protection Act 2018, section 164A"),
        ("dpa-2018/36/4", "Data Protection Act 2018, section 36(4)"),
        ("dpa-2018/part3", "Data Protection Act 2018, Part 3"),
        ("dpa-2018/sch2", "Data Protection Act 2018, Schedule 2"),
        ("dpa-2018/sch1/18", "Data Protection Act 2018, Schedule 1, paragraph 18"),
        ("dpa-2018/sch1/38-41", "Data Protection Act 2018, Schedule 1, paragraphs 38 to 41"),
        ("copi-regs-2002/5", "Control of Patient Information Regulations 2002, regulation 5"),
        ("echr/8", "European Convention on Human Rights, Article 8"),
        ("wp248/criterion/4", "WP248 rev.01, criterion 4"),
        ("ico-dpia-template/step/2/scope", "ICO DPIA template, step 2 (scope)"),
        ("richardson-2016/T9", "Richardson (2016), Box 10.1, tip 9"),
        ("cda-1998-s115", "Crime and Disorder Act 1998 (c. 37), s.115"),
    ],
)
def test_citation_text(key, text):
    assert law.cite(key).text == text


@pytest.mark.parametrize(
    ("key", "href"),
    [
        ("uk-gdpr/35/7/a", "https://www.legislation.gov.uk/eur/2016/679/article/35"),
        ("dpa-2018/164A", "https://www.legislation.gov.uk/ukpga/2018/12/section/164A"),
        ("dpa-2018/sch2/2", "https://www.legislation.gov.uk/ukpga/2018/12/schedule/2/paragraph/2"),
        ("dpa-2018/part3", "https://www.legislation.gov.uk/ukpga/2018/12/part/3"),
        ("copi-regs-2002/3", "https://www.legislation.gov.uk/uksi/2002/1438/regulation/3"),
        ("uk-gdpr/recital/38", "https://www.legislation.gov.uk/eur/2016/679"),
        ("echr/8", "https://www.legislation.gov.uk/ukpga/1998/42/schedule/1"),
        ("si-2026-386/1", "https://www.legislation.gov.uk/uksi/2026/386/body/made"),
        ("common-law-confidentiality", None),
        ("uncrc/3", None),
    ],
)
def test_citation_address(key, href):
    assert law.cite(key).href == href


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("uk-gdpr/35/7/z", "uk-gdpr/35/7/"),
        ("children-act-2004-s11x", "children-act-2004-s11"),
        ("dpa-2018/sch1/18/", "dpa-2018/sch1/18"),
    ],
)
def test_unknown_citation_names_the_nearest(wrong, nearest):
    with pytest.raises(UnknownCitation) as caught:
        law.cite(wrong)
    assert caught.value.nearest is not None
    assert caught.value.nearest.startswith(nearest)
    assert f"“{wrong}”" in str(caught.value)
    assert caught.value.nearest in str(caught.value)


def test_unknown_citation_with_nothing_near():
    with pytest.raises(UnknownCitation, match=r"has the key “§”$"):
        law.cite("§")


@pytest.mark.parametrize(
    ("name", "count", "id_", "label"),
    [
        ("law.article_6", 7, "6_1_e", "Article 6(1)(e): public task"),
        ("law.article_9", 10, "9_2_g", "Article 9(2)(g): substantial public interest"),
        (
            "law.schedule_1",
            36,
            "18",
            "Schedule 1 paragraph 18: Safeguarding of children and of individuals at risk",
        ),
        (
            "law.schedule_8",
            9,
            "4",
            "Schedule 8 paragraph 4: Safeguarding children and individuals at risk",
        ),
        ("law.body_kinds", 53, "district_council", "District council (in a two-tier area)"),
        ("law.gateways", 136, "cda-1998-s115", law.headings["cda-1998-s115"].title),
    ],
)
def test_options(name, count, id_, label):
    options = law.options(name)
    assert len(options) == count
    assert options[id_] == label


def test_schedule_1_is_offered_in_the_order_of_its_paragraphs():
    """Paragraph 5 is a rule on policy documents and no condition."""
    assert list(law.options("law.schedule_1")) == [str(n) for n in range(1, 38) if n != 5]


def test_no_other_list_is_offered():
    with pytest.raises(KeyError):
        law.options("law.part_3")


def test_what_is_never_a_power_can_be_named_but_is_not_offered():
    never = {g.id for g in law.gateways.values() if not g.is_power}
    roles = {law.gateways[id_].role for id_ in never}
    assert roles == {Role.HISTORIC, Role.RESTRICTION, Role.CONFIDENTIALITY, Role.NOT_PERSONAL_DATA}
    assert len(never) == 12
    assert set(law.options("law.gateways")) == set(law.gateways)
    offered = law.offered("law.gateways")
    assert set(offered) == set(law.gateways) - never
    assert "cda-1998-s17a" in never
    assert not {g.id for g in law.gateways.values() if g.status is Status.REPEALED} & set(offered)


def test_every_other_list_is_offered_whole():
    for name in ("law.article_6", "law.article_9", "law.schedule_1", "law.schedule_8"):
        assert law.offered(name) == law.options(name)


def test_a_list_of_articles_reads_no_gateway():
    fresh = Catalogue(HOME)
    fresh.options("law.article_6")
    assert "headings" not in vars(fresh)
    fresh.options("law.gateways")
    assert "gateways" not in vars(fresh)


def test_only_one_gateway_carries_agreement_as_a_condition():
    assert [g.id for g in law.gateways.values() if g.agreement_is_a_condition] == [
        "housing-act-1996-s213b"
    ]


def test_unknown_dates_exclude_nothing_and_known_ones_do():
    assert not InForce().is_known
    assert not InForce().excludes(date(1999, 1, 1))
    basis = law.bases["article_6"]["6_1_ea"]
    assert basis.in_force.excludes(date(2026, 2, 4))
    assert not basis.in_force.excludes(date(2026, 2, 5))
    assert InForce(to=date(2026, 1, 31)).excludes(date(2026, 2, 1))


def catalogue_with(tmp_path, entry):
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways.yaml").write_text("a:\n  x-1:\n    title: X\n    role: gateway\n")
    (tmp_path / "gateways" / "a.yaml").write_text(entry)
    return Catalogue(tmp_path)


WHOLE = """\
# comment

x-1:
  citation: X Act, s.1
  href_source: none
  kind: express_duty
  nations: [wales]
  domains: [housing]
  discloser_kinds: [any]
  purpose: p
  conditions_or_limits: c
  status: in_force
  confidence: high
  verified: seen-primary
  checked_on: unknown
"""


def test_a_whole_entry_is_read(tmp_path):
    gateway = catalogue_with(tmp_path, WHOLE).gateways["x-1"]
    assert (gateway.title, gateway.nations, gateway.href) == ("X", ("wales",), None)
    assert gateway.verification.checked_on is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  purpose: p\n", "", "lacks “purpose”"),
        ("purpose: p", "purpose: p\n  colour: red", "does not know the field “colour”"),
        ("seen-primary", "seen", "holds “seen” in “verified”"),
        ("[wales]", "[cornwall]", "holds “cornwall” in “nations”"),
        ("unknown", "22 November", "ISO date"),
        ("x-1:", "x-2:", "in the contents but not in this file"),
    ],
)
def test_a_faulty_entry_is_refused(tmp_path, old, new, says):
    law_ = catalogue_with(tmp_path, WHOLE.replace(old, new))
    with pytest.raises(UnusableFile, match=says):
        law_.gateways["x-1"]


def test_a_fault_in_yaml_names_the_line_in_the_file(tmp_path):
    law_ = catalogue_with(tmp_path, WHOLE.replace("  purpose: p", "  kind: again"))
    with pytest.raises(UnusableFile, match=r"a\.yaml:10: .*written twice \(first on line 6\)"):
        law_.gateways["x-1"]
