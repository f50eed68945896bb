"""Knows the named facts about the data and the people it is about."""

from __future__ import annotations

from piagen.domain.fact import Answers, any_includes, any_is, cells, fact


@fact("data_items[].identifiability", otherwise="no item can be traced to a person")
def identifiable_data(answers: Answers) -> bool:
    """Any item is identifiable or pseudonymised."""
    return any_is(answers, "data_items", "identifiability", "identifiable", "pseudonymised")


@fact("data_items[].identifiability", otherwise="no item is pseudonymised")
def pseudonymised_data(answers: Answers) -> bool:
    """Any item is pseudonymised."""
    return any_is(answers, "data_items", "identifiability", "pseudonymised")


@fact(
    "purposes[].category",
    "data_items[].identifiability",
    otherwise="no purpose is planning or research and no item is aggregate or anonymous",
)
def aggregate_use(answers: Answers) -> bool:
    """Any purpose is planning or research, or any item is aggregate or anonymous."""
    return any_is(answers, "purposes", "category", "planning", "research") or any_is(
        answers, "data_items", "identifiability", "aggregate", "anonymous"
    )


@fact("data_items[].category", otherwise="no item is special category data")
def special_category_data(answers: Answers) -> bool:
    """Any item is special category data."""
    return any_includes(answers, "data_items", "category", "special_category")


@fact("data_items[].category", otherwise="no item is about crimes or allegations")
def criminal_offence_data(answers: Answers) -> bool:
    """Any item is criminal offence data."""
    return any_includes(answers, "data_items", "category", "criminal_offence")


@fact("data_items[].category", otherwise="no item is under extra legal secrecy")
def restricted_data(answers: Answers) -> bool:
    """Any item is under extra legal secrecy."""
    return any_includes(answers, "data_items", "category", "restricted")


@fact(
    "data_items[].special_category",
    "data_items[].also_contains",
    otherwise="no item is health or adult social care data",
)
def health_or_care_data(answers: Answers) -> bool:
    """Any item reveals health, or comes from an adult social care record."""
    return any_includes(answers, "data_items", "special_category", "health") or any_includes(
        answers, "data_items", "also_contains", "adult_social_care_record"
    )


@fact(
    "fact:health_or_care_data",
    "data_items[].confidential",
    otherwise="no item was given in confidence",
)
def confidential_information(answers: Answers) -> bool:
    """Any item is health or care data, was given in confidence, or is a child's care record."""
    return (
        health_or_care_data(answers)
        or any_is(answers, "data_items", "confidential", True)
        or any_includes(answers, "data_items", "also_contains", "child_social_care_record")
    )


@fact("data_items[].also_contains", otherwise="no item is about nationality or immigration status")
def immigration_data(answers: Answers) -> bool:
    """Any item contains nationality or immigration status."""
    return any_includes(answers, "data_items", "also_contains", "nationality_or_immigration")


@fact("data_items[].source", otherwise="no item comes from cameras")
def cameras(answers: Answers) -> bool:
    """Any item comes from cameras."""
    return any_is(answers, "data_items", "source", "cameras")


@fact("data_items[].source", otherwise="every item comes from the person")
def not_from_the_person(answers: Answers) -> bool:
    """Any item has a source other than the person."""
    return any(source != "from_the_person" for source in cells(answers, "data_items", "source"))


@fact(
    "fact:health_or_care_data",
    "fact:criminal_offence_data",
    otherwise="no item is health, care, education or crime data",
)
def exemptions_likely(answers: Answers) -> bool:
    """Any item is health, care, crime, child social care or education data."""
    return (
        health_or_care_data(answers)
        or criminal_offence_data(answers)
        or any_includes(answers, "data_items", "also_contains", "child_social_care_record")
        or any_includes(answers, "data_items", "also_contains", "education_record")
    )


@fact(
    "data_items[].also_contains",
    otherwise="no item comes from a social care or education record",
)
def care_or_education_record(answers: Answers) -> bool:
    """Any item comes from an adult's or child's social care record, or an education record."""
    return any(
        any_includes(answers, "data_items", "also_contains", word)
        for word in ("adult_social_care_record", "child_social_care_record", "education_record")
    )


@fact("data_items[].restricted", otherwise="no item is about benefits")
def benefits_data(answers: Answers) -> bool:
    """Any item is benefits information under extra legal secrecy."""
    return any_includes(answers, "data_items", "restricted", "benefits")


@fact("data_items[].also_contains", otherwise="no item holds free text")
def free_text(answers: Answers) -> bool:
    """Any item holds free text."""
    return any_includes(answers, "data_items", "also_contains", "free_text")


@fact("data_items[].item", otherwise="there are 15 data items or fewer")
def many_data_items(answers: Answers) -> bool:
    """There are more than 15 data items."""
    return len(tuple(cells(answers, "data_items", "item"))) > 15


@fact("data_items[].source", otherwise="no item comes from cameras or other observation")
def people_observed(answers: Answers) -> bool:
    """Any item comes from cameras, sensors or other observation."""
    return any_is(answers, "data_items", "source", "cameras", "other_observation")


@fact("data_subjects[].children", otherwise="no group of people includes children")
def children_involved(answers: Answers) -> bool:
    """Any group of people includes children."""
    return any_is(answers, "data_subjects", "children", True)


@fact("data_subjects[].adults_at_risk", otherwise="no group of people includes adults at risk")
def adults_at_risk(answers: Answers) -> bool:
    """Any group of people includes adults at risk."""
    return any_is(answers, "data_subjects", "adults_at_risk", True)


@fact(
    "data_subjects[].may_lack_capacity",
    otherwise="no group of people includes adults who may lack capacity",
)
def capacity_in_doubt(answers: Answers) -> bool:
    """Any group of people includes adults who may lack capacity."""
    return any_is(answers, "data_subjects", "may_lack_capacity", True)
