"""Knows the kinds of id, so that a partner is never taken for a gateway."""

from __future__ import annotations

from typing import NewType

DataFlowId = NewType("DataFlowId", str)
DataItemId = NewType("DataItemId", str)
DataSubjectId = NewType("DataSubjectId", str)
GatewayId = NewType("GatewayId", str)
PartnerId = NewType("PartnerId", str)
PurposeId = NewType("PurposeId", str)
RiskId = NewType("RiskId", str)
SharedTermId = NewType("SharedTermId", str)
SharedToolId = NewType("SharedToolId", str)
SystemId = NewType("SystemId", str)
