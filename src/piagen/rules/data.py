"""Knows the faults of purposes, items and flows: what is not described, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator

from piagen.domain.data import DataItem
from piagen.domain.ids import DataItemId, DataSubjectId, PartnerId
from piagen.domain.project import Project
from piagen.questionnaire.missing import Missing
from piagen.rules.rule import Found, Severity, rule

_DESCRIBED = {
    "project.summary": "Nothing says in everyday words what is planned.",
    "purposes": "No purpose is listed.",
    "data_subjects": "No group of people is listed.",
    "data_items": "No item of data is listed.",
    "data_flows": "No data flow is listed.",
}

_UNSAFE = {
    "ordinary_post": "ordinary post",
    "unencrypted_email": "unencrypted email",
    "fax": "fax",
    "removable_media": "a removable drive or disc",
}


@rule(
    "DF001",
    Severity.ERROR,
    asked=["project.summary", "purposes[]", "data_subjects[]", "data_items[]", "data_flows[]"],
    cites=["uk-gdpr/35/7/a"],
    bank=["R006"],
    waivable=False,
)
def processing_not_described(gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """What is planned is not described.

    Why: the law asks first for a description of the processing and its purposes. Everything else in
    the assessment is judged against it.

    Do: fill in the summary, and at least one purpose, group of people, item and flow.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for at, says in _DESCRIBED.items():
        if at in absent:
            yield Found(at, says)


@rule(
    "DF002",
    Severity.ADVICE,
    asked=["purposes[].outcome"],
    cites=["uk-gdpr/5/1/b", "ico-data-sharing-code/purpose"],
    bank=["R007"],
)
def purpose_without_outcome(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """A purpose does not say what it should bring for people.

    Why: a purpose that leads to nothing in particular cannot be tested: nobody can say whether the
    data is needed for it.

    Do: say what should be better for people, and by how much if you can.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for purpose in project.purposes:
        at = f"purposes[{purpose.id}].outcome"
        if at in absent:
            number = project.purpose_number(purpose.id)
            yield Found(at, f"Nothing says what {number} should bring for people.")


@rule(
    "DF003",
    Severity.ADVICE,
    asked=["purposes[]", "data_items[].purposes", "data_flows[].purpose"],
    cites=["uk-gdpr/5/1/b"],
    bank=["R007"],
)
def purpose_without_data(project: Project) -> Iterator[Found]:
    """A purpose is listed, and nothing shows which data it uses or how the data reaches it.

    Why: a purpose that no item and no flow serves may be left over from an earlier plan, or its
    items and flows were forgotten. Either way the lists do not tell readers what happens.

    Do: take the purpose out, or add it to the items and flows that serve it. If the data is only
    used where it is held already, waive this and say so.
    """
    listed = {purpose for item in project.data_items for purpose in item.purposes or ()}
    served = {flow.purpose for flow in project.data_flows}
    # A row whose purpose is still to come may be the one that is missed.
    items_told = bool(project.data_items) and all(item.purposes for item in project.data_items)
    flows_told = bool(project.data_flows) and all(flow.purpose for flow in project.data_flows)
    for purpose in project.purposes:
        number = project.purpose_number(purpose.id)
        if items_told and purpose.id not in listed | served:
            yield Found(f"purposes[{purpose.id}]", f"No item of data is listed for {number}.")
        elif flows_told and purpose.id not in served:
            yield Found(f"purposes[{purpose.id}]", f"No data flow serves {number}.")


@rule(
    "DF004",
    Severity.WARNING,
    asked=["data_items[].purposes", "data_items[].why_needed"],
    cites=["uk-gdpr/5/1/c"],
    bank=["R008"],
)
def item_without_reason(project: Project, gaps: tuple[Missing, ...]) -> Iterator[Found]:
    """An item of data has no purpose, or nothing says why it is needed.

    Why: only what a purpose needs may be used, so each item needs a reason of its own.

    Do: tie the item to its purposes and give the reason, or take the item out.
    """
    absent = {gap.at for gap in gaps if not gap.open}
    for item in project.data_items:
        called = project.items_called([item.id])
        at = f"data_items[{item.id}].purposes"
        if at in absent or item.purposes == ():
            yield Found(at, f"No purpose is named for {called}.")
        at = f"data_items[{item.id}].why_needed"
        if at in absent:
            yield Found(at, f"Nothing says why {called} is needed.")


@rule(
    "DF005",
    Severity.ADVICE,
    asked=["data_items[]", "data_flows[].data_items"],
    cites=["uk-gdpr/5/1/c"],
    bank=["R010"],
)
def item_never_moved(project: Project) -> Iterator[Found]:
    """An item of data is listed, and no flow carries it.

    Why: an item that never moves may not be needed, or a flow was forgotten.

    Do: take the item out of the list, or add it to the flow that carries it.
    """
    carried = {item for flow in project.data_flows for item in flow.data_items or ()}
    # A flow whose items are still to come may be the one that carries it.
    if not project.data_flows or not all(flow.data_items for flow in project.data_flows):
        return
    for item in project.data_items:
        if item.id not in carried:
            called = project.items_called([item.id])
            yield Found(f"data_items[{item.id}]", f"No data flow carries {called}.")


@rule(
    "DF006",
    Severity.ADVICE,
    asked=["data_items[].purposes", "data_flows[].data_items", "data_flows[].purpose"],
    cites=["uk-gdpr/5/1/c"],
    bank=["R010"],
)
def item_not_carried_for_its_purpose(project: Project) -> Iterator[Found]:
    """An item of data is listed for a purpose, and no flow for that purpose carries it.

    Why: the purpose may do without the item. Then it is one use of personal data fewer.

    Do: take the purpose off the item, or add the item to a flow for that purpose.
    """
    if not all(flow.data_items and flow.purpose for flow in project.data_flows):
        return
    served = {flow.purpose for flow in project.data_flows}
    carried = {(flow.purpose, i) for flow in project.data_flows for i in flow.data_items or ()}
    moved = {item for _, item in carried}
    for item in project.data_items:
        if item.id not in moved:
            continue
        idle = [p for p in item.purposes or () if p in served and (p, item.id) not in carried]
        if idle:
            numbers = " or ".join(project.purpose_number(purpose) for purpose in idle)
            called = project.items_called([item.id])
            says = f"No data flow carries {called} for {numbers}."
            yield Found(f"data_items[{item.id}].purposes", says)


@rule(
    "DF007",
    Severity.WARNING,
    asked=["data_flows[].data_items", "data_flows[].purpose", "data_items[].purposes"],
    cites=["uk-gdpr/5/2", "uk-gdpr/35/7/a"],
    bank=["R009"],
)
def flow_carries_item_not_needed(project: Project) -> Iterator[Found]:
    """A flow carries an item for a purpose that, as listed, does not need it.

    Why: the list of items says what each purpose needs. Where a flow carries more, either too much
    is sent or the list is wrong, and readers cannot rely on it.

    Do: take the item out of the flow, or add the purpose to the item and say why it is needed.
    """
    needed = {(purpose, item.id) for item in project.data_items for purpose in item.purposes or ()}
    tied = {item.id for item in project.data_items if item.purposes}
    for flow in project.data_flows:
        if flow.purpose is None:
            continue
        extra = [i for i in flow.data_items or () if i in tied and (flow.purpose, i) not in needed]
        if extra:
            number, called = project.purpose_number(flow.purpose), project.flow_called(flow)
            items = project.items_called(extra)
            says = f"Not listed for {number}, but carried for it by {called}: {items}."
            yield Found(f"data_flows[{flow.id}].data_items", says)


@rule(
    "DF008",
    Severity.WARNING,
    asked=["data_flows[].sender", "data_flows[].recipients", "data_flows[].purpose", "roles[]"],
    cites=["uk-gdpr/5/2", "uk-gdpr/35/7/a"],
    bank=["R009"],
)
def flow_partner_without_role(project: Project) -> Iterator[Found]:
    """An organisation sends or receives data for a purpose in which it has no role.

    Why: the roles say who answers for each purpose. Where an organisation handles data for a
    purpose and has no role in it, nobody can tell who is accountable for its part.

    Do: give the organisation a role for the purpose, or mend the sender, the recipients or the
    purpose of the flow.
    """
    roles = {(role.partner, role.purpose) for role in project.roles}
    placed = {role.partner for role in project.roles}
    suppliers = {partner.id for partner in project.suppliers}
    # Who has no role at all, and who is only a supplier, is found elsewhere.
    for flow in project.data_flows:
        if flow.purpose is None:
            continue
        number, called = project.purpose_number(flow.purpose), project.flow_called(flow)
        if flow.sender in placed - suppliers and (flow.sender, flow.purpose) not in roles:
            sender = project.called_together([flow.sender])
            says = f"In {called}, no role for {number} is given for the sender, {sender}."
            yield Found(f"data_flows[{flow.id}].sender", says)
        recipients = [r for r in flow.recipients or () if r in placed]
        without = [r for r in recipients if (r, flow.purpose) not in roles]
        if without and not suppliers.issuperset(flow.recipients or ()):
            names = project.called_together(without)
            says = f"In {called}, no role for {number} is given for {names}."
            yield Found(f"data_flows[{flow.id}].recipients", says)


@rule(
    "DF009",
    Severity.WARNING,
    asked=["data_flows[].sender", "data_flows[].recipients", "roles[].role"],
    cites=["uk-gdpr/5/2", "uk-gdpr/35/7/a"],
    bank=["R009"],
)
def flow_ends_at_a_supplier(project: Project) -> Iterator[Found]:
    """A flow is sent by a supplier, or reaches nobody but suppliers.

    Why: a supplier acts for a controller. Data that it sends or receives is sent or received by
    that controller, which needs the power, the lawful basis and the reason.

    Do: name the organisation for which the supplier acts as the sender or recipient, and the
    supplier beside the system that it runs.
    """
    suppliers = {partner.id for partner in project.suppliers}
    for flow in project.data_flows:
        called = project.flow_called(flow)
        if flow.sender in suppliers:
            sender = project.called_together([flow.sender])
            says = f"In {called}, what sends is only a supplier: {sender}."
            yield Found(f"data_flows[{flow.id}].sender", says)
        if flow.recipients and suppliers.issuperset(flow.recipients):
            yield Found(
                f"data_flows[{flow.id}].recipients", f"In {called}, only suppliers are recipients."
            )


@rule(
    "DF010",
    Severity.WARNING,
    asked=["data_items[]", "data_flows[].recipients", "data_flows[].data_items"],
    cites=["uk-gdpr/5/1/c", "uk-gdpr/25/2"],
    bank=["R019"],
)
def everyone_gets_everything(project: Project) -> Iterator[Found]:
    """Every recipient ends up with every item.

    Why: where several organisations all get all of the data, nobody has asked who needs what.

    Do: go through the flows recipient by recipient, and take out the items that it does not need.
    """
    suppliers = {partner.id for partner in project.suppliers}
    carried = {item for flow in project.data_flows for item in flow.data_items or ()}
    had: dict[PartnerId | None, set[DataItemId]] = {}
    for flow in project.data_flows:
        for partner in {flow.sender, *(flow.recipients or ())}:
            had.setdefault(partner, set()).update(flow.data_items or ())
    recipients = {r for flow in project.data_flows for r in flow.recipients or ()} - suppliers
    # One item, or two recipients, leave nothing to tell apart.
    if len(carried) > 1 and len(recipients) > 2 and all(had[r] == carried for r in recipients):
        says = f"All {len(recipients)} recipients get all {len(carried)} items of data."
        yield Found("data_flows", says)


@rule(
    "DF011",
    Severity.ERROR,
    asked=["data_flows[].method", "data_items[].category", "data_subjects[].children"],
    cites=["uk-gdpr/32"],
    bank=["R098"],
)
def unsafe_method_for_sensitive_data(project: Project) -> Iterator[Found]:
    """Sensitive data, data about crime or data about children is sent in a way that is not safe.

    Why: the safeguards must fit the risk. Ordinary post, plain email, fax and drives are easily
    lost, misdirected or read by others.

    Do: use secure email, a portal or a shared system. If a drive or disc is strongly encrypted and
    there is no other way, record that in a waiver.
    """
    children = {group.id for group in project.data_subjects if group.children}
    delicate = {item.id for item in project.data_items if _is_delicate(item, children)}
    for flow in project.data_flows:
        at_risk = [item for item in flow.data_items or () if item in delicate]
        if flow.method in _UNSAFE and at_risk:
            called, items = project.flow_called(flow), project.items_called(at_risk)
            says = f"In {called}, {_UNSAFE[flow.method]} is not safe enough for {items}."
            yield Found(f"data_flows[{flow.id}].method", says)


def _is_delicate(item: DataItem, children: set[DataSubjectId]) -> bool:
    if item.identifiability in ("aggregate", "anonymous"):
        return False
    grave = {"special_category", "criminal_offence", "restricted"}
    return bool(grave & set(item.category or ()) or children & set(item.data_subjects or ()))
