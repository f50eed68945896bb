"""Reading our HTML as XML gives the tree that an HTML parser makes, or leaves it to one."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from weasyprint import HTML

from piagen.pipeline.assess import load
from piagen.pipeline.documents import documents, render
from piagen.rendering import pdf
from piagen.rendering.parsing import Written, ours, parsed, tree
from piagen.resources import shipped

ROOTS = (shipped("templates"),)
EXAMPLES = sorted(path.stem for path in shipped("examples").glob("*.json"))


def page(body: str) -> str:
    return f'<!doctype html>\n<html lang="en-GB">\n<head><title>A</title></head>\n{body}\n</html>'


def seen(element: Element) -> object:
    return (
        element.tag,
        dict(element.attrib),
        element.text or "",
        element.tail or "",
        [seen(child) for child in element],
    )


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_document_reads_the_same_both_ways(
    example: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    htmls: list[str] = []

    def kept(html: str, **_: object) -> bytes:
        htmls.append(html)
        return b"%PDF"

    monkeypatch.setattr(pdf, "render_pdf", kept)
    project = load(Path(str(shipped("examples"))) / f"{example}.json")
    list(render(project, tuple(documents())))
    assert len(htmls) == len(documents())
    for html in htmls:
        read = tree(html)
        assert read is not None
        assert seen(read) == seen(HTML(string=html).etree_element)


@pytest.mark.parametrize(
    "body",
    [
        "<body><p>One<p>Two</body>",
        '<body><p title="one\ntwo">A</p></body>',
        "<body><svg></svg></body>",
        "<body><p>&nbsp;</p></body>",
        "<body><p>\x0c</p></body>",
        "<body></body><body></body>",
    ],
)
def test_what_only_an_html_parser_can_tell_is_left_to_it(body: str) -> None:
    assert tree(page(body)) is None
    assert not isinstance(parsed(page(body), ROOTS, None), Written)


def test_blanks_and_void_elements_are_where_an_html_parser_puts_them() -> None:
    html = page(
        "<body>\n<p>a<br>b <wbr>c</p>\n"
        "<table><tbody><tr><td>&gt;</td></tr></tbody></table>\n</body>"
    )
    read = tree(html)
    assert read is not None
    assert seen(read) == seen(HTML(string=html).etree_element)


def test_templates_of_an_organisation_go_to_the_html_parser(tmp_path: Path) -> None:
    assert ours(ROOTS)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "logo.svg").write_text("<svg/>")
    assert ours((tmp_path / "a", *ROOTS))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "document.html.j2").write_text("")
    assert not ours((tmp_path / "b", *ROOTS))
    assert not isinstance(parsed(page("<body></body>"), (tmp_path / "b", *ROOTS), None), Written)
    assert isinstance(parsed(page("<body></body>"), ROOTS, None), Written)
