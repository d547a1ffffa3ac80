"""Meta's rate tables for templates: data, each table with the day it holds from and its source.

To add Meta's next one, append it; the older ones stay, for what was sent in their time. Amounts are
of one delivered message, in dollars, before volume tiers; markets are ISO 3166 countries. Only
markets are here whose amounts two sources agree on: of another country no price is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Table:
    """One of Meta's rate cards: by country, what each category costs."""

    since: date
    read: date  # the day on which its source said so
    currency: str
    source: str  # where it was read: Meta's own page, or who copied it
    markets: Mapping[str, Mapping[str, str]]


def _market(marketing: str, utility: str, authentication: str) -> dict[str, str]:
    return {"marketing": marketing, "utility": utility, "authentication": authentication}


# Not from Meta's page, but from others' copies of its card: that of 2026-10-01 in dirhams, at
# 3.6725 a dollar (the source below), and that of 2026-01-01 in dollars (wappbiz.com,
# talkall.com.br); these four markets did not change between them.
TABLES = (
    Table(
        since=date(2026, 10, 1),
        read=date(2026, 11, 26),
        currency="USD",
        source="https://huggingface.co/datasets/tobachat/whatsapp-api-rates",
        markets={
            "AR": _market("0.0618", "0.0260", "0.0260"),
            "BR": _market("0.0625", "0.0068", "0.0068"),
            "CL": _market("0.0889", "0.0200", "0.0200"),
            "CO": _market("0.0125", "0.0008", "0.0008"),
        },
    ),
)
