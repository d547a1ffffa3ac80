"""A browser page in a few lines: it fetches once, and then believes what its socket says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.listing import Order
from chalicelib.queries import chats, notifications
from chalicelib.stores import people

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.listing import Tab
    from tests.faults.desk import Desk


class Screen:
    """One tab of the list and perhaps an open chat. Events count only if their `rev` is newer."""

    def __init__(self, desk: Desk, agent: Agent, tab: Tab, chat_id: str | None) -> None:
        self.agent = agent
        self.tab = tab
        self.chat_id = chat_id
        self.heard: set[str] = set()
        self.refetched = 0  # how often events alone did not do
        self._desk = desk
        self._chat: Any = None
        self._messages: dict[str, Any] = {}
        self._owed: dict[str, int] = {}
        self.fetch()

    def fetch(self) -> None:
        """All of it anew, as after a reconnection."""
        page = chats.list_page(self._desk.world, self.agent, self.tab, Order.NEWEST, limit=30)
        self._rows = {row["chat_id"]: row for row in page["chats"]}
        self._row_revs = {row["chat_id"]: row["row_rev"] for row in page["chats"]}
        self._counts = chats.counts(self.agent)
        self._counts_are_old = False
        self._fetch_bell()
        self._fetch_chat()

    def _fetch_bell(self) -> None:
        self._bell = notifications.at_bell(self._desk.world, self.agent)

    def _fetch_chat(self) -> None:
        self._owed = {}
        if self.chat_id is None:
            return
        try:
            opened = chats.opened_chat(self._desk.world, self.agent, self.chat_id)
        except errors.NotFound:
            self._leave_chat()
            return
        self._chat = opened["chat"]
        self._messages = {one["key"]: one for one in opened["page"]["messages"]}

    def _leave_chat(self) -> None:
        """Back to the list: the chat is no longer theirs to read (TAB-7)."""
        self.chat_id, self._chat, self._messages, self._owed = None, None, {}, {}

    def take(self, frame: dict[str, Any]) -> None:
        """Apply a frame."""
        for event in frame.get("events", ()):
            REDUCERS[event["type"]](self, event)

    def catch_up(self) -> None:
        """What was announced and did not come is fetched, and counts that moved are."""
        if self._counts_are_old:
            self._counts = chats.counts(self.agent)
            self._counts_are_old = False
        owed = [
            key
            for key, rev in self._owed.items()
            if key not in self._messages or self._messages[key]["rev"] < rev
        ]
        if owed:
            self.refetched += 1
            self._fetch_chat()

    def state(self) -> dict[str, Any]:
        """What stands on the screen."""
        rows = sorted(
            self._rows.values(), key=lambda row: (row["last_activity_at"], row["chat_id"])
        )
        return {
            "rows": rows,
            "counts": self._counts,
            "bell": self._bell,
            "chat": self._chat,
            "messages": [self._messages[key] for key in sorted(self._messages)],
        }

    def _row(self, event: dict[str, Any]) -> None:
        if event["row_rev"] <= self._row_revs.get(event["chat_id"], 0):
            return
        self._row_revs[event["chat_id"]] = event["row_rev"]
        self._rows.pop(event["chat_id"], None)
        if event["row"] is not None and self.tab.value in event["tabs"]:
            self._rows[event["chat_id"]] = event["row"]

    def _counts_changed(self, event: dict[str, Any]) -> None:
        self._counts_are_old = True

    def _chat_changed(self, event: dict[str, Any]) -> None:
        if event["chat_id"] != self.chat_id or event["rev"] <= self._chat["rev"]:
            return
        if event["chat"] is None:
            self._leave_chat()
            return
        if event["rev"] > self._chat["rev"] + 1:
            self.refetched += 1
            self._fetch_chat()
            return
        self._chat = event["chat"]
        self._owed.update(dict.fromkeys(event["touched"], event["rev"]))

    def _message(self, event: dict[str, Any]) -> None:
        if event["chat_id"] != self.chat_id:
            return
        message = event["message"]
        held = self._messages.get(message["key"])
        if held is None or held["rev"] < message["rev"]:
            self._messages[message["key"]] = message

    def _channel(self, event: dict[str, Any]) -> None:
        """The banner is not this page's subject."""

    def _bell_changed(self, event: dict[str, Any]) -> None:
        self._fetch_bell()

    def _sound(self, event: dict[str, Any]) -> None:
        """Once for each id, however often it is told."""
        self.heard.add(event["id"])

    def _directory(self, event: dict[str, Any]) -> None:
        """Names are not this page's subject; what its viewer may see is fetched anew (PERM-2)."""
        if event["part"] == "me":
            self.agent = people.agent(self.agent.agent_id) or self.agent
            self.fetch()

    def _refetch(self, event: dict[str, Any]) -> None:
        self.refetched += 1
        if event["chat_id"] is None:
            self.fetch()
        elif event["chat_id"] == self.chat_id:
            self._fetch_chat()


REDUCERS = {
    "row": Screen._row,
    "counts": Screen._counts_changed,
    "chat": Screen._chat_changed,
    "bell": Screen._bell_changed,
    "sound": Screen._sound,
    "message": Screen._message,
    "channel": Screen._channel,
    "directory": Screen._directory,
    "refetch": Screen._refetch,
}
