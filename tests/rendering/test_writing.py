"""A PDF file holds what pydyf would write, object for object, and is not much larger."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pydyf
import pytest

from piagen.pipeline.assess import load
from piagen.pipeline.documents import render
from piagen.rendering import pdf, writing
from piagen.resources import shipped

PROJECT = shipped("examples") / "early-draft.json"


def made() -> bytes:
    """A document of two pages that carries tags, links, fonts and, as an attachment, answers."""
    (document,) = render(load(PROJECT), ("screening_record",))
    return document.content


def by_pydyf(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The same document, written by pydyf."""
    own = pydyf.PDF.write
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "write", lambda file, *given: own(file, *given))
        return made()


def small(*objects: Any) -> pydyf.PDF:
    file = pydyf.PDF()
    for item in objects:
        file.add_object(item)
    file.info["Producer"] = pydyf.String("test")
    return file


def both(*objects: Any) -> tuple[bytes, bytes]:
    ours, theirs = io.BytesIO(), io.BytesIO()
    writing.write(small(*objects), ours, "1.7", b"name", True)
    small(*objects).write(theirs, "1.7", b"name", True)
    return ours.getvalue(), theirs.getvalue()


def test_packed_as_hard_as_pydyf_packs_the_file_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lighter = made()
    monkeypatch.setattr(writing, "LEVEL", 9)
    theirs = by_pydyf(monkeypatch)
    assert made() == theirs
    assert len(theirs) < len(lighter) < 1.04 * len(theirs)


@pytest.mark.parametrize(
    "item",
    [
        pydyf.Dictionary({"A": 1, "B": 1.5, "C": -0.25, "D": 3.0, "E": 1e-7, "F": True}),
        pydyf.Array([pydyf.String("a (b) \\ c"), pydyf.String("Dŵr"), b"12 0 R", "/Name"]),
        pydyf.Dictionary({"In": pydyf.Dictionary({"Deep": pydyf.Array([])})}),
        pydyf.Stream([b"q", "Q", 1, 2.5], {"Type": "/X"}),
        pydyf.Stream([b"q" * 999, pydyf.Dictionary({"MCID": 4})], compress=True),
    ],
)
def test_every_kind_of_object_is_written_as_pydyf_writes_it(
    item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LEVEL", 9)
    ours, theirs = both(item)
    assert ours == theirs


def test_many_objects_have_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two bytes can count."""
    monkeypatch.setattr(writing, "LEVEL", 9)
    ours, theirs = both(*(pydyf.Dictionary({"N": number}) for number in range(65_600)))
    assert ours == theirs


def test_each_stream_is_packed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[int] = []
    kept = zlib.compress

    def noted(body: bytes, level: int) -> bytes:
        packed.append(level)
        return kept(body, level)

    monkeypatch.setattr(zlib, "compress", noted)
    assert made().count(b"/FlateDecode") == len(packed) > 5
    assert set(packed) == {writing.LEVEL}
