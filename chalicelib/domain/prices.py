"""What sending a template costs, by Meta's table that holds then (SEND-2).

Since 2026-10-01 every delivered template is charged, inside the service window too, by the market
of who gets it (META.md §9). Volume tiers and the free entry point are not counted: it is the most
that one send costs.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.domain.rates import TABLES

if TYPE_CHECKING:
    from chalicelib.domain import events

USER_ID = re.compile(r"([A-Z]{2})\.")  # WhatsApp's own ids begin with a country (META.md §3)


def price(category: str, country: str, at: datetime) -> events.Price | None:
    """What one template of that category costs to that country, by the table that holds then.

    None for a category or a market of which no table tells, and before the first table.
    """
    day = at.astimezone(UTC).date()
    holding = [one for one in TABLES if one.since <= day]
    if not holding:
        return None
    table = max(holding, key=lambda one: one.since)
    amount = table.markets.get(country, {}).get(category)
    if amount is None:
        return None
    return {
        "amount": amount,
        "currency": table.currency,
        "country": country,
        "since": table.since.isoformat(),
        "read": table.read.isoformat(),
        "source": table.source,
    }


def country_of(phone: str | None, user_id: str | None) -> str | None:
    """The country, in two letters, of a number in digits with its country code, or of a WhatsApp
    user id; None when neither tells it.
    """
    if phone:
        import phonenumbers  # heavy: only where a price is shown

        try:
            parsed = phonenumbers.parse(f"+{phone}")
        except phonenumbers.NumberParseException:
            return None
        found = phonenumbers.region_code_for_number(parsed)
        return str(found) if found else None
    begins = USER_ID.match(user_id or "")
    return begins[1] if begins else None
