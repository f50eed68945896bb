"""Knows every place of a finished file where text can stand: pages, metadata, attachments, tags.

A published edition is searched in what is handed out, not in what it was made from. So the reader
is pypdf and not the writer's own code, streams are unpacked, and glyphs are read by the map from
glyph to character that each font carries.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from piagen.errors import TemplateFault
from piagen.frozen import frozen


@frozen
class Surface:
    """Text of one kind in one file.

    Attributes:
        where: what it is, in words that finish “found in …”.
        drawn: whether it was put together from what is drawn, so that the end of one cell and the
            beginning of the next may read as one text.
    """

    where: str
    text: str
    drawn: bool = False


def html_surfaces(content: bytes) -> Iterator[Surface]:
    """Yield the text of an HTML file, and all of its code: attributes, styles and comments."""
    written = content.decode("utf-8", "replace")
    parted = _TAG.sub("", _BLOCK.sub("\0", written))
    yield Surface("the text of the page", html.unescape(parted))
    yield Surface("the code of the page", html.unescape(written))


def word_surfaces(content: bytes) -> Iterator[Surface]:
    """Yield each part of a Word file: its text, and all of its code."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            written = parts.read(name).decode("utf-8", "replace")
            yield Surface(f"the text of {name}", html.unescape(_TAG.sub("", written)))
            yield Surface(f"the code of {name}", html.unescape(written))
            yield Surface("the names of its parts", name)


def pdf_surfaces(content: bytes) -> Iterator[Surface]:
    """Yield the text of a PDF: pages, pictures, margins, bookmarks, tags, links, metadata, files.

    Raises:
        TemplateFault: it holds something that cannot be read as text, so it cannot be searched.
    """
    import pypdf  # only where it is needed: it takes a tenth of a second

    reader = pypdf.PdfReader(io.BytesIO(content))
    fonts = _Fonts()
    pages, margins = [], []
    for page in reader.pages:
        body, margin = _drawn(_data(page), _resources(page), fonts)
        pages.append(body)
        margins.append(margin)
    yield Surface("the text of the pages", "".join(pages), drawn=True)
    yield Surface("the margins or pictures of the pages", "\0".join(margins), drawn=True)
    told: dict[str, dict[str, None]] = {}
    for number in range(1, _size(reader)):
        for where, text in _of_object(reader.get_object(number), fonts):
            told.setdefault(where, {})[text] = None
    for where, text in _strings(reader.trailer, ""):
        told.setdefault(where, {})[text] = None
    for where, texts in told.items():
        yield Surface(where, "\n".join(texts))


SURFACES: Mapping[str, Callable[[bytes], Iterator[Surface]]] = {
    "pdf": pdf_surfaces,
    "html": html_surfaces,
    "docx": word_surfaces,
}
"""How a finished file of each format is read."""

_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"<(?!/?(?:a|abbr|b|em|i|mark|small|span|strong|sub|sup|tspan|wbr)\b)[^>]*>")
"""Where one text ends and another begins."""
_WHERE = {
    "/Alt": "the words for screen readers",
    "/ActualText": "the words for screen readers",
    "/E": "the words for screen readers",
    "/T": "the tags",
    "/ID": "the tags",
    "/Title": "the bookmarks or the title",
    "/Author": "the metadata",
    "/Subject": "the metadata",
    "/Keywords": "the metadata",
    "/URI": "the links",
    "/Dest": "the links",
    "/D": "the links",
    "/Names": "the names of places",
    "/Contents": "the notes",
}
_ELSEWHERE = "another string of the file"

_TOKEN = re.compile(
    rb"""\((?P<literal>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)
       | <(?P<hex>[0-9A-Fa-f\s]*)>(?!>)
       | /(?P<name>[^\s()<>\[\]{}/%]+)
       | (?P<operator>\b(?:Tf|Tj|TJ|BMC|BDC|EMC)\b|['"](?=\s))
       | (?P<dictionary><<|>>)""",
    re.VERBOSE | re.DOTALL,
)
"""What matters of a content stream: strings, names, and the operators that show text or mark it."""


class _Fonts:
    """What each font's codes mean, read once for each font."""

    def __init__(self) -> None:
        self._maps: dict[int, Mapping[int, str]] = {}

    def of(self, resources: Mapping[str, Any], name: str) -> Mapping[int, str]:
        """Return the map of a font from code to text.

        Raises:
            TemplateFault: the font is not there, or does not say what its glyphs mean.
        """
        font = _at(_at(resources.get("/Font", {})).get(f"/{name}"))
        told = _at(font.get("/ToUnicode")) if font else None
        if told is None or font.get("/Encoding") != "/Identity-H":
            says = f"Its font {name} does not say which letters its glyphs are: cannot be searched."
            raise TemplateFault(says)
        if id(told) not in self._maps:
            self._maps[id(told)] = _read_map(told.get_data())
        return self._maps[id(told)]


def _read_map(written: bytes) -> Mapping[int, str]:
    """Read a ToUnicode map: single codes and ranges of them."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", written, re.DOTALL):
        codes = re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block)
        found.update((int(code, 16), _utf_16(meant)) for code, meant in codes)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", written, re.DOTALL):
        runs = re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block)
        for first, last, meant in runs:
            start = _utf_16(meant)
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _utf_16(written: bytes) -> str:
    return bytes.fromhex(written.decode()).decode("utf-16-be", "replace")


def _drawn(data: bytes, resources: Mapping[str, Any], fonts: _Fonts) -> tuple[str, str]:
    """Return the text that a content stream shows: in the body, and in artefacts and figures."""
    body: list[str] = []
    aside: list[str] = []
    marked: list[bool] = []
    meant: Mapping[int, str] = {}
    waiting: list[bytes] = []
    names: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(data):
        match token.lastgroup:
            case "literal":
                waiting.append(_unescaped(token["literal"]))
            case "hex":
                digits = re.sub(rb"\s", b"", token["hex"]).decode()
                waiting.append(bytes.fromhex(digits + "0" * (len(digits) % 2)))
            case "name":
                if depth == 0:
                    names.append(token["name"].decode("latin-1"))
            case "dictionary":
                depth += 1 if token["dictionary"] == b"<<" else -1
            case "operator":
                match token["operator"]:
                    case b"Tf":
                        meant = fonts.of(resources, names[-1])
                    case b"BMC" | b"BDC":
                        marked.append(bool(names) and names[-1] == "Artifact")
                        aside += [_string(one) for one in waiting]  # of its dictionary: ActualText
                    case b"EMC":
                        marked = marked[:-1]
                    case _:
                        shown = "".join(_letters(one, meant) for one in waiting)
                        (aside if any(marked) else body).append(shown)
                waiting, names = [], []
    return "".join(body), "".join(aside)


def _letters(codes: bytes, meant: Mapping[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=False)
    return "".join(meant.get(high << 8 | low, "\ufffd") for high, low in pairs)


_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(written: bytes) -> bytes:
    def read(found: re.Match[bytes]) -> bytes:
        if found[1][:1].isdigit():
            return bytes([int(found[1], 8) & 0xFF])
        return b"" if found[1].isspace() else _ESCAPES.get(found[1], found[1])

    return _ESCAPED.sub(read, written)


def _of_object(item: Any, fonts: _Fonts) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield every string of an object of the file, and what its stream holds."""
    yield from _strings(item, "")
    if not hasattr(item, "get_data"):
        return
    data = item.get_data()
    match item.get("/Type"), item.get("/Subtype"):
        case "/Metadata", _:
            yield "the metadata", html.unescape(data.decode("utf-8", "replace"))
        case "/EmbeddedFile", _:
            yield "an attached file", data.decode("utf-8", "replace")
        case _:
            if "/Resources" in item:  # a picture or a pattern is drawn as a page is
                yield "the pictures", "".join(_drawn(data, _resources(item), fonts))
            yield "a stream of the file", data.replace(b"\0", b"").decode("latin-1")


def _strings(item: Any, key: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield the strings that stand in an object itself, with what they are."""
    match item:
        case bytes():
            yield _WHERE.get(key, _ELSEWHERE), _string(item)
        case str() if not item.startswith("/"):
            yield _WHERE.get(key, _ELSEWHERE), str(item)
        case str():
            yield _ELSEWHERE, str(item)
        case dict():
            for name in item:
                yield from _strings(dict.__getitem__(item, name), str(name))
        case list():
            for one in item:
                yield from _strings(one, key)


def _string(written: bytes) -> str:
    if written.startswith(b"\xfe\xff"):
        return written[2:].decode("utf-16-be", "replace")
    return written.decode("utf-8", "replace")


def _at(reference: Any) -> Any:  # noqa: ANN401 - any object of a PDF
    return reference.get_object() if hasattr(reference, "get_object") else reference


def _size(reader: Any) -> int:  # noqa: ANN401 - pypdf's reader
    return int(reader.trailer["/Size"])


def _resources(item: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _at(item.get("/Resources")) or {}
    return found


def _data(page: Mapping[str, Any]) -> bytes:
    """Return what a page draws; its content may be one stream or several."""
    contents = _at(page.get("/Contents", []))
    streams = contents if isinstance(contents, list) else [contents]
    return b"\n".join(_at(stream).get_data() for stream in streams)
