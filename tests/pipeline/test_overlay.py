"""An organisation's overlay reaches every document, and a broken one is told with file and line."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from piagen.config import Config, read
from piagen.errors import TemplateFault
from piagen.pipeline.assess import Loaded, check, load, questionnaire
from piagen.pipeline.documents import render, template_roots
from piagen.pipeline.overlay import UnusableOverlay, overlays
from piagen.questionnaire.patch import OPEN
from piagen.rendering.contrast import PAIRS, is_colour, ratio, too_low
from piagen.rendering.environment import run
from piagen.rendering.house_files import NEEDED
from piagen.rendering.tokens import tokens
from piagen.resources import shipped

NORTHSHIRE = Path(__file__).parents[1] / "data" / "overlay"
HUB = shipped("examples") / "safeguarding-hub.json"
PLUM = "#5a1846"


@pytest.fixture(scope="module")
def config() -> Config:
    return read(NORTHSHIRE / "piagen.toml")


@pytest.fixture(scope="module")
def documents(config: Config) -> dict[str, str]:
    """Each document of the safeguarding hub as HTML, with the council's overlay."""
    answers = answered()
    wanted = ["pia", "protocol", "agreement"]
    made = render(Loaded(HUB, answers), wanted, format="html", config=config)
    return {one.document: one.content.decode() for one in made}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The council's overlay, to be broken."""
    return Path(shutil.copytree(NORTHSHIRE / "northshire", tmp_path / "northshire"))


def answered() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(HUB.read_text(encoding="utf-8"))
    own = {"nsh_lone_working": "The duty desk rings first.", "nsh_ward": ["harbour"]}
    return {**answers, "extra": {**own, "other_kept": {"by": "somebody else"}}}


def faults(*folders: Path) -> list[str]:
    with pytest.raises(UnusableOverlay) as refused:
        overlays(Config(overlays=folders))
    return str(refused.value).splitlines()[1:]


def only_fault(folder: Path) -> str:
    (fault,) = faults(folder)
    return fault.strip()


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    write(folder, name, text.replace(before, after))


def hash_of(config: Config | None) -> str:
    (made,) = render(load(HUB), ["screening_record"], format="html", config=config)
    (found,) = re.findall(r"Content code ([0-9a-f]{8})", made.content.decode())
    return str(found)


# -- what it adds ---------------------------------------------------------------------------------


def test_the_logo_is_on_every_cover_with_its_text(documents: dict[str, str]) -> None:
    for name in ("pia", "protocol", "agreement"):
        html = documents[name]
        cover = html.partition('id="cover"')[2].partition("</header>")[0]
        assert cover.count("<img") == 1
        assert 'src="data:image/svg+xml;base64,' in cover
        assert 'alt="Northshire Council"' in cover


def test_colours_come_after_ours_and_reach_the_pictures(documents: dict[str, str]) -> None:
    html = documents["pia"]
    assert html.index("--accent: #0b4769") < html.index(f"--accent: {PLUM}")
    drawn = "".join(re.findall(r"<svg.*?</svg>", html, re.DOTALL))
    assert f'"{PLUM}"' in drawn
    assert "#0b4769" not in drawn


def test_a_block_is_replaced_and_keeps_what_ships(documents: dict[str, str]) -> None:
    cover = documents["pia"].partition('id="cover"')[2].partition("</header>")[0]
    assert "public register" in cover
    assert "Lead organisation" in cover


def test_words_stand_beside_a_section_that_ships(documents: dict[str, str]) -> None:
    assert "Northshire's own words are explained" in documents["pia"]
    assert 'id="glossary"' in documents["pia"]


def test_titles_are_in_the_organisation_s_own_words(documents: dict[str, str]) -> None:
    assert 'data-kind="Data protection impact assessment"' in documents["pia"]
    assert re.search(r"<h2[^>]*>\d+ Keeping information safe", documents["pia"])


def test_a_clause_of_its_own_is_numbered_where_it_was_put(documents: dict[str, str]) -> None:
    heads = re.findall(r"<h2[^>]*>(\d+) ([^<]+)</h2>", documents["agreement"])
    names = [name for _, name in heads]
    at = names.index("Staff who visit alone")
    assert [int(number) for number, _ in heads] == list(range(1, len(heads) + 1))
    plan = re.findall(r'id="(\S+)" class="section', documents["agreement"])
    assert plan[at - 1 : at + 1] == ["security", "lone-working"]
    clause = documents["agreement"].partition('id="lone-working"')[2].partition("</section>")[0]
    assert f">{heads[at][0]}.1<" in clause
    assert "The duty desk rings first." in clause


def test_an_answer_without_a_clause_is_printed_in_an_appendix(documents: dict[str, str]) -> None:
    found = documents["pia"].partition('id="own-answers"')[2].partition("</section>")[0]
    assert "Harbour ward" in found
    assert "The duty desk" not in documents["pia"]
    assert "own-answers" not in documents["agreement"]


def test_an_extra_question_without_an_answer_is_a_gap(config: Config) -> None:
    loaded = Loaded(HUB, {k: v for k, v in answered().items() if k != "extra"})
    there = {gap.at for gap in check(loaded, config=config).missing}
    assert {"extra.nsh_lone_working"} == {at for at in there if at.startswith("extra")}
    (made,) = render(loaded, ["agreement"], format="html", config=config)
    assert "To be completed: Staff who visit alone" in made.content.decode()


def test_without_an_overlay_all_is_as_it_ships() -> None:
    assert template_roots(Config()) == (shipped("templates"),)
    assert questionnaire(Config()) is questionnaire()
    (made,) = render(load(HUB), ["pia"], format="html", config=Config())
    assert b"<img" not in made.content
    assert PLUM.encode() not in made.content


def test_a_pdf_has_the_font_the_logo_and_ours_for_the_rest(config: Config) -> None:
    answers = answered()
    answers["extra"]["nsh_lone_working"] = "Ŵyn rings Ольга first."
    (made,) = render(Loaded(HUB, answers), ["agreement"], config=config)
    pages = pypdf.PdfReader(io.BytesIO(made.content)).pages
    fonts = {
        str(font["/BaseFont"])
        for page in pages
        for font in (page["/Resources"].get("/Font") or {}).values()  # type: ignore[attr-defined]
    }
    assert any("Northshire-Sans" in font for font in fonts)
    assert any("Source-Sans" in font or "Noto" in font for font in fonts)
    assert "Ŵyn rings Ольга first." in "".join(page.extract_text() for page in pages)
    again = render(Loaded(HUB, answers), ["agreement"], config=config)
    assert [one.content for one in again] == [made.content]


def test_the_content_code_changes_with_anything_in_the_overlay(copy: Path) -> None:
    config = Config(overlays=(copy,))
    seen = {hash_of(None), hash_of(config)}
    assert hash_of(config) in seen
    for name in ("logo.svg", "fonts/NorthshireSans-Bold.ttf", "agreement/sections.toml"):
        path = copy / "templates" / name
        path.write_bytes(path.read_bytes() + b"\n")
        code = hash_of(config)
        assert code not in seen
        seen.add(code)
    write(copy, "questionnaires/core/note.txt", "x")
    assert hash_of(config) not in seen


def test_the_first_overlay_named_wins(copy: Path, tmp_path: Path) -> None:
    write(tmp_path, "team/overlay.toml", 'name = "Team"')
    write(tmp_path, "team/templates/_base/tokens.css", ":root {\n  --accent: #004d00;\n}\n")
    both = Config(overlays=(tmp_path / "team", copy))
    (made,) = render(load(HUB), ["screening_record"], format="html", config=both)
    html = made.content.decode()
    assert html.index(f"--accent: {PLUM}") < html.index("--accent: #004d00")
    assert "<img" in html


@pytest.mark.parametrize("name", ["pia", "agreement", "protocol"])
def test_a_document_can_be_extended_by_its_own_name(copy: Path, name: str) -> None:
    text = '{% extends "piagen:NAME/document.html.j2" %}{% block contents %}OURS{% endblock %}'
    text = text.replace("NAME", name)
    write(copy, f"templates/{name}/document.html.j2", text)
    (made,) = render(load(HUB), [name], format="html", config=Config(overlays=(copy,)))
    assert "OURS" in made.content.decode()
    assert 'class="contents"' not in made.content.decode()


def test_options_may_be_added_where_no_rule_would_stumble(tmp_path: Path, config: Config) -> None:
    answers = answered()
    patches: dict[str, list[str]] = {}
    for path in OPEN:
        question = questionnaire().by_path[path]
        section = next(s.id for s, q in questionnaire().questions() if q.path == path)
        entry = f"  - {{id: '{path}', options: {{nsh_own: Our own word}}}}"
        patches.setdefault(section, []).append(entry)
        value = "nsh_own" if question.type == "choice" else ["nsh_own"]
        if "[]" in path:
            assert answers[question.key]
            answers[question.key] = [{**row, question.leaf: value} for row in answers[question.key]]
        else:
            answers[question.key] = {**answers[question.key], question.leaf: value}
    write(tmp_path, "nsh/overlay.toml", 'name = "N"\nprefix = "nsh"\n')
    for section, entries in patches.items():
        text = "\n".join([f"extends: piagen:core/{section}", "change:", *entries])
        write(tmp_path, f"nsh/questionnaires/core/{section}.yaml", text)
    own = Config(overlays=(tmp_path / "nsh",))
    write(tmp_path, "answers.json", json.dumps(answers))
    loaded = load(tmp_path / "answers.json", own)
    assert not [f for f in check(loaded, config=own).findings if "broke off" in f.says]
    for made in render(loaded, ["pia", "protocol", "agreement"], format="html", config=own):
        assert "Our own word" in made.content.decode()


def test_what_the_page_on_overlays_shows_can_be_used(copy: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "overlays.md"
    blocks = re.findall(r"```(toml|css|jinja|yaml)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    names = [
        "overlay.toml",
        "templates/_base/tokens.css",
        "templates/_partials/cover.html.j2",
        "templates/agreement/sections.toml",
        "questionnaires/core/practice.yaml",
    ]
    assert len(blocks) == len(names)
    for name, (_, text) in zip(names, blocks, strict=True):
        write(copy, name, text)
    own = Config(overlays=(copy,))
    (made,) = render(Loaded(HUB, answered()), ["agreement"], format="html", config=own)
    for said in ("Kept in our public register", "Keeping information safe", "The duty desk rings"):
        assert said in made.content.decode()
    assert f"--accent: {PLUM}" in made.content.decode()
    assert (
        questionnaire(own).by_path["practice.vision"].words.hint == "Begin with the council plan."
    )


# -- what is wrong with it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "at", "says"),
    [
        ("overlay.toml", 'name = "Northshire Council"', "name = 3", ":2", "name: say whose"),
        ("overlay.toml", 'prefix = "nsh"', 'prefix = "N S"', ":3", "prefix: write 2 to 12"),
        ("overlay.toml", 'logo_alt = "Northshire Council"\n', "", ":4", "logo_alt = "),
        ("overlay.toml", '"logo.svg"', '"none.svg"', ":4", "there is no templates/none.svg"),
        ("overlay.toml", '"logo.svg"', '"fonts/OFL.txt"', ":4", "SVG or a PNG"),
        ("overlay.toml", '"logo.svg"', '"../overlay.toml"', ":4", "letters, figures"),
        ("overlay.toml", "[font]", "[fonts]", ":7", "fonts: this is not used"),
        ("overlay.toml", "bold =", "black =", ":10", "black: this is not used"),
        ("overlay.toml", "Northshire Sans", "Noto Sans", ":8", "piagen brings a font"),
        ("overlay.toml", "Sans-Bold.ttf", "Sans.ttf", ":10", "there is no templates/fonts/"),
        ("overlay.toml", "[font]", "[font", ":7", "this is not TOML"),
        ("templates/_base/tokens.css", PLUM, "#c98bb4", ":3", "--accent (#c98bb4) on --paper"),
        ("templates/_base/tokens.css", "#f7f0f4", "#804060", ":5", "on --tint (#804060)"),
        ("templates/_base/tokens.css", "--accent", "--acent", ":3", "--acent is no colour"),
        ("templates/_base/tokens.css", "--accent", "--size-text", ":3", "is no colour"),
        ("templates/_base/tokens.css", f"--accent: {PLUM}", "--accent: plum", ":3", "six figures"),
        ("templates/_base/tokens.css", ":root {", "@import 'a.css'; :root {", ":2", "one token"),
        ("templates/_partials/cover.html.j2", "{% endblock %}", "", ":4", "endblock"),
        ("templates/_partials/cover.html.j2", "{{ super() }}", "{{ supper() }}", ":4", "“supper”"),
        ("templates/_partials/cover.html.j2", "super() }}", "super() | shout }}", ":4", "shout"),
        ("templates/_partials/cover.html.j2", "k particulars", "k detail", ":3", "“detail”"),
        ("templates/pia/sections/glossary.html.j2", "y-note", "y-nte", ":3", "glossary-nte"),
        ("templates/pia/sections/glossary.html.j2", "piagen:pia", "piagen:pa", ":2", "piagen:pa/"),
        ("templates/pia/sections.toml", "security", "secrecy", ":4", "no section “secrecy”"),
        ("templates/pia/sections.toml", "title =", "titel =", ":1", "“titel” is not used"),
        ("templates/pia/sections.toml", "[titles]", "[titles", ":3", "this is not TOML"),
        ("templates/agreement/sections.toml", '"security"', '"safety"', ":1", "“safety”"),
        ("templates/agreement/sections.toml", "lone-working.h", "lone.h", ":1", "no template"),
        ("templates/agreement/sections.toml", '"lone-working"', '"purposes"', ":1", "already"),
        ("templates/agreement/sections.toml", "after", "before", ":1", "give this section “after”"),
        ("questionnaires/core/practice.yaml", "add:", "add: [", ":4", "this is not YAML"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_file_and_line(
    copy: Path, name: str, before: str, after: str, at: str, says: str
) -> None:
    change(copy, name, before, after)
    told = faults(copy)
    assert any(
        line.strip().startswith(f"northshire/{name}{at}: ") and says in line for line in told
    )


def test_all_faults_are_told_at_once(copy: Path) -> None:
    change(copy, "overlay.toml", 'logo_alt = "Northshire Council"\n', "")
    change(copy, "templates/_base/tokens.css", PLUM, "#aaaaaa")
    change(copy, "templates/_partials/cover.html.j2", "super()", "supper()")
    change(copy, "questionnaires/core/practice.yaml", "documents: [pia]", "cites: [nothing]")
    told = "\n".join(faults(copy))
    for name in ("overlay.toml:4", "tokens.css:3", "cover.html.j2:4", "practice.yaml:1"):
        assert name in told


def test_a_colour_is_refused_with_the_figure_and_what_is_needed(copy: Path) -> None:
    change(copy, "templates/_base/tokens.css", f"--link: {PLUM}", "--link: #777777")
    told = faults(copy)[0]
    assert "--link (#777777) on --paper (#ffffff) has a contrast of 4.47:1; it needs 4.5:1" in told


def test_a_pair_of_two_changed_colours_is_told_of_too(copy: Path) -> None:
    change(copy, "templates/_base/tokens.css", "--tint: #f7f0f4", "--gap-ground: #8a6a50")
    assert "--gap-ink (#7a1f00) on --gap-ground (#8a6a50)" in only_fault(copy)


def test_contrast_is_that_of_wcag() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert ratio("#ffffff", "#777777") == ratio("#777777", "#ffffff")


def test_every_pair_is_of_colours_that_ship_and_none_is_too_low() -> None:
    known = tokens((shipped("templates"),))
    assert all(is_colour(known[name]) for pair in PAIRS for name in pair[:2])
    assert list(too_low(known)) == []


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        ("<script>1</script>", "<script>"),
        ('<image href="http://evil.example/x.png"/>', "<image>"),
        ('<use href="http://evil.example/x.svg#a"/>', "href"),
        ('<path onload="x()" d=""/>', "onload"),
        ('<path fill="url(http://evil.example/x)" d=""/>', "fill"),
        ("<style>@import 'x'</style>", "<style>"),
        ("<path", "no SVG"),
    ],
)
def test_a_logo_may_only_draw(copy: Path, markup: str, says: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{markup}</svg>'
    write(copy, "templates/logo.svg", svg)
    assert says in faults(copy)[0]


def test_a_logo_with_entities_is_refused_before_it_is_read(copy: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg viewBox="0 0 1 1">&b;</svg>'
    write(copy, "templates/logo.svg", bomb)
    assert "DOCTYPE" in only_fault(copy)


def test_a_font_that_lacks_characters_is_refused_by_name(copy: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    path = copy / "templates/fonts/NorthshireSans-Regular.ttf"
    font = TTFont(io.BytesIO(path.read_bytes()))
    cut = subset.Subsetter()
    cut.populate(unicodes=[ord(c) for c in NEEDED if c not in "ŵŷ£"])
    cut.subset(font)
    font.save(path)
    told = only_fault(copy)
    assert told.startswith("northshire/overlay.toml:9: regular: it lacks characters")
    assert told.endswith("£ ŵ ŷ")


def test_a_font_that_may_not_be_embedded_is_refused(copy: Path) -> None:
    from fontTools.ttLib import TTFont

    path = copy / "templates/fonts/NorthshireSans-Bold.ttf"
    font = TTFont(io.BytesIO(path.read_bytes()))
    font["OS/2"].fsType = 2
    font.save(path)
    assert "does not allow it to be embedded" in only_fault(copy)


def test_what_is_no_font_is_refused(copy: Path) -> None:
    (copy / "templates/fonts/NorthshireSans-Bold.ttf").write_bytes(b"no font")
    assert "no font that can be read" in only_fault(copy)


def test_every_character_of_the_fixed_text_is_needed_of_a_font_or_ours() -> None:
    fixed = "".join(
        path.read_text(encoding="utf-8") for path in shipped("templates").rglob("*.html.j2")
    )
    letters = {c for c in fixed if c.isalpha()}
    assert letters <= NEEDED


def test_a_template_that_nothing_uses_is_told(copy: Path) -> None:
    write(copy, "templates/pia/sections/sumary.html.j2", "x")
    assert "sumary.html.j2: no document uses this" in only_fault(copy)


@pytest.mark.parametrize(
    "name", ["templates/_partials/glossary-note.html.j2", "templates/logo.svg"]
)
def test_a_link_out_of_the_overlay_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (copy / name).unlink()
    (copy / name).symlink_to(tmp_path / "secret")
    assert "leads out of" in "\n".join(faults(copy))


@pytest.mark.parametrize("fault", ["answers['no.such']", "cite('no.such')", "1 // 0"])
def test_a_fault_that_only_shows_while_it_runs_is_told_with_file_and_line(
    copy: Path, fault: str
) -> None:
    text = f"<p>fine</p>\n<p>{{{{ {fault} }}}}</p>\n"
    write(copy, "templates/_partials/glossary-note.html.j2", text)
    place = r"^northshire/templates/_partials/glossary-note\.html\.j2:2: .*(no\.such|zero)"
    with pytest.raises(TemplateFault, match=place):
        list(render(load(HUB), ["pia"], format="html", config=Config(overlays=(copy,))))


# -- what it may not do ---------------------------------------------------------------------------


def own_template(folder: Path, text: str) -> Iterator[str]:
    write(folder, "own.html.j2", text)
    yield run((folder, shipped("templates")), "own.html.j2", {"rows": range(1_000), "answers": {}})


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% include 'own.html.j2' %}{% include 'own.html.j2' %}",
        "{{ 'x' * 10000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 'x'.ljust(10000000000) }}",
        "{{ 'x'.center(10000000000) }}",
        "{{ '{:>10000000000}'.format(1) }}",
        "{{ 'x' | center(10000000000) }}",
        "{{ 'x' | indent(10000000000, true) }}",
        "{{ rows | batch(10000000000, 'x') | list }}",
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
        "{% set a = ['x'] %}" + "{% set a = a + a %}" * 60 + "{{ a }}",
        "{% set a = 'aaaaaaaaaa' %}"
        + "{% set a = a | replace('a', 'aaaaaaaaaa') %}" * 20
        + "{{ a }}",
        "{% set a %}xxxxxxxxxx{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
        "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    ],
)
def test_a_template_without_end_is_stopped(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateFault) as stopped:
        list(own_template(tmp_path, text))
    assert "memory" not in str(stopped.value), "it was stopped by the machine, not by us"


def test_what_a_document_needs_is_not_stopped(tmp_path: Path) -> None:
    text = (
        "{% set found = [] %}{% for a in rows %}{% for b in [1, 2, 3] %}"
        "{% set _ = found.append(a ~ '-' ~ b) %}{% endfor %}{% endfor %}{{ found | length }}"
    )
    assert list(own_template(tmp_path, text)) == ["3000"]


@pytest.mark.parametrize(
    "reach",
    ["rows.__class__", "range(3)", "answers.clear()", "answers.update({'a': 1})", "config",
     "'x' | attr('__class__')", "('x',) | map(attribute='__class__') | join",
     "'x'.__class__.__mro__", "lipsum()", "namespace(a=1)", "rows | random", "answers | pprint"],
)  # fmt: skip
def test_a_template_reaches_neither_python_nor_chance(tmp_path: Path, reach: str) -> None:
    with pytest.raises(TemplateFault):
        list(own_template(tmp_path, "{{ (" + reach + ") ~ '' }}"))


@pytest.mark.parametrize(
    "name", ["../overlay.toml", "/etc/passwd", "piagen:../pyproject.toml", "out.txt"]
)
def test_a_template_reaches_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "out.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(TemplateFault):
        list(own_template(root, "{% include '" + name + "' %}"))


def test_nothing_that_a_template_sees_is_a_file_or_python(config: Config) -> None:
    """Whatever public attribute leads to, from anything that a template is given."""
    from types import ModuleType

    from jinja2 import Template

    from piagen.rendering.bounds import may_reach

    given: dict[str, Any] = {}
    draw = Template.render

    def spy(self: Template, *args: Any, **kwargs: Any) -> str:
        given.update(dict(*args, **kwargs))
        return draw(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", spy)
        list(render(load(HUB), ["agreement"], format="html", config=config))
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = list(given.items())
    while waiting:
        name, value = waiting.pop()
        assert not isinstance(value, Path | ModuleType | type), name
        if id(value) in seen or isinstance(value, str | int | float | bool | bytes | type(None)):
            continue
        seen.add(id(value))
        if isinstance(value, dict):
            waiting += [(f"{name}[{key}]", below) for key, below in value.items()]
        elif isinstance(value, list | tuple | frozenset | set):
            waiting += [(f"{name}[]", below) for below in value]
        elif type(value).__module__.startswith("piagen"):
            for word in dir(value):
                if word.startswith("_") or callable(below := getattr(value, word, None)):
                    continue
                if may_reach(value, below):
                    waiting.append((f"{name}.{word}", below))
    assert len(seen) > 1_000
