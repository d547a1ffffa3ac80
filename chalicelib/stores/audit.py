"""Who did what to whom: rows that are only ever added (LGPD)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.domain.instants import sortable
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import AuditRow, audit_pk

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.access import Agent

What = Literal[
    "contact_exported",
    "contact_erased",
    "contact_blocked",
    "contact_unblocked",
    "attendance_closed",
    "attendances_exported",
    "user_invited",
    "user_changed",
    "settings_changed",
    "template_bound",
    "quick_reply_saved",
    "quick_reply_removed",
    "flow_saved",
    "flow_published",
    "flow_removed",
    "webhook_saved",
    "webhook_removed",
    "business_hours_saved",
    "channel_added",
    "channel_changed",
    "channel_removed",
]


def entry(what: What, by: Agent, subject: str, at: datetime, name: str, **details: Any) -> Write:
    """One row of the audit, to be written with what it tells of.

    `subject` is an id; `name` tells apart what happens in one instant, and makes a repeat of the
    same command the same row. `details` never hold what was written, nor names of contacts.
    """
    return Write(
        AuditRow(
            audit_pk(at),
            f"{sortable(at)}-{name}",
            what=what,
            by=by.agent_id,
            by_name=by.name,
            subject=subject,
            details=json.dumps(details, sort_keys=True) if details else None,
        )
    )
