"""Knows the whole law catalogue, and reads each part of it only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from piagen.law.citation import Citation, UnknownCitation, of_instrument, of_provision, wording
from piagen.law.dated import REGULATOR, DatedLaw
from piagen.law.fields import Fields
from piagen.law.model import Basis, BodyKind, Gateway, Instrument, Provision, Role
from piagen.law.reading import GatewayFile, read_basis, read_body_kind, read_instrument
from piagen.yamlio import load_yaml

V = TypeVar("V")

FAMILIES = {
    "article_6": "uk-gdpr/6/1/",
    "article_6_annex_1": "uk-gdpr/annex1/",
    "article_9": "uk-gdpr/9/2/",
    "article_10": "uk-gdpr/10",
    "schedule_1": "dpa-2018/sch1/",
    "part_3": "dpa-2018/3",
    "schedule_8": "dpa-2018/sch8/",
}
"""The files of `bases/`, and how the citation key of everything in each begins."""

VERSION = "2026.11.1"
"""Of the data, printed on every cover; it changes whenever an entry does (see CHANGELOG.md)."""

_NO_CONDITION = ("5",)
"""Paragraph 5 of Schedule 1, like 38 to 41, is a rule on policy documents and no condition."""


class Lazy(Mapping[str, V]):
    """A mapping whose keys are known and whose values are read once each, when asked for."""

    def __init__(self, keys: tuple[str, ...], read: Callable[[str], V]) -> None:
        """Keep the keys in their order."""
        self._keys, self._known, self._read = keys, frozenset(keys), read
        self._found: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        """Return the value, reading it if need be."""
        if key not in self._known:
            raise KeyError(key)
        if key not in self._found:
            self._found[key] = self._read(key)
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        """Answer from the keys alone."""
        return key in self._known

    def __iter__(self) -> Iterator[str]:
        """Go through the keys in catalogue order."""
        return iter(self._keys)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._keys)


class Heading(NamedTuple):
    """What the contents say of a gateway: enough to offer it."""

    file: str
    title: str
    role: Role


@dataclass(frozen=True)
class Catalogue:
    """The law under one folder; every mapping keeps catalogue order."""

    home: Path
    version: str = VERSION

    @cached_property
    def instruments(self) -> Mapping[str, Instrument]:
        """Acts, regulations, codes, guidance and sources, by id."""
        folder = self.home / "instruments"
        ids = tuple(sorted(path.stem for path in folder.glob("*.yaml")))
        return Lazy(ids, lambda id_: self._instrument(folder / f"{id_}.yaml"))

    @staticmethod
    def _instrument(path: Path) -> Instrument:
        return read_instrument(path, load_yaml(path))

    @cached_property
    def bases(self) -> Mapping[str, Mapping[str, Basis]]:
        """The grounds and conditions of data protection law: by family, then by id."""
        return Lazy(tuple(FAMILIES), self._family)

    def _family(self, family: str) -> Mapping[str, Basis]:
        path = self.home / "bases" / f"{family}.yaml"
        return MappingProxyType(
            {id_: read_basis(path, id_, raw) for id_, raw in load_yaml(path).items()}
        )

    @cached_property
    def headings(self) -> Mapping[str, Heading]:
        """The title and role of every gateway, by id, without reading the gateways."""
        path = self.home / "gateways.yaml"
        found: dict[str, Heading] = {}
        for file, entries in load_yaml(path).items():
            for id_, raw in entries.items():
                with Fields(path, id_, raw) as of:
                    if id_ in found:
                        raise of.fault("is listed twice")
                    found[id_] = Heading(file, of.text("title"), of.member("role", Role))
        return MappingProxyType(found)

    @cached_property
    def gateways(self) -> Mapping[str, Gateway]:
        """Every rule about sharing, by id, those that are never a power included."""
        files: dict[str, GatewayFile] = {}

        def read(id_: str) -> Gateway:
            name, title, role = self.headings[id_]
            if name not in files:
                files[name] = GatewayFile(self.home / "gateways" / f"{name}.yaml")
            return files[name].entry(id_, title, role)

        return Lazy(tuple(self.headings), read)

    @cached_property
    def body_kinds(self) -> Mapping[str, BodyKind]:
        """The kinds of organisation, by id."""
        path = self.home / "body_kinds.yaml"
        kinds = load_yaml(path)["kinds"]
        return MappingProxyType({id_: read_body_kind(path, id_, raw) for id_, raw in kinds.items()})

    def options(self, name: str) -> Mapping[str, str]:
        """Return what an answer may hold: id and label, in order.

        That is every gateway, those that are never a power too, so that whoever names one is told
        what is wrong with it, and not that there is no such word.

        Raises:
            KeyError: the catalogue has no list of that name.
        """
        match name:
            case "law.gateways":
                chosen = {i: heading.title for i, heading in self.headings.items()}
            case "law.article_6" | "law.article_9":
                family = self.bases[name.removeprefix("law.")].values()
                chosen = {b.id: f"Article {b.code}: {_lower_first(b.name)}" for b in family}
            case "law.schedule_1":
                family = self.bases["schedule_1"].values()
                single = (b for b in family if b.id.isdigit() and b.id not in _NO_CONDITION)
                chosen = {b.id: f"Schedule 1 paragraph {b.id}: {b.name}" for b in single}
            case "law.schedule_8":
                family = self.bases["schedule_8"].values()
                chosen = {b.id: f"Schedule 8 paragraph {b.id}: {b.name}" for b in family}
            case "law.body_kinds":
                chosen = {kind.id: kind.name for kind in self.body_kinds.values()}
            case _:
                raise KeyError(name)
        return MappingProxyType(chosen)

    def offered(self, name: str) -> Mapping[str, str]:
        """Return those of the options that a person should be shown: of the gateways, the powers.

        Raises:
            KeyError: the catalogue has no list of that name.
        """
        if name != "law.gateways":
            return self.options(name)
        powers = {i: h.title for i, h in self.headings.items() if h.role.is_power}
        return MappingProxyType(powers)

    def cite(self, key: str) -> Citation:
        """Return the citation of a provision, an instrument, a basis or a gateway.

        Raises:
            UnknownCitation: nothing has that key; the error names the nearest that exists.
        """
        id_, _, local = key.partition("/")
        match self.entry(key):
            case Instrument() as instrument:
                return of_instrument(instrument)
            case Provision() as provision:
                return of_provision(self.instruments[id_], local, provision)
            case Basis() as basis:
                return _of_basis(self.instruments[id_], local, basis)
            case gateway:
                return _of_gateway(gateway)

    def entry(self, key: str) -> Instrument | Provision | Basis | Gateway:
        """Return the entry with a citation key or the id of a gateway.

        Raises:
            UnknownCitation: nothing has that key; the error names the nearest that exists.
        """
        id_, _, local = key.partition("/")
        if id_ in self.instruments:
            instrument = self.instruments[id_]
            if not local:
                return instrument
            if local in instrument.provisions:
                return instrument.provisions[local]
            if basis := self._basis(key):
                return basis
        elif key in self.headings:
            return self.gateways[key]
        raise UnknownCitation(key, self.keys())

    def as_at(self, day: date | None, regulator: str = REGULATOR) -> DatedLaw:
        """Return the law as it stands on a day; it shares everything that was read here.

        Args:
            day: the assessment's date, None where it is not known.
            regulator: the regulator's name as documents print it.
        """
        return DatedLaw(self, day, regulator)

    def _basis(self, key: str) -> Basis | None:
        for family, start in FAMILIES.items():
            if key.startswith(start):
                for basis in self.bases[family].values():
                    if basis.key == key:
                        return basis
        return None

    def keys(self) -> Iterator[str]:
        """Go through everything that can be cited."""
        for instrument in self.instruments.values():
            yield instrument.id
            yield from (provision.key for provision in instrument.provisions.values())
        for family in self.bases.values():
            yield from (basis.key for basis in family.values())
        yield from self.headings


def _of_basis(instrument: Instrument, local: str, basis: Basis) -> Citation:
    return Citation(
        key=basis.key,
        text=f"{instrument.short_title}, {wording(instrument.kind, local)}",
        title=basis.name,
        href=basis.href,
        verified=basis.verification.state,
        checked_on=basis.verification.checked_on,
        status=basis.status,
    )


def _of_gateway(gateway: Gateway) -> Citation:
    return Citation(
        key=gateway.id,
        text=gateway.citation,
        title=gateway.title,
        href=gateway.href,
        verified=gateway.verification.state,
        checked_on=gateway.verification.checked_on,
        status=gateway.status,
    )


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


@cache
def load_catalogue() -> Catalogue:
    """Return the catalogue that ships with piagen; its parts are read when first asked for."""
    return Catalogue(Path(__file__).resolve().parent)
