"""A person writes: the message goes on their phone and, as a webhook, to the product."""

from datetime import UTC, datetime
from typing import Any

from .clock import unix_seconds
from .contacts import Contact
from .identifiers import new_wamid
from .kinds import completed, of_media
from .media import Media
from .numbers import digits
from .threads import ThreadMessage
from .updates import Update
from .wire import Json, as_object
from .world import World

OURS = ("name", "channel", "told")


class BadMessageError(ValueError):
    """The message asked for cannot be made."""


def write(world: World, contact: Contact, asked: Json) -> tuple[ThreadMessage, list[Update]]:
    """Put a message on the phone and make its webhook, which the caller enqueues.

    `asked` is {"text": "..."}, a kind alone, or a raw message object; `id`, `timestamp` (seconds)
    and anything else of a raw object is kept as given, and what the kind needs is made up where it
    is absent. The same id again is the same message, told once more.
    Nothing is told while the business blocks the contact. Raises BadMessageError.
    """
    at = instant(asked.get("timestamp"), world.clock())
    known = world.threads.find(str(asked.get("id")))
    content = _content(asked)
    content = known.message | content if known else completed(world, content)
    _complete_context(world, contact, content)
    entry = _entry(contact, content, str(asked.get("id") or own_wamid(contact)), at)
    message = known or ThreadMessage(
        id=entry["id"], contact=contact.key, from_business=False, at=at, type=entry["type"],
        message=entry, status="sent",
    )  # fmt: skip
    if known is None:
        world.threads.add(message)
    open_window(world, contact, at)
    if entry["type"] == "reaction":
        _react(world, contact, as_object(entry.get("reaction")))
    world.events.publish("message", contact=contact.address, message=message.to_json(), phone=True)
    if contact.blocked:
        return message, []
    return message, [world.webhooks.new_update("messages", [profile_for(contact, entry)], entry)]


def _react(world: World, contact: Contact, reaction: Json) -> None:
    target = world.threads.find(str(reaction.get("message_id")))
    if target is None or target.contact != contact.key:
        return
    target.reactions.pop("contact", None)
    if reaction.get("emoji"):
        target.reactions["contact"] = reaction["emoji"]
    world.threads.keep(target)
    world.events.publish(
        "message", contact=contact.address, message=target.to_json(), phone=target.on_phone
    )


def media_message(kind: str, media: Media, caption: str | None) -> Json:
    """The raw message object for a file that the contact sends."""
    voice = "ogg" in media.mime_type
    return {"type": kind, kind: of_media(kind, media, caption, {"voice": voice})}


def _content(asked: Json) -> Json:
    if isinstance(asked.get("text"), str):
        others = {key: value for key, value in asked.items() if key not in (*OURS, "type", "text")}
        return others | {"type": "text", "text": {"body": asked["text"]}}
    if not isinstance(asked.get("type"), str):
        raise BadMessageError('needs {"text": "..."} or a message object with a "type"')
    return {key: value for key, value in asked.items() if key not in OURS}


def _entry(contact: Contact, content: Json, message_id: str, at: datetime) -> Json:
    entry: Json = {}
    if contact.visible_wa_id:
        entry["from"] = contact.visible_wa_id
    entry |= {"from_user_id": contact.user_id, "id": message_id, "timestamp": unix_seconds(at)}
    given = {key: value for key, value in content.items() if key not in ("id", "timestamp")}
    return entry | given


def profile_for(contact: Contact, entry: Json) -> Json:
    """The element of `contacts[]` beside a message."""
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


def instant(given: Any, now: datetime) -> datetime:
    """When it was written: seconds since 1970, or now. Raises BadMessageError."""
    if given is None:
        return now
    try:
        return datetime.fromtimestamp(float(given), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadMessageError("timestamp is in seconds since 1970") from None


def open_window(world: World, contact: Contact, at: datetime) -> None:
    """The contact wrote then."""
    if contact.last_inbound_at is None or contact.last_inbound_at < at:
        contact.last_inbound_at = at
        world.contacts.save(contact)


def own_wamid(contact: Contact) -> str:
    """A new id of a message of this person."""
    return new_wamid(contact.wa_id or contact.user_id[3:], from_business=False)
