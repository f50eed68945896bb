"""Writes docs/reference/: every rule, the law and every question, in the words of `piagen explain`.

Run `make reference` after a change of a rule, of the law or of the questionnaire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from piagen.law.catalogue import VERSION, load_catalogue
from piagen.law.fit import words_of
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.explain import of_entry, of_rule
from piagen.pipeline.explain_law import of_law
from piagen.pipeline.explanation import Explanation, entries
from piagen.rules.registry import FAMILIES, rules

FOLDER = Path(__file__).resolve().parent / "reference"
LAW = load_catalogue().as_at(None)
BASES = {
    "article_6": "Lawful bases: Article 6",
    "article_6_annex_1": "Recognised legitimate interests: Annex 1",
    "article_9": "Conditions for special category data: Article 9",
    "article_10": "Criminal offence data: Article 10",
    "schedule_1": "Conditions: Schedule 1",
    "part_3": "Law enforcement processing: Part 3",
    "schedule_8": "Conditions for law enforcement: Schedule 8",
}
"""What each family of bases is called."""


def main() -> None:
    """Write the files, in place of what they held."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the text of each file by its name."""
    written = {"rules.md": _rules(), "law.md": _law(), "questions.md": _questions()}
    return {
        name: re.sub(r"\n{3,}", "\n\n", "\n".join(of)).rstrip() + "\n"
        for name, of in written.items()
    }


def _rules() -> Iterator[str]:
    ours = [rule for rule in rules().values() if rule.check.__module__.startswith("piagen.rules.")]
    families = {prefix: [r for r in ours if r.id.startswith(prefix)] for prefix in FAMILIES}
    yield from _head("Rules", f"What piagen looks for in a project: {len(ours)} rules.")
    yield from ("| Rule | Severity | What it finds |", "| --- | --- | --- |")
    for family in families.values():
        for rule in family:
            yield f"| {_link(rule.id)} | {rule.severity} | {_cell(rule.title)} |"
    for prefix, family in families.items():
        yield from ("", f"## {prefix}: {words_of(FAMILIES[prefix])}", "")
        for rule in family:
            yield from _told(of_rule(rule))


def _law() -> Iterator[str]:
    catalogue = LAW.catalogue
    gateways = catalogue.gateways.values()
    fields = sorted({gateway.domains[0] for gateway in gateways})
    yield from _head(
        "Law",
        f"The law catalogue, version {VERSION}: {len(gateways)} gateways, the lawful bases and "
        f"conditions, and {len(catalogue.instruments)} Acts, regulations, codes and sources. It is "
        "not all law, and it is not legal advice.",
    )
    yield from ("| Gateway | What it does | Verified | Title |", "| --- | --- | --- | --- |")
    for gateway in gateways:
        state, role = gateway.verification.state, words_of(gateway.role)
        yield f"| {_link(gateway.id)} | {role} | {state} | {_cell(gateway.title)} |"
    for field in fields:
        yield from ("", f"## Gateways: {words_of(field)}", "")
        also = [g for g in gateways if field in g.domains[1:]]
        if also:
            yield f"See also: {', '.join(_link(gateway.id) for gateway in also)}."
        for gateway in gateways:
            if gateway.domains[0] == field:
                yield from _told(of_law(gateway.id, LAW))
    for family, title in BASES.items():
        yield from ("", f"## {title}", "")
        for basis in catalogue.bases[family].values():
            yield from _told(of_law(basis.key, LAW))
    yield from ("", "## Acts, regulations, codes and sources", "")
    for instrument in catalogue.instruments:
        yield from _told(of_law(instrument, LAW))


def _questions() -> Iterator[str]:
    asked = questionnaire()
    yield from _head(
        "Questions", f"What piagen asks: version {asked.version} of the questionnaire."
    )
    for section in asked.sections:
        yield f"- {_link(section.title)}"
    for section in asked.sections:
        yield from ("", f"## {section.title}", "", _plain(section.intro), "")
        for home, entry in entries().values():
            if home is section:
                yield from _told(of_entry(home, entry))


def _head(title: str, what: str) -> Iterator[str]:
    yield from (f"# {title}", "", what, "")
    yield from ("Written by `make reference`; `piagen explain ID` says the same.", "")


def _told(explanation: Explanation) -> Iterator[str]:
    yield from ("", f"### {explanation.id}", "", f"**{_plain(explanation.title)}**", "")
    for part in explanation.parts:
        if len(part.lines) == 1:
            yield from (f"{part.label}: {_plain(part.lines[0])}", "")
        else:
            yield from (f"{part.label}:", "", *(f"- {_plain(line)}" for line in part.lines), "")


def _link(heading: str) -> str:
    """A link to a heading on the same page, as GitHub names it."""
    anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
    return f"[{heading}](#{anchor})"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """The text, so that Markdown shows every character of it."""
    return re.sub(r"([\\`*<])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    main()
