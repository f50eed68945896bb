"""A render opens no socket, starts no program and reads nothing but piagen's own files."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template
from tests.hostile.naughty import EXAMPLES, Answers, base, filled
from tests.rendering.reach import html_of

from piagen.errors import TemplateFault
from piagen.pipeline.documents import documents, template_roots
from piagen.rendering.context import DocumentContext
from piagen.rendering.environment import environment
from piagen.rendering.fetcher import Bundled
from piagen.rendering.html import render_html
from piagen.rendering.pdf import render_pdf
from piagen.rendering.rendition import Rendition
from piagen.resources import shipped

WATCHED = '''
"""Renders what it is given, and stops at the first thing that a render must not do."""
import os, sys, sysconfig
from pathlib import Path

answers, output = map(Path, sys.argv[1:])
sys.path.pop(0)  # the folder of this script, from which a command would never import
import piagen.cli, piagen.rendering.pdf  # to find Pango, the C interface starts ldconfig
from piagen.resources import shipped

OURS = {Path(piagen.cli.__file__).parents[1], shipped("templates"), shipped("questionnaires")}
PYTHON = {Path(place) for place in sysconfig.get_paths().values()} | {Path(sys.base_prefix, "lib")}
PYTHON |= {Path(place) for place in sys.path if place.endswith("site-packages")}
READ = {place.resolve() for place in OURS | PYTHON | {answers, output}} | {Path(os.devnull)}
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system",
             "os.fork", "os.startfile", "pty.", "urllib.", "http.", "ftplib.", "smtplib.",
             "webbrowser.", "os.chdir", "os.link", "os.symlink", "shutil.")
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.utime")

class NotAllowed(BaseException):
    pass

def inside(path, places):
    if isinstance(path, int):
        return True
    found = Path(os.fsdecode(path)).resolve()
    return any(found.is_relative_to(place) for place in places)

def watch(event, given):
    if event.startswith(FORBIDDEN):
        raise NotAllowed(event, given)
    if event == "os.listdir" and given[0] in sys.path:
        return  # an organisation's own rules are looked up among what is installed
    if event in ("open", "os.listdir", "os.scandir", "os.chmod"):
        path, flags = given[0], given[2] if event == "open" else 0
        writes = event == "os.chmod" or (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if not inside(path, {output.resolve()} if writes else READ):
            raise NotAllowed(event, given)
    elif event in WRITES and not inside(given[0], {output.resolve()}):
        raise NotAllowed(event, given)

sys.addaudithook(watch)
sys.dont_write_bytecode = True
TRIED
piagen.cli.piagen.main(
    ["render", "--document", "all", "--format", "pdf", "-o", str(output), str(answers)],
    prog_name="piagen",
)
'''

FAULTS = (
    "open('/etc/passwd')",
    "Path('/etc/hostname').read_bytes()",
    "os.open('/etc/passwd', 0)",
    "os.listdir('/etc')",
    "open(answers.parent / 'other', 'w')",
    "(output / 'x').symlink_to('/etc')",
    "__import__('socket').socket()",
    "__import__('socket').getaddrinfo('evil.example', 80)",
    "__import__('urllib.request').request.urlopen('http://evil.example/')",
    "__import__('subprocess').Popen(['true'])",
    "os.system('true')",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.execv('/bin/true', ['true'])",
)


def watched(tmp_path: Path, answers: Answers, tried: str = "") -> list[str]:
    """Return the command that renders all documents of the answers under watch."""
    told, output = tmp_path / "answers.json", tmp_path / "output"
    told.write_text(json.dumps(filled(answers, 0)[0]), "utf-8")
    output.mkdir()
    (tmp_path / "watched.py").write_text(WATCHED.replace("TRIED", tried), "utf-8")
    return [sys.executable, str(tmp_path / "watched.py"), str(told), str(output)]


def small() -> Answers:
    kept = ("piagen", "assessment", "project", "partners", "purposes", "data_subjects")
    return {key: value for key, value in base("early-draft").items() if key in kept}


def hold(tmp_path: Path, answers: Answers) -> None:
    """Python's own events are refused as they come; the system's calls are read afterwards.

    Pango and fontconfig are C, and no hook of Python's sees what they do.
    """
    command, log = watched(tmp_path, answers), tmp_path / "trace"
    traced = ["strace", "-f", "-qq", "-e", "trace=network,execve,openat", "-o", str(log)]
    can_trace = (
        shutil.which("strace")
        and not subprocess.run([*traced, "true"], capture_output=True, check=False).returncode
    )
    said = subprocess.run(
        [*(traced if can_trace else ()), *command], capture_output=True, text=True, check=False
    )
    assert said.returncode in (0, 1), said.stderr[-2000:]  # errors may stand in the answers
    assert "Traceback" not in said.stderr
    assert len(list((tmp_path / "output").iterdir())) == len(documents())
    if can_trace:
        lines = log.read_text("utf-8", "replace").splitlines()
        at = next(i for i, line in enumerate(lines) if "answers.json" in line and "openat(" in line)
        called = lines[at:]
        assert not [c for c in called if re.search(r"\b(socket|connect|sendto|execve)\(", c)]
        fonts = [c for c in called if re.search(r"\.(ttf|otf|ttc|pfb|woff2?)\"", c)]
        own = str(shipped("templates") / "_base" / "fonts")
        assert fonts
        assert not [c for c in fonts if own not in c and "ENOENT" not in c]


def test_a_render_of_hostile_text_touches_no_network_and_no_other_file(tmp_path: Path) -> None:
    hold(tmp_path, small())


@pytest.mark.soak
@pytest.mark.parametrize("name", EXAMPLES)
def test_nor_does_any_example_full_of_it(tmp_path: Path, name: str) -> None:
    hold(tmp_path, base(name))


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    tried = "".join(
        f"try:\n    {fault}\nexcept NotAllowed: pass\nelse: sys.exit({fault!r})\n"
        for fault in FAULTS
    )
    command = watched(tmp_path, small(), f"{tried}\nsys.exit(7)")
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 7, said.stderr


@pytest.mark.parametrize(
    "address",
    ["http://evil.example/a.css", "https://evil.example/a.css", "ftp://evil.example/a.css",
     "file:///etc/passwd", "FILE:///etc/passwd", "data:text/css,*{}", "DATA:text/css,*{}",
     "//evil.example/a.css", "/etc/passwd", "_base/type.css", "", "piagen", "piagen:",
     "piagen:..", "piagen:../pyproject.toml", "piagen:../templates/_base/type.css",
     f"piagen:{template_roots()[0]}/_base/type.css", "piagen:pia/../_base/type.css",
     "piagen:_base/../../src/piagen/yamlio.css",
     "piagen:/etc/passwd", "piagen:/etc/a.css", "piagen://etc/a.css", "piagen:./../a.css",
     "piagen:%2e%2e/a.css", "piagen:_base%2ftype.css", "piagen:_base/type.css?x",
     "piagen:_base/type.css#x", "piagen:_base/type.css%00", "piagen:_base/type.css\x00.css",
     "PIAGEN:_base/type.css", "Piagen:_base/type.css", " piagen:_base/type.css",
     "piagen:_base", "piagen:_base/none.css", "piagen:_base\\type.css", "piagen:pia/document.toml",
     "piagen:_base/document.html.j2", "piagen:" + "a" * 5000 + ".css"],
)  # fmt: skip
def test_the_fetcher_refuses_all_but_our_own_names(address: str) -> None:
    with pytest.raises(TemplateFault):
        Bundled(template_roots()).fetch(address)


def test_the_fetcher_serves_our_own_names_and_asks_the_system_for_no_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("mimetypes.guess_type")
    for name, kind in (("type.css", "text/css"), ("fonts/SourceSans3-Bold.ttf", "font/ttf")):
        served = Bundled(template_roots()).fetch(f"piagen:_base/{name}")
        assert served.read()
        assert served.content_type == kind


def test_a_link_out_of_the_template_folder_is_refused(tmp_path: Path) -> None:
    root, other = tmp_path / "templates", tmp_path / "secret.css"
    root.mkdir()
    other.write_text("secret", "utf-8")
    (root / "out.css").symlink_to(other)
    (root / "folder").symlink_to(tmp_path)
    (root / "own.css").write_text("own", "utf-8")
    (root / "in.css").symlink_to(root / "own.css")
    fetcher = Bundled((root,))
    for name in ("out.css", "folder/secret.css"):
        with pytest.raises(TemplateFault, match="leads out"):
            fetcher.fetch(f"piagen:{name}")
    assert fetcher.fetch("piagen:in.css").read() == b"own"
    (tmp_path / "linked").symlink_to(root)
    assert Bundled((tmp_path / "linked",)).fetch("piagen:own.css").read() == b"own"


@pytest.mark.parametrize(
    "markup",
    ['<img src="{}">', '<link rel=stylesheet href="{}">', '<link rel=attachment href="{}">',
     '<p style="background: url({})">x', '<object data="{}">x</object>', '<embed src="{}">',
     "<style>@import url({});</style>", "<style>@font-face{{font-family:x;src:url({})}}</style>",
     '<svg width=9 height=9><image href="{}" width=9 height=9 /></svg>',
     '<p style="content: url({})">x'],
)  # fmt: skip
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_markup_that_asks_for_more_stops_the_document_or_is_left_out(
    markup: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were markup ever to get in by a fault of ours, nothing would be fetched, by no library."""

    fetched: list[object] = []

    def never(*given: object, **_: object) -> None:
        fetched.append(given)
        raise OSError("nothing is fetched here")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", never)
    monkeypatch.setattr("socket.getaddrinfo", never)
    page = f"<html lang=en><title>x</title><body>{markup.format(address)}"
    made = b""
    with contextlib.suppress(TemplateFault):
        made = render_pdf(page, roots=template_roots(), identifier="x")
    assert fetched == []
    assert b"root:" not in made
    assert b"EmbeddedFile" not in made


def documented() -> set[str]:
    said = str(DocumentContext.__doc__).partition("Attributes:")[2]
    return set(re.findall(r"^ {8}(\w+):", said, re.MULTILINE))


def test_templates_see_the_documented_context_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[str, Any] = {}
    draw = Template.render

    def spy(self: Template, *args: Any, **kwargs: Any) -> str:
        seen.update(dict(*args, **kwargs))
        return draw(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", spy)
    html_of("pia", base("early-draft"))
    functions = {name for name, found in seen.items() if callable(found)}
    assert set(seen) - functions == documented()
    assert functions == {
        "anchor",
        "authorities",
        "begin",
        "checks",
        "cite",
        "fact",
        "flow_pictures",
        "place",
        "postures",
        "printed_in",
        "prompted_risks",
        "ref",
        "risk_matrices",
        "risk_title",
        "sharing_documents",
        "standing",
        "table_number",
        "tier_diagram",
        "timeline",
        "tips",
        "two_by_two",
        "uses",
        "uses_without_a_row",
        "verified",
        "why_not",
    }
    assert all(seen[name].__doc__ for name in functions)
    assert not environment(template_roots()).globals


@pytest.mark.parametrize(
    "reach",
    ["range(3)", "dict(a=1)", "lipsum()", "cycler(1)", "joiner()", "namespace()", "config",
     "answers.__class__", "project.__class__.__mro__", "law.__init__.__globals__",
     "''.__class__.__subclasses__", "begin.__func__", "answers._open", "document['__class__']",
     "answers | attr('__dict__')", "'{0.__class__}'.format(answers)", "sections[0]._clauses",
     "'%s'.__mod__(1)", "self._TemplateReference__context", "fact.__self__",
     "[answers] | map(attribute='__class__') | join"],
)  # fmt: skip
def test_a_template_cannot_reach_python_itself(tmp_path: Path, reach: str) -> None:
    folder = tmp_path / "pia"
    folder.mkdir()
    (folder / "document.html.j2").write_text("{{ (" + reach + ") ~ '' }}", "utf-8")
    from piagen.law.catalogue import load_catalogue
    from piagen.pipeline.assess import questionnaire

    with pytest.raises(TemplateFault):
        render_html(
            documents()["pia"],
            base("early-draft"),
            questionnaire=questionnaire(),
            law=load_catalogue().as_at(None),
            findings=(),
            roots=(tmp_path, *template_roots()),
            rendition=Rendition("html"),
        )
