"""The published edition: what is withheld is in none of its documents, and all it says is true."""

from __future__ import annotations

import copy
import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from piagen.config import read
from piagen.errors import QuestionnaireErrors, Unpublishable
from piagen.pipeline.assess import Loaded, check, load, questionnaire
from piagen.pipeline.documents import Rendered, documents, needed, render
from piagen.pipeline.publish import repeated
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.load import load_questionnaire
from piagen.questionnaire.model import WITHHOLDING, Question
from piagen.rendering.published_answers import publish
from piagen.resources import shipped

EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))
OVERLAY = Path(__file__).parents[1] / "data" / "overlay" / "piagen.toml"
FAULTY = "faulty/safer-families-panel"
JOINED = ["partners", "purposes", "data_items", "data_flows", "legal_basis", "risks"]
"""Tables that other tables, pictures and the legal matrix lean on."""
CANARY = re.compile(r"zzq[0-9]{4}canary|987[,]?654|7 July 2077|2077-07-07", re.IGNORECASE)


def example(name: str) -> Loaded:
    return load(shipped("examples") / f"{name}.json")


def with_answers(loaded: Loaded, **changed: Any) -> Loaded:
    return replace(loaded, answers={**loaded.answers, **changed})


def withholding(loaded: Loaded, *paths: str, reason: str = "operational_tactics") -> Loaded:
    rows = [{"path": path, "reason": reason} for path in paths]
    return with_answers(loaded, withheld=rows)


def pages(loaded: Loaded, wanted: list[str] | None = None) -> dict[str, str]:
    """Each document of the published edition as HTML."""
    made = render(loaded, wanted, format="html", edition="published")
    return {document.document: document.content.decode() for document in made}


def text_of(page: str) -> str:
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


class Canaries:
    """Puts a word that stands nowhere else into the leaves of a project."""

    def __init__(self) -> None:
        self.count = 0

    def into(self, row: Mapping[str, Any], asked: Mapping[str, Question]) -> dict[str, Any]:
        return {leaf: self.of(asked[leaf], it) if leaf in asked else it for leaf, it in row.items()}

    def of(self, question: Question, value: Any) -> Any:
        self.count += 1
        word = f"zzq{self.count:04}canary"
        match question.type:
            case "text" if question.leaf not in ("at", "path", "rule", "slug", "starter"):
                return f"Zzq{word[3:]} is who it is"
            case "prose":
                return f"We do {word} here.\n\nAnd there is a second paragraph about {word}, too."
            case "email":
                return f"{word}@council.example"
            case "url":
                return f"https://{word}.example/a"
            case "number" if not question.limits[1]:
                return 987_654
            case "date" if question.path not in ("assessment.dated", "waivers[].until"):
                return "2077-07-07"
        return value


def canaried(loaded: Loaded, *keys: str) -> Loaded:
    """Return the project with a canary in every leaf of the sections and tables named."""
    asked, canaries = questionnaire(), Canaries()
    answers = copy.deepcopy(dict(loaded.answers))
    for key in keys or tuple(answers):
        table = asked.tables.get(key) or KEPT.get(key)
        if table is not None and key in answers:
            columns = {column.leaf: column for column in table.columns}
            answers[key] = [canaries.into(row, columns) for row in answers[key]]
        elif key in asked.leaves and key in answers:
            answers[key] = canaries.into(answers[key], asked.leaves[key])
    assert canaries.count
    return replace(loaded, answers=answers)


def sections(loaded: Loaded) -> list[str]:
    asked = questionnaire()
    return [k for k in loaded.answers if (k in asked.tables or k in asked.leaves) and k != "roles"]


def all_withheld(name: str) -> Loaded:
    """An example with a canary in every answer, and every answer withheld."""
    kept = [key for key in KEPT if key not in ("withheld", "unconfirmed")]
    loaded = canaried(example(name))
    return withholding(loaded, *sections(loaded), *kept)


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the search away, so that these tests see the edition itself."""
    monkeypatch.setattr("piagen.pipeline.publish.search", lambda *_, **__: None)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_named_staff_or_security_detail_of_an_example_is_published(name: str) -> None:
    loaded = example(name)
    secret = {
        loaded.answers["assessment"]["author"],
        loaded.answers["assessment"].get("owner", "no owner"),
        *(row["control"] for row in loaded.answers.get("access", ()) if "control" in row),
        *(loaded.answers.get("security", {}).get(leaf) for leaf in ("protection", "monitoring")),
        *(row["email"] for row in loaded.answers.get("contacts", ()) if "email" in row),
    } - {None}
    full = render(loaded, format="html")
    printed = " ".join(text_of(document.content.decode()) for document in full)
    assert sum(text.split("\n")[0] in printed for text in secret) > 1, "the full edition has them"
    published = publish(questionnaire(), loaded.answers)
    elsewhere = " ".join(published.texts.values())
    for page in pages(loaded).values():
        for text in secret:
            if text not in elsewhere:
                assert text not in html.unescape(page)


@pytest.mark.parametrize("name", [*EXAMPLES, FAULTY])
def test_no_canary_comes_through_where_every_answer_is_withheld(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of question, every column of every table, open questions and waivers too."""
    blind(monkeypatch)
    loaded = all_withheld(name)
    made = list(render(loaded, list(documents()), format="html", edition="published"))
    assert len(made) == len(documents())
    for document in made:
        assert not CANARY.search(document.content.decode()), document.document
        assert not CANARY.search(document.filename)


@pytest.mark.parametrize("key", JOINED)
def test_no_canary_of_one_table_comes_through_what_refers_to_it(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of rows, the legal matrix, findings, pictures and their words, gaps and authorities."""
    blind(monkeypatch)
    loaded = canaried(example("safeguarding-hub"), key)
    full = "".join(d.content.decode() for d in render(loaded, ["pia"], format="html"))
    assert CANARY.search(full)
    for document, page in pages(withholding(loaded, key)).items():
        assert not CANARY.search(page), document
        assert document != "pia" or "Withheld: operational tactics" in page


@pytest.mark.soak
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_canary_of_any_section_of_any_example_comes_through(name: str) -> None:
    """The search runs as well: it would fail the render."""
    for key in sections(example(name)):
        for document, page in pages(withholding(canaried(example(name), key), key)).items():
            assert not CANARY.search(page), (key, document)


def test_every_other_leaf_is_withheld_and_its_neighbours_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blind(monkeypatch)
    loaded = example("safeguarding-hub")
    answers, asked = copy.deepcopy(dict(loaded.answers)), questionnaire()
    paths, canaries = [], Canaries()
    for key in sections(loaded):
        holders = (
            [(f"{key}[{row['id']}]", row) for row in answers[key]]
            if key in asked.tables
            else [(key, answers[key])]
        )
        for at, row in holders:
            for leaf in [leaf for leaf in row if leaf != "id"][::2]:
                path = f"{key}[].{leaf}" if key in asked.tables else f"{key}.{leaf}"
                row[leaf] = canaries.of(asked.by_path[path], row[leaf])
                paths.append(f"{at}.{leaf}")
    for document, page in pages(withholding(replace(loaded, answers=answers), *paths)).items():
        assert not CANARY.search(page), document
        assert len(text_of(page)) > 3_000


@pytest.mark.parametrize("key", ["data_flows", "data_subjects", "partners", "risks", "screening"])
def test_withheld_answers_make_nothing_untrue(key: str) -> None:
    """No part is said not to apply that applies in the full edition."""

    def not_applicable(page: str) -> set[str]:
        return set(re.findall(r'<p class="not-applicable">(.*?)</p>', page))

    loaded = example("safeguarding-hub")
    full = {d.document: d.content.decode() for d in render(loaded, format="html")}
    for document, page in pages(withholding(loaded, key)).items():
        assert not_applicable(page) <= not_applicable(full[document])
        assert page.count('class="gap"') <= full[document].count('class="gap"')


@pytest.mark.parametrize(
    "name",
    [
        "early-draft",
        "homelessness-duty-to-refer",
        *(
            pytest.param(name, marks=pytest.mark.soak)
            for name in (*EXAMPLES, FAULTY)
            if name not in ("early-draft", "homelessness-duty-to-refer")
        ),
    ],
)
def test_the_pdf_holds_no_canary_in_any_stream_or_string(name: str) -> None:
    """The search runs too, and finds nothing either."""
    (document,) = render(all_withheld(name), ["pia"], edition="published")
    reader = pypdf.PdfReader(io.BytesIO(document.content))
    assert reader.attachments == {}
    assert not CANARY.search(" ".join(page.extract_text() for page in reader.pages))
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found: Any = reader.get_object(number)
        data = found.get_data() if hasattr(found, "get_data") else b""
        assert not CANARY.search(data.decode("latin-1") + str(found))


@pytest.mark.parametrize("own", ["withheld", "published"])
def test_a_word_file_with_an_overlay_holds_what_is_published_alone(own: str) -> None:
    """Its parts are read here as they are zipped; an organisation's own question is like ours."""
    config = read(OVERLAY)
    loaded = canaried(example("safeguarding-hub"), "security", "partners")
    loaded = with_answers(loaded, extra={"nsh_lone_working": "Ask zzq7777canary at the duty desk."})
    hidden = ["security", "partners", *(["extra"] if own == "withheld" else [])]
    made = list(
        render(
            withholding(loaded, *hidden),
            ["pia", "agreement"],
            format="docx",
            edition="published",
            config=config,
        )
    )
    found = set()
    for document in made:
        with zipfile.ZipFile(io.BytesIO(document.content)) as parts:
            for name in parts.namelist():
                found |= set(CANARY.findall(name + parts.read(name).decode("utf-8", "replace")))
        assert "Published edition." in words_of(document.content)
    assert found == (set() if own == "withheld" else {"zzq7777canary"})


def words_of(word: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        return re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())


def test_what_is_left_out_is_said_in_the_language_of_the_document() -> None:
    loaded = example("safeguarding-hub")
    (made,) = render(loaded, ["pia"], format="html", edition="published", language="cy")
    page = made.content.decode()
    assert "Wedi'i ddal yn ôl: staff a enwir" in html.unescape(page)
    assert not re.search(r"Withheld: (named staff|security detail)<", page)
    own = "It names controls that would help an attacker"
    assert f'Wedi\'i ddal yn ôl: <span lang="en-GB">{own}</span>' in html.unescape(page)


def test_no_id_of_a_row_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id is often made from a name, and stands in links and in names of places."""
    blind(monkeypatch)
    loaded = example("safeguarding-hub")
    ids = {
        f"{key}[{row['id']}]"
        for key in questionnaire().tables
        for row in loaded.answers.get(key, ())
    }
    made = pages(loaded)
    assert "data_flows[row-1]" in made["pia"]
    for page in made.values():
        assert set(re.findall(r"[a-z_]+\[[a-z0-9-]+\]", page)).isdisjoint(ids)


def test_every_document_says_what_it_is_and_counts_what_is_left_out() -> None:
    loaded = withholding(example("early-draft"), "project.summary", reason="small_numbers")
    loaded = with_answers(loaded, partnership={**loaded.answers["partnership"]})
    made = render(loaded, list(documents()), format="html", edition="published")
    for document in made:
        said = text_of(document.content.decode())
        if document.document == "blank_agreement":
            continue  # a form: no answer could be left out of it
        assert "Published edition." in said, document.document
        assert "answers.json" not in said
        assert document.filename.endswith("_published.html")
        if "project.summary" in {q.path for _, q in questionnaire().questions()}:
            reach = questionnaire().by_path["project.summary"].reach.documents
            assert ("small numbers (1)" in said) == (document.document in reach)


def test_the_full_assessment_alone_says_that_it_carries_the_answers() -> None:
    from piagen.rendering.rendition import Rendition

    for document in documents():
        for rendition in (Rendition("pdf"), Rendition("html"), Rendition("pdf", "published")):
            carries = rendition.carries_answers(document)
            assert carries == (document == "pia" and rendition == Rendition("pdf"))


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("security.protecton", False),
        ("nowhere", False),
        ("data_flows[gone]", False),
        ("data_flows[gone].method", False),
        ("data_flows.method", False),
        ("data_flows[].nothing", False),
        ("not a place", False),
        ("roles", False),
        ("security", True),
        ("security.continuity", True),
        ("data_flows", True),
        ("data_flows[].method", True),
        ("waivers", True),
    ],
)
def test_a_place_that_is_not_there_is_refused_and_not_passed_over(path: str, there: bool) -> None:
    """Somebody believes that it is withheld."""
    loaded = withholding(example("safeguarding-hub"), path, "assessment.title")
    if there:
        assert publish(questionnaire(), loaded.answers).left_out
        return
    with pytest.raises(Unpublishable) as refused:
        pages(loaded)
    assert path in str(refused.value)
    assert "assessment.title" not in str(refused.value)


def test_a_reason_is_one_of_ours_or_words_of_their_own() -> None:
    loaded = example("early-draft")
    for reason, printed in (
        ("foi_exemption", "Withheld: an exemption under freedom of information law"),
        ("Section 31(1)(a) of the Act.", "Withheld: Section 31(1)(a) of the Act"),
    ):
        page = pages(withholding(loaded, "project.summary", reason=reason), ["pia"])["pia"]
        assert printed in text_of(page)


def test_a_finding_is_told_in_fixed_words_and_not_at_all_about_what_is_withheld() -> None:
    loaded = load(shipped("examples") / "faulty" / "safer-families-panel.json")
    findings = check(loaded).findings
    chosen = next(f for f in findings if "[" in f.at and not f.at.startswith("roles"))
    row = chosen.at.partition(".")[0]
    page = text_of(pages(withholding(loaded, row), ["pia"])["pia"])
    quoted = [f.says for f in findings if re.search("[“”]", f.says)]
    assert quoted
    assert not any(says in page for says in quoted)
    told = {f.rule.title.rstrip(".") for f in findings if not f.at.startswith(row)}
    assert sum(title in page for title in told) > 5
    assert re.search(r"findings? of the checks about what is left out (is|are) not told", page)


def test_an_error_about_what_is_withheld_keeps_the_draft_mark() -> None:
    loaded = load(shipped("examples") / "faulty" / "safer-families-panel.json")
    about = {**loaded.answers["assessment"], "status": "approved"}
    loaded = withholding(with_answers(loaded, assessment=about), *sections(loaded))
    page = pages(loaded, ["pia"])["pia"]
    assert re.search(r'<body class="[^"]*\bdraft\b', page)


@pytest.mark.parametrize("edition", ["full", "published"])
def test_what_is_missing_keeps_the_draft_mark_though_it_is_withheld(edition: Any) -> None:
    loaded = example("homelessness-duty-to-refer")
    approved = {**loaded.answers["assessment"], "status": "approved"}
    loaded = withholding(with_answers(loaded, assessment=approved), "rights")
    doubt = [{"path": "rights.contact", "starter": "some-starter"}]

    def is_draft(project: Loaded) -> bool:
        (page,) = render(project, ["pia"], format="html", edition=edition)
        return bool(re.search(rb'<body class="[^"]*\bdraft\b', page.content))

    assert "contact" in loaded.answers["rights"]
    assert not is_draft(loaded)
    assert is_draft(with_answers(loaded, unconfirmed=doubt))


def test_who_accepted_a_finding_is_not_named_and_the_finding_stays_accepted() -> None:
    loaded = load(shipped("examples") / "faulty" / "safer-families-panel.json")
    found = next(f for f in check(loaded).findings if f.severity == "warning" and f.at)
    waiver = {
        "rule": found.rule.id, "at": found.at, "reason": "Renewal is under way.",
        "owner": "Zzq0001canary", "dpo": "Zzq0002canary", "until": "2030-01-31",
    }  # fmt: skip
    page = text_of(pages(with_answers(loaded, waivers=[waiver]), ["pia"])["pia"])
    assert "Findings accepted for a reason" in page
    assert "Renewal is under way." in page
    assert not CANARY.search(page)


def test_an_open_question_about_what_is_withheld_names_nobody() -> None:
    loaded = example("early-draft")
    row = {"at": "security.monitoring", "note": "Zzq0003canary asks", "owner": "Zzq0004canary"}
    other = {"at": "scope.area", "note": "Ask the analyst.", "owner": "Zzq0005canary"}
    answers = {"protection": "We lock it."}
    scope = {k: v for k, v in loaded.answers.get("scope", {}).items() if k != "area"}
    changed = with_answers(loaded, open_questions=[row, other], security=answers, scope=scope)
    page = text_of(pages(withholding(changed, "security"), ["pia"])["pia"])
    assert not CANARY.search(page)


def test_a_withheld_title_is_not_in_the_name_of_the_file() -> None:
    loaded = example("early-draft")
    about = {k: v for k, v in loaded.answers["assessment"].items() if k != "reference"}
    about["title"] = "Zzq0006canary hub"
    changed = withholding(with_answers(loaded, assessment=about), "assessment.title")
    for document in render(changed, format="html", edition="published"):
        assert not CANARY.search(document.filename + document.content.decode())


def test_a_text_that_a_published_answer_repeats_is_pointed_out() -> None:
    loaded = example("early-draft")
    name = loaded.answers["assessment"]["author"]
    project = {**loaded.answers["project"], "summary": f"{name} leads this."}
    found = repeated(with_answers(loaded, project=project))
    assert found["assessment.author"] == ["project.summary"]
    assert "assessment.author" not in repeated(loaded)


def test_the_questionnaire_names_its_reasons_from_a_closed_list(tmp_path: Path) -> None:
    flagged = {q.path: q.reach.withhold for _, q in questionnaire().questions() if q.reach.withhold}
    assert set(flagged.values()) <= set(WITHHOLDING)
    assert flagged["assessment.author"] == flagged["sign_off[].name"] == "named_staff"
    assert flagged["access[].control"] == flagged["security.protection"] == "security_detail"
    assert not {"assessment.author_role", "contacts[].contact", "sign_off[].role"} & set(flagged)
    (tmp_path / "questionnaire.yaml").write_text("id: a\nversion: 1\ntitle: T\nsections: [one]\n")
    for written, good in (("{ withhold: named_staff }", True), ("{ withhold: shame }", False)):
        (tmp_path / "one.yaml").write_text(
            "id: one\ntitle: One\nintro: I\nquestions:\n"
            f"  - id: one.a\n    label: A\n    ask: A?\n    publish: {written}\n"
        )
        if good:
            assert load_questionnaire(tmp_path, lambda _: {}).by_path["one.a"].reach.withhold
            continue
        with pytest.raises(QuestionnaireErrors, match="security_detail"):
            load_questionnaire(tmp_path, lambda _: {})


def test_the_full_edition_is_as_if_there_were_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("piagen.pipeline.documents.publish", _fails)
    loaded = withholding(example("early-draft"), "project.summary")
    made: list[Rendered] = list(render(loaded, format="html"))
    assert [document.document for document in made] == list(needed(loaded))
    assert all(b"Withheld:" not in document.content for document in made)


def _fails(*_: object) -> Iterator[None]:
    raise AssertionError("the full edition leaves nothing out")
