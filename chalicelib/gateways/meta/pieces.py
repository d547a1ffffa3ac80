"""What a body was taken apart into, on its way to the queues."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import canonical_phone
from chalicelib.gateways.meta.values import list_of
from chalicelib.gateways.meta.wire import ascii_of, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.events import ChannelName
    from chalicelib.domain.inbound import Person

    Json = Mapping[str, Any]

STATUSES_PER_ITEM = 10
STATUSES_LENGTH = 100_000  # of one item, so that a bloated status travels alone
LONGEST_ACCOUNT = 64


@dataclass(frozen=True)
class Item:
    """One piece for a queue: `body` is ASCII JSON, which `parse` reads.

    `group` keeps one person's pieces in order, `deduplication` is the same for the same bytes.
    """

    group: str
    deduplication: str
    body: str


@dataclass(frozen=True)
class Split:
    """All that a body holds. `kept` is what nobody understands, to be stored for a person.

    `accounts` are those that it speaks of.
    """

    messages: list[Item]
    statuses: list[Item]
    kept: list[dict[str, Any]]
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Whose account a value speaks of, and how its items begin."""

    channel: ChannelName
    account: str
    portfolio: str

    def where(self) -> dict[str, str]:
        """As it is told of what is kept."""
        return {"portfolio": self.portfolio, "account": self.account}

    def head(self, kind: str, **facts: object) -> str:
        """The item's JSON up to what differs."""
        return written(
            {
                "kind": kind,
                "channel": self.channel,
                "account": self.account,
                "portfolio": self.portfolio,
                **facts,
            }
        )[:-1]

    def group(self, person: Person, otherwise: str = "") -> str:
        """By number where there is one, since the same person may come with and without an id."""
        whom = canonical_phone(person.phone) if person.phone else person.user_id or otherwise
        return _digest("\x1f".join((self.channel, self.account, whom)))


class Pieces:
    """Collects what a body holds, while its envelope is walked once."""

    def __init__(self) -> None:
        self._messages: list[Item] = []
        self._statuses: dict[tuple[str, str], list[str]] = {}
        self._kept: list[dict[str, Any]] = []
        self._accounts: set[str] = set()

    def split(self) -> Split:
        """What was found."""
        statuses = [
            _item(group, f'{head},"received":[{",".join(pack)}]}}')
            for (group, head), texts in self._statuses.items()
            for pack in _packs(texts)
        ]
        return Split(self._messages, statuses, self._kept, frozenset(self._accounts))

    def heard(self, account: str) -> None:
        """The body speaks of this account."""
        if account:
            self._accounts.add(account)

    def message(self, group: str, head: str, received: object, contact: object = None) -> None:
        """One piece of the lane of messages; `head` is of `Place.head`."""
        tail = f'"contact":{written(contact)},"received":{written(received)}}}'
        self._messages.append(_item(group, f"{head},{tail}"))

    def notice(self, place: Place, field: str, value: object, told: object = None) -> None:
        """What is told of an account or of its templates, in the order of each field."""
        whose = place.account or place.portfolio
        group = _digest("\x1f".join((place.channel, whose, "notice", field)))
        self.message(group, place.head("notice", field=field, time=told), value)

    def status(self, group: str, head: str, received: object) -> None:
        """One piece of the lane of statuses: up to ten of one person travel together."""
        self._statuses.setdefault((group, head), []).append(written(received))

    def keep(self, path: str, value: object, **where: str) -> None:
        """Put aside, with where it stood, what is not understood."""
        self._kept.append({"path": path, **where, "value": json.loads(written(value))})

    def keep_others(self, path: str, found: Json, known: Iterable[str], **where: str) -> None:
        """Put aside what an object holds beside what is known."""
        for key, value in found.items():
            if key not in known:
                self.keep(f"{path}{ascii_of(key)}", value, **where)

    def list_of(self, path: str, value: object, **where: str) -> list[Any]:
        """The list; anything else but nothing is put aside."""
        if value is not None and not isinstance(value, list):
            self.keep(path, value, **where)
        return list_of(value)

    def objects(self, path: str, value: object, **where: str) -> list[dict[str, Any]]:
        """The objects of a list; everything else is put aside."""
        found = []
        for one in self.list_of(path, value, **where):
            if isinstance(one, dict):
                found.append(one)
            else:
                self.keep(path, one, **where)
        return found


def _packs(texts: list[str]) -> Iterable[list[str]]:
    pack: list[str] = []
    length = 0
    for text in texts:
        if pack and (len(pack) == STATUSES_PER_ITEM or length + len(text) > STATUSES_LENGTH):
            yield pack
            pack, length = [], 0
        pack.append(text)
        length += len(text)
    if pack:
        yield pack


def _item(group: str, body: str) -> Item:
    return Item(group, _digest(body), body)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
