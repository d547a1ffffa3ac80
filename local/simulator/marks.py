"""What a person does beside writing: reactions, edits, deletions, reads, another number or id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from .clock import unix_seconds
from .contacts import Contact
from .direct_events import from_business, from_contact
from .direct_incoming import content_of, seconds, write_direct
from .errors import GraphError
from .identifiers import new_bsuid, new_mid, new_wamid
from .incoming import BadMessageError, instant, own_wamid, profile_for, write
from .kinds import completed
from .numbers import digits
from .threads import ThreadMessage
from .updates import Update, envelope
from .wire import Json, as_object
from .world import World

REACTIONS = {"❤️": "love", "😂": "smile", "😮": "wow", "😢": "sad", "😡": "angry", "👍": "like",
             "👎": "dislike"}  # fmt: skip


def happen(world: World, contact: Contact, asked: Json) -> Json:
    """Do what `asked["what"]` names and tell the product of it; what the caller is answered.

    With `told` false the product is told nothing, and the answer has the webhook as `wire`.
    Raises BadMessageError.
    """
    what = str(asked.get("what", ""))
    direct = contact.channel != "whatsapp"
    doing = (DIRECT if direct else WHATSAPP).get(what)
    if doing is None and direct and what in WRITTEN:
        message, updates = write_direct(world, contact, {**asked, "type": what})
        return {"id": message.id} | _told(world, contact, asked, updates)
    if doing is None:
        known = sorted([*DIRECT, *WRITTEN] if direct else WHATSAPP)
        raise BadMessageError(f"what is one of {known}")
    updates = doing(world, contact, asked)
    about = {"what": what, "updates": len(updates), "address": contact.address}
    return about | _told(world, contact, asked, updates)


def _told(world: World, contact: Contact, asked: Json, updates: list[Update]) -> Json:
    if asked.get("told") is False:
        return {"wire": envelope(updates, world.options)} if updates else {}
    if not contact.blocked:
        world.webhooks.enqueue(updates)
    return {}


WRITTEN = (
    "postback", "ice_breaker", "referral", "optin", "pass_thread_control", "take_thread_control",
    "request_thread_control", "app_roles",
)  # fmt: skip


def _target(world: World, contact: Contact, asked: Json) -> tuple[str, ThreadMessage | None]:
    """The id that was named, and the message, which need not be known here."""
    named = asked.get("message_id")
    if not isinstance(named, str) or not named:
        raise BadMessageError("needs a message_id")
    message = world.threads.find(named)
    if message and message.contact != contact.key:
        raise BadMessageError("the message is of another contact")
    return named, message


def _changed(world: World, contact: Contact, message: ThreadMessage | None, **fields: Any) -> None:
    if message is None:
        return
    for name, value in fields.items():
        setattr(message, name, value)
    world.threads.keep(message)
    world.events.publish(
        "message", contact=contact.address, message=message.to_json(), phone=message.on_phone
    )


def _reacted(message: ThreadMessage | None, who: str, emoji: str) -> Json:
    reactions = dict(message.reactions) if message else {}
    reactions.pop(who, None)
    return reactions | ({who: emoji} if emoji else {})


# --- WhatsApp --------------------------------------------------------------------------------


def _reaction(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, _ = _target(world, contact, asked)
    reaction = {"message_id": named}
    if asked.get("emoji"):
        reaction["emoji"] = str(asked["emoji"])
    wanted = {key: asked[key] for key in ("id", "timestamp") if key in asked}
    _, updates = write(world, contact, {"type": "reaction", "reaction": reaction} | wanted)
    return updates


def _edit(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, message = _target(world, contact, asked)
    text = str(asked.get("text", ""))
    kind = message.type if message and message.type in ("image", "video", "document") else "text"
    whole = {"caption": text} if kind != "text" else {"body": text}
    before = as_object(message.message.get(kind)) if message else {}
    said = {"type": kind, kind: before | whole}
    _changed(world, contact, message, edited=text)
    return _coexistence(
        world, contact, "edit", {"original_message_id": named, "message": said}, asked
    )


def _deletion(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, message = _target(world, contact, asked)
    _changed(world, contact, message, deleted=True)
    return _coexistence(world, contact, "revoke", {"original_message_id": named}, asked)


def _coexistence(
    world: World, contact: Contact, kind: str, content: Json, asked: Json
) -> list[Update]:
    """Only coexistence numbers hear of edits; others get `unsupported` (META.md 2)."""
    entry = _frame(world, contact, asked) | {"type": kind, kind: content}
    if world.misbehaviour.plain_number:
        entry = _frame(world, contact, asked) | {
            "type": "unsupported",
            "errors": [GraphError(131051).in_status()],
            "unsupported": {"type": kind},
        }
    return [world.webhooks.new_update("messages", [profile_for(contact, entry)], entry)]


def _frame(world: World, contact: Contact, asked: Json) -> Json:
    entry: Json = {"from": contact.visible_wa_id} if contact.visible_wa_id else {}
    return entry | {
        "from_user_id": contact.user_id,
        "id": str(asked.get("id") or own_wamid(contact)),
        "timestamp": str(asked.get("timestamp") or unix_seconds(world.clock())),
    }


def _read(world: World, contact: Contact, _asked: Json) -> list[Update]:
    world.statuses.read_all(contact)
    return []


def change_number(world: World, contact: Contact, wa_id: str) -> list[Update]:
    """The person moves to another number: a system message, and a new BSUID (META.md 3)."""
    before, old_user_id = contact.wa_id, contact.user_id
    contact.wa_id, contact.user_id = wa_id, new_bsuid(wa_id)
    return _system(world, contact, before, old_user_id, {
        "body": f"{contact.name} mudou de número",
        "wa_id": wa_id,
        "user_id": contact.user_id,
        "type": "user_changed_number",
    })  # fmt: skip


def _number(world: World, contact: Contact, asked: Json) -> list[Update]:
    wa_id = digits(str(asked.get("wa_id", "")))
    if not wa_id:
        raise BadMessageError("needs the new wa_id")
    return change_number(world, contact, wa_id)


def _user_id(world: World, contact: Contact, asked: Json) -> list[Update]:
    """Another BSUID for the same number: the system message and `user_id_update`."""
    old = contact.user_id
    contact.user_id = str(asked.get("user_id") or new_bsuid(contact.wa_id))
    updates = _system(world, contact, contact.visible_wa_id, old, {
        "body": f"{contact.name} mudou de identificador",
        "user_id": contact.user_id,
        "type": "user_changed_user_id",
    })  # fmt: skip
    return [*updates, *_user_id_update(world, contact, old)]


def _user_id_update(world: World, contact: Contact, old: str) -> list[Update]:
    entry: Json = {"wa_id": contact.visible_wa_id} if contact.visible_wa_id else {}
    entry |= {
        "detail": "User ID has changed",
        "user_id": {"previous": old, "current": contact.user_id},
        "timestamp": unix_seconds(world.clock()),
    }
    return [world.webhooks.new_update("user_id_update", [contact.profile()], entry)]


def _system(
    world: World, contact: Contact, number: str | None, old_user_id: str, system: Json
) -> list[Update]:
    world.contacts.save(contact)
    world.events.publish("contact", contact=contact.to_json())
    entry: Json = {"from": number} if number else {}
    entry |= {
        "id": own_wamid(contact),
        "timestamp": unix_seconds(world.clock()),
        "type": "system",
        "system": system,
        "from_user_id": old_user_id,
    }
    return [world.webhooks.new_update("messages", [], entry)]


def _preferences(world: World, contact: Contact, asked: Json) -> list[Update]:
    value = asked.get("value", "stop")
    if value not in ("stop", "resume"):
        raise BadMessageError("value is stop or resume")
    entry: Json = {"wa_id": contact.visible_wa_id} if contact.visible_wa_id else {}
    entry |= {
        "user_id": contact.user_id,
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": unix_seconds(world.clock()),
    }
    return [world.webhooks.new_update("user_preferences", [contact.profile()], entry)]


def _echo(world: World, contact: Contact, asked: Json) -> list[Update]:
    """The business writes from its own phone (coexistence): seen by the contact, and told."""
    number = digits(world.options.display)
    given = {key: value for key, value in asked.items() if key not in ("what", "text", "told")}
    if isinstance(asked.get("text"), str):
        given |= {"type": "text", "text": {"body": asked["text"]}}
    if not isinstance(given.get("type"), str):
        raise BadMessageError('needs {"text": "..."} or a message object with a "type"')
    content = completed(world, given)
    entry: Json = {
        "from": number,
        "id": str(asked.get("id") or new_wamid(contact.wa_id or "", from_business=True)),
        "timestamp": unix_seconds(world.clock()),
    } | content
    if contact.visible_wa_id:
        entry["to"] = contact.visible_wa_id
    entry["to_user_id"] = contact.user_id
    at = instant(asked.get("timestamp"), world.clock())
    entry["timestamp"] = unix_seconds(at)
    change = as_object(entry.get(entry["type"]))
    earlier = world.threads.find(str(change.get("original_message_id")))
    if entry["type"] == "revoke":
        _changed(world, contact, earlier, deleted=True)
    elif entry["type"] == "edit":
        text = as_object(as_object(change.get("message")).get("text")).get("body")
        _changed(world, contact, earlier, edited=str(text))
    else:
        _said_elsewhere(world, contact, entry["id"], at, entry["type"], entry, [])
    return [world.webhooks.new_update("smb_message_echoes", [contact.profile()], entry)]


def _said_elsewhere(
    world: World,
    contact: Contact,
    message_id: str,
    at: datetime,
    kind: str,
    body: Json,
    files: list[Json],
) -> None:
    message = ThreadMessage(
        id=message_id, contact=contact.key, from_business=True, at=at, type=kind, message=body,
        status="delivered", channel=contact.channel, files=files,
    )  # fmt: skip
    world.threads.add(message)
    world.events.publish("message", contact=contact.address, message=message.to_json(), phone=True)


# --- Messenger and Instagram -----------------------------------------------------------------


def _direct_reaction(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, message = _target(world, contact, asked)
    emoji = str(asked.get("emoji") or "")
    reaction: Json = {"mid": named, "action": "react" if emoji else "unreact"}
    if emoji:
        reaction |= {"reaction": REACTIONS.get(emoji, "other"), "emoji": emoji}
    _changed(world, contact, message, reactions=_reacted(message, "contact", emoji))
    return [_event(world, contact, asked, reaction=reaction)]


def _direct_edit(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, message = _target(world, contact, asked)
    text, times = str(asked.get("text", "")), int(asked.get("num_edit", 1))
    _changed(world, contact, message, edited=text)
    edit = {"mid": named, "text": text, "num_edit": times}
    return [_event(world, contact, asked, message_edit=edit)]


def _direct_deletion(world: World, contact: Contact, asked: Json) -> list[Update]:
    named, message = _target(world, contact, asked)
    _changed(world, contact, message, deleted=True, reactions={})
    return [_event(world, contact, asked, message={"mid": named, "is_deleted": True})]


def _direct_echo(world: World, contact: Contact, asked: Json) -> list[Update]:
    """The business writes in the app or in its inbox, or takes back what it wrote there."""
    kind, content, files = content_of(world, contact, {"type": "text", **asked})
    if "message" not in content:
        raise BadMessageError(f"the business sends no {kind}")
    said: Json = content["message"]
    named = said.get("mid") or asked.get("id") or new_mid()
    at = instant(seconds(asked.get("timestamp")), world.clock())
    if said.get("is_deleted"):
        _changed(world, contact, world.threads.find(str(named)), deleted=True, reactions={})
    else:
        body = {"message": said, "elsewhere": True}
        _said_elsewhere(world, contact, str(named), at, kind, body, files)
    echo = {"mid": named, "is_echo": True} | said
    entry = from_business(world.options, contact, at, message=echo)
    shape = str(asked.get("shape", ""))
    return [world.webhooks.new_event(contact.channel, entry, message_id=str(named), shape=shape)]


def _event(world: World, contact: Contact, asked: Json, **content: Any) -> Update:
    entry = from_contact(world.options, contact, world.clock(), **content)
    if isinstance(asked.get("timestamp"), int):
        entry["timestamp"] = asked["timestamp"]
    shape = "standby" if asked.get("standby") else str(asked.get("shape", ""))
    return world.webhooks.new_event(contact.channel, entry, shape=shape)


Doing = Callable[[World, Contact, Json], list[Update]]
WHATSAPP: dict[str, Doing] = {
    "reaction": _reaction,
    "edit": _edit,
    "deletion": _deletion,
    "read": _read,
    "number": _number,
    "user_id": _user_id,
    "user_id_update": lambda world, contact, asked: _user_id_update(
        world, contact, str(asked.get("previous") or new_bsuid(contact.wa_id))
    ),
    "preferences": _preferences,
    "echo": _echo,
}
DIRECT: dict[str, Doing] = {
    "reaction": _direct_reaction,
    "edit": _direct_edit,
    "deletion": _direct_deletion,
    "read": _read,
    "echo": _direct_echo,
}
