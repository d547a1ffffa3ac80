"""The events of Messenger and Instagram as webhooks carry them (META.md 1.4, 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .contacts import Contact
from .options import Options
from .threads import ThreadMessage
from .wire import Json, as_object, as_objects


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970, as Messenger and Instagram write instants."""
    return int(instant.timestamp() * 1000)


def from_contact(options: Options, contact: Contact, at: datetime, **content: Any) -> Json:
    """What the person did."""
    return _event(contact.user_id, options.account(contact.channel).id, at, content)


def from_business(options: Options, contact: Contact, at: datetime, **content: Any) -> Json:
    """What the business did: the account is then the sender."""
    return _event(options.account(contact.channel).id, contact.user_id, at, content)


def _event(sender: str, recipient: str, at: datetime, content: Json) -> Json:
    event: Json = {"sender": {"id": sender}, "recipient": {"id": recipient}}
    return event | {"timestamp": milliseconds(at)} | content


def direct_entry(
    options: Options, message: ThreadMessage, contact: Contact, status: str, now: datetime
) -> Json | None:
    """What is told of a message of the business: its echo, its delivery, that it was read.

    None: this channel tells nothing of that.
    """
    if status == "sent":
        return from_business(options, contact, message.at, message=_echo(options, message, contact))
    if status == "delivered" and contact.channel == "facebook":
        delivery = {"mids": [message.id], "watermark": milliseconds(message.at)}
        return from_contact(options, contact, now, delivery=delivery)
    if status == "read":
        return read_event(options, contact, message, now)
    return None


def read_event(options: Options, contact: Contact, last: ThreadMessage, now: datetime) -> Json:
    """Messenger tells the time until which all was read, Instagram the message."""
    if contact.channel == "facebook":
        return from_contact(
            options, contact, now, read={"watermark": max(milliseconds(last.at), milliseconds(now))}
        )
    return from_contact(options, contact, now, read={"mid": last.id})


def _echo(options: Options, message: ThreadMessage, contact: Contact) -> Json:
    said = as_object(message.message.get("message"))
    echo: Json = {"mid": message.id, "is_echo": True}
    if isinstance(said.get("text"), str):
        echo["text"] = said["text"]
    attachments = [
        {"type": _kind(file), "payload": {"url": file.get("cdn") or file["url"]}}
        for file in message.files
    ]
    kept = [as_object(said.get("attachment")), *as_objects(said.get("attachments"))]
    attachments += [one for one in kept if one.get("type") in ("template", "like_heart")]
    if attachments:
        echo["attachments"] = attachments
    reply = as_object(message.message.get("reply_to")).get("mid")
    if reply:
        echo["reply_to"] = {"mid": reply}
    if contact.channel == "facebook" and not message.message.get("elsewhere"):
        echo["app_id"] = int(options.app_id)
        if message.callback_data is not None:
            echo["metadata"] = message.callback_data
    return echo


def _kind(file: Json) -> str:
    return "file" if file["kind"] == "document" else str(file["kind"])
