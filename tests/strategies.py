"""Builds Hypothesis strategies from a questionnaire: valid answers files, and broken ones."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from piagen.questionnaire.kept import KEPT
from piagen.questionnaire.model import Question, Questionnaire, Table
from piagen.questionnaire.shape import FORMAT_VERSION

Document = dict[str, Any]
Ids = Mapping[str, Sequence[str]]
Draw = st.DrawFn

ROW_IDS = st.one_of(
    st.sampled_from(["a", "b", "c", "0", "a-1", "police", "early-help", "9-"]),
    st.text("abz09-", min_size=1, max_size=6).filter(lambda text: text[0] != "-"),
)
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_LETTERS = st.characters(
    exclude_categories=("Cc", "Cs", "Cn"), exclude_characters=f"\u2028\u2029\ufffe\uffff{_TURNS}"
)
_HIDDEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
_PROSE_LETTERS = st.one_of(_LETTERS, st.sampled_from("\n\t\u2028\u2029"))
_NAMES = st.text("abcxyz0189-_+'é", min_size=1, max_size=8)
_HOSTS = st.lists(_NAMES, min_size=2, max_size=3).map(".".join)
_PATHS = st.text("abc/019?&=#%~.-_é", max_size=10)


def _printable(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Text in NFC, as it comes back from a file, of which something can be seen."""
    drawn = st.one_of(
        st.text(letters, min_size=1, max_size=12),
        st.sampled_from(
            ["Northshire Council", "naïve café", "<b>&amp;", "{{ x }}", "中文", "👩‍👧"]
        ),
    )
    return drawn.map(lambda text: unicodedata.normalize("NFC", text)).filter(
        lambda text: any(map(_is_seen, text))
    )


def _is_seen(character: str) -> bool:
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return not (hidden or character in _HIDDEN or "\ufe00" <= character <= "\ufe0f")


TEXTS = _printable(_LETTERS)
PROSE = _printable(_PROSE_LETTERS)
DATES = st.dates().map(lambda day: day.isoformat())
EMAILS = st.builds("{}@{}".format, _NAMES, _HOSTS)
URLS = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https"]), _HOSTS, _PATHS)


def _several(words: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), unique=True, max_size=3) if words else st.just([])


def answers_to(question: Question, ids: Ids) -> st.SearchStrategy[Any]:
    """Return valid answers to a question; none at all if it points at a table without rows."""
    low, high = question.limits
    words, rows = list(question.options), list(ids.get(question.of or "", ()))
    made: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "text": lambda: TEXTS,
        "prose": lambda: PROSE,
        "boolean": st.booleans,
        "choice": lambda: st.sampled_from(words),
        "choices": lambda: _several(words),
        "number": lambda: st.integers(low or 0, 10**9 if high is None else high),
        "date": lambda: DATES,
        "email": lambda: EMAILS,
        "url": lambda: URLS,
        "reference": lambda: st.sampled_from(rows) if rows else st.nothing(),
        "references": lambda: _several(rows),
    }
    return made[question.type]()


def _cells(draw: Draw, columns: Sequence[Question], ids: Ids, most: int) -> Document:
    """Answer some of the questions."""
    chosen = draw(st.lists(st.sampled_from(columns), unique_by=lambda q: q.leaf, max_size=most))
    askable = [q for q in chosen if q.type != "reference" or ids.get(q.of or "")]
    return {question.leaf: draw(answers_to(question, ids)) for question in askable}


def _rows(draw: Draw, table: Table, ids: Ids) -> list[Document]:
    rows: list[Document] = []
    seen: set[tuple[Any, ...]] = set()
    for id_ in ids[table.key]:
        row = {"id": id_, **_cells(draw, table.columns, ids, 5)}
        name = tuple(row.get(column) for column in table.unique)
        if name and None not in name and name in seen:
            del row[table.unique[0]]
        seen.add(name)
        rows.append(row)
    return rows


def _kept(draw: Draw, table: Table) -> list[Document]:
    needed = [column for column in table.columns if not column.reach.optional]
    spare = [column for column in table.columns if column.reach.optional]
    rows = []
    for _ in range(draw(st.integers(0, 2))):
        row = {column.leaf: draw(answers_to(column, {})) for column in needed}
        rows.append(row | (_cells(draw, spare, {}, 3) if spare else {}))
    return rows


def documents(questionnaire: Questionnaire) -> st.SearchStrategy[Document]:
    """Return answers files of the right shape, with some of the sections, tables and answers."""

    @st.composite
    def right(draw: Draw) -> Document:
        return _document(draw, questionnaire)

    return right()  # the questionnaire is no argument: it is too large to show in a failure


def _document(draw: Draw, questionnaire: Questionnaire) -> Document:
    tables = questionnaire.tables
    chosen = draw(st.lists(st.sampled_from(list(tables)), unique=True, max_size=7))
    for key in list(chosen):
        chosen += [c.of for c in tables[key].columns if c.of and c.of not in chosen]
    ids = {key: draw(st.lists(ROW_IDS, unique=True, max_size=3)) for key in chosen}
    document: Document = {"piagen": FORMAT_VERSION}
    for key in draw(st.lists(st.sampled_from(list(questionnaire.leaves)), unique=True, max_size=6)):
        document[key] = _cells(draw, list(questionnaire.leaves[key].values()), ids, 6)
    for key in chosen:
        document[key] = _rows(draw, tables[key], ids)
    for key in draw(st.lists(st.sampled_from(list(KEPT)), unique=True, max_size=2)):
        document[key] = _kept(draw, KEPT[key])
    if draw(st.booleans()):
        document["extra"] = draw(
            st.dictionaries(TEXTS, st.one_of(TEXTS, st.integers()), max_size=2)
        )
    return document


ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.0, 10**30, float("inf"),
    "", " ", "\t", "\n", "\u00a0", "x", "TBC", "true", "1", "no", "yes",
    "a\u0000b", "a\u001bb", "a\u007f", "a\u0085", "a\u2028b", "a\nb", "a\tb", "a\r\nb",
    "\ud800", "a\udfff", "\ufffe", "\uffff",
    "\u200b", "\u3164\ufe0f", "\u2800 \u2060", "a\u202eb", "\u2066a\u2069", "a\u200bb",
    "UPPER", "-a", "a_b", "a b", "a\n", "é", "a" * 300, "a", "b",
    "2027-02-30", "2027-02-28", "2028-02-29", "2027-2-1", "20270201", "0000-01-01", "2027-W01-1",
    "2027-02-28\n", "2027-02-28T00:00:00", "9999-12-31", "２０２７-01-01",
    "a@b", "a@b.example", "a@b.example\n", "a b@c.example", "a@@b.example", "<a@b.example>",
    "a@b..example", "a@.example", "a,b@c.example", "é@b.example",
    "http://", "https://x.example", "ftp://x.example", "HTTPS://x.example", "https://x.example/a b",
    "javascript:alert(1)", "https://x.example\n", "https://x.example/é", "//x.example",
    [], {}, [[]], [{}], [None], ["a"], ["a", "a"], ["a", "b"], ["a", 1], [1, 1], [True], [""],
    ["UPPER"], ["no such row"], ["nowhere"], [["a"]], {"id": "a"}, [{"id": "a"}],
    [{"id": "a"}, {"id": "a"}], [{"id": None}], ["a", None, "a"],
)  # fmt: skip
"""What people and programs write by mistake; some of it is right in some places."""


def _places(document: Document) -> list[tuple[Any, str | int]]:
    """Every key and index of a document, with what holds it."""
    found: list[tuple[Any, str | int]] = []
    waiting: list[Any] = [document]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    return found


def _replace(draw: Draw, document: Document, _: Questionnaire) -> None:
    holder, key = draw(st.sampled_from(_places(document)))
    holder[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))


def _answer_oddly(draw: Draw, document: Document, questionnaire: Questionnaire) -> None:
    question = draw(st.sampled_from(list(questionnaire.by_path.values())))
    odd = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
    if "[]" in question.path:
        rows = document.setdefault(question.key, [])
        if isinstance(rows, list):
            rows.append({"id": draw(ROW_IDS), question.leaf: odd})
    else:
        section = document.setdefault(question.key, {})
        if isinstance(section, dict):
            section[question.leaf] = odd


def _drop(draw: Draw, document: Document, _: Questionnaire) -> None:
    holder, key = draw(st.sampled_from(_places(document)))
    del holder[key]


def _add_key(draw: Draw, document: Document, _: Questionnaire) -> None:
    holders = [document, *(h[k] for h, k in _places(document) if isinstance(h[k], dict))]
    key = draw(st.one_of(st.sampled_from(["nmae", "id", "Title", "piagen", "extra", "", "title"])))
    draw(st.sampled_from(holders))[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))


def _double(draw: Draw, document: Document, _: Questionnaire) -> None:
    """Write an item of a list twice, a row among them, perhaps with another id."""
    lists = [h[k] for h, k in _places(document) if isinstance(h[k], list) and h[k]]
    if lists:
        chosen = draw(st.sampled_from(lists))
        again = copy.deepcopy(draw(st.sampled_from(chosen)))
        if isinstance(again, dict) and draw(st.booleans()):
            again["id"] = draw(ROW_IDS)
        chosen.append(again)


def _dangle(draw: Draw, document: Document, questionnaire: Questionnaire) -> None:
    """Point a reference at a row that may not be there, or rename the row pointed at."""
    rows = [r for key in questionnaire.tables for r in _dicts(document.get(key))]
    if rows:
        draw(st.sampled_from(rows))["id"] = draw(ROW_IDS)


def _dicts(table: object) -> list[Document]:
    return [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []


_MUTATIONS = (_replace, _answer_oddly, _answer_oddly, _drop, _add_key, _double, _dangle)


def broken_documents(questionnaire: Questionnaire) -> st.SearchStrategy[Document]:
    """Return answers files with one to three changes, most of which break their shape."""

    @st.composite
    def broken(draw: Draw) -> Document:
        document = _document(draw, questionnaire)
        for _ in range(draw(st.integers(1, 3))):
            if document:
                draw(st.sampled_from(_MUTATIONS))(draw, document, questionnaire)
        return document

    return broken()
