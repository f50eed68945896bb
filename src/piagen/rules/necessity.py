"""Knows the faults of need: what is more identifying, wider or less controlled than it must be."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.domain.stored_path import parse
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

MANY_ITEMS = 15
"""The most items of data that pass without a word on what was left out; a matter of judgement."""


@rule(
    "NE001",
    Severity.WARNING,
    asked=["processing.matching", "processing.matching_detail", "necessity.accuracy"],
    cites=["uk-gdpr/5/1/d", "ico-high-risk-list/data-matching"],
    bank=["R062"],
)
def wrong_matches_not_planned_for(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Records are matched, and nothing says how a match is made or checked.

    Why: a wrong match puts one person's history on another.

    Do: say what counts as a match, how often it is wrong, and who checks it before anyone acts.
    """
    if not project.processing.matching:
        return
    absent = {gap.at for gap in gaps if not gap.open}
    if "processing.matching_detail" in absent:
        says = "Records are matched, and nothing says how, by whom and with what check."
        yield Found("processing.matching_detail", says)
    if "necessity.accuracy" in absent:
        says = "Records are matched, and nothing says how mistakes are found and put right."
        yield Found("necessity.accuracy", says)


@rule(
    "NE002",
    Severity.ERROR,
    asked=["necessity.why_named_people", "necessity.conclusion"],
    cites=["uk-gdpr/35/7/b"],
    bank=["R054"],
    waivable=False,
)
def necessity_not_assessed(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing says why the data is needed, or why the good outweighs the intrusion.

    Why: the law asks every assessment to judge necessity and proportionality.

    Do: say for each purpose why data about named people is needed, and draw a short conclusion that
    weighs what people gain against what they lose.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if "necessity.why_named_people" in absent:
        yield Found("necessity.why_named_people", "Nothing says why data about people is needed.")
    if "necessity.conclusion" in absent:
        says = "No conclusion says why the benefits outweigh the intrusion."
        yield Found("necessity.conclusion", says)


@rule(
    "NE003",
    Severity.WARNING,
    asked=["alternatives[].alternative", "alternatives[].why_not_enough"],
    cites=["uk-gdpr/35/7/b", "ico-dpia-template/step/4"],
    bank=["R055"],
)
def no_alternative_weighed(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """No less intrusive way is recorded together with the reason why it was not enough.

    Why: if a gentler way would work, the use of data is not necessary.

    Do: record at least one way that somebody really considered, and why it fell short.
    """
    if any(row.alternative and row.why_not_enough for row in project.alternatives):
        return
    if any(parse(gap.at).key == "alternatives" and not gap.open for gap in gaps):
        says = "No less intrusive way is recorded with the reason why it was not enough."
        yield Found("alternatives", says)


@rule(
    "NE004",
    Severity.WARNING,
    asked=["necessity.left_out", "data_items[]"],
    cites=["uk-gdpr/5/1/c", "uk-gdpr/25"],
    bank=["R056"],
)
def nothing_left_out(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A long list of items, and nothing says what was left out.

    Why: cutting data down to what is needed leaves traces: items dropped, ages in bands, a yes or
    no in place of the whole record.

    Do: go through the items again, and record what you dropped or shortened.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    if len(project.data_items) > MANY_ITEMS and "necessity.left_out" in absent:
        says = f"{len(project.data_items)} items are listed, and nothing says what was left out."
        yield Found("necessity.left_out", says)


@rule(
    "NE005",
    Severity.ERROR,
    asked=["purposes[].identifiability_needed", "data_items[].identifiability"],
    cites=["uk-gdpr/5/1/c", "uk-gdpr/25"],
    bank=["R057"],
    waivable=False,
)
def more_identifying_than_needed(project: Project) -> Iterator[Found]:
    """A purpose could do with coded or counted data, and items for it show who people are.

    Why: the least identifying form that serves the purpose is the one to use.

    Do: send the items in the form that is enough, or take the purpose off them. If the purpose does
    need to know who people are, change that answer and give the reason.
    """
    named = {i.id for i in project.data_items if i.identifiability == "identifiable"}
    coded = {i.id for i in project.data_items if i.identifiability == "pseudonymised"}
    used = {
        *((purpose, item.id) for item in project.data_items for purpose in item.purposes or ()),
        *((flow.purpose, item) for flow in project.data_flows for item in flow.data_items or ()),
    }
    for purpose in project.purposes:
        match purpose.identifiability_needed:
            case "pseudonymised":
                enough, too_much = "coded data", named
            case "aggregate":
                enough, too_much = "counts", named | coded
            case "anonymous":
                enough, too_much = "anonymous data", named | coded
            case _:
                continue
        items = {item for of, item in used if of == purpose.id} & too_much
        if items:
            number = project.purpose_number(purpose.id)
            says = f"{number} could do with {enough}, but uses {project.items_called(items)}."
            cites = ("uk-gdpr/84B",) if purpose.category == "research" else ()
            yield Found(f"purposes[{purpose.id}].identifiability_needed", says, cites)


@rule(
    "NE006",
    Severity.ERROR,
    asked=["necessity.statistics", "purposes[].category", "data_items[].identifiability"],
    cites=[
        "uk-gdpr/5/1/a",
        "uk-gdpr/5/1/b",
        "uk-gdpr/5/1/c",
        "uk-gdpr/84A",
        "uk-gdpr/84B",
        "uk-gdpr/84C",
        "uk-gdpr/84D",
        "ico-data-sharing-code",
    ],
    bank=["R058"],
)
def statistics_not_explained(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Counts or statistics are planned, and nothing says who makes them and on what ground.

    Why: making counts from records about people is itself a use of personal data.

    Do: say who makes them, from which data, on what legal ground, for what use, and who sees them.
    """
    if any(gap.at == "necessity.statistics" and not gap.open for gap in gaps):
        says = "Nothing says who makes the counts or statistics, and on what ground."
        yield Found("necessity.statistics", says)


@rule(
    "NE007",
    Severity.WARNING,
    asked=[
        "necessity.small_numbers",
        "data_items[].identifiability",
        "scope.people_per_year",
        "processing.matching_identifiers",
    ],
    cites=["uk-gdpr/recital/26", "ico-anonymisation-guidance"],
    bank=["R059"],
)
def anonymous_data_may_identify(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Counts or anonymous data could show who people are, and no rule on small numbers is given.

    Why: few people, or a number that links records, can make a count point to one person.

    Do: state the smallest count that is shown, round the figures or join areas together. Otherwise
    treat the data as personal data.
    """
    said_not_to_identify = {
        item.id for item in project.data_items if item.identifiability in ("aggregate", "anonymous")
    }
    few = project.scope.people_per_year == "under_100"
    linkable = set(project.processing.matching_identifiers or ()) - {"none"}
    absent = any(gap.at == "necessity.small_numbers" and not gap.open for gap in gaps)
    if absent and said_not_to_identify and (few or linkable):
        reason = "fewer than 100 people are concerned" if few else "records are linked by number"
        called = project.items_called(said_not_to_identify)
        says = f"Nothing says how small numbers are hidden in {called}, though {reason}."
        yield Found("necessity.small_numbers", says)


@rule(
    "NE008",
    Severity.WARNING,
    asked=["necessity.control_of_change"],
    cites=["uk-gdpr/5/1/b", "ico-dpia-template/step/4"],
    bank=["R061"],
)
def new_uses_not_controlled(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Nothing stops the data from being used for more and more things.

    Why: data may be used for the purposes stated and compatible ones, and shared systems attract
    new uses.

    Do: name who must approve a new use, and say how the assessment is updated first.
    """
    if any(gap.at == "necessity.control_of_change" and not gap.open for gap in gaps):
        yield Found("necessity.control_of_change", "Nothing says who must approve a new use.")


@rule(
    "NE009",
    Severity.WARNING,
    asked=["security.key_holder", "data_items[].identifiability", "data_flows[].recipients"],
    cites=["uk-gdpr/4/5", "uk-gdpr/25", "dpa-2018/171", "dpa-2018/172"],
    bank=["R060"],
)
def key_with_the_coded_data(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """Data is coded, and nobody is named to hold the key, or it goes to those who hold the key.

    Why: coding protects people only while the key is kept apart from the coded data.

    Do: let an organisation hold the key that does not receive the coded data. If one organisation
    must do both, say how its two teams are kept apart, and have this accepted.
    """
    coded = {i.id for i in project.data_items if i.identifiability == "pseudonymised"}
    if any(gap.at == "security.key_holder" and not gap.open for gap in gaps):
        says = f"Nobody is named who holds the key to {project.items_called(coded)}."
        yield Found("security.key_holder", says)
    holder = project.security.key_holder
    # Who in the organisation holds the key is not asked, so the two teams cannot be compared.
    received = {item for item in coded if holder and holder in project.recipients_of(item)}
    if received:
        called = project.items_called(received)
        says = f"The key is held by {project.called_together([holder])}, a recipient of {called}."
        yield Found("security.key_holder", says)
