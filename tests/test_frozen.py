"""A frozen class is what `dataclass(frozen=True, slots=True)` makes, but for who wrote it."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from piagen.frozen import frozen


@frozen
class Place:
    """Somewhere."""

    key: str
    rows: tuple[str, ...] = ()
    words: dict[str, str] = dataclasses.field(default_factory=dict)


@frozen
class Elsewhere:
    """Somewhere else, with the same fields."""

    key: str
    rows: tuple[str, ...] = ()


def test_two_are_equal_when_class_and_fields_are():
    assert Place("a", ("b",)) == Place("a", ("b",))
    assert Place("a") != Place("b")
    others: list[object] = [Elsewhere("a"), ("a", (), {})]
    assert Place("a") not in others
    assert len({Elsewhere("a"), Elsewhere("a"), Elsewhere("b")}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(Place("a"))


def test_it_shows_its_fields_as_a_dataclass_does():
    assert repr(Place("a", ("b",))) == "Place(key='a', rows=('b',), words={})"


def test_nothing_in_it_can_be_changed_added_or_taken_out():
    place = Place("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.key = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del place.key
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
        place.other = "b"  # type: ignore[attr-defined]
    assert not hasattr(place, "__dict__")


def test_it_is_a_dataclass_to_all_who_ask():
    place = Place("a", ("b",))
    assert [field.name for field in dataclasses.fields(Place)] == ["key", "rows", "words"]
    assert dataclasses.asdict(place) == {"key": "a", "rows": ("b",), "words": {}}
    assert dataclasses.replace(place, key="c") == Place("c", ("b",))
    match place:
        case Place(key, (row,)):
            assert (key, row) == ("a", "b")
    assert Place("a").words is not Place("a").words


def test_it_can_be_sent_to_another_process():
    place = Place("a", ("b",), {"c": "d"})
    assert pickle.loads(pickle.dumps(place)) == place  # noqa: S301 - our own
    assert copy.deepcopy(place) == place
