"""Lists and search of the seeded desk, by the doors of the deployed stack."""

import itertools
import time
from datetime import datetime

ORDERS = ("newest", "oldest", "opened_newest", "opened_oldest")
FILTERS = [
    {},
    {"unread": "true"},
    {"tag": "cliente-vip"},
    {"tag": "parceiro"},
    {"tag": "expired"},
    {"department": "suporte"},
    {"campaign": "inverno"},
    {"channel": "instagram"},
    {"tag": "orcamento", "unread": "true", "department": "vendas"},
]


def passes(row, asked):
    expired = row["session_ends_at"] and _seconds(row["session_ends_at"]) <= time.time()
    tagged = asked.get("tag") in (None, *row["tags"])
    return all(
        (
            bool(expired) if asked.get("tag") == "expired" else tagged,
            asked.get("department") in (None, row["department_id"]),
            asked.get("campaign") in (None, *row["campaigns"]),
            asked.get("channel") in (None, row["channel"]),
            row["unread"] > 0 or "unread" not in asked,
        )
    )


def _seconds(at):
    return datetime.fromisoformat(at).timestamp()


def test_every_filter_in_every_order_of_every_tab(ana):
    """FILT-1 SORT-1 TAB-1 TAB-2 TAB-3 TAB-4 TAB-6"""
    own = ana.agent_id()
    holds = {
        "all": lambda row: True,
        "open": lambda row: not row["closed"] and bool(row["department_id"] or not row["agent_id"]),
        "mine": lambda row: row["agent_id"] == own,
        "in_service": lambda row: row["agent_id"] is not None,
    }
    every = ana.rows("all", order="newest")
    for tab, order, asked in itertools.product(holds, ORDERS, FILTERS):
        by = "opened_at" if order.startswith("opened") else "last_activity_at"
        wanted = [
            (row[by], row["chat_id"])
            for row in every
            if row[by] and holds[tab](row) and passes(row, asked)
        ]
        wanted.sort(reverse=order.endswith("newest"))
        found = [row["chat_id"] for row in ana.rows(tab, order=order, **asked)]
        assert found == [chat_id for _, chat_id in wanted], (tab, order, asked)


def test_the_seeded_are_found_by_name_phone_and_protocol(ana, davi):
    """FIND-1 PERM-2"""
    row = next(row for row in ana.rows("open") if row["phone"] and row["agent_id"] is None)
    protocol = ana.opened(row["chat_id"])["chat"]["protocol"]
    for q, matched in (
        (row["name"], "name"),
        (f"+{row['phone'][:4]} {row['phone'][4:]}", "phone"),
        (protocol, "protocol"),
    ):
        hits = ana.get("/search", q=q)["hits"]
        assert (row["chat_id"], matched) in {
            (hit["row"]["chat_id"], hit["matched"]) for hit in hits
        }
        own = davi.get("/search", q=q)["hits"]
        assert row["chat_id"] not in {hit["row"]["chat_id"] for hit in own}
