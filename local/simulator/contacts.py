"""The people on the other side: who they are and what the business may know of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from .identifiers import new_bsuid, new_scoped_id
from .numbers import digits, forms, is_bsuid
from .store import Store
from .wire import Json

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
KIND = "contact"
NAMELESS = {
    "whatsapp": "Usuário do WhatsApp",
    "instagram": "Usuário do Instagram",
    "facebook": "Usuário do Facebook",
}


@dataclass
class Contact:
    """One person on one channel.

    `user_id` is WhatsApp's BSUID or the scoped id of Messenger and Instagram; `wa_id` is None
    for someone known by username only, and outside WhatsApp. `on_whatsapp` false is, on the
    others, a person who cannot be reached.
    """

    key: str
    user_id: str
    name: str
    wa_id: str | None = None
    username: str | None = None
    shows_number: bool = True
    auto_read: bool = False
    online: bool = True
    on_whatsapp: bool = True
    blocked: bool = False
    last_inbound_at: datetime | None = None
    channel: str = "whatsapp"

    @property
    def address(self) -> str:
        """How the control API and the phone page name this contact."""
        return self.wa_id or self.user_id

    @property
    def visible_wa_id(self) -> str | None:
        """The number as webhooks carry it: absent for a username user who hides it."""
        return self.wa_id if self.shows_number else None

    def window_is_open(self, now: datetime) -> bool:
        """Whether the business may write freely (META.md 9)."""
        return self.last_inbound_at is not None and now < self.last_inbound_at + WINDOW

    def human_window_is_open(self, now: datetime) -> bool:
        """Whether a person may still answer with the tag HUMAN_AGENT (META.md 8)."""
        return self.last_inbound_at is not None and now < self.last_inbound_at + HUMAN_WINDOW

    def profile(self) -> Json:
        """The entry of `contacts[]` in webhooks."""
        profile: Json = {"name": self.name}
        if self.username:
            profile["username"] = self.username
        entry: Json = {"profile": profile}
        if self.visible_wa_id:
            entry["wa_id"] = self.visible_wa_id
        entry["user_id"] = self.user_id
        return entry

    def to_json(self) -> Json:
        """As the API answers it and the store keeps it; instants in ISO 8601."""
        document = asdict(self)
        at = self.last_inbound_at
        document["last_inbound_at"] = at and at.isoformat()
        document["address"] = self.address
        return document

    @classmethod
    def from_json(cls, document: Json) -> Contact:
        """The contact that `to_json` wrote."""
        known = {one.name: document[one.name] for one in fields(cls) if one.name in document}
        at = known["last_inbound_at"]
        known["last_inbound_at"] = at and datetime.fromisoformat(at)
        return cls(**known)


CHANGEABLE: dict[str, type] = {
    "name": str, "username": str, "shows_number": bool, "auto_read": bool, "online": bool,
    "on_whatsapp": bool, "blocked": bool, "user_id": str, "wa_id": str,
    "last_inbound_at": str, "channel": str,
}  # fmt: skip


class Contacts:
    """Every contact, found by number (either Brazilian form), BSUID or scoped id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_key: dict[str, Contact] = {}
        self._keys: dict[str, str] = {}
        for document in store.all(KIND):
            self._remember(Contact.from_json(document))

    def __iter__(self) -> Any:
        return iter(self._by_key.values())

    def __getitem__(self, key: str) -> Contact:
        return self._by_key[key]

    def find(self, address: str) -> Contact | None:
        """The contact with this id or phone number; an exact number wins over its other form."""
        wanted = [address] if is_bsuid(address) else forms(address)
        keys = (self._keys.get(form) for form in wanted)
        return next((self._by_key[key] for key in keys if key), None)

    def find_or_create(
        self, address: str, name: str | None = None, channel: str = "whatsapp"
    ) -> Contact:
        """The contact at this address, created when nobody has it."""
        found = self.find(address)
        if found:
            return found
        if channel != "whatsapp":
            return self.create(wa_id=None, user_id=address, name=name, channel=channel)
        if is_bsuid(address):
            return self.create(wa_id=None, user_id=address, name=name)
        return self.create(wa_id=digits(address), name=name)

    def create(
        self,
        *,
        wa_id: str | None,
        user_id: str | None = None,
        name: str | None = None,
        channel: str = "whatsapp",
    ) -> Contact:
        """A new contact. Without a name it is called by its number."""
        fresh = new_bsuid(wa_id) if channel == "whatsapp" else new_scoped_id()
        contact = Contact(
            key=str(len(self._by_key) + 1),
            user_id=user_id or fresh,
            name=name or (f"+{wa_id}" if wa_id else NAMELESS[channel]),
            wa_id=wa_id,
            channel=channel,
        )
        self.save(contact)
        return contact

    def save(self, contact: Contact) -> None:
        """Keep what changed, its addresses included (old addresses stop answering)."""
        for address in [a for a, key in self._keys.items() if key == contact.key]:
            del self._keys[address]
        self._remember(contact)
        self._store.put(KIND, contact.key, contact.to_json())

    def clear(self) -> None:
        """Forget everybody."""
        self._by_key.clear()
        self._keys.clear()
        self._store.clear(KIND)

    def _remember(self, contact: Contact) -> None:
        self._by_key[contact.key] = contact
        self._keys[contact.user_id] = contact.key
        if contact.wa_id:
            self._keys[contact.wa_id] = contact.key
