"""Messenger's envelope and Instagram's four, down to one event of one person (META.md §1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.inbound import Person
from chalicelib.gateways.meta.persons import scoped
from chalicelib.gateways.meta.pieces import LONGEST_ACCOUNT, Pieces, Place
from chalicelib.gateways.meta.values import identifier, list_of, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import ChannelName

    Json = Mapping[str, Any]

OBJECTS: dict[str, str] = {"facebook": "page", "instagram": "instagram"}
ENVELOPE = frozenset({"sender", "recipient", "timestamp", "hop_context", "is_echo"})
STATUSES = frozenset({"delivery", "read"})
# What is told of the account itself: the field, and the key that holds it.
NOTICES = {
    "app_roles": "app_roles",
    "policy_enforcement": "messaging_policy_enforcement",
    "policy-enforcement": "messaging_policy_enforcement",
}
NO_ACCOUNT = (None, "0")  # the dashboard's tests come from no account


def document(pieces: Pieces, channel: ChannelName, found: object) -> None:
    """{"object", "entry": [...]}, or one change without an envelope."""
    if not isinstance(found, dict) or found.get("object", OBJECTS[channel]) != OBJECTS[channel]:
        return pieces.keep("body", found)
    if "entry" not in found and {"field", "value"} <= found.keys():
        pieces.keep_others("", found, {"object", "field", "value"})
        return _Entry(pieces, channel, {}).change("field", found)
    pieces.keep_others("", found, {"object", "entry"})
    for entry in pieces.list_of("entry", found.get("entry")):
        if isinstance(entry, dict):
            _Entry(pieces, channel, entry).walk()
        else:
            pieces.keep("entry", entry)
    return None


class _Entry:
    """What is told of one account at one time."""

    def __init__(self, pieces: Pieces, channel: ChannelName, entry: Json) -> None:
        self._pieces = pieces
        self._channel = channel
        self._entry = entry
        told = identifier(entry.get("id"), LONGEST_ACCOUNT)
        self._account = None if told in NO_ACCOUNT else told
        self._where = {"account": self._account or ""}

    def walk(self) -> None:
        """Events under `messaging` and `standby`, changes in a list or flat."""
        entry = self._entry
        known = {"id", "time", "messaging", "standby", "changes"}
        if "field" in entry and "value" in entry:
            known |= {"field", "value"}
            self.change("entry.field", {"field": entry["field"], "value": entry["value"]})
        self._pieces.keep_others("entry.", entry, known, **self._where)
        for key in ("messaging", "standby"):
            for event in self._pieces.list_of(f"entry.{key}", entry.get(key), **self._where):
                self._event(f"entry.{key}", event, event, standby=key == "standby")
        changes = self._pieces.list_of("entry.changes", entry.get("changes"), **self._where)
        for change in changes:
            self.change("entry.changes", change)

    def change(self, path: str, change: object) -> None:
        """A change holds an event like any other, or something that is not about messages."""
        field = object_of(change).get("field")
        self._event(path, object_of(change).get("value"), change, standby=field == "standby")

    def _event(self, path: str, event: object, whole: object, *, standby: bool) -> None:
        """One event; where it is none, the whole that it came in is kept."""
        found = object_of(event)
        kinds = found.keys() - ENVELOPE
        sender, recipient = scoped(found.get("sender")), scoped(found.get("recipient"))
        if not kinds or not (sender or recipient):
            return self._pieces.keep(path, whole, **self._where)
        echo = is_echo(found, self._account)
        account = self._account or (sender if echo else recipient)
        person = recipient if echo else sender
        if account is None or len(account) > LONGEST_ACCOUNT:
            return self._pieces.keep(path, whole, **self._where)
        place = Place(self._channel, account, "")
        about_account = kinds & NOTICES.keys()
        if person is None and not about_account:
            return self._pieces.keep(path, whole, **self._where)
        self._pieces.heard(account)
        told = self._entry.get("time")
        for kind in sorted(about_account):
            self._pieces.notice(place, NOTICES[kind], found[kind], found.get("timestamp", told))
        if person is None:
            if kinds - NOTICES.keys():
                self._pieces.keep(path, whole, **self._where)
            return None
        group = place.group(Person(user_id=person))
        ticks = set() if echo else {kind for kind in kinds & STATUSES if settles(found[kind])}
        others = kinds - STATUSES - NOTICES.keys()
        if ticks:
            self._pieces.status(group, place.head("statuses", person=person), found)
        if others:
            head = place.head("event", person=person, echo=echo, standby=standby, time=told)
            self._pieces.message(group, head, found)
        elif kinds & STATUSES != ticks:
            self._pieces.keep(path, whole, **self._where)
        return None


def settles(told: object) -> bool:
    """Whether a delivery or read says of what."""
    news = object_of(told)
    named = (news.get("mid"), news.get("watermark"), *list_of(news.get("mids")))
    return any(identifier(one) for one in named)


def is_echo(event: Json, account: str | None) -> bool:
    """Whether the account did it: then sender and recipient are swapped (INB-8)."""
    if object_of(event.get("message")).get("is_echo") is True or event.get("is_echo") is True:
        return True
    return account is not None and scoped(event.get("sender")) == account
