"""A person writes: the message goes on their phone and, as a webhook, to the product."""

from datetime import UTC, datetime
from typing import Any

from .clock import unix_seconds
from .contacts import Contact
from .identifiers import new_bsuid, new_wamid
from .media import Media, described
from .numbers import digits
from .threads import ThreadMessage
from .updates import Update
from .wire import Json, as_object
from .world import World

FRAME = {"id", "timestamp", "type", "from", "from_user_id", "context", "name"}


class BadMessageError(ValueError):
    """The message asked for cannot be made."""


def write(world: World, contact: Contact, asked: Json) -> tuple[ThreadMessage, list[Update]]:
    """Put a message on the phone and make its webhook, which the caller enqueues.

    `asked` is {"text": "..."} or a raw message object; `id`, `timestamp` (seconds) and anything
    else of a raw object is kept as given. The same id again is the same message, told once more.
    Nothing is told while the business blocks the contact. Raises BadMessageError.
    """
    content = _content(asked)
    at = _instant(asked.get("timestamp"), world.clock())
    _complete_context(world, contact, content)
    entry = _entry(contact, content, str(asked.get("id") or _wamid(contact)), at)
    known = world.threads.find(entry["id"])
    message = known or ThreadMessage(
        id=entry["id"], contact=contact.key, from_business=False, at=at, type=entry["type"],
        message=entry, status="sent",
    )  # fmt: skip
    if known is None:
        world.threads.add(message)
    _open_window(world, contact, at)
    world.events.publish("message", contact=contact.address, message=message.to_json(), phone=True)
    if contact.blocked:
        return message, []
    return message, [world.webhooks.new_update("messages", [_profile(contact, entry)], entry)]


def media_message(kind: str, media: Media, caption: str | None) -> Json:
    """The raw message object for a file that the contact sends."""
    content = described(media)
    if caption and kind not in ("audio", "sticker"):
        content["caption"] = caption
    if kind == "document":
        content["filename"] = media.filename
    if kind == "audio":
        content["voice"] = "ogg" in media.mime_type
    return {"type": kind, kind: content}


def change_number(world: World, contact: Contact, wa_id: str) -> None:
    """The person moves to another number: a system message, and a new BSUID (META.md 3)."""
    old_number, old_user_id = contact.wa_id, contact.user_id
    contact.wa_id, contact.user_id = wa_id, new_bsuid(wa_id)
    world.contacts.save(contact)
    world.events.publish("contact", contact=contact.to_json())
    entry: Json = {
        "id": _wamid(contact),
        "timestamp": unix_seconds(world.clock()),
        "type": "system",
        "system": {
            "body": f"{contact.name} mudou de número",
            "wa_id": wa_id,
            "user_id": contact.user_id,
            "type": "user_changed_number",
        },
    }
    if old_number:
        entry["from"] = old_number
    entry["from_user_id"] = old_user_id
    world.webhooks.enqueue([world.webhooks.new_update("messages", [], entry)])


def _content(asked: Json) -> Json:
    if isinstance(asked.get("text"), str):
        others = {key: value for key, value in asked.items() if key in FRAME - {"name", "type"}}
        return others | {"type": "text", "text": {"body": asked["text"]}}
    if not isinstance(asked.get("type"), str):
        raise BadMessageError('needs {"text": "..."} or a message object with a "type"')
    return {key: value for key, value in asked.items() if key != "name"}


def _entry(contact: Contact, content: Json, message_id: str, at: datetime) -> Json:
    entry: Json = {}
    if contact.visible_wa_id:
        entry["from"] = contact.visible_wa_id
    entry |= {"from_user_id": contact.user_id, "id": message_id, "timestamp": unix_seconds(at)}
    given = {key: value for key, value in content.items() if key not in ("id", "timestamp")}
    return entry | given


def _profile(contact: Contact, entry: Json) -> Json:
    profile = contact.profile()
    if entry.get("from") and entry["from"] != profile.get("wa_id"):
        profile["wa_id"] = entry["from"]
    return profile


def _complete_context(world: World, contact: Contact, content: Json) -> None:
    context = as_object(content.get("context"))
    quoted = world.threads.find(str(context.get("id")))
    if quoted and "from" not in context:
        author = digits(world.options.display) if quoted.from_business else contact.visible_wa_id
        content["context"] = ({"from": author} if author else {}) | context


def _instant(given: Any, now: datetime) -> datetime:
    if given is None:
        return now
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadMessageError("timestamp is in seconds since 1970") from None


def _open_window(world: World, contact: Contact, at: datetime) -> None:
    if contact.last_inbound_at is None or contact.last_inbound_at < at:
        contact.last_inbound_at = at
        world.contacts.save(contact)


def _wamid(contact: Contact) -> str:
    return new_wamid(contact.wa_id or contact.user_id[3:], from_business=False)
