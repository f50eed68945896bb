"""Knows the named facts: what no single earlier answer tells, but several together do."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data_facts import adults_at_risk, health_or_care_data
from piagen.domain.fact import (
    FACTS,
    Answers,
    any_includes,
    any_is,
    cells,
    controllers,
    fact,
    parties,
    rows,
    value,
)
from piagen.domain.risk_scale import Rating, rating

__all__ = ["FACTS"]


@fact("screening.personal_data", otherwise="the project uses no personal data")
def personal_data_used(answers: Answers) -> bool:
    """Personal data is not ruled out: otherwise the screening record is all there is."""
    return bool(value(answers, "screening", "personal_data") != "no")


@fact(
    "fact:personal_data_used",
    "screening.route",
    otherwise="the screening did not lead to a full assessment",
)
def full_assessment(answers: Answers) -> bool:
    """Personal data is not ruled out, and the short form was not chosen."""
    return personal_data_used(answers) and value(answers, "screening", "route") != "short"


@fact(
    "partners[].name",
    "roles[].partner",
    "roles[].role",
    otherwise="only one organisation takes part",
)
def several_organisations(answers: Answers) -> bool:
    """At least two partners are parties; a supplier that is only a processor is not one."""
    return len(parties(answers)) >= 2


@fact(
    "partners[].name",
    "roles[].partner",
    "roles[].role",
    otherwise="there is no more than one controller",
)
def several_controllers(answers: Answers) -> bool:
    """At least two different partners are controllers or joint controllers."""
    return len(controllers(answers)) >= 2


@fact("roles[].role", otherwise="no partner is a joint controller")
def any_joint_controller(answers: Answers) -> bool:
    """Any partner is a joint controller for any purpose."""
    return any_is(answers, "roles", "role", "joint_controller")


@fact("roles[].role", otherwise="no supplier handles the data for a partner")
def any_processor(answers: Answers) -> bool:
    """Any partner is a processor for any purpose."""
    return any_is(answers, "roles", "role", "processor")


@fact("partners[].public_authority", otherwise="no partner is a public authority")
def any_public_authority(answers: Answers) -> bool:
    """Any partner is a public authority."""
    return any_is(answers, "partners", "public_authority", True)


@fact("partners[].foi_body", otherwise="no partner is bound by freedom of information law")
def any_foi_body(answers: Answers) -> bool:
    """Any partner is bound by freedom of information law."""
    return any_is(answers, "partners", "foi_body", True)


@fact("partners[].competent_authority", otherwise="no partner is a competent authority")
def law_enforcement_partner(answers: Answers) -> bool:
    """Any partner is a competent authority under Part 3 of the Data Protection Act 2018."""
    return any_is(answers, "partners", "competent_authority", True)


@fact(
    "data_flows[].regime",
    "legal_basis[].regime",
    otherwise="no use or flow is under Part 3 of the Data Protection Act 2018",
)
def law_enforcement_use(answers: Answers) -> bool:
    """Any flow or legal basis is under Part 3 of the Data Protection Act 2018."""
    return any_is(answers, "data_flows", "regime", "law_enforcement") or any_is(
        answers, "legal_basis", "regime", "law_enforcement"
    )


@fact(
    "fact:several_organisations",
    "documents.wanted",
    "partnership.protocol",
    otherwise="no protocol is to be drafted",
)
def protocol_needed(answers: Answers) -> bool:
    """Several organisations take part, and a protocol is wanted, or none exists yet."""
    wanted = value(answers, "documents", "wanted")
    if wanted is None:
        needed = value(answers, "partnership", "protocol") == "none"
    else:
        needed = "protocol" in wanted
    return needed and several_organisations(answers)


@fact("fact:several_organisations", "documents.wanted", otherwise="no agreement is to be drafted")
def agreement_needed(answers: Answers) -> bool:
    """Several organisations take part, and an agreement is wanted, or nothing is ruled out yet."""
    wanted = value(answers, "documents", "wanted")
    return (wanted is None or "agreement" in wanted) and several_organisations(answers)


@fact("purposes[].category", otherwise="no purpose is safeguarding or care")
def safeguarding_or_care_purpose(answers: Answers) -> bool:
    """Any purpose is safeguarding or care."""
    return any_is(answers, "purposes", "category", "safeguarding", "care")


@fact(
    "purposes[].category",
    "fact:adults_at_risk",
    "data_items[].restricted",
    "screening.physical_harm",
    otherwise="nothing in the answers points to a danger from sharing or from telling people",
)
def danger_possible(answers: Answers) -> bool:
    """A purpose is safeguarding, adults are at risk, or a leak could put someone in danger."""
    return (
        any_is(answers, "purposes", "category", "safeguarding")
        or adults_at_risk(answers)
        or any_includes(answers, "data_items", "restricted", "witness_or_refuge_location")
        or value(answers, "screening", "physical_harm") in ("yes", "not_sure")
    )


@fact("brokers[].role", otherwise="nobody’s role is to work across the boundaries")
def any_broker(answers: Answers) -> bool:
    """Anybody is named whose role is to work across a boundary."""
    return any(cells(answers, "brokers", "role"))


@fact("systems[].system", otherwise="no system is named")
def any_system(answers: Answers) -> bool:
    """Any system that holds the data is named."""
    return any(cells(answers, "systems", "system"))


@fact("systems[].system", otherwise="there is no more than one system")
def several_systems(answers: Answers) -> bool:
    """At least two systems that hold the data are named."""
    return len(tuple(cells(answers, "systems", "system"))) >= 2


@fact("data_flows[].sender", otherwise="no data moves")
def any_flow(answers: Answers) -> bool:
    """Any flow has a sender."""
    return any(cells(answers, "data_flows", "sender"))


@fact("data_flows[].method", otherwise="no flow is by a shared system")
def shared_system(answers: Answers) -> bool:
    """Any flow is by a system that several partners use."""
    return any_is(answers, "data_flows", "method", "shared_system")


@fact("data_flows[].method", otherwise="no flow is by meeting")
def meetings(answers: Answers) -> bool:
    """Any flow is by meeting."""
    return any_is(answers, "data_flows", "method", "meeting")


@fact("data_flows[].frequency", otherwise="every flow is one-off")
def regular_sharing(answers: Answers) -> bool:
    """Any flow happens more than once."""
    return any(often != "one_off" for often in cells(answers, "data_flows", "frequency"))


@fact("scope.people_per_year", "screening.large_scale", otherwise="it is not large scale")
def large_scale(answers: Answers) -> bool:
    """10,000 people or more a year, or the screening says that it is large scale."""
    return value(answers, "scope", "people_per_year") in ("from_10000", "from_100000") or value(
        answers, "screening", "large_scale"
    ) in ("yes", "not_sure")


@fact("processing.matching", otherwise="no records are matched")
def matching(answers: Answers) -> bool:
    """Records from different sources are matched or combined."""
    return value(answers, "processing", "matching") is True


@fact(
    "legal_basis[].article_6",
    "legal_basis[].article_9",
    "legal_basis[].part_3_ground",
    "legal_basis[].confidentiality_route",
    "legal_basis[].agreement_is_condition",
    otherwise="nobody’s agreement is sought for anything",
)
def agreement_sought(answers: Answers) -> bool:
    """Any legal basis rests on agreement: as basis, condition, ground or confidentiality route."""
    return (
        any_is(answers, "legal_basis", "article_6", "6_1_a")
        or any_includes(answers, "legal_basis", "article_9", "9_2_a")
        or any_is(answers, "legal_basis", "part_3_ground", "consent")
        or any_is(answers, "legal_basis", "confidentiality_route", "explicit_consent")
        or any_is(answers, "legal_basis", "agreement_is_condition", True)
    )


@fact(
    "assessment.nations",
    "fact:health_or_care_data",
    "purposes[].category",
    otherwise="no health or care data is used in England for anything but a person’s own care",
)
def opt_out_in_scope(answers: Answers) -> bool:
    """England, health or care data, and a purpose other than individual care."""
    return (
        "england" in (value(answers, "assessment", "nations") or ())
        and health_or_care_data(answers)
        and any(category != "care" for category in cells(answers, "purposes", "category"))
    )


@fact("automated_decisions.profiling", otherwise="nobody is scored, ranked, flagged or profiled")
def profiling(answers: Answers) -> bool:
    """People are scored, ranked, flagged or profiled."""
    return value(answers, "automated_decisions", "profiling") is True


@fact(
    "automated_decisions.solely_automated", otherwise="no significant decision is fully automated"
)
def automated_decision(answers: Answers) -> bool:
    """A significant decision is taken with no meaningful human involvement."""
    return value(answers, "automated_decisions", "solely_automated") is True


@fact("overseas.outside_uk", otherwise="no data leaves the UK or is looked at from outside it")
def any_transfer(answers: Answers) -> bool:
    """Data is stored in, sent to or looked at from outside the UK."""
    return value(answers, "overseas", "outside_uk") is True


def _ratings(answers: Answers, prefix: str) -> Iterator[Rating | None]:
    return (
        rating(risk.get(f"{prefix}likelihood"), risk.get(f"{prefix}severity"))
        for risk in rows(answers, "risks")
    )


@fact("risks[].likelihood", "risks[].severity", otherwise="no risk is high")
def any_high_risk(answers: Answers) -> bool:
    """Any risk is high before the measures."""
    return "high" in _ratings(answers, "")


@fact("risks[].likelihood", "risks[].severity", otherwise="no risk is medium or high")
def any_medium_or_high_risk(answers: Answers) -> bool:
    """Any risk is medium or high before the measures."""
    return not {"medium", "high"}.isdisjoint(_ratings(answers, ""))


@fact(
    "risks[].residual_likelihood",
    "risks[].residual_severity",
    otherwise="no risk is high after the measures",
)
def any_high_residual_risk(answers: Answers) -> bool:
    """Any risk is still high after the measures."""
    return "high" in _ratings(answers, "residual_")
