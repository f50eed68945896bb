"""Knows how answers become those of the published edition, in one pass over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from piagen.domain.build import project_from
from piagen.domain.fact import Answers, rows
from piagen.domain.kept import Waiver
from piagen.domain.stored_path import StoredPath, holders, parse
from piagen.errors import Problem, Unpublishable
from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import WITHHOLDING, Question, Questionnaire, Table
from piagen.questionnaire.survey import survey
from piagen.rendering.published import LeftOut, Published, line, neutral

_TEXTS = ("text", "prose", "email", "url")
_CHOSEN_TEXTS = ("risks[].slug",)
"""Typed as text, yet a word of the tool's own list: conditions read it."""
_NEVER = ("roles",)
_KEPT_BY_DEFAULT = {
    "open_questions[].owner": "named_staff",
    "waivers[].owner": "named_staff",
    "waivers[].dpo": "named_staff",
}
"""What the tool keeps has no entry in the questionnaire that could say so."""
_WORDS_OF_THE_TOOL = frozenset(("at", "path", "rule", "slug", "starter"))
"""Leaves typed as text that name something of piagen's own."""


def publish(questionnaire: Questionnaire, answers: Answers) -> Published:
    """Return the project without what is withheld.

    Args:
        questionnaire: says what is withheld unless nobody asked for more.
        answers: as the file holds them, of the right shape.

    Raises:
        Unpublishable: `withheld` names a place that is not there, so that something might be
            published which somebody meant to withhold.
    """
    closed = _closed(questionnaire, answers)
    closed += tuple(
        (StoredPath(key), WITHHOLDING[table.reach.withhold])
        for key, table in questionnaire.tables.items()
        if table.reach.withhold and rows(answers, key)
    )
    ids = {
        key: {row["id"]: f"row-{number}" for number, row in enumerate(rows(answers, key), 1)}
        for key in questionnaire.tables
    }
    work = _Work(closed, ids, frozenset(survey(questionnaire, answers).hidden))
    made: dict[str, Any] = {}
    for key, value in answers.items():
        if table := questionnaire.tables.get(key):
            made[key] = [work.row(table, row) for row in value]
        elif key in questionnaire.leaves:
            asked = questionnaire.leaves[key]
            made[key] = {
                leaf: work.leaf(asked[leaf], key, leaf, it)
                for leaf, it in value.items()
                if leaf in asked  # what nobody asks, in `extra`, is never printed
            }
        elif key in KEPT:
            made[key] = [kept for row in value if (kept := work.kept(KEPT[key], row)) is not None]
        elif key != "extra":
            made[key] = value
    waivers = zip(work.waivers_before, project_from(made).waivers, strict=True)
    return Published(
        answers=made,
        left_out=tuple(work.left_out),
        texts=work.texts,
        _questionnaire=questionnaire,
        _cut=work.cut,
        _replaced=work.replaced,
        _closed=tuple(
            (parse(neutral(str(held), ids)) if held.row else held, why) for held, why in closed
        ),
        _ids=ids,
        _waivers=dict(waivers),
    )


def blanked(
    questionnaire: Questionnaire, answers: Answers, holds: Callable[[str], bool]
) -> dict[str, Any]:
    """Return answers in which every text that `holds` finds something in is one letter.

    It goes by what the texts say and not by `withheld`, so that it can bear witness to `publish`.
    """

    def of_row(row: Mapping[str, Any], asked: Mapping[str, Question]) -> dict[str, Any]:
        texts = {leaf for leaf, question in asked.items() if question.type in _TEXTS}
        return {
            leaf: "x" if leaf in texts - _WORDS_OF_THE_TOOL and holds(it) else it
            for leaf, it in row.items()
        }

    made: dict[str, Any] = {}
    for key, value in answers.items():
        table = questionnaire.tables.get(key) or KEPT.get(key)
        if table is not None:
            columns = {column.leaf: column for column in table.columns}
            made[key] = [of_row(row, columns) for row in value]
        elif key in questionnaire.leaves:
            made[key] = of_row(value, questionnaire.leaves[key])
        elif key != "extra":
            made[key] = value
    return made


class _Work:
    """Goes through the answers once and keeps account of what is left out."""

    def __init__(
        self,
        closed: tuple[tuple[StoredPath, str], ...],
        ids: Mapping[str, Mapping[str, str]],
        hidden: frozenset[str],
    ) -> None:
        self.closed, self.ids, self.hidden = closed, ids, hidden
        self.left_out: list[LeftOut] = []
        self.texts: dict[str, str] = {}
        self.cut: dict[str, str] = {}
        self.replaced: dict[str, str] = {}
        self.waivers_before: list[Waiver] = []

    def row(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        columns = {column.leaf: column for column in table.columns}
        at = f"{table.key}[{row['id']}]"
        made = {"id": self.ids[table.key][row["id"]]}
        for leaf, value in row.items():
            if leaf != "id":
                made[leaf] = self.leaf(columns[leaf], at, leaf, value)
        return made

    def leaf(self, question: Question, holder: str, leaf: str, value: Any) -> Any:  # noqa: ANN401
        at = f"{holder}.{leaf}"
        why = self.why(parse(at), question.reach.withhold)
        printed = self.hidden.isdisjoint(holders(at))
        is_text = question.type in _TEXTS and question.path not in _CHOSEN_TEXTS
        if why is None:
            if is_text and printed:
                self.texts[at] = value
            return self.referred(question, value)
        text = value if question.type in _TEXTS else None
        documents = question.reach.documents if printed else ()
        chosen = question.reach.withhold is None
        self.left_out.append(LeftOut(at, why, text, documents, chosen))
        if is_text:
            self.replaced[neutral(at, self.ids)] = why
            return line(why)
        self.cut[neutral(at, self.ids)] = why
        return self.referred(question, value)

    def kept(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a row that the tool keeps, or None if it is about what is left out."""
        about = row.get("at", row.get("path", ""))
        if table.key == "withheld":
            return None
        if self.is_closed(about) or self.is_closed(table.key):
            self.left_out += [
                LeftOut(f"{table.key}[].{column.leaf}", "", row[column.leaf], ())
                for column in table.columns
                if column.type in _TEXTS and column.leaf in row
            ]
            return None
        made = {}
        for leaf, value in row.items():
            path = f"{table.key}[].{leaf}"
            why = self.why(parse(path), _KEPT_BY_DEFAULT.get(path))
            if leaf in ("at", "path"):
                made[leaf] = neutral(value, self.ids)
            elif why is None or path == "waivers[].until":
                made[leaf] = value
                self.texts[f"{table.key}[{len(self.texts)}].{leaf}"] = str(value)
            elif leaf != "due":
                self.left_out.append(LeftOut(path, why, value, ("pia",)))
                made[leaf] = line(why)
        if table.key == "waivers":
            self.waivers_before += project_from({"waivers": [row]}).waivers
        return made

    def why(self, place: StoredPath, usual: str | None) -> str | None:
        found = next((why for held, why in self.closed if held.holds(place)), None)
        return found or (WITHHOLDING[usual] if usual else None)

    def is_closed(self, at: str) -> bool:
        try:
            return self.why(parse(at), None) is not None
        except ValueError:
            return False

    def referred(self, question: Question, value: Any) -> Any:  # noqa: ANN401 - any answer
        match question.type:
            case "reference":
                return self.ids[str(question.of)].get(value, "")
            case "references":
                return [self.ids[str(question.of)].get(one, "") for one in value]
        return value


def _closed(questionnaire: Questionnaire, answers: Answers) -> tuple[tuple[StoredPath, str], ...]:
    """Return the places that the answers file withholds, each with its reason as printed."""
    found: list[tuple[StoredPath, str]] = []
    problems = []
    for row in rows(answers, "withheld"):
        try:
            place = parse(row["path"])
        except ValueError:
            place = StoredPath("")
        if not _is_there(questionnaire, answers, place):
            says = "this withholds nothing: correct the place, or remove the row."
            problems.append(Problem(f"withheld: {row['path']}", says))
        if place.key in _NEVER:
            says = (
                "who takes part in which role decides what every document says, so it cannot be "
                "withheld. Withhold the name of the partner."
            )
            problems.append(Problem(f"withheld: {row['path']}", says))
        reason = row["reason"].strip().rstrip(".")
        found += [(held, WITHHOLDING.get(reason, reason)) for held in _each(place, answers)]
    if problems:
        raise Unpublishable(problems)
    return tuple(found)


def _is_there(questionnaire: Questionnaire, answers: Answers, place: StoredPath) -> bool:
    """Whether a place is a leaf that may be answered, a row that is there, a table or a section."""
    table = questionnaire.tables.get(place.key) or KEPT.get(place.key)
    if table is None:
        known = questionnaire.leaves.get(place.key, {})
        whole = place.leaf is None and (known or place.key == "extra")
        return place.row is None and bool(whole or place.leaf in known)
    if place.leaf is not None and place.leaf not in {column.leaf for column in table.columns}:
        return False
    if place.row is None:
        return place.leaf is None
    here = {row.get("id") for row in rows(answers, place.key)}
    return place.row in here or (place.row == "" and place.leaf is not None)


def _each(place: StoredPath, answers: Answers) -> Iterator[StoredPath]:
    """Yield the place; a whole column, `systems[].name`, is the cell of each row as well."""
    yield place
    if place.row == "":
        for row in rows(answers, place.key):
            if "id" in row:
                yield place._replace(row=row["id"])
