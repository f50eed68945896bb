"""Knows the faults of the practice of sharing: confidentiality, words, learning, recording."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.practice.confirmed import is_full
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_LEVELS = {
    "supra_system": "law, policy and public expectation",
    "system": "the organisations",
    "sub_system": "the people who do the work",
}


@rule(
    "SP001",
    Severity.WARNING,
    asked=["practice.close_calls", "practice.close_calls_reason"],
    cites=["richardson-2016/C6"],
    bank=["P010"],
)
def close_calls_not_addressed(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says which way staff should lean when it is a close call.

    Why: no service avoids every mistake. Staff who know which way to lean, and why, can be
    supported when one happens.

    Do: say which way to lean, and why. Neither way makes an unlawful disclosure lawful, or excuses
    a failure to share where a duty compels it.
    """
    missing = {gap.at for gap in gaps}
    if "practice.close_calls" in missing:
        yield Found("practice.close_calls", "Nothing says which way to lean on a close call.")
    elif "practice.close_calls_reason" in missing:
        says = "Nothing says why staff should lean that way on a close call."
        yield Found("practice.close_calls_reason", says)


@rule(
    "SP002",
    Severity.WARNING,
    asked=["partners[].primary_focus", "partners[].confidentiality_practice"],
    cites=["richardson-2016/C4", "richardson-2016/T11"],
    bank=["P006"],
)
def practice_of_confidentiality_unknown(project: Project) -> Iterator[Found]:
    """Nothing says whom a partner's staff put first, or how it works with confidentiality.

    Why: understanding how others work with confidentiality is the one thing found to guard against
    sharing too much and too little alike.

    Do: ask the partner, and write down its answer in its own words.
    """
    if not _is_asked(project):
        return
    for partner in project.parties:
        name = project.called_together([partner.id])
        lacking = {}
        if partner.primary_focus is None:
            lacking["primary_focus"] = "whom staff put first"
        if partner.confidentiality_practice is None:
            lacking["confidentiality_practice"] = "how they work with confidentiality"
        if lacking:
            says = f"For {name}, nothing says {', or '.join(lacking.values())}."
            yield Found(f"partners[{partner.id}].{next(iter(lacking))}", says)


@rule(
    "SP003",
    Severity.WARNING,
    asked=["shared_terms[].agreed_meaning", "meanings[].meaning"],
    cites=["richardson-2016/C7", "richardson-2016/T13"],
    bank=["P009"],
)
def shared_term_without_agreed_meaning(project: Project) -> Iterator[Found]:
    """Partners mean different things by a word, and have not agreed what it means between them.

    Why: a word that two partners read in two ways leads to wrong decisions that neither can see.

    Do: agree what the word means when partners use it with each other.
    """
    meanings: dict[str | None, set[str]] = {}
    for row in project.meanings:
        if row.meaning is not None:
            meanings.setdefault(row.term, set()).add(" ".join(row.meaning.casefold().split()))
    for term in project.shared_terms:
        if term.agreed_meaning is None and len(meanings.get(term.id, ())) > 1:
            says = f"“{term.term or 'A word'}” means different things, with no agreed meaning."
            yield Found(f"shared_terms[{term.id}].agreed_meaning", says)


@rule(
    "SP004",
    Severity.ADVICE,
    asked=["practice.community", "brokers[]"],
    cites=["richardson-2016/C7"],
    bank=["P008"],
)
def teams_without_bridge(project: Project) -> Iterator[Found]:
    """Several teams work together, and nobody's job is to connect them.

    Why: several teams need bridges: people whose role is to work across a boundary.

    Do: name the roles that connect the partners, or make one.
    """
    if project.practice.community == "constellation" and not project.brokers:
        yield Found("brokers", "Several teams work together, and nobody’s role is to connect them.")


@rule(
    "SP005",
    Severity.ADVICE,
    asked=["influences[].level"],
    cites=["richardson-2016/C5"],
    bank=["P011"],
)
def level_of_influence_ignored(project: Project) -> Iterator[Found]:
    """What helps and hinders good sharing is not looked at on all three levels.

    Why: what one person decides is shaped by law and policy, by the organisation and by the person.
    A change on one level moves the others.

    Do: add what helps or hinders on the level that is missing.
    """
    if not _is_asked(project):
        return
    seen = {row.level for row in project.influences}
    if absent := [words for level, words in _LEVELS.items() if level not in seen]:
        yield Found("influences", f"Nothing is said about {'; '.join(absent)}.")


@rule(
    "SP006",
    Severity.WARNING,
    asked=["practice.recording", "practice.withholding_recorded"],
    cites=["richardson-2016/T6"],
    bank=["P012"],
)
def decisions_not_recorded(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Decisions to share, or decisions not to, will not be recorded.

    Why: without a record nobody can check a decision, challenge it or learn from it. A decision not
    to share can do as much harm as a decision to share.

    Do: say what is recorded, where and by whom, for both kinds of decision.
    """
    if any(gap.at == "practice.recording" for gap in gaps):
        yield Found("practice.recording", "Nothing says how decisions are recorded.")
    if project.practice.withholding_recorded is False:
        says = "Decisions not to share will not be recorded."
        yield Found("practice.withholding_recorded", says)


@rule(
    "SP007",
    Severity.ADVICE,
    asked=["partners[].primary_focus", "practice.learning", "brokers[]"],
    cites=["richardson-2016/C4", "richardson-2016/C7"],
    bank=["P007"],
)
def differences_not_bridged(project: Project) -> Iterator[Found]:
    """Partners put different people first, and nothing brings their staff together.

    Why: such differences are legitimate. Staff who learn together, or whom somebody connects, can
    talk about them instead of judging one another.

    Do: plan learning together, or name somebody who works across the boundary.
    """
    focuses = {partner.primary_focus for partner in project.parties} - {None}
    if len(focuses) > 1 and project.practice.learning is None and not project.brokers:
        says = "Partners put different people first, and neither learning nor a bridge is named."
        yield Found("practice.learning", says)


@rule(
    "SP008",
    Severity.ADVICE,
    asked=["practice.withholding_sampled"],
    cites=["richardson-2016/T15"],
    bank=["P014"],
)
def refusals_not_sampled(project: Project) -> Iterator[Found]:
    """The checks look only at what was shared.

    Why: staff then learn that holding back is always safe. It is not.

    Do: read a sample of decisions not to share as well.
    """
    if project.practice.withholding_sampled is False:
        says = "The checks will not look at decisions not to share."
        yield Found("practice.withholding_sampled", says)


@rule(
    "SP009",
    Severity.WARNING,
    asked=["secondments[].rules", "secondments[].systems", "secondments[].records"],
    cites=["richardson-2016/C4", "richardson-2016/C7"],
    bank=["P016"],
)
def shared_post_without_rule(project: Project) -> Iterator[Found]:
    """Nothing says whose rules, systems or records apply to a post that two partners share.

    Why: a person who belongs to two organisations can be pulled two ways, and must know beforehand
    which of them decides.

    Do: name one partner for each.
    """
    for row in project.secondments:
        settled = {"rules": row.rules, "systems": row.systems, "records": row.records}
        if absent := [leaf for leaf, partner in settled.items() if partner is None]:
            says = f"“{row.role or 'A shared post'}”: nothing says whose {_or(absent)} apply."
            yield Found(f"secondments[{row.id}].{absent[0]}", says)


def _is_asked(project: Project) -> bool:
    """Whether the practice of sharing is asked at all."""
    return is_full(project) and project.several_organisations


def _or(words: list[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
