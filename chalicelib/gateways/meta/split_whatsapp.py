"""WhatsApp's envelope: each level takes what it knows and keeps the rest (META.md §1.4, §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import canonical_phone
from chalicelib.domain.inbound import Person
from chalicelib.gateways.meta.persons import ids_of, person_of, subject_of
from chalicelib.gateways.meta.pieces import LONGEST_ACCOUNT, Pieces, Place
from chalicelib.gateways.meta.values import identifier, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]

OBJECT = "whatsapp_business_account"
FIELDS = frozenset(
    {"messages", "smb_message_echoes", "history", "user_id_update", "user_preferences"}
)
WITHOUT_NUMBER = frozenset({"user_id_update", "user_preferences"})  # they may speak of all numbers
NOTICES = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
        "phone_number_quality_update",
        "phone_number_name_update",
        "account_alerts",
        "account_update",
        "account_review_update",
        "account_settings_update",
        "business_capability_update",
        "security",
        "smb_app_state_sync",
    }
)
KNOWN = frozenset(
    {
        *("messaging_product", "metadata", "contacts", "statuses", "messages", "message_echoes"),
        *("history", "user_id_update", "user_preferences"),
    }
)
WRITER = ("from", "from_user_id")
RECEIVER = ("to", "to_user_id")
RECIPIENT = ("recipient_id", "recipient_user_id")
SUBJECT = ("wa_id", "user_id")
PREFERENCES = ("stop", "resume")


def document(pieces: Pieces, found: object) -> None:
    """{"object", "entry": [...]}, or one change alone, as some tests of the dashboard send it."""
    if not isinstance(found, dict):
        return pieces.keep("body", found)
    if "entry" not in found and {"field", "value"} <= found.keys():
        return _change(pieces, found, "", None)
    pieces.keep_others("", found, {"object", "entry"})
    if found.get("object", OBJECT) != OBJECT:
        pieces.keep("object", found["object"])
    for entry in pieces.list_of("entry", found.get("entry")):
        _entry(pieces, entry)
    return None


def _entry(pieces: Pieces, entry: object) -> None:
    if not isinstance(entry, dict):
        return pieces.keep("entry", entry)
    portfolio = identifier(entry.get("id")) or ""
    pieces.keep_others("entry.", entry, {"id", "time", "changes"}, portfolio=portfolio)
    for change in pieces.list_of("entry.changes", entry.get("changes"), portfolio=portfolio):
        _change(pieces, change, portfolio, entry.get("time"))
    return None


def _change(pieces: Pieces, change: object, portfolio: str, told: object) -> None:
    field = object_of(change).get("field")
    value = object_of(change).get("value")
    if not (isinstance(field, str) and isinstance(value, dict)):
        return pieces.keep("entry.changes", change, portfolio=portfolio)
    account = identifier(object_of(value.get("metadata")).get("phone_number_id"), LONGEST_ACCOUNT)
    place = Place("whatsapp", account or "", portfolio)
    walked = field in FIELDS and (account or (field in WITHOUT_NUMBER and portfolio))
    if not walked and not (field in NOTICES and (account or portfolio)):
        return pieces.keep("entry.changes", change, portfolio=portfolio)
    pieces.heard(place.account)
    others = {"field", "value"}
    pieces.keep_others("entry.changes.", object_of(change), others, portfolio=portfolio)
    if walked:
        return _Value(pieces, place, value, field, told).walk()
    return pieces.notice(place, field, value, told)


class _Value:
    """One value that speaks of people, and the contact objects that it brings along."""

    def __init__(self, pieces: Pieces, place: Place, value: Json, field: str, told: object) -> None:
        self._pieces = pieces
        self._place = place
        self._value = value
        self._field = field
        self._told = told
        self._where = place.where()
        self._contacts = _Contacts(self._objects("contacts"))

    def walk(self) -> None:
        """Every list that is known, and everything else kept."""
        value = self._value
        self._pieces.keep_others("value.", value, KNOWN, **self._where)
        if "messages" in value:
            self._messages("messages", "history" if self._field == "history" else "message")
        if "message_echoes" in value:
            self._messages("message_echoes", "echo")
        if "statuses" in value:
            self._statuses()
        if "history" in value:
            self._history()
        if "user_id_update" in value:
            self._moves()
        if "user_preferences" in value:
            self._preferences()
        for contact in self._contacts.strangers():
            self._pieces.keep("value.contacts", contact, **self._where)

    def _objects(self, key: str) -> list[dict[str, Any]]:
        return self._pieces.objects(f"value.{key}", self._value.get(key), **self._where)

    def _keep(self, key: str, received: object) -> None:
        self._pieces.keep(f"value.{key}", received, **self._where)

    def _messages(self, key: str, kind: str) -> None:
        for received in self._objects(key):
            echo = kind == "echo" or (kind == "history" and received.get("to") is not None)
            contact = self._contacts.of(received, RECEIVER if echo else WRITER)
            self._message(key, kind, received, contact, echo=echo)

    def _message(self, key: str, kind: str, received: Json, contact: object, *, echo: bool) -> None:
        person = person_of(received, contact, echo=echo)
        if identifier(received.get("id")) is None or not (person.phone or person.user_id):
            return self._keep(key, received)
        facts = {"echo": echo} if kind == "history" else {}
        head = self._place.head(kind, **facts)
        return self._pieces.message(self._place.group(person), head, received, contact)

    def _statuses(self) -> None:
        head = self._place.head("statuses")
        for received in self._objects("statuses"):
            provider_id = identifier(received.get("id"))
            person = person_of(received, self._contacts.of(received, RECIPIENT))
            if provider_id is None or not isinstance(received.get("status"), str):
                self._keep("statuses", received)
                continue
            self._pieces.status(self._place.group(person, provider_id), head, received)

    def _history(self) -> None:
        """What was written before the number came here, each thread under the person's number."""
        for part in self._objects("history"):
            known = {"metadata", "threads", "errors"}
            self._pieces.keep_others("value.history.", part, known, **self._where)
            if part.get("errors"):
                self._pieces.notice(self._place, "history", part, self._told)
            threads = part.get("threads")
            for thread in self._pieces.objects("value.history.threads", threads, **self._where):
                self._thread(thread)

    def _thread(self, thread: Json) -> None:
        path = "history.threads"
        self._pieces.keep_others(f"value.{path}.", thread, {"id", "messages"}, **self._where)
        whose, _ = ids_of((thread.get("id"),), ())
        found = thread.get("messages")
        for received in self._pieces.objects(f"value.{path}.messages", found, **self._where):
            writer, _ = ids_of((received.get("from"),), ())
            echo = writer is None or whose is None or not _same(writer, whose)
            self._message(
                f"{path}.messages", "history", received, {"wa_id": thread.get("id")}, echo=echo
            )

    def _moves(self) -> None:
        """A person's user id became another (META.md §3)."""
        for received in self._several("user_id_update"):
            ids = object_of(received.get("user_id"))
            before, after = identifier(ids.get("previous")), identifier(ids.get("current"))
            named = {"wa_id": received.get("wa_id"), "user_id": after}
            contact = self._contacts.of(named, SUBJECT)
            if before is None or after is None:
                self._keep("user_id_update", received)
                continue
            phone, _ = ids_of((received.get("wa_id"), object_of(contact).get("wa_id")), ())
            group = self._place.group(Person(phone=phone, user_id=before))
            self._pieces.message(group, self._place.head("moved"), received, contact)

    def _preferences(self) -> None:
        """Whether a person wants marketing messages (META.md §2.2)."""
        for received in self._several("user_preferences"):
            contact = self._contacts.of(received, SUBJECT)
            person = subject_of(received, contact)
            known = received.get("category", "marketing_messages") == "marketing_messages"
            if not (person.phone or person.user_id) or not (
                known and received.get("value") in PREFERENCES
            ):
                self._keep("user_preferences", received)
                continue
            group = self._place.group(person)
            self._pieces.message(group, self._place.head("preference"), received, contact)

    def _several(self, key: str) -> list[dict[str, Any]]:
        found = self._value.get(key)
        return [found] if isinstance(found, dict) else self._objects(key)


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
        if not self._contacts:
            return None
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


def _same(one: str, other: str) -> bool:
    return canonical_phone(one) == canonical_phone(other)
