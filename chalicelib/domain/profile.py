"""What the panel keeps of a person beside the chat: fields, and whether broadcasts may reach them.

It lies in a row of its own, which lists never read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import FieldValue

SYSTEM_FIELDS = ("birth_date", "cpf", "rg", "customer_code", "email")


@dataclass(frozen=True)
class Profile:
    """INFO-2, INFO-3. `system` by SYSTEM_FIELDS, `values` by field id; absent: no value.

    `version` grows with every write of its row; 0 was never written.
    """

    chat_id: str
    version: int = 0
    system: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, FieldValue] = field(default_factory=lambda: MappingProxyType({}))
    broadcasts: bool = True
