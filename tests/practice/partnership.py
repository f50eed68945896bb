"""A small partnership whose answers show every guard and every tip, and ways to take one away."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from piagen.domain.build import project_from
from piagen.domain.project import Project
from piagen.domain.stored_path import parse

WHOLE: Mapping[str, Any] = {
    "piagen": "1",
    "assessment": {"stage": "design", "starts_on": "2027-02-01", "nations": ["england"]},
    "screening": {"personal_data": "yes", "route": "full", "screened_on": "2026-11-16"},
    "purposes": [{"id": "help", "purpose": "Offer early help.", "category": "care"}],
    "partners": [
        {
            "id": "council",
            "name": "Northshire Council",
            "primary_focus": "family",
            "confidentiality_practice": "We tell families what we pass on.",
        },
        {
            "id": "school",
            "name": "Elm Academy Trust",
            "primary_focus": "individual",
            "confidentiality_practice": "We ask the pupil first.",
        },
        {"id": "supplier", "name": "Portal Hosting"},
    ],
    "roles": [
        {"id": "r1", "partner": "council", "purpose": "help", "role": "controller"},
        {"id": "r2", "partner": "school", "purpose": "help", "role": "controller"},
        {"id": "r3", "partner": "supplier", "purpose": "help", "role": "processor"},
    ],
    "partnership": {"lead": "council", "protocol": "none"},
    "documents": {"wanted": ["pia", "protocol", "agreement"]},
    "practice": {
        "vision": "Families get help before a crisis.",
        "accept_checks": "Source, right to share, accuracy, need.",
        "challenge": "First the lead, then the head of service.",
        "challenge_working_days": 3,
        "recording": "On the case record.",
        "withholding_recorded": True,
        "learning": "At induction and each year.",
        "named_adviser": "Sharing lead",
        "evaluation": "Twenty decisions each quarter.",
        "withholding_sampled": True,
        "keeping_current": "The sharing lead reads the bulletins.",
    },
    "data_items": [
        {
            "id": "absence",
            "item": "Days absent",
            "why_needed": "Shows need early.",
            "identifiability": "identifiable",
        }
    ],
    "data_flows": [
        {
            "id": "referral",
            "name": "Referral",
            "sender": "school",
            "recipients": ["council"],
            "data_items": ["absence"],
            "purpose": "help",
            "regime": "uk_gdpr",
        }
    ],
    "decisions": [
        {"id": "d-offer", "flow": "referral", "decision": "offer", "good_cause": "A need is seen."},
        {
            "id": "d-refuse",
            "flow": "referral",
            "decision": "refuse",
            "good_cause": "It is about somebody else.",
            "guidance": "Send it back the same day.",
        },
    ],
    "recipient_needs": [
        {"id": "n1", "flow": "referral", "partner": "council", "need": "Decides on help."}
    ],
    "scope": {"codes": ["data_sharing_code"]},
    "legal_basis": [
        {
            "id": "b-school",
            "partner": "school",
            "purpose": "help",
            "regime": "uk_gdpr",
            "gateways": ["children-act-2004-s10"],
            "power_kind": "express_power",
            "conditions_met": "It serves the child's welfare.",
            "confidentiality_route": "explicit_consent",
        }
    ],
    "consent": [
        {
            "id": "c1",
            "purpose": "help",
            "why_sought": "Help works only with the family.",
            "how_recorded": "On the referral form.",
        }
    ],
    "lawfulness": {"bars": "none_found"},
    "necessity": {"left_out": "Reasons for absence."},
    "transparency": {
        "how_told": "In the school's notice.",
        "anyone_not_told": False,
        "sharing_without_consent": "If somebody is in danger.",
    },
    "security": {
        "protection": "Named users; encrypted.",
        "training": "Each year.",
        "efficient": "One sign-in, two minutes.",
    },
    "review": {"due": "2027-11-01", "triggers": ["change_in_law"]},
}


def project(
    *, without: Iterable[str] = (), unconfirmed: Iterable[str] = (), **changed: Any
) -> Project:
    """The partnership, typed.

    Args:
        without: stored paths of answers, rows or tables that are not there.
        unconfirmed: stored paths that a starter filled in and nobody confirmed.
        **changed: sections and tables in place of the whole ones; a section is merged.
    """
    return project_from(answers(without=without, unconfirmed=unconfirmed, **changed))


def answers(
    *, without: Iterable[str] = (), unconfirmed: Iterable[str] = (), **changed: Any
) -> dict[str, Any]:
    """The same as plain answers."""
    found: dict[str, Any] = copy.deepcopy(dict(WHOLE))
    for key, part in changed.items():
        whole = found.get(key)
        found[key] = {**whole, **part} if isinstance(whole, dict) else part
    for at in without:
        _remove(found, at)
    found["unconfirmed"] = [{"path": at, "starter": "early-help"} for at in unconfirmed]
    return found


def _remove(found: dict[str, Any], at: str) -> None:
    place = parse(at)
    if place.row is None and place.leaf is None:
        found.pop(place.key)
        return
    if place.row is None:
        del found[place.key][place.leaf]
        return
    row = next(row for row in found[place.key] if row["id"] == place.row)
    if place.leaf is None:
        found[place.key].remove(row)
    else:
        del row[place.leaf]
