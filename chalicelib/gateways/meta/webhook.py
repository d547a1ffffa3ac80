"""Meta's webhooks: is it Meta, and which pieces does the body hold. Pure, and it never raises."""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import canonical_phone
from chalicelib.gateways.meta.values import identifier, ids_of, list_of, object_of
from chalicelib.gateways.meta.whatsapp_inbound import person_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.events import ChannelName
    from chalicelib.domain.inbound import Person

    Json = Mapping[str, Any]

STATUSES_PER_ITEM = 10
STATUSES_LENGTH = 100_000  # of one item, so that a bloated status travels alone
DEPTH = 64  # no message nests deeper; what does travels as text
LONGEST_NUMBER = 40
LONGEST_ACCOUNT = 64
OBJECT = "whatsapp_business_account"
FIELDS = frozenset({"messages", "smb_message_echoes"})
LISTS = {"messages": "message", "message_echoes": "echo"}
WRITER = ("from", "from_user_id")
RECEIVER = ("to", "to_user_id")
RECIPIENT = ("recipient_id", "recipient_user_id")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


# --- is it Meta? ------------------------------------------------------------------------------


def signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Whether `X-Hub-Signature-256` is that of these raw bytes under one of the app secrets.

    In constant time; False without a header or without a secret (INB-1, META.md §1.2).
    """
    given = (header or "").encode("utf-8", "replace")
    fits = False
    for secret in secrets:
        if secret:
            digest = hmac.new(secret.encode("utf-8", "replace"), body, sha256).hexdigest()
            fits |= hmac.compare_digest(f"sha256={digest}".encode(), given)
    return fits


def handshake(mode: str | None, token: str | None, verify_tokens: Iterable[str]) -> bool:
    """Whether the one who subscribes knows a verify token; in constant time (INB-11)."""
    given = (token or "").encode("utf-8", "replace")
    fits = False
    for known in verify_tokens:
        if known:
            fits |= hmac.compare_digest(known.encode("utf-8", "replace"), given)
    return fits and mode == "subscribe"


# --- what does it hold? -----------------------------------------------------------------------


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
    """All that a body holds. `kept` is what nobody understands, to be stored for a person."""

    messages: list[Item]
    statuses: list[Item]
    kept: list[dict[str, Any]]


def split(channel: ChannelName, body: bytes) -> Split:
    """Take a body apart, whatever it is: nothing is lost, and no piece spoils another (INB-2).

    Messages and echoes become one item each, statuses up to ten of one person together.
    """
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        try:
            return _split(channel, text)
        except RecursionError:
            return _split(channel, _flattened(text))
    except json.JSONDecodeError:
        return Split([], [], [{"unparsed": base64.b64encode(body).decode()}])


def _split(channel: ChannelName, text: str) -> Split:
    document = DECODER.decode(text)
    pieces = _Pieces(channel)
    if channel == "whatsapp":
        pieces.document(document)
    else:
        pieces.keep("body", document)
    return pieces.split()


@dataclass(frozen=True)
class _Place:
    """Whose account a value speaks of, and how its items begin."""

    channel: ChannelName
    account: str
    portfolio: str

    def head(self, kind: str) -> str:
        """The item's JSON up to what differs."""
        return _json(
            {
                "kind": kind,
                "channel": self.channel,
                "account": self.account,
                "portfolio": self.portfolio,
            }
        )[:-1]

    def group(self, person: Person, otherwise: str = "") -> str:
        """By number where there is one, since the same person may come with and without an id."""
        whom = canonical_phone(person.phone) if person.phone else person.user_id or otherwise
        return _digest("\x1f".join((self.channel, self.account, whom)))


class _Contacts:
    """The contact objects of one value, found by any id, never by position."""

    def __init__(self, contacts: list[Any]) -> None:
        self._by_id: dict[str, Any] = {}
        self._contacts = contacts
        self._found: set[str] = set()
        for contact in contacts:
            for one in self._ids(contact.get("wa_id"), contact.get("user_id")):
                self._by_id.setdefault(one, contact)

    def of(self, received: Json, side: tuple[str, str]) -> Any:
        """The contact object of whom a piece names in these two fields; None without."""
        ids = self._ids(received.get(side[0]), received.get(side[1]))
        contact = next((self._by_id[one] for one in ids if one in self._by_id), None)
        if contact is not None:
            self._found.update(self._ids(contact.get("wa_id"), contact.get("user_id")))
        return contact

    def strangers(self) -> list[Any]:
        """Contacts that nothing in the value was about."""
        return [
            contact
            for contact in self._contacts
            if self._found.isdisjoint(self._ids(contact.get("wa_id"), contact.get("user_id")))
        ]

    @staticmethod
    def _ids(address: object, user_id: object) -> list[str]:
        phone, named = ids_of((address,), (user_id,))
        found = [f"user_id {named}"] if named else []
        if phone:
            found.append(f"phone {canonical_phone(phone)}")
        return found


class _Pieces:
    """The body, walked once; each level takes what it knows and keeps the rest."""

    def __init__(self, channel: ChannelName) -> None:
        self._channel = channel
        self._messages: list[Item] = []
        self._statuses: dict[tuple[str, str], list[str]] = {}
        self._kept: list[dict[str, Any]] = []

    def split(self) -> Split:
        """What was found."""
        statuses = [
            _item(group, f'{head},"received":[{",".join(pack)}]}}')
            for (group, head), texts in self._statuses.items()
            for pack in _packs(texts)
        ]
        return Split(self._messages, statuses, self._kept)

    def keep(self, path: str, value: object, **where: str) -> None:
        """Put aside, with where it stood, what is not understood."""
        self._kept.append({"path": path, **where, "value": json.loads(_json(value))})

    def document(self, document: object) -> None:
        """{"object", "entry": [...]}"""
        if not isinstance(document, dict):
            return self.keep("body", document)
        self._keep_others("", document, {"object", "entry"})
        if document.get("object", OBJECT) != OBJECT:
            self.keep("object", document["object"])
        for entry in self._list("entry", document.get("entry")):
            self._entry(entry)
        return None

    def _entry(self, entry: object) -> None:
        if not isinstance(entry, dict):
            return self.keep("entry", entry)
        portfolio = identifier(entry.get("id")) or ""
        self._keep_others("entry.", entry, {"id", "time", "changes"}, portfolio=portfolio)
        for change in self._list("entry.changes", entry.get("changes"), portfolio=portfolio):
            self._change(change, portfolio)
        return None

    def _change(self, change: object, portfolio: str) -> None:
        field = object_of(change).get("field")
        value = object_of(change).get("value")
        if not (isinstance(field, str) and field in FIELDS and isinstance(value, dict)):
            return self.keep("entry.changes", change, portfolio=portfolio)
        metadata = object_of(value.get("metadata"))
        account = identifier(metadata.get("phone_number_id"), LONGEST_ACCOUNT)
        if account is None:
            return self.keep("entry.changes", change, portfolio=portfolio)
        others = {"field", "value"}
        self._keep_others("entry.changes.", object_of(change), others, portfolio=portfolio)
        return self._value(value, _Place(self._channel, account, portfolio))

    def _value(self, value: Json, place: _Place) -> None:
        where = {"portfolio": place.portfolio, "account": place.account}
        known = {"messaging_product", "metadata", "contacts", "statuses", *LISTS}
        self._keep_others("value.", value, known, **where)
        contacts = _Contacts(self._objects("value.contacts", value.get("contacts"), **where))
        for key, kind in LISTS.items():
            head, echo = place.head(kind), kind == "echo"
            for received in self._objects(f"value.{key}", value.get(key), **where):
                contact = contacts.of(received, RECEIVER if echo else WRITER)
                person = person_of(received, contact, echo=echo)
                if identifier(received.get("id")) is None or not (person.phone or person.user_id):
                    self.keep(f"value.{key}", received, **where)
                    continue
                tail = f'"contact":{_json(contact)},"received":{_json(received)}}}'
                self._messages.append(_item(place.group(person), f"{head},{tail}"))
        head = place.head("statuses")
        for received in self._objects("value.statuses", value.get("statuses"), **where):
            provider_id = identifier(received.get("id"))
            person = person_of(received, contacts.of(received, RECIPIENT))
            if provider_id is None or not isinstance(received.get("status"), str):
                self.keep("value.statuses", received, **where)
                continue
            group = place.group(person, provider_id)
            self._statuses.setdefault((group, head), []).append(_json(received))
        for contact in contacts.strangers():
            self.keep("value.contacts", contact, **where)

    def _keep_others(self, path: str, found: Json, known: set[str], **where: str) -> None:
        for key, value in found.items():
            if key not in known:
                self.keep(f"{path}{_ascii(key)}", value, **where)

    def _list(self, path: str, value: object, **where: str) -> list[Any]:
        if value is not None and not isinstance(value, list):
            self.keep(path, value, **where)
        return list_of(value)

    def _objects(self, path: str, value: object, **where: str) -> list[dict[str, Any]]:
        found = []
        for one in self._list(path, value, **where):
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


# --- JSON that any reader can read ------------------------------------------------------------


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


# Control characters inside strings, NaN, and numbers that no machine holds spoil nothing here.
DECODER = json.JSONDecoder(strict=False, parse_float=_float, parse_int=_integer, parse_constant=str)
ENCODER = json.JSONEncoder(check_circular=False, separators=(",", ":"))
PLAIN_ENCODER = json.JSONEncoder(check_circular=False, ensure_ascii=False, separators=(",", ":"))


def _json(value: object) -> str:
    """ASCII, no half characters, no deep nesting: whoever reads it next needs no care."""
    text = ENCODER.encode(value)
    if "\\ud" in text:
        plain = PLAIN_ENCODER.encode(value)
        if LONE_SURROGATES.search(plain):
            text = ENCODER.encode(DECODER.decode(LONE_SURROGATES.sub("\ufffd", plain)))
    if text.count("[") + text.count("{") > DEPTH:
        text = _flattened(text)
    return text


def _ascii(text: str) -> str:
    return text[:100].encode("ascii", "replace").decode()


def _flattened(text: str) -> str:
    """The same JSON, with what nests too deeply turned into the text it was."""
    pieces = []
    depth = copied = 0
    for token in TOKENS.finditer(text):
        mark = text[token.start()]
        if mark in "[{":
            depth += 1
            if depth == DEPTH + 1:
                pieces.append(text[copied : token.start()])
                copied = token.start()
        elif mark in "]}":
            if depth == DEPTH + 1:
                pieces.append(ENCODER.encode(text[copied : token.end()]))
                copied = token.end()
            depth -= 1
    if depth <= DEPTH:  # else it never closes: not JSON, and it should not look deep either
        pieces.append(text[copied:])
    return "".join(pieces)
