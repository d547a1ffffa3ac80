"""Webhook updates: their content, and how several of them make one body (META.md 1.4, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .clock import unix_seconds
from .contacts import Contact
from .options import Options
from .threads import ThreadMessage
from .wire import Json


@dataclass(frozen=True)
class Update:
    """One message, status or other news on its way to the product.

    `entries` are the elements of `value[kind]` (kind: messages or statuses).
    """

    key: str
    kind: str
    created_at: datetime
    contacts: list[Json]
    entry: Json
    message_id: str

    def to_json(self) -> Json:
        """As the store keeps it."""
        return {
            "key": self.key, "kind": self.kind, "created_at": self.created_at.isoformat(),
            "contacts": self.contacts, "entry": self.entry, "message_id": self.message_id,
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: Json) -> Update:
        """The update that `to_json` wrote."""
        return cls(**document | {"created_at": datetime.fromisoformat(document["created_at"])})


def envelope(updates: list[Update], options: Options) -> Json:
    """One webhook body. Neighbours of one kind share a `value`, as Meta batches them."""
    changes: list[Json] = []
    last_kind = ""
    for update in updates:
        if update.kind != last_kind:
            changes.append({"value": _value(options), "field": "messages"})
            last_kind = update.kind
        value = changes[-1]["value"]
        present = value.setdefault("contacts", []) if update.contacts else []
        present.extend(profile for profile in update.contacts if profile not in present)
        value.setdefault(update.kind, []).append(update.entry)
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": options.waba_id, "changes": changes}],
    }


def status_entry(
    message: ThreadMessage, contact: Contact, status: str, at: datetime, *, dialled: bool
) -> Json:
    """The element of `statuses[]`. `dialled`: the send named a phone number, not a BSUID."""
    entry: Json = {"id": message.id, "status": status, "timestamp": unix_seconds(at)}
    if dialled and contact.wa_id:
        entry["recipient_id"] = contact.wa_id
    elif contact.visible_wa_id:
        entry["recipient_id"] = contact.visible_wa_id
    if status != "failed" or not dialled:
        entry["recipient_user_id"] = contact.user_id
    if status in ("sent", "delivered"):
        entry["pricing"] = _pricing(message)
    if message.callback_data is not None:
        entry["biz_opaque_callback_data"] = message.callback_data
    if status == "failed":
        entry["errors"] = message.errors
    return entry


def _pricing(message: ThreadMessage) -> Json:
    category = (message.rendered or {}).get("category", "service").lower()
    return {
        "billable": True, "pricing_model": "PMP", "category": category, "type": "regular",
    }  # fmt: skip


def _value(options: Options) -> Json:
    number = "".join(character for character in options.display if character.isdigit())
    return {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number, "phone_number_id": options.phone_number_id,
        },
    }  # fmt: skip
