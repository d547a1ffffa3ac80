"""What things are called by: text, told apart by type."""

from __future__ import annotations

from typing import NewType

AgentId = NewType("AgentId", str)
ChatId = NewType("ChatId", str)
DepartmentId = NewType("DepartmentId", str)
MessageKey = NewType("MessageKey", str)  # «<13-digit milliseconds>-<16 hex>»: sorts by time
