"""Knows how the files of the law catalogue become instruments, bases, gateways and body kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from piagen.domain.purposes import PurposeCategory
from piagen.errors import UnusableFile
from piagen.frozen import frozen
from piagen.law.fields import Fields
from piagen.law.model import (
    Basis,
    BodyKind,
    Competence,
    Confidence,
    ExcludedData,
    Gateway,
    GatewayKind,
    HrefSource,
    Instrument,
    InstrumentKind,
    Nation,
    Provision,
    Role,
    Status,
    YesNoPart,
)
from piagen.yamlio import load_yaml

ENTRY = re.compile(r"^([a-z0-9][a-z0-9-]*):[ ]*$", re.MULTILINE)


@frozen
class _Excerpt:
    """A part of a file that reads as a whole one, for the YAML reader."""

    path: Path
    text: str

    def read_text(self, encoding: str) -> str:
        del encoding  # the text was decoded when the file was opened
        return self.text

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True)
class GatewayFile:
    """One file of `gateways/`, read an entry at a time.

    Reading YAML costs far more than reading text, and an assessment names a dozen of the
    gateways: an entry begins where a line begins with its id, and is parsed when asked for.
    """

    path: Path

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        found = list(ENTRY.finditer(self._text))
        ends = [match.start() for match in found[1:]] + [len(self._text)]
        return {m[1]: (m.start(), end) for m, end in zip(found, ends, strict=True)}

    @cached_property
    def _text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def entry(self, id_: str, title: str, role: Role) -> Gateway:
        """Read one entry; its title and role come from the contents."""
        if id_ not in self._places:
            raise UnusableFile(self.path, f"{id_} is in the contents but not in this file.")
        start, end = self._places[id_]
        # Blank lines stand for what comes before, so that a message names the right line.
        text = "\n" * self._text.count("\n", 0, start) + self._text[start:end]
        raw = load_yaml(_Excerpt(self.path, text))
        return _gateway(self.path, id_, title, role, raw[id_])


def read_instrument(path: Path, raw: Any) -> Instrument:  # noqa: ANN401
    """Read one file of `instruments/`."""
    with Fields(path, path.stem, raw) as of:
        provisions = of.left.pop("provisions", {})
        id_ = of.text("id")
        if id_ != path.stem:
            raise of.fault(f"says that its id is “{id_}”")
        return Instrument(
            id=id_,
            title=of.text("title"),
            short_title=of.text("short_title"),
            kind=of.word("kind", InstrumentKind),
            href=of.maybe("href"),
            href_source=of.word("href_source", HrefSource),
            status=of.status(),
            in_force=of.in_force(),
            verification=of.verification("note"),
            provisions=MappingProxyType(
                {key: _provision(path, f"{id_}/{key}", value) for key, value in provisions.items()}
            ),
        )


def _provision(path: Path, key: str, raw: Any) -> Provision:  # noqa: ANN401
    with Fields(path, key, raw) as of:
        return Provision(
            key=key,
            title=of.text("title"),
            place=of.maybe("place"),
            href=of.maybe("href"),
            status=of.status(),
            in_force=of.in_force(),
            verification=of.verification("note"),
        )


def read_basis(path: Path, id_: str, raw: Any) -> Basis:  # noqa: ANN401
    """Read one entry of a file of `bases/`."""
    with Fields(path, id_, raw) as of:
        return Basis(
            id=id_,
            key=of.text("key"),
            code=of.text("code"),
            name=of.text("name"),
            group=of.maybe("group"),
            summary=of.text("summary"),
            suitable_for_public_authorities=of.truth("suitable_for_public_authorities"),
            suitability_note=of.maybe("suitability_note"),
            requires=of.texts("requires"),
            consent_imbalance_note=of.maybe("consent_imbalance_note"),
            href=of.maybe("href"),
            href_source=of.word("href_source", HrefSource),
            status=of.member("status", Status),
            in_force=of.in_force(),
            verification=of.verification("verified_note"),
        )


def _gateway(path: Path, id_: str, title: str, role: Role, raw: Any) -> Gateway:  # noqa: ANN401
    with Fields(path, id_, raw) as of:
        return Gateway(
            id=id_,
            title=title,
            role=role,
            citation=of.text("citation"),
            href=of.maybe("href"),
            href_source=of.word("href_source", HrefSource),
            kind=of.word("kind", GatewayKind),
            nations=of.words("nations", Nation),
            domains=of.texts("domains"),
            discloser_kinds=of.texts("discloser_kinds"),
            recipient_kinds=of.texts("recipient_kinds"),
            kinds_note=of.maybe("kinds_note"),
            one_party_is=of.texts("one_party_is"),
            excludes_senders=of.texts("excludes_senders"),
            excludes_data=of.words("excludes_data", ExcludedData),
            about_data=of.words("about_data", ExcludedData),
            within_one_body=of.truth("within_one_body", default=False),
            only_purposes=of.words("only_purposes", PurposeCategory),
            chiefly_for=of.words("chiefly_for", PurposeCategory),
            only_for=of.maybe("only_for"),
            about_some_people=of.truth("about_some_people", default=False),
            disclose_through=of.texts("disclose_through"),
            residual=of.truth("residual", default=False),
            who_may_share=of.texts("who_may_share"),
            with_whom=of.texts("with_whom"),
            purpose=of.text("purpose"),
            conditions_or_limits=of.text("conditions_or_limits"),
            article_6=of.texts("article_6"),
            article_9=of.texts("article_9"),
            schedule_1=of.texts("schedule_1"),
            schedule_8=of.texts("schedule_8"),
            part_3=of.truth("part_3", default=False),
            bases_note=of.maybe("bases_note"),
            agreement_is_a_condition=of.truth("agreement_is_a_condition", default=False),
            agreement_note=of.maybe("agreement_note"),
            status=of.member("status", Status),
            status_note=of.maybe("status_note"),
            in_force=of.in_force(),
            confidence=of.word("confidence", Confidence),
            verification=of.verification("verified_note"),
        )


def read_body_kind(path: Path, id_: str, raw: Any) -> BodyKind:  # noqa: ANN401
    """Read one entry of `body_kinds.yaml`."""
    with Fields(path, id_, raw) as of:
        return BodyKind(
            id=id_,
            name=of.text("name"),
            sector=of.text("sector"),
            nations=of.words("nations", Nation),
            part_of=of.texts("part_of"),
            public_authority=of.word("public_authority", YesNoPart),
            typically_competent_authority=of.word("typically_competent_authority", Competence),
            foi_body=of.word("foi_body", YesNoPart),
            public_functions=of.truth("public_functions"),
            can_be_controller=of.truth("can_be_controller"),
            note=of.maybe("note"),
        )
