"""A screen that applies events: the rules of the live contract in few lines, to prove them with."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

ORDERED_BY = {
    "newest": "last_activity_at",
    "oldest": "last_activity_at",
    "opened_newest": "opened_at",
    "opened_oldest": "opened_at",
}


class Screen:
    """What one viewer has loaded; wholly, so that every row has its place."""

    def __init__(self, tab: str, order: str, loaded: dict[str, Any]) -> None:
        loaded = deepcopy(loaded)
        self.tab = tab
        self.order = order
        self.rows = {row["chat_id"]: row for row in loaded["list"]["chats"]}
        self.row_revs = {chat_id: row["row_rev"] for chat_id, row in self.rows.items()}
        self.counted: dict[str, int] = {}
        self.counts = loaded["counts"]
        self.opened = loaded["chat"]
        self.missing: set[tuple[str, int]] = set()
        self.must_fetch = False

    def apply(self, frame: dict[str, Any]) -> None:
        """One frame, event by event."""
        for event in frame["events"]:
            getattr(self, f"_{event['type']}")(event)

    def shows(self) -> dict[str, Any]:
        """What a fresh load would have to show."""
        by = ORDERED_BY[self.order]
        rows = [row for row in self.rows.values() if row[by] is not None]
        rows.sort(key=lambda row: (row[by], row["chat_id"]), reverse=self.order.endswith("newest"))
        return {
            "list": {"chats": rows, "cursor": None},
            "counts": self.counts,
            "chat": self.opened,
        }

    def _row(self, event: dict[str, Any]) -> None:
        chat_id = event["chat_id"]
        if event["row_rev"] <= self.row_revs.get(chat_id, 0):
            return
        self.row_revs[chat_id] = event["row_rev"]
        self.rows.pop(chat_id, None)
        if self.tab in event["tabs"]:
            self.rows[chat_id] = event["row"]

    def _counts(self, event: dict[str, Any]) -> None:
        if event["row_rev"] <= self.counted.get(event["chat_id"], 0):
            return
        self.counted[event["chat_id"]] = event["row_rev"]
        for tab in event["before"]:
            self.counts[tab] -= 1
        for tab in event["after"]:
            self.counts[tab] += 1

    def _message(self, event: dict[str, Any]) -> None:
        if self.opened is None or self.opened["chat"]["row"]["chat_id"] != event["chat_id"]:
            return
        new = event["message"]
        messages = {message["key"]: message for message in self.opened["page"]["messages"]}
        if new["key"] not in messages or messages[new["key"]]["rev"] < new["rev"]:
            messages[new["key"]] = new
        self.opened["page"]["messages"] = [messages[key] for key in sorted(messages)]
        self.missing = {
            (key, rev) for key, rev in self.missing if key != new["key"] or rev > new["rev"]
        }

    def _chat(self, event: dict[str, Any]) -> None:
        if event["chat"] is None:
            self.opened = None
            self.missing = set()
            return
        if self.opened is None or event["rev"] <= self.opened["chat"]["rev"]:
            return
        if event["rev"] != self.opened["chat"]["rev"] + 1:
            self.must_fetch = True
        self.opened["chat"] = event["chat"]
        revs = {message["key"]: message["rev"] for message in self.opened["page"]["messages"]}
        self.missing |= {
            (key, event["rev"]) for key in event["touched"] if revs.get(key, 0) < event["rev"]
        }

    def _refetch(self, event: dict[str, Any]) -> None:
        self.must_fetch = True

    def _channel(self, event: dict[str, Any]) -> None:
        """Shown as a banner, which is no part of what is compared."""
