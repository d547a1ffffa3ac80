"""Webhook updates: their content, and how several of them make one body (META.md 1.4, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .clock import unix_seconds
from .contacts import Contact
from .options import Options
from .threads import ThreadMessage
from .wire import Json

OBJECTS = {"instagram": "instagram", "facebook": "page"}
# Fields about people, and the list of `value` in which each stands.
NEWS = {
    "smb_message_echoes": "message_echoes",
    "user_preferences": "user_preferences",
    "user_id_update": "user_id_update",
}
SHAPES = ("messaging", "standby", "changes", "flat", "bare")


@dataclass(frozen=True)
class Update:
    """One message, status or other news on its way to the product.

    On WhatsApp `entry` is an element of `value[kind]`, or, where kind is another field's name and
    in NEWS, of that field's list; for any other field it is the whole `value`. On Messenger and
    Instagram it is one event of `messaging[]`, and `kind` says whether it is a message or a status;
    `shape` is how Instagram wraps it (META.md 1.4).
    """

    key: str
    kind: str
    created_at: datetime
    contacts: list[Json]
    entry: Json
    message_id: str
    channel: str = "whatsapp"
    shape: str = "messaging"

    def to_json(self) -> Json:
        """As the store keeps it."""
        return {
            "key": self.key, "kind": self.kind, "created_at": self.created_at.isoformat(),
            "contacts": self.contacts, "entry": self.entry, "message_id": self.message_id,
            "channel": self.channel, "shape": self.shape,
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: Json) -> Update:
        """The update that `to_json` wrote."""
        return cls(**document | {"created_at": datetime.fromisoformat(document["created_at"])})


def envelope(updates: list[Update], options: Options) -> Json:
    """One webhook body, of updates of one channel."""
    channel = updates[0].channel
    return _of_whatsapp(updates, options) if channel == "whatsapp" else _of_direct(updates, options)


def _of_direct(updates: list[Update], options: Options) -> Json:
    """Neighbours of one shape share an entry; one alone may come without any envelope."""
    channel = updates[0].channel
    if len(updates) == 1 and updates[0].shape == "bare":
        return {"field": "messages", "value": updates[0].entry}
    entries: list[Json] = []
    for update in updates:
        shape = "flat" if update.shape == "bare" else update.shape
        event = update.entry
        if not entries or shape not in entries[-1] or shape == "flat":
            at = int(update.created_at.timestamp() * 1000)
            entries.append({"id": options.account(channel).id, "time": at})
        if shape == "flat":
            entries[-1] |= {"field": "messages", "value": event}
        elif shape == "changes":
            entries[-1].setdefault(shape, []).append({"field": "messages", "value": event})
        else:
            entries[-1].setdefault(shape, []).append(event)
    return {"object": OBJECTS[channel], "entry": entries}


def _of_whatsapp(updates: list[Update], options: Options) -> Json:
    """Neighbours of one kind share a `value`, as Meta batches them."""
    changes: list[Json] = []
    last_kind = ""
    for update in updates:
        if update.kind not in ("messages", "statuses", *NEWS):
            changes.append({"value": update.entry, "field": update.kind})
            last_kind = update.kind
            continue
        if update.kind != last_kind:
            field = "messages" if update.kind in ("messages", "statuses") else update.kind
            changes.append({"value": _value(options), "field": field})
            last_kind = update.kind
        value = changes[-1]["value"]
        present = value.setdefault("contacts", []) if update.contacts else []
        present.extend(profile for profile in update.contacts if profile not in present)
        value.setdefault(NEWS.get(update.kind, update.kind), []).append(update.entry)
    entry: Json = {"id": options.waba_id, "changes": changes}
    # Only news of the business itself says when: the same news may come again within minutes.
    if any(change["field"] != "messages" for change in changes):
        entry["time"] = int(updates[-1].created_at.timestamp())
    return {"object": "whatsapp_business_account", "entry": [entry]}


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
