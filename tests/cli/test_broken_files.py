"""A broken answers file, as a user meets it: refused in words, in bounds, and alone."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from piagen.cli import piagen
from piagen.errors import shown
from piagen.pipeline.answers import MOST_BYTES, MOST_ROWS
from piagen.pipeline.assess import questionnaire
from piagen.pipeline.problems import MOST_PROBLEMS
from piagen.resources import shipped
from tests.cli.child import BOUNDS, run

GOOD = b'{"piagen": "1", "assessment": {"title": "Warm homes"}}'
BEGIN = b'{"piagen": "1",\n "extra": {"a": '
WORDS: Mapping[str, tuple[bytes, int | None, str]] = {
    "empty": (b"", 1, "is empty"),
    "blank": (b" \n\n ", 3, "is empty"),
    "truncated": (GOOD[:40], 1, "cut short"),
    "truncated-deep": (b'{"piagen": "1",\n "partners": [{"id": "a"},', 2, "cut short"),
    "latin-1": ('{"piagen": "1", "scope": {"area": "Caf\u00e9"}}'.encode("latin-1"), None, "UTF-8"),
    "utf-16": (GOOD.decode().encode("utf-16"), None, "Save it as UTF-8"),
    "utf-16-unmarked": (GOOD.decode().encode("utf-16-le"), None, "Save it as UTF-8"),
    "utf-32": (GOOD.decode().encode("utf-32"), None, "Save it as UTF-8"),
    "not-json": (b"%PDF-1.7\n", 1, "not JSON"),
    "no-comma": (b'{"piagen": "1"\n "scope": {}}', 2, "Mend it there"),
    "key-twice": (b'{"piagen": "1",\n "scope": {},\n "scope": {}}', 3, "“scope” is written twice"),
    "key-twice-deep": (
        BEGIN + b'[{"b": 1,\n "c": 2,\n "\\u0062": 3}]}}', 4, "“b” is written twice",
    ),
    "key-twice-in-lost": (
        b'{"piagen": "1",\n "scope": {"x": 1,\n "x": 2},\n "scope": {}}', 3, "“x” is written twice",
    ),
    "key-unprintable": (BEGIN + b'{"\\u001b[2J": 1}}}', 2, "cannot be printed"),
    "key-twice-long": (
        b'{"piagen": "1", "' + b"k" * 9_000 + b'": 1, "' + b"k" * 9_000 + b'": 1}', 1, "kkk…” is",
    ),
    "nan": (BEGIN + b"[1,\n NaN]}}", 3, "NaN is not a number"),
    "infinity": (BEGIN + b"Infinity}}", 2, "Infinity is not a number"),
    "minus-infinity": (BEGIN + b"-Infinity}}", 2, "-Infinity is not a number"),
    "digits-400": (BEGIN + b"1" * 400 + b"}}", 2, "400 digits is too long"),
    "digits-5000": (BEGIN + b"-" + b"1" * 5_000 + b"}}", 2, "digits is too long"),
    "fraction": (BEGIN + b"\n1e999}}", 3, "too large. Write a smaller one"),
    "deep-lists": (BEGIN + b"\n" + b"[" * 5_000 + b"]" * 5_000 + b"}}", 3, "nested too deeply"),
    "deep-objects": (BEGIN + b'{"a":' * 5_000 + b"1" + b"}" * 5_002, 2, "nested too deeply"),
    "deep-60": (BEGIN + b"[\n" * 60 + b"]" * 60 + b"}}", 50, "nested too deeply"),
    "deep-unclosed": (b"[" * 1_000_000, 1, "nested too deeply"),
    "list": (b'[{"piagen": "1"}]', None, "curly brackets"),
    "text": (b'"piagen"', None, "curly brackets"),
    "null": (b"null", None, "curly brackets"),
    "no-version": (b'{"scope": {}}', None, "no “piagen” key"),
    "newer": (b'{"piagen": "2", "new": 1}', None, "by a newer piagen (format 2)"),
    "version-0": (b'{"piagen": "0"}', None, "never was a format 0"),
    "version-long": (b'{"piagen": "' + b"9" * 5_000 + b'"}', None, "never was a format 99"),
    "version-list": (b'{"piagen": ["1"]}', None, "format version is not one"),
    "rows": (
        b'{"piagen": "1", "partners": [' + b'{"id": "a"},' * MOST_ROWS + b"{}]}",
        None, f"partners is a list of {MOST_ROWS + 1:,}. Write at most",
    ),
    "ids": (
        b'{"piagen": "1", "data_flows": [{"id": "f", "recipients": ["a"' + b',"a"' * 900_000
        + b"]}]}", None, "data_flows[row 1].recipients is a list of 900,001",
    ),
    "string-50-mb": (BEGIN + b'"' + b"a" * 50_000_000 + b'"}}', None, "too large (over 5 MB)"),
    "backslashes": (BEGIN + b'"' + b"\\\\" * 2_000_000 + b'",\n "b": NaN}}', 3, "NaN"),
    "quotes": (BEGIN + b'"' + b'\\"' * 2_000_000 + b"}}", 2, "cut short"),
}  # fmt: skip
"""Name, content, the line that is told, and words of the message."""

PLACES: Mapping[str, str] = {
    "gone.json": "No such file",
    "folder.json": "not a file",
    "fifo.json": "not a file",
    "zero.json": "not a file",
    "/dev/zero": "not a file",
    "/dev/null": "not a file",
    "loop.json": "Too many levels of symbolic links",
    "dangling.json": "No such file",
    "plain.json/answers.json": "Not a directory",
    "secret.json": "Permission denied",
    "locked/answers.json": "Permission denied",
    "n" * 300 + ".json": "File name too long",
    "/proc/self/mem": "cannot be read",
    "/proc/self/pagemap": "too large",
}
"""What is no plain file that may be read; reading `mem` fails half way, `pagemap` has no end."""

MANY: Mapping[str, bytes] = {
    "unknown-keys": b'{"piagen": "1"' + b"".join(b',"k%d":1' % n for n in range(400_000)) + b"}",
    "wrong-rows": b'{"piagen": "1", "roles": ['
    + b",".join(b'{"id": "r%d", "partner": "p", "x": 1}' % n for n in range(MOST_ROWS))
    + b"]}",
}
"""Right JSON with more problems than anyone can read."""


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of broken files."""
    folder = tmp_path_factory.mktemp("zoo")
    for name, (content, _, _) in WORDS.items():
        (folder / f"{name}.json").write_bytes(content)
    for name, content in MANY.items():
        (folder / f"{name}.json").write_bytes(content)
    (folder / "bom.json").write_bytes(b"\xef\xbb\xbf" + GOOD)
    (folder / "plain.json").write_bytes(GOOD)
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "fifo.json")
    (folder / "zero.json").symlink_to("/dev/zero")
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "dangling.json").symlink_to("gone.json")
    (folder / "secret.json").write_bytes(GOOD)
    (folder / "secret.json").chmod(0)
    (folder / "locked").mkdir()
    (folder / "locked" / "answers.json").write_bytes(GOOD)
    (folder / "locked").chmod(0)
    yield folder
    (folder / "locked").chmod(0o700)


BROKEN = [*(f"{name}.json" for name in (*WORDS, *MANY)), *PLACES]
ALL = ["plain.json", *BROKEN, "bom.json"]


@pytest.fixture(scope="module")
def checked(zoo: Path) -> Mapping[str, dict[str, Any]]:
    """What `piagen check` says of each in one run, by name; bounded, and as an ordinary user."""
    done = run("check", "--report", "json", *ALL, folder=zoo, limits=BOUNDS, ordinary=True)
    assert done.returncode == 3, done.stderr
    return {told["file"]: told for told in json.loads(done.stdout)["files"]}


@pytest.fixture(scope="module")
def rendered(zoo: Path) -> subprocess.CompletedProcess[str]:
    """The same through `piagen render`."""
    command = ("render", "--format", "html", "-o", "out", "--document", "pia")
    done = run(*command, *ALL, folder=zoo, limits=BOUNDS, ordinary=True)
    assert done.returncode == 3, done.stderr
    return done


@pytest.mark.parametrize("name", WORDS)
def test_a_broken_file_is_refused_with_its_line_and_a_remedy(
    checked: Mapping[str, dict[str, Any]], name: str
) -> None:
    told = checked[f"{name}.json"]
    (problem,) = told["problems"]
    _, line, words = WORDS[name]
    assert told["usable"] is False
    assert words in problem["says"]
    assert problem["line"] == line
    assert problem["says"].endswith(".")
    assert problem["says"].count(". ") >= 1, "what is wrong, and then what to do"
    assert len(problem["says"]) < 300


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_to_be_read_is_refused_in_bounds(
    checked: Mapping[str, dict[str, Any]], name: str
) -> None:
    (problem,) = checked[name]["problems"]
    assert PLACES[name] in problem["says"]
    assert problem["says"].count(". ") >= 1, "what is wrong, and then what to do"


@pytest.mark.parametrize("name", MANY)
def test_of_many_problems_the_first_are_told_and_the_rest_counted(
    checked: Mapping[str, dict[str, Any]], name: str
) -> None:
    problems = checked[f"{name}.json"]["problems"]
    assert len(problems) == MOST_PROBLEMS + 1
    assert "more. Mend the others first" in problems[-1]["says"]


def test_the_good_ones_among_them_are_done(
    checked: Mapping[str, dict[str, Any]], rendered: subprocess.CompletedProcess[str], zoo: Path
) -> None:
    assert [name for name, told in checked.items() if told["usable"]] == ["plain.json", "bom.json"]
    written = rendered.stdout.splitlines()
    assert len(written) == 1, "the second has the name of the first, and is refused"
    assert "Warm homes" in (zoo / written[0]).read_text(encoding="utf-8")
    assert "plain.json has written this already" in rendered.stderr


@pytest.mark.parametrize("name", BROKEN)
def test_render_refuses_each_by_name(rendered: subprocess.CompletedProcess[str], name: str) -> None:
    said = [line for line in rendered.stderr.splitlines() if line.startswith(name)]
    assert len(said) == 1
    assert len(said[0]) < 800


@pytest.mark.parametrize("endless", ["/dev/zero", "/proc/self/pagemap", "string-50-mb.json"])
def test_standard_input_is_bounded_too(zoo: Path, endless: str) -> None:
    with (zoo / endless).open("rb") as stdin:
        done = run("check", "-", folder=zoo, limits=BOUNDS, stdin=stdin.fileno())
    assert done.returncode == 3
    assert done.stderr.startswith("standard input: this is too large")


def test_standard_input_that_is_closed_is_told(zoo: Path) -> None:
    done = run("check", "-", folder=zoo, first="import sys; sys.stdin = None")
    assert done.returncode == 3
    assert "Pipe a file of answers into it" in done.stderr


def test_what_grows_while_it_is_read_is_not_read_to_its_end(zoo: Path) -> None:
    """The size that is told first is the size of a small file."""
    small = "import os; size = os.stat_result([0o100600] + [0] * 5 + [9] + [0] * 3)\n"
    first = small + "os.fstat = Path_stat = lambda *_: size"
    done = run("check", "/dev/zero", folder=zoo, limits=BOUNDS, first=first)
    assert done.returncode == 3
    assert "too large" in done.stderr


def test_a_file_of_the_largest_size_is_checked_in_bounds(zoo: Path) -> None:
    text = "a" * 1_000
    rows = [{"id": f"r{n}", "purpose": text} for n in range(MOST_ROWS)]
    filled = {"piagen": "1", "purposes": rows, "extra": {"a": ""}}
    filled["extra"] = {"a": "b" * (MOST_BYTES - len(json.dumps(filled)))}
    (zoo / "largest.json").write_text(json.dumps(filled))
    assert (zoo / "largest.json").stat().st_size == MOST_BYTES
    done = run("check", "largest.json", folder=zoo, limits=BOUNDS)
    assert done.returncode == 1, done.stderr  # nothing says what is planned
    assert "answers given" in done.stdout


def test_names_and_ids_do_not_give_orders_to_the_terminal(zoo: Path) -> None:
    name = "clear\u001b[2J\u202e.json"
    rows = [{"id": "a\u001b[31m", "name": "b\u009b31m", "kind": "\u001b"}]
    wrong = {"piagen": "1", "partners": rows, "partnership": {"lead": "c\u001b]0;d"}}
    (zoo / name).write_text(json.dumps(wrong))
    for report in ("text", "json"):
        done = run("check", "--report", report, name, folder=zoo)
        assert done.returncode == 3
        for said in (done.stdout, done.stderr):
            assert not set(said) & set("\u001b\u009b"), said
    assert shown(name) in run("check", name, folder=zoo).stderr


def test_a_file_name_that_is_no_text_is_no_fault_of_ours(zoo: Path) -> None:
    name = os.fsdecode(b"caf\xe9.json")
    (zoo / name).write_bytes(GOOD)
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    for command in (
        ("check",), ("check", "--report", "json"),
        ("render", "--format", "html", "--document", "pia", "-o", os.fsdecode(b"out/\xe9")),
    ):  # fmt: skip
        done = run(*command, name, folder=zoo, env=strict)
        assert done.returncode == 0, done.stderr


def check(path: Path) -> Result:
    return CliRunner().invoke(piagen, ["check", "--report", "json", str(path)])


TYPES: Mapping[str, Any] = {
    "null": None, "true": True, "number": -7, "fraction": 0.5, "empty text": "", "text": "zz zz",
    "list": [], "list of lists": [[]], "list of null": [None], "object": {}, "object in list": [{}],
    "numbers": [1, 1],
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_wrong_types_everywhere_are_told_in_their_place(tmp_path: Path, kind: str) -> None:
    """Once in every answer, once as every section and table, and once as every row."""
    asked = questionnaire()
    odd = TYPES[kind]
    rows = {
        key: [{"id": "a", **{column.leaf: odd for column in table.columns}}, odd]
        for key, table in asked.tables.items()
    }
    answers = {key: dict.fromkeys(leaves, odd) for key, leaves in asked.leaves.items()}
    tops = dict.fromkeys((*asked.leaves, *asked.tables, "extra", "waivers", "withheld"), odd)
    linked = {
        key: [{"id": "a", "nmae": "A", **{c.leaf: "a" for c in table.columns if c.of}}]
        for key, table in asked.tables.items()
    }
    for broken in (
        answers,
        rows,
        {**answers, **rows},
        tops,
        {**linked, "partners": odd, "purposes": odd, "data_items": odd},
    ):
        path = tmp_path / "answers.json"
        path.write_text(json.dumps({"piagen": "1", **broken}))
        result = check(path)
        assert result.exit_code == 3 or (broken is tops and kind in ("list", "object")), result
        (told,) = json.loads(result.stdout)["files"]
        for problem in told.get("problems", ()):
            assert problem["at"] or "more" in problem["says"]
            assert problem["says"].endswith((".", "?"))


def test_references_ids_and_keys_are_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(
        json.dumps(
            {
                "piagen": "1",
                "assesment": {},
                "partnership": {"lead": "nobody"},
                "partners": [{"id": "a"}, {"id": "a"}],
            }
        )
    )
    (told,) = json.loads(check(path).stdout)["files"]
    said = {problem["at"]: problem["says"] for problem in told["problems"]}
    assert said.keys() == {"partnership.lead", "partners[a].id", "assesment"}
    assert "name one that is there" in said["partnership.lead"]
    assert "change one" in said["partners[a].id"]
    assert "Did you mean “assessment”?" in said["assesment"]


def test_no_table_points_at_itself_even_by_way_of_others() -> None:
    """So that a row may be named by what it points at without ever coming back to itself."""
    points = {
        key: {column.of for column in table.columns if column.of}
        for key, table in questionnaire().tables.items()
    }
    while ends := {key for key, of in points.items() if not of & points.keys()}:
        for key in ends:
            del points[key]
    assert points == {}


def test_rows_that_name_each_other_wrongly_do_not_loop(tmp_path: Path) -> None:
    """Ids are free text within a table, so a circle can be written; none of it is followed."""
    asked = questionnaire()
    circle: dict[str, Any] = {"piagen": "1"}
    for key, table in asked.tables.items():
        circle[key] = [
            {"id": id_, **{c.leaf: ["b", "a"] if c.type == "references" else other
                           for c in table.columns if c.of}}
            for id_, other in (("a", "b"), ("b", "a"))
        ]  # fmt: skip
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(circle))
    assert check(path).exit_code == 1, "errors stand"
    wrong = ["render", "--format", "html", "--document", "all", "-o", str(tmp_path), str(path)]
    assert CliRunner().invoke(piagen, wrong).exit_code == 1


def test_the_wizard_refuses_a_broken_file_and_leaves_it_alone(zoo: Path) -> None:
    for name in ("truncated.json", "fifo.json", "loop.json", "locked/answers.json", "newer.json"):
        before = (zoo / name).read_bytes() if name in ("truncated.json", "newer.json") else b""
        done = run("new", name, folder=zoo, ordinary=True)
        assert done.returncode == 3, (name, done.stderr)
        assert name in done.stderr
        if before:
            assert (zoo / name).read_bytes() == before


def test_examples_are_far_below_the_bounds() -> None:
    for path in shipped("examples").glob("*.json"):
        assert path.stat().st_size * 20 < MOST_BYTES
        answers = json.loads(path.read_text(encoding="utf-8"))
        assert (
            max(len(rows) for rows in answers.values() if isinstance(rows, list)) * 20 < MOST_ROWS
        )
