"""Knows the faults of sign-off: the officer's advice, and whoever accepts the risk."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.project import Project
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_APPROVING = ("approved", "approved_with_conditions")


@rule(
    "SO001",
    Severity.ERROR,
    asked=[
        "assessment.owner",
        "assessment.owner_role",
        "outcome.decided_by",
        "sign_off[].name",
        "sign_off[].decision",
        "signatories[].name",
        "signatories[].role",
        "partners[].dpo",
    ],
    cites=["uk-gdpr/38/3", "uk-gdpr/38/6"],
    bank=["R120"],
    waivable=False,
)
def data_protection_officer_decides(project: Project) -> Iterator[Found]:
    """The data protection officer owns, decides, approves or signs what they advise on.

    Why: the officer advises independently, and must have no task that conflicts with that. Helping
    to fill in the form is no conflict.

    Do: let somebody else decide or sign, and record the officer's part as advice.
    """
    officers = {row.name for row in project.sign_off if row.role == "dpo"}
    if project.lead is not None:
        officers.add(project.lead.dpo)
    names = _Names(officers)
    about, outcome = project.assessment, project.outcome
    if names.hold(about.owner) or names.hold(about.owner_role):
        yield Found("assessment.owner", "The data protection officer owns the project.")
    if names.hold(outcome.decided_by):
        yield Found("outcome.decided_by", "The data protection officer decided on the project.")
    for row in project.sign_off:
        if row.role == "dpo" and row.decision in _APPROVING:
            says = "The data protection officer is recorded as approving, not as advising."
            yield Found(f"sign_off[{row.id}].decision", says)
        # Caldicott Guardians advise too.
        elif row.role in ("siro", "information_asset_owner", "joint_controller") and names.hold(
            row.name
        ):
            says = f"“{row.name}” is the data protection officer, and approves as well as advises."
            yield Found(f"sign_off[{row.id}].name", says)
    for signatory in project.signatories:
        partner = project.partner(signatory.partner)
        own = names.and_of(partner.dpo if partner else None)
        if own.hold(signatory.name) or own.hold(signatory.role):
            says = f"{project.called(signatory.partner)}: the data protection officer is to sign."
            yield Found(f"signatories[{signatory.id}]", says)


@rule(
    "SO002",
    Severity.ERROR,
    asked=["sign_off[].role", "sign_off[].advice", "partners[].dpo", "assessment.status"],
    cites=["uk-gdpr/35/2", "uk-gdpr/39/1/c"],
    bank=["R118"],
    waivable=False,
)
def officers_advice_missing(project: Project) -> Iterator[Found]:
    """The assessment is at approval, and the data protection officer's advice is not recorded.

    Why: the law says to seek the officer's advice on the assessment.

    Do: ask the officer, and record the advice.
    """
    named = project.lead is not None and project.lead.dpo is not None
    if not named or project.assessment.status not in ("for_approval", "approved"):
        return
    rows = [row for row in project.sign_off if row.role == "dpo"]
    if not rows:
        yield Found("sign_off", "Nothing says what the data protection officer advised.")
    elif all(row.advice is None for row in rows):
        says = "The data protection officer is named, but the advice is not there."
        yield Found(f"sign_off[{rows[0].id}].advice", says)


@rule(
    "SO003",
    Severity.ERROR,
    asked=["sign_off[].followed", "sign_off[].reason_not_followed", "sign_off[].overruled_by"],
    cites=["ico-dpia-template/step/7"],
    bank=["R119"],
)
def advice_overruled_without_reason(project: Project) -> Iterator[Found]:
    """The data protection officer's advice was not followed, and nothing says why or by whom.

    Why: whoever overrules the officer must be able to show the reason.

    Do: record which advice was not followed, why, and who decided.
    """
    for row in project.sign_off:
        if row.followed in ("in_part", "not_followed"):
            if row.reason_not_followed is None:
                says = "The officer’s advice was not followed in full, with no reason given."
                yield Found(f"sign_off[{row.id}].reason_not_followed", says)
            if row.overruled_by is None:
                says = "Nothing says who decided not to follow the officer’s advice in full."
                yield Found(f"sign_off[{row.id}].overruled_by", says)


@rule(
    "SO004",
    Severity.WARNING,
    asked=["sign_off[].role", "sign_off[].decision", "assessment.status"],
    cites=["uk-gdpr/24", "ico-dpia-template/step/7"],
    bank=["R121"],
)
def approved_without_risk_owner(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """The assessment is approved, and whoever owns the risk has not accepted it.

    Why: somebody senior must accept the risk that is left.

    Do: have the senior information risk owner and the information asset owner sign, or set the
    status back.
    """
    if project.assessment.status != "approved":
        return
    missing = {gap.at for gap in gaps}
    owners = {
        "sign_off[role=siro]": "a senior information risk owner",
        "sign_off[role=information_asset_owner]": "an information asset owner",
    }
    if absent := [words for at, words in owners.items() if at in missing]:
        yield Found("sign_off", f"It is approved without {' or '.join(absent)}.")
    for row in project.sign_off:
        owns = row.role in ("siro", "information_asset_owner", "caldicott_guardian")
        if owns and row.decision in ("refused", "withdrawn"):
            says = f"The status is approved, but “{row.name or 'a signatory'}” did not approve."
            yield Found(f"sign_off[{row.id}].decision", says)


class _Names:
    """The names of the data protection officers, compared whole, whatever their capitals."""

    def __init__(self, names: set[str | None]) -> None:
        self.names = {_folded(name) for name in names if name}

    def hold(self, name: str | None) -> bool:
        return name is not None and _folded(name) in self.names

    def and_of(self, name: str | None) -> _Names:
        return _Names({*self.names, name})


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
