"""Knows the first sentence: load a project, and say what is missing, wrong and risky."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from piagen.config import Config, UnusableConfig
from piagen.domain.build import project_from
from piagen.domain.stored_path import holders
from piagen.frozen import frozen
from piagen.law.catalogue import load_catalogue
from piagen.law.dated import REGULATOR, DatedLaw
from piagen.law.screening import screen
from piagen.pipeline.answers import read_answers
from piagen.practice.risk_prompts import prompts
from piagen.questionnaire.load import core
from piagen.questionnaire.missing import Missing, gaps
from piagen.questionnaire.model import Question, Questionnaire
from piagen.questionnaire.survey import Survey, survey
from piagen.rendering.glyphs import Unprintable, uncovered
from piagen.rules.engine import Evidence, Finding, assess
from piagen.rules.registry import rules
from piagen.rules.rule import Severity


@frozen
class Loaded:
    """An answers file of the right shape.

    Attributes:
        answers: plain JSON, text in NFC, exactly what the file holds.
    """

    path: Path
    answers: Mapping[str, Any]


@frozen
class Review:
    """What a look at the answers found.

    Attributes:
        missing: what applies and has no answer that counts, in the order asked; open questions
            and answers that nobody has confirmed are among them.
        hidden: stored paths of answers that no longer apply.
        given: how many answers are given and count, optional ones too.
        unprintable: characters that no bundled font has, with the answers that hold them.
        findings: what the rules found, in the order of the questionnaire, those accepted among
            them.
        day: the day on which the law was read; None where the assessment has no date.
        begun: ids of the sections with at least one answer.
    """

    missing: tuple[Missing, ...]
    hidden: tuple[str, ...]
    given: int
    unprintable: tuple[Unprintable, ...] = ()
    findings: tuple[Finding, ...] = ()
    day: date | None = None
    begun: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[Missing, ...]:
        """The gaps that somebody was asked to fill."""
        return tuple(gap for gap in self.missing if gap.open and not gap.unconfirmed)

    @property
    def unasked(self) -> tuple[Missing, ...]:
        """The gaps that nobody was asked to fill yet."""
        return tuple(gap for gap in self.missing if not gap.open and not gap.unconfirmed)

    @property
    def unconfirmed(self) -> tuple[Missing, ...]:
        """The answers that were filled in beforehand, which nobody has confirmed yet."""
        return tuple(gap for gap in self.missing if gap.unconfirmed)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors that stand: nobody has accepted them."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR and f.stands)


def questionnaire(config: Config | None = None) -> Questionnaire:
    """Return the questionnaire that ships with piagen, with what the organisation adds to it.

    Args:
        config: what the organisation has set; None for the questionnaire as it ships.

    Raises:
        UnusableOverlay: something in the organisation's overlay is wrong.
    """
    if config and config.overlays:
        from piagen.pipeline.overlay import questionnaire_of  # reads templates and fonts as well

        return questionnaire_of(config)
    return _shipped()


@cache
def _shipped() -> Questionnaire:
    return core(load_catalogue().options)


def load(path: Path | str, config: Config | None = None) -> Loaded:
    """Read an answers file and check its shape.

    Args:
        path: the answers file.
        config: what the organisation has set: it may ask questions of its own.

    Raises:
        UnusableFile: it cannot be read, is not strict JSON, or is of another format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
        UnusableOverlay: something in the organisation's overlay is wrong.
    """
    where = Path(path)
    return Loaded(where, read_answers(where, questionnaire(config)))


def load_bytes(content: bytes, name: Path, config: Config | None = None) -> Loaded:
    """Take answers that were read already, and check their shape.

    Args:
        content: what was read.
        name: what to call it in messages.
        config: what the organisation has set: it may ask questions of its own.

    Raises:
        UnusableFile: they are not strict JSON, or of another format version.
        ShapeErrors: answers have the wrong shape; all of them are named.
        UnusableOverlay: something in the organisation's overlay is wrong.
    """
    return Loaded(name, read_answers(name, questionnaire(config), content))


def check(loaded: Loaded, *, as_at: date | None = None, config: Config | None = None) -> Review:
    """Look at answers of the right shape; a gap is never an error.

    Args:
        loaded: what `load` returned.
        as_at: the day on which the law is read; None for the assessment's own date.
        config: what the organisation has set.

    Raises:
        UnusableConfig: it moves a rule that does not exist, or lowers one that nobody may accept.
    """
    config = config or Config()
    asked = questionnaire(config)
    found = survey(asked, loaded.answers)
    lacking = gaps(found, loaded.answers)
    evidence = _evidence(loaded, found, lacking, as_at, config)
    begun = frozenset(place.section.id for place in found.places if place.answered)
    return Review(
        missing=lacking,
        hidden=tuple(found.hidden),
        given=_given(found, [gap for gap in lacking if gap.unconfirmed]),
        unprintable=uncovered(found.visible, asked),
        findings=assess(
            evidence,
            rules(),
            questionnaire=asked,
            answers=found.visible,
            begun=begun,
            asked=frozenset(place.at for place in found.places),
            severities=severities_of(config),
        ),
        day=evidence.law.day,
        begun=begun,
    )


def evidence_of(
    loaded: Loaded, *, as_at: date | None = None, config: Config | None = None
) -> Evidence:
    """Return what the rules read of a project; arguments as for `check`."""
    found = survey(questionnaire(config), loaded.answers)
    return _evidence(loaded, found, gaps(found, loaded.answers), as_at, config or Config())


def law_of(loaded: Loaded, as_at: date | None = None, config: Config | None = None) -> DatedLaw:
    """Return the law on the day of the assessment; arguments as for `check`."""
    dated = loaded.answers.get("assessment", {}).get("dated")
    day = as_at or (date.fromisoformat(dated) if dated else None)
    regulator = config.regulator if config else None
    return load_catalogue().as_at(day, regulator or REGULATOR)


def _evidence(
    loaded: Loaded,
    found: Survey,
    lacking: Sequence[Missing],
    as_at: date | None,
    config: Config,
) -> Evidence:
    project = project_from(found.visible)
    return Evidence(
        project=project,
        law=law_of(loaded, as_at, config),
        gaps=tuple(gap for gap in lacking if not gap.unconfirmed),
        unconfirmed=tuple(gap for gap in lacking if gap.unconfirmed),
        screened=screen(loaded.answers.get("screening", {}), project.assessment.nations or ()),
        hidden=tuple(found.hidden),
        prompted=prompts(found.visible),
    )


def _given(found: Survey, doubted: Sequence[Missing]) -> int:
    """Count the answers that are given; a table with an unconfirmed answer is not given yet."""
    doubts = {gap.at for gap in doubted} | {holders(gap.at)[-1] for gap in doubted}
    return sum(
        place.answered
        and place.last_of is None
        and (place.at if isinstance(place.entry, Question) else place.entry.key) not in doubts
        for place in found.places
    )


def severities_of(config: Config) -> Mapping[str, Severity]:
    """Return the severity of each rule that the configuration moves, by id.

    Raises:
        UnusableConfig: it moves a rule that does not exist, or lowers one that nobody may accept.
    """
    faults = []
    for move in config.moves:
        rule = rules().get(move.rule)
        if rule is None:
            faults.append(f"rules.{move.rule}: there is no such rule. `piagen explain` lists them.")
        elif not rule.waivable and Severity(move.severity) is not Severity.ERROR:
            says = "the law leaves no choice here, so it stays an error."
            faults.append(f"rules.{move.rule}.severity: {says}")
    if faults and config.path:
        raise UnusableConfig(config.path, tuple(faults))
    return {move.rule: Severity(move.severity) for move in config.moves}
