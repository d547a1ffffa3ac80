"""When the agency attends, in one row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.domain import business_hours
from chalicelib.domain.business_hours import ALWAYS, BusinessHours
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import BUSINESS_HOURS, BusinessHoursRow

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from chalicelib.domain import events


def load(*, consistent: bool = False) -> tuple[BusinessHours, int]:
    """The hours, and the version of their row; always open until they were ever said."""
    try:
        row = BusinessHoursRow.get(BUSINESS_HOURS, BUSINESS_HOURS, consistent_read=consistent)
    except BusinessHoursRow.DoesNotExist:
        return ALWAYS, 0
    return business_hours.read(json.loads(row.hours)), int(row.version)


def open_at(now: datetime, zone: tzinfo | None) -> bool:
    """Whether the agency attends then."""
    hours, _ = load()
    return hours.open_at(now, zone)


def shown(now: datetime, zone: tzinfo | None) -> events.BusinessHours:
    """The hours as their page shows them."""
    hours, version = load(consistent=True)
    told = business_hours.told(hours)
    return {
        "version": version,
        "days": told["days"],
        "holidays": told["holidays"],
        "open_now": hours.open_at(now, zone),
    }


def saved(after: BusinessHours, version: int) -> Write:
    """Their row, as long as it is still of that version."""
    told = json.dumps(business_hours.told(after), ensure_ascii=False)
    row = BusinessHoursRow(BUSINESS_HOURS, BUSINESS_HOURS, hours=told, version=version + 1)
    if version == 0:
        return Write(row, BusinessHoursRow.pk.does_not_exist())
    return Write(row, BusinessHoursRow.version == version)
